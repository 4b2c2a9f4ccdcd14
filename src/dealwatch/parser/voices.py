"""Which companies speak in a story, in marks or out of them, by their own name or through their people."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from dealwatch.model import Company, Mention, Person
from dealwatch.parser.cues import cue_index
from dealwatch.parser.phrases import Hits
from dealwatch.parser.text import Document

REACH = 24  # characters between a name and its verb, or the reverse: an auxiliary, an adverb, a title
_APART = re.compile(r"[,.;:!?()\"“”«»\n]|\w+\W+\w+\W+\w+\W+\w")  # what parts a name from its verb: a mark, four words
_DIRECT = re.compile(r"[ \u00a0\u202f,]{0,3}(?:\w{1,4}[ '’]){0,1}\Z")  # "a annoncé X", "according to the X"


def find_voices(doc: Document, people: Sequence[Person], companies: Sequence[Company]) -> frozenset[str]:
    """The ids of the companies that say something: a verb of saying beside their name, or beside one of their people.

    Newspapers are left out: they report.
    """
    media = set(doc.pack.words("names", "media"))
    speaking = {c.id for c in companies if c.name not in media and any(_speaks(doc, m) for m in c.mentions)}
    for person in people:
        if person.org and any(_speaks(doc, mention) for mention in person.mentions):
            speaking |= set(_houses(doc, person.org, companies))
    return frozenset(speaking)


def _houses(doc: Document, org: str, companies: Sequence[Company]) -> Iterator[str]:
    """The companies that an organisation, as written beside a person, is."""
    for company in companies:
        if org == company.name or any(doc.text[m.start : m.end] == org for m in company.mentions):
            yield company.id


def _speaks(doc: Document, mention: Mention) -> bool:
    cues, text = cue_index(doc), doc.text
    for start in _next_starts(cues.verbs, mention.end):
        if start - mention.end <= REACH and not _APART.search(text, mention.end, start):
            return True
    hits = [hit for kind in (cues.verbs, cues.according) for hit in kind.between(mention.start - 60, mention.start)]
    return any(hit.end >= mention.start - REACH and _DIRECT.match(text[hit.end : mention.start]) for hit in hits)


def _next_starts(hits: Hits, offset: int) -> list[int]:
    at = bisect_left(hits.starts, offset)
    return hits.starts[at : at + 1]
