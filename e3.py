import pathlib,re
P=pathlib.Path("/work/main/src/dealwatch/parser")
p=P/"people.py"; s=p.read_text()
i=s.index("def _could_be_person("); s='''"""The people that a text names, each with every place where they stand, their role and whom they work for.

A run of capitalised words is a person only where something licenses it: a title before, an apposition after, a given
name, a verb of saying beside. Which words those are stands in ``[people]`` of the packs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dealwatch.model import Mention, Person
from dealwatch.parser.cues import CueIndex, cue_index
from dealwatch.parser.peoplewords import (
    LONGEST,
    Gender,
    Lexicon,
    is_given,
    lexicon,
    names_kin,
    title_hits,
    titles_of,
)  # fmt: skip
from dealwatch.parser.phrases import GAP
from dealwatch.parser.runs import Run, runs_of
from dealwatch.parser.text import Document

BEARERS = 8  # people of one surname that are told apart: a family in one story, and no list without end
WINDOW = 110  # characters read before and after a name for its title: two thirds of a long sentence


'''+s[i:]
s=s.replace("_Run","Run").replace("_given(","is_given(").replace("_title_hits(","title_hits(").replace("_titles_of(","titles_of(")
def sub(old,new,n=1):
    global s
    assert s.count(old)==n,(s.count(old),old); s=s.replace(old,new)
sub('''    tokens = run.tokens
    if any(token in lex.org_words for token in tokens) or " ".join(tokens).lower() in lex.eponyms:
        return False
    if any(len(token) > 1 and token.isupper() and "." not in token for token in tokens):
        return False
    return 2 <= len(tokens) <= 6 and len(tokens[-1].rstrip(".")) > 1
''','''    tokens = run.tokens
    if not 2 <= len(tokens) <= 6 or len(tokens[-1].rstrip(".")) < 2:
        return False
    if not lex.org_words.isdisjoint(tokens) or " ".join(tokens).lower() in lex.eponyms:
        return False
    return not any([len(token) > 1 and token.isupper() and "." not in token for token in tokens])
''')
sub('''    if _kin(doc.text, run, lex):
        return True
    if not _could''','''    if len(run.tokens) == 1:
        return _kin(doc, run, lex) is not None
    if not _could''')
sub('''def _kin(text: str, run: Run, lex: Lexicon) -> str | None:
    """The word of kinship before a given name alone, in apposition: "his wife, Marta,"."""
    if len(run.tokens) > 1 or len(run.tokens[0]) < 3 or run.tokens[0].isupper():
        return None
    found = lex.kin.search(text, max(0, run.start - 24), run.start)
''','''def _kin(doc: Document, run: Run, lex: Lexicon) -> str | None:
    """The word of kinship before a given name alone, in apposition: "his wife, Marta,"."""
    if len(run.tokens) > 1 or len(run.tokens[0]) < 3 or run.tokens[0].isupper() or not names_kin(doc, lex):
        return None
    found = lex.kin.search(doc.text, max(0, run.start - 24), run.start)
''')
sub("_kin(doc.text, run, lex)","_kin(doc, run, lex)")
sub('''    matches = islice(lex.run.finditer(doc.text), MOST + len(doc.text) // SPARSE)
    runs = [run for match in matches for run in _cut(doc.text, match.start(), match.end(), lex)]
    licensed''','''    runs = runs_of(doc)
    licensed''')
p.write_text(s)
q=P/"speakers.py"; t=q.read_text()
def st(old,new,n=1):
    global t
    assert t.count(old)==n,(t.count(old),old); t=t.replace(old,new)
st("from dealwatch.parser.people import lexicon\n","from dealwatch.parser.peoplewords import lexicon\n")
st('''        for match in lex.run.finditer(doc.text, *window):
            found.extend(_unknown(match, names, taken, lex.not_names, words))
''','''        for run in spans_within(doc, *window):
            found.extend(_unknown(doc.text, run, names, taken, lex.not_names, words))
''')
q.write_text(t)
