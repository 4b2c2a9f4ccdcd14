"""Quotes where words are not parted by spaces: whose a marked stretch is, by verbs and particles of the pack.

Two orders are read: the subject right before its verb, which stands before or behind the quote; and a quote closed by a
particle, its verb at the end and the subject marked by a particle on either side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from dealwatch.lang import Pack
from dealwatch.model import Company, Quote
from dealwatch.parser.bearers import LONGEST, Bearer, Story, any_of, lexicon_of, read_phrase
from dealwatch.parser.marks import Marked
from dealwatch.parser.text import Document

LEFT, RIGHT = 160, 100  # characters of context read on each side: two long clauses
GAP = 60  # from a verb to the words it introduces, without a colon
COMMAS = 4  # clauses looked back through for the subject of a verb
LONG = 8  # characters from which words without a verb may be an utterance

Frame = Literal["before", "colon", "after", "carried"]


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    verb: re.Pattern[str]
    tail: re.Pattern[str]
    naming: re.Pattern[str]
    thing_behind: re.Pattern[str]
    quotative: re.Pattern[str]
    according: re.Pattern[str]
    introducer: re.Pattern[str]
    coordinated: re.Pattern[str]
    titles: tuple[tuple[str, str], ...]  # pairs of marks round the title of a work


@lru_cache(maxsize=8)
def _words_of(pack: Pack) -> _Words:
    def words(key: str) -> tuple[str, ...]:
        return pack.words("quotes", key)

    return _Words(
        re.compile(rf"(?P<no>{any_of(words('not_verbs'))})|(?P<verb>{any_of(words('verbs'))})"),
        re.compile(rf"{any_of(words('tails'))}?[ \u3000]?(?=[。，,、：:；;！？!?.（(\n「『“\"]|\Z)"),
        re.compile(rf"{any_of(words('naming'))}[ \u3000：:]?\Z"),
        re.compile(any_of(words("things_behind"))),
        re.compile(any_of(words("quotatives"))),
        re.compile(any_of(words("according"))),
        re.compile(any_of(words("introducers"))),
        re.compile(any_of(words("coordinated"))),
        tuple((pair[0], pair[-1]) for pair in words("work_marks")),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    marked: Marked
    bearer: Bearer | None
    frame: Frame
    cue: tuple[int, int] | None = None


def reads_unspaced(pack: Pack) -> bool:
    """Whether the words of a language are not parted by spaces."""
    return bool(pack.section("quotes").get("unspaced", False))


def find_unspaced(doc: Document, companies: Sequence[Company], marked: Sequence[Marked]) -> tuple[Quote, ...]:
    """The quotes among the marked stretches of a text, in order, each with its speaker where one is named."""
    story = Story(doc, lexicon_of(doc.pack))
    said: list[_Said] = []
    for number, stretch in enumerate(marked):
        end = marked[number + 1].outer_start if number + 1 < len(marked) else len(doc.text)
        found = _read(story, stretch, marked[max(0, number - 4) : number], said, end)
        if found is not None:
            said.append(found)
    whole = _joined(doc, marked, said)
    return tuple(_quote(story, item, companies) for item in _resolved(story, whole))


def _read(story: Story, marked: Marked, masks: Sequence[Marked], said: Sequence[_Said], end: int) -> _Said | None:
    """What the words round a stretch say of it; None where it is no speech."""
    doc, words = story.doc, _words_of(story.doc.pack)
    if _in_work(doc.text, marked, words) or _is_name_of_thing(doc.text, marked, words):
        return None
    read = _by_particle if story.lex.topical else _by_verb
    found = read(story, marked, masks, end)
    if found is None:
        found = _alone(story, marked, said)
    elif found.bearer is None and found.frame != "carried":
        previous = said[-1] if said and marked.start - said[-1].marked.end < 2 * LEFT else None
        found = replace(found, bearer=previous.bearer if previous else None)
    return found


def _in_work(text: str, marked: Marked, words: _Words) -> bool:
    """Whether it stands inside the title of a work."""
    low = max(0, marked.outer_start - 40)
    for opening, closing in words.titles:
        at = text.rfind(opening, low, marked.outer_start)
        if at >= 0 and text.find(closing, at, marked.outer_start) < 0:
            return True
    return False


def _is_name_of_thing(text: str, marked: Marked, words: _Words) -> bool:
    """Whether the words beside say that the stretch is what something is called."""
    if words.naming.search(text, max(0, marked.outer_start - 12), marked.outer_start):
        return True
    short = marked.end - marked.start <= 2 * LONG
    return short and words.thing_behind.match(text, marked.outer_end) is not None


def _verbs(text: str, start: int, end: int, words: _Words) -> list[re.Match[str]]:
    return [m for m in words.verb.finditer(text, start, end) if m["verb"]] if start < end else []


def _by_verb(story: Story, marked: Marked, masks: Sequence[Marked], end: int) -> _Said | None:
    """Subject and verb before the quote with a colon or comma, or behind it; else before it in the same sentence."""
    doc, words = story.doc, _words_of(story.doc.pack)
    text, at = doc.text, marked.outer_start
    low = max(doc.sentence_at(at)[0], at - LEFT, masks[-1].outer_end if masks else 0)
    verbs = _verbs(text, low, at, words)
    near = text[low:at].rstrip()[-1:]
    colon = near in ("：", ":")
    if verbs and (colon or (near in ("，", ",") and at - verbs[-1].end() <= 3)):
        return _Said(marked, _subject(story, low, verbs[-1].start()), "colon", verbs[-1].span())
    behind = _behind(story, marked, end) if marked.closed else None
    if behind is not None:
        return behind
    if verbs and at - verbs[-1].end() <= GAP:
        return _Said(marked, _subject(story, low, verbs[-1].start()), "before", verbs[-1].span())
    if colon:
        found = read_phrase(text, low, at, story.lex)
        utters = marked.end - marked.start >= LONG or _ends(text[marked.start : marked.end])
        if found is not None and (found.sure or utters):
            return _Said(marked, found, "colon", (found.start, found.end))
        return _Said(marked, None, "colon") if utters else None
    return None


def _subject(story: Story, low: int, at: int) -> Bearer | None:
    """The subject before a verb: in its clause, else in one of the clauses before it."""
    text, end = story.doc.text, at
    for _ in range(COMMAS):
        start = max(text.rfind(mark, low, end) for mark in "，,、；;。")
        start = max(start + 1, low)
        found = _clause_subject(story, start, end)
        if found is not None:
            return found
        end = start - 1
        if end <= low:
            return None
    return None


def _clause_subject(story: Story, start: int, end: int) -> Bearer | None:
    """Whom a clause begins with, as far as the first adverb or verb that is no part of a title or a name."""
    text, lex = story.doc.text, story.lex
    while start < end and (opener := lex.opener.match(text, start, end)):
        start = opener.end()
    titles = [m.span() for m in lex.title.finditer(text, start, end)]
    for stop in lex.stop.finditer(text, start, end):
        at = stop.start()
        last = max((b for a, b in titles if a <= at), default=start)
        if at == last and (at == start or titles):
            if at == start:
                return None
            return read_phrase(text, start, at, lex)
        if at - last >= 2 or text[start:at] in lex.pronouns:
            return read_phrase(text, start, at, lex)
    return read_phrase(text, start, end, lex)


def _behind(story: Story, marked: Marked, end: int) -> _Said | None:
    """Subject and verb behind the quote, and nothing else in their clause."""
    doc, words = story.doc, _words_of(story.doc.pack)
    text = doc.text
    start = marked.outer_end
    stop = min(end, start + RIGHT, doc.paragraph_at(marked.start)[1])
    full = re.compile(r"[。！？!?；;\n]").search(text, start, stop)
    stop = full.start() if full else stop
    for verb in _verbs(text, start, stop, words)[:3]:
        tail = words.tail.match(text, verb.end())
        if tail is None:
            continue
        if text[tail.end() : tail.end() + 1] in ("：", ":"):
            return None
        found = _subject(story, start, verb.start())
        first = re.match(r"[，,、 —–-]{0,3}", text[start:stop])
        lead = start + (first.end() if first else 0)
        if found is None or found.start - lead > 24:
            continue
        if lead == marked.outer_end and not _PUNCT.search(text, marked.end - 1, marked.end):
            comma = text.find("，", lead, verb.start())
            if 0 <= comma <= found.start:
                continue  # 完成了“天使轮”融资，金额未披露
        return _Said(marked, found, "after", (found.start, verb.end()))
    return None


def _by_particle(story: Story, marked: Marked, masks: Sequence[Marked], end: int) -> _Said | None:
    """A quote closed by a particle and a verb, its subject behind or before it."""
    doc, words = story.doc, _words_of(story.doc.pack)
    text = doc.text
    limit = doc.paragraph_at(marked.start)[1]
    full = re.compile(r"[。\n]").search(text, marked.outer_end, min(limit, marked.outer_end + RIGHT))
    stop = min(full.start() if full else limit, marked.outer_end + RIGHT)
    low = max(doc.sentence_at(marked.outer_start)[0], marked.outer_start - LEFT)
    verbs: list[re.Match[str]] = []
    particle = words.quotative.match(text, marked.outer_end)
    if particle is not None:
        verbs = _verbs(text, marked.outer_end, stop, words)
        nominal = None if verbs else read_phrase(text, particle.end(), stop, story.lex)
        if nominal is not None and nominal.title and nominal.kind == "person":  # 「…」と田中氏。
            return _Said(marked, nominal, "after", (nominal.start, nominal.end))
    if verbs and (end >= verbs[0].start() or words.quotative.match(text, marked.outer_end)):
        if end < verbs[0].start() and not _coordinates(text, marked.outer_end, end, words):
            return None
        stop = min(verbs[0].start(), end)
        found = _topic(story, particle.end() if particle else marked.outer_end, stop, ())
        found = found or _topic(story, low, marked.outer_start, masks) or _according(story, low, marked.outer_start)
        return _Said(marked, found, "after", verbs[0].span())
    if not marked.closed and (found := _topic(story, low, marked.outer_start, masks)) is not None:
        return _Said(marked, found, "before", (found.start, found.end))
    named = _according(story, low, marked.outer_start)
    if named is not None and particle is not None:
        return _Said(marked, named, "before", (named.start, named.end))
    return _introduced(story, marked, masks, low) or _told_behind(story, marked, stop, end)


def _coordinates(text: str, start: int, end: int, words: _Words) -> bool:
    return words.coordinated.fullmatch(text, start, end) is not None


def _topic(story: Story, low: int, high: int, masks: Sequence[Marked]) -> Bearer | None:
    """The surest of the phrases that a particle marks in a stretch, the last of those equal."""
    text, best = story.doc.text, None
    inside = [(m.outer_start, m.outer_end) for m in masks]
    for particle in story.lex.topic.finditer(text, low, high):
        at = particle.start()
        if any(start <= at < end for start, end in inside):
            continue
        start = max([low, *(end for _, end in inside if end <= at)])
        found = read_phrase(text, _cut(story, start, at), at, story.lex)
        if found is not None and (best is None or found.sure or not best.sure):
            best = found
    return best if best is None or best.sure or best.start <= low + 2 else None


def _according(story: Story, low: int, high: int) -> Bearer | None:
    words = _words_of(story.doc.pack)
    for found in words.according.finditer(story.doc.text, low, high):
        return read_phrase(story.doc.text, _cut(story, low, found.start()), found.start(), story.lex)
    return None


def _cut(story: Story, low: int, at: int) -> int:
    """Where the phrase that ends at an offset begins: behind the last mark or particle before it."""
    ends = [m.end() for m in story.lex.breaks.finditer(story.doc.text, max(low, at - LONGEST), at)]
    return ends[-1] if ends else max(low, at - LONGEST)


def _introduced(story: Story, marked: Marked, masks: Sequence[Marked], low: int) -> _Said | None:
    """Speech behind a colon, or behind a sentence that says "as follows"."""
    doc, words, text = story.doc, _words_of(story.doc.pack), story.doc.text
    if text[low : marked.outer_start].rstrip().endswith(("：", ":")):
        found = read_phrase(text, low, marked.outer_start, story.lex)
        found = found or _topic(story, low, marked.outer_start, masks)
        return _Said(marked, found, "colon", (found.start, found.end)) if found else None
    number = doc.sentence_index(marked.outer_start)
    if number == 0 or doc.sentences[number][0] != marked.outer_start:
        return None
    start, end = doc.sentences[number - 1]
    told = words.introducer.search(text, start, end)
    if told is None or not _verbs(text, told.end(), end, words):
        return None
    return _Said(marked, _topic(story, start, told.start(), masks), "colon", told.span())


def _told_behind(story: Story, marked: Marked, stop: int, end: int) -> _Said | None:
    """A quote that is a sentence, and behind it the one that says so: 「…」。田中氏はこう語った。"""
    doc, words, text = story.doc, _words_of(story.doc.pack), story.doc.text
    if doc.sentence_at(marked.outer_start)[0] != marked.outer_start or text[stop : stop + 1] != "。":
        return None
    high = min(end, stop + RIGHT, doc.paragraph_at(marked.start)[1])
    told = words.introducer.search(text, stop, high)
    if told is None or not _verbs(text, told.end(), high, words) or text.find("。", stop + 1, told.start()) >= 0:
        return None
    found = _topic(story, stop + 1, told.start(), ())
    return _Said(marked, found, "after", told.span()) if found else None


_PUNCT = re.compile(r"[。！？!?…，,]")
_SENTENCE_END = re.compile(r"[。！？!?…]\Z")


def _ends(words: str) -> bool:
    return bool(_SENTENCE_END.search(words))


def _alone(story: Story, marked: Marked, said: Sequence[_Said]) -> _Said | None:
    """A stretch that is a whole sentence by itself: it goes on from the speaker before."""
    doc, text = story.doc, story.doc.text
    words = text[marked.start : marked.end]
    start, end = doc.paragraph_at(marked.start)
    whole = (marked.outer_start, marked.outer_end) == (start, end) or (start == marked.outer_start and _ends(words))
    sentence = doc.sentence_at(marked.outer_start)[0] == marked.outer_start
    if len(words) < LONG or not (whole or (sentence and _ends(words))) or not said:
        return None
    return _Said(marked, said[-1].bearer, "carried")


def _joined(doc: Document, marked: Sequence[Marked], said: Sequence[_Said]) -> list[_Said]:
    """With the stretches that stand right before one that is said: 「A」「B」と話した."""
    words, known = _words_of(doc.pack), {item.marked.start: item for item in said}
    following: Marked | None = None
    for stretch in reversed(marked):
        if following is not None and stretch.start not in known and following.start in known:
            gap = (stretch.outer_end, following.outer_start)
            if gap[0] == gap[1] or _coordinates(doc.text, *gap, words):
                known[stretch.start] = replace(known[following.start], marked=stretch)
        following = stretch
    return [known[start] for start in sorted(known)]


def _resolved(story: Story, said: Sequence[_Said]) -> Iterator[_Said]:
    """Pronouns and roles told whom they stand for: the last speaker or subject that fits."""
    people: list[Bearer] = []
    for item in said:
        bearer = item.bearer
        if bearer is not None and bearer.name is None:
            found = _stands_for(story, bearer, people)
            bearer = replace(bearer, kind=found.kind, name=found.name, org=found.org) if found else bearer
        if bearer is not None and bearer.name is not None:
            people.append(bearer)
        yield replace(item, bearer=bearer)


def _stands_for(story: Story, bearer: Bearer, said: Sequence[Bearer]) -> Bearer | None:
    if bearer.kind == "role" and bearer.org:
        return Bearer(bearer.start, bearer.end, "firm", bearer.org)
    if bearer.marks == "x":
        return None
    marks = bearer.marks or "mf"
    kind: Literal["person", "firm"] = "firm" if "o" in marks else "person"
    subject = story.before(bearer.start, marks)
    last = next((one for one in reversed(said) if one.kind == kind and one.start < bearer.start), None)
    if subject is not None and (last is None or subject.start > last.start):
        return subject
    return last


def _names(text: str, company: Company) -> set[str]:
    return {company.name, *(text[m.start : m.end] for m in company.mentions[:3])}


def _quote(story: Story, said: _Said, companies: Sequence[Company]) -> Quote:
    text, marked, bearer = story.doc.text, said.marked, said.bearer
    name = story.full_name(bearer) if bearer else None
    org = bearer.name if bearer and bearer.kind == "firm" else bearer.org if bearer else None
    company = next((c for c in companies if org and org in _names(text, c)), None)
    words = text[marked.start : marked.end]
    whole = _ends(words) or said.frame in ("after", "carried", "colon")
    return Quote(
        marked.start, marked.end, words, "direct" if whole else "fragment", speaker=name,
        speaker_id=company.id if company else None, speaker_org=company.name if company else org,
        speaker_title=bearer.title if bearer else None, mention_start=bearer.start if bearer else None,
        mention_end=bearer.end if bearer else None, cue=text[said.cue[0] : said.cue[1]] if said.cue else None,
        closed=marked.closed, confidence=0.9 if said.frame != "carried" else 0.5,
    )  # fmt: skip
