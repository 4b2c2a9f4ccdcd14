"""Which companies speak in a story, in marks or out of them, by their own name or through their people."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.model import Company, Mention, Person
from dealwatch.parser.cues import cue_index, cues_of
from dealwatch.parser.houses import find_houses
from dealwatch.parser.phrases import Hits
from dealwatch.parser.spans import Span
from dealwatch.parser.standing import is_author, is_named_by, only_named, speaks_by_staff
from dealwatch.parser.text import Document

FAR = 90  # characters before a name in which "according to a study by" stands
_PEOPLE = 32  # characters behind "Chez X" within which its people have their verb
SILENCE = 48  # characters behind a name in which a refusal to comment stands
REACH = 24  # characters between a name and its verb, or the reverse: an auxiliary, an adverb, a title
_APART = re.compile(r"[,.;:!?()\"“”«»\n]|\w+\W+\w+\W+\w+\W+\w")  # what parts a name from its verb: a mark, four words
_ASIDE = re.compile(r",[ \u00a0][^,.;:!?()\"“”«»\n]{2,110},[ \u00a0]")  # between a name and its verb
_COLON = re.compile(r"[ \u00a0\u202f]?: ?[\"“«]")  # "Acme's Ann Lee: “We ..."
_WORDS = re.compile(r"[^\W\d_]+|[^\w\s]")
_DIRECT = re.compile(r"[ \u00a0\u202f,]{0,3}(?:\w{1,4}[ '’]){0,1}\Z")  # "a annoncé X", "according to the X"


def find_voices(doc: Document, people: Sequence[Person], companies: Sequence[Company]) -> frozenset[str]:
    """The ids of the companies that say something: a verb of saying beside their name, or beside one of their people.

    Newspapers are left out: they report.
    """
    media = set(doc.pack.words("names", "media"))
    speaking = {c.id for c in companies if c.name not in media and any(_speaks(doc, m) for m in c.mentions)}
    houses = find_houses(doc, people, companies)
    for person in people:
        house = houses.get(person.name)
        if house and any(_speaks(doc, mention) for mention in person.mentions):
            speaking.add(house.id)
    return frozenset(speaking)


def _speaks(doc: Document, mention: Mention) -> bool:
    cues, text, span = cue_index(doc), doc.text, Span(mention.start, mention.end, False, False)
    if only_named(doc, span, compared=False) or _is_silent(doc, mention.end):
        return False
    if _COLON.match(text, mention.end) or speaks_by_staff(doc, span) or _speaks_at(doc, mention):
        return True
    aside = _ASIDE.match(text, mention.end)
    apposed = text[max(0, mention.start - 2) : mention.start] == ", " and text[mention.end : mention.end + 2] == ", "
    if apposed and any(start == mention.end + 2 for start in _next_starts(cues.verbs, mention.end)):
        return True  # "The utility, X, says"
    for start in _next_starts(cues.verbs, aside.end() if aside else mention.end):
        if aside and start - aside.end() <= 3:
            return True
        if start - mention.end <= REACH and not _APART.search(text, mention.end, start):
            return True
    hits = [hit for kind in (cues.verbs, cues.according) for hit in kind.between(mention.start - 60, mention.start)]
    near = [text[hit.end : mention.start] for hit in hits if hit.end >= mention.start - REACH]
    if any(_DIRECT.match(between) and not _opens_clause(doc.pack, between) for between in near):
        return True
    sources = cues.according.between(mention.start - FAR, mention.start)
    return any(is_named_by(doc, hit.end, span) for hit in sources[-1:]) or is_author(doc, span)


def _speaks_at(doc: Document, mention: Mention) -> bool:
    """Is it where its people speak, with a comma behind ("Chez X, on juge", "Chez X, Ann Lee note")?"""
    text = doc.text
    if text[mention.end : mention.end + 2] != ", ":
        return False
    opening = text[doc.sentence_at(mention.start)[0] : mention.start].strip(" \u00a0")
    if opening not in doc.pack.words("names", "at_first"):
        return False
    return any(start <= mention.end + _PEOPLE for start in _next_starts(cue_index(doc).verbs, mention.end))


def _is_silent(doc: Document, end: int) -> bool:
    """Does a name decline to speak ("X declined to comment", "X n'a pas souhaité commenter")?"""
    words = [word for word in _WORDS.findall(doc.text, end, end + SILENCE)[:6] if word.isalpha()][:3]
    return not _silent(doc.pack).isdisjoint(word.lower() for word in words)


@lru_cache(maxsize=16)
def _silent(pack: Pack) -> frozenset[str]:
    return frozenset(pack.words("names", "silent"))


def _opens_clause(pack: Pack, between: str) -> bool:
    """Whether a conjunction stands there: "thinks that Acme" is not Acme's word."""
    cues = cues_of(pack)
    found = cues.conjunction.search(between)
    return found is not None and found.group().lower() not in cues.articles


def _next_starts(hits: Hits, offset: int) -> list[int]:
    at = bisect_left(hits.starts, offset)
    return hits.starts[at : at + 1]
