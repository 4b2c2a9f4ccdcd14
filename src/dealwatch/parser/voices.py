"""Which companies speak in a story, in marks or out of them, by their own name or through their people."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.model import Company, Mention, Person
from dealwatch.parser.cues import cue_index, cues_of
from dealwatch.parser.phrases import GAP, Hits, alternatives
from dealwatch.parser.text import Document

REACH = 24  # characters between a name and its verb, or the reverse: an auxiliary, an adverb, a title
_APART = re.compile(r"[,.;:!?()\"“”«»\n]|\w+\W+\w+\W+\w+\W+\w")  # what parts a name from its verb: a mark, four words
NEAR = 20  # names looked back through for the company that a phrase stands for
CLAUSE = 60  # characters between the verb of a clause and the house it names
_PARTS = re.compile(r"[,.;:!?()\"“”«»\n]")
_ASIDE = re.compile(r",[ \u00a0][^,.;:!?()\"“”«»\n]{2,110},[ \u00a0]")  # between a name and its verb
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


def find_houses(doc: Document, people: Sequence[Person], companies: Sequence[Company]) -> dict[str, Company]:
    """The names of people -> the company that each belongs to, by the title or by a clause behind the name.

    "Ann Lee, who runs Acme" is of Acme; "who founded the company" of the one last named before her.
    """
    written = {doc.text[m.start : m.end]: c for c in reversed(companies) for m in c.mentions}
    written.update({company.name: company for company in reversed(companies)})
    places = sorted((m.start, m.end, number) for number, c in enumerate(companies) for m in c.mentions)
    starts = [start for start, _, _ in places]
    found: dict[str, Company] = {}
    for person in people:
        house = written.get(person.org) if person.org else _led(doc, person, places, starts, companies)
        if house is not None:
            found[person.name] = house
    return found


@lru_cache(maxsize=16)
def _clauses(pack: Pack) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Behind a name: who leads something, as far as what it is; and a phrase that stands for a company named before."""
    who, leads = alternatives(pack.words("quotes", "relatives")), alternatives(pack.words("people", "leads"))
    return (
        re.compile(rf",{GAP}{who}{GAP}{leads}(?![\w-])"),
        re.compile(rf"{GAP}{alternatives(pack.words('people', 'led'))}(?![\w-])"),
    )


def _led(
    doc: Document, person: Person, places: Sequence[tuple[int, int, int]], starts: Sequence[int],
    companies: Sequence[Company],
) -> Company | None:  # fmt: skip
    """The company that a clause behind the first mentions of a person says they lead."""
    leads, led = _clauses(doc.pack)
    for mention in person.mentions[:8]:
        clause = leads.match(doc.text, mention.end)
        if clause is None:
            continue
        at = bisect_left(starts, clause.end())
        if led.match(doc.text, clause.end()):
            at = bisect_left(starts, mention.start)
            return _topic(doc, places[max(0, at - NEAR) : at], companies)
        if at < len(places) and not _PARTS.search(doc.text, clause.end(), min(places[at][0], clause.end() + CLAUSE)):
            return companies[places[at][2]] if places[at][0] <= clause.end() + CLAUSE else None
    return None


def _topic(doc: Document, near: Sequence[tuple[int, int, int]], companies: Sequence[Company]) -> Company | None:
    """Of the companies last named the one that a sentence last began with; else the last."""
    opening = [place for place in near if doc.sentence_at(place[0])[0] == place[0]]
    last = (opening or near)[-1:]
    return companies[last[0][2]] if last else None


def _speaks(doc: Document, mention: Mention) -> bool:
    cues, text = cue_index(doc), doc.text
    aside = _ASIDE.match(text, mention.end)
    for start in _next_starts(cues.verbs, aside.end() if aside else mention.end):
        if aside and start - aside.end() <= 3:
            return True
        if start - mention.end <= REACH and not _APART.search(text, mention.end, start):
            return True
    hits = [hit for kind in (cues.verbs, cues.according) for hit in kind.between(mention.start - 60, mention.start)]
    near = [text[hit.end : mention.start] for hit in hits if hit.end >= mention.start - REACH]
    return any(_DIRECT.match(between) and not _opens_clause(doc.pack, between) for between in near)


def _opens_clause(pack: Pack, between: str) -> bool:
    """Whether a conjunction stands there: "thinks that Acme" is not Acme's word."""
    cues = cues_of(pack)
    found = cues.conjunction.search(between)
    return found is not None and found.group().lower() not in cues.articles


def _next_starts(hits: Hits, offset: int) -> list[int]:
    at = bisect_left(hits.starts, offset)
    return hits.starts[at : at + 1]
