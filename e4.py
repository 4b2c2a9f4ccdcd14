import pathlib,re
P=pathlib.Path("/work/main/src/dealwatch/parser")
q=P/"speakers.py"; t=q.read_text()
def st(old,new,n=1):
    global t
    assert t.count(old)==n,(t.count(old),old); t=t.replace(old,new)
a=t.index("def _unknown("); b=t.index("_SMALL = re.compile")
t=t[:a]+'''def _unknown(
    text: str, run: Span, found: Sequence[Actor], taken: Sequence[int], not_names: frozenset[str], words: Words
) -> Iterator[Actor]:
    """A capitalised run that is nobody known: a name all the same where a verb of saying stands beside."""
    start, end = run
    first = text[start:end].split(maxsplit=1)[0]
    if first in not_names:
        start += len(first) + 1
        if start > end:
            return
    at = bisect_left(taken, start)
    if (at < len(found) and found[at].start < end) or (at and found[at - 1].end > start):
        return
    noun = words.nouns.get(text[start:end].lower())
    crowd = _crowd_end(text, end, words) if noun is None else None
    if crowd is not None:
        yield Actor(start, crowd, "unnamed", marks="p")  # "Civil liberties groups"
    elif noun is not None:
        yield Actor(start, end, "firm" if noun[0] == "firm" else "unnamed", marks=noun[1])
    elif not (words.article.search(text[max(0, start - 6) : start]) or _in_title(text, start, end, words)):
        yield Actor(start, end, "name")


'''+t[b:]
st("from dealwatch.parser.text import Document, Span\n","from dealwatch.parser.runs import spans_within\nfrom dealwatch.parser.text import Document, Span\n")
q.write_text(t)
