"""Whom the people of a story work for: the company that a title, a clause or a small word ties to their name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.model import Company, Mention, Person
from dealwatch.parser.phrases import GAP, alternatives
from dealwatch.parser.spans import Span
from dealwatch.parser.standing import only_named
from dealwatch.parser.text import Document

NEAR = 20  # names looked back through for the company that a phrase stands for
CLAUSE = 60  # characters between the verb of a clause and the house it names
TIED = 90  # characters between a person and the house that a title ties to the name
_LEAD = re.compile(r"\w{1,4}(?:['’]|[ \u00a0])(?:[^\W\d_A-Z][\w-]{1,24}[ \u00a0]){0,3}")  # "The start-up "
MENTIONS = 8  # of a person that are looked at: who they are is said early
_PARTS = re.compile(r"[,.;:!?()\"“”«»\n]")
_WORD = re.compile(r"[^\W\d_][\w-]{0,30}['’]?")

Places = Sequence[tuple[int, int, int]]  # start, end, number of the company


def find_houses(doc: Document, people: Sequence[Person], companies: Sequence[Company]) -> dict[str, Company]:
    """The names of people -> the company that each belongs to.

    "Ann Lee, who runs Acme", "Ann Lee of the pressure group Acme" are of Acme; "who founded the company" of the one
    last named before her.
    """
    written = {doc.text[m.start : m.end]: c for c in reversed(companies) for m in c.mentions}
    written.update({company.name: company for company in reversed(companies)})
    places = sorted((m.start, m.end, number) for number, c in enumerate(companies) for m in c.mentions)
    starts = [start for start, _, _ in places]
    found: dict[str, Company] = {}
    for person in people:
        house = written.get(person.org) if person.org else None
        if house is not None and _is_past(doc, house):
            house = None
        house = house or _led(doc, person, places, starts, companies)
        if house is None:
            number = _tied(doc, person, places, starts)
            house = companies[number] if number >= 0 else None
        if house is None and person.org is None:
            house = _owned(doc, person, places, starts, companies)
        if house is not None:
            found[person.name] = house
    return found


def _is_past(doc: Document, house: Company) -> bool:
    """Is a house only named as where somebody was before ("formerly an engineer at X")?"""
    return all(only_named(doc, Span(m.start, m.end, False, False), compared=False) for m in house.mentions)


@dataclass(frozen=True, slots=True, eq=False)
class _Ties:
    """The words that tie a person to a house."""

    leads: re.Pattern[str]  # behind a name: who leads something, as far as what it is
    led: re.Pattern[str]  # a phrase that stands for a company named before
    ties: frozenset[str]  # before the house: "of", "at"
    sure: frozenset[str]  # of those, the ones that stand before nothing else: "at", "chez"
    former: frozenset[str]  # that it is past: "former", "ex"
    titles: frozenset[str]


@lru_cache(maxsize=16)
def _ties(pack: Pack) -> _Ties:
    who, leads = alternatives(pack.words("quotes", "relatives")), alternatives(pack.words("people", "leads"))
    titles = (word.lower() for key in ("titles", "titles_f", "titles_m") for word in pack.words("people", key))
    return _Ties(
        re.compile(rf"(?:,{GAP}{who})?{GAP}{leads}(?![\w-])"),
        re.compile(rf"{GAP}{alternatives(pack.words('people', 'led'))}(?![\w-])"),
        frozenset(pack.words("people", "ties")),
        frozenset(pack.words("people", "house_links")),
        frozenset(pack.words("people", "former")),
        frozenset(word for title in titles for word in title.split()),
    )


def _led(
    doc: Document, person: Person, places: Places, starts: Sequence[int], companies: Sequence[Company]
) -> Company | None:
    """The company that a clause behind the first mentions of a person says they lead."""
    ties = _ties(doc.pack)
    for mention in person.mentions[:MENTIONS]:
        clause = ties.leads.match(doc.text, mention.end)
        if clause is None:
            continue
        at = bisect_left(starts, clause.end())
        if ties.led.match(doc.text, clause.end()):
            at = bisect_left(starts, mention.start)
            return _topic(doc, places[max(0, at - NEAR) : at], companies)
        if at < len(places) and not _PARTS.search(doc.text, clause.end(), min(places[at][0], clause.end() + CLAUSE)):
            return companies[places[at][2]] if places[at][0] <= clause.end() + CLAUSE else None
    return None


@lru_cache(maxsize=16)
def _owners(pack: Pack) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What makes a title one of the company named last, before a name and behind one: "its founder"."""
    leads, led = alternatives(pack.words("people", "leaders")), alternatives(pack.words("people", "led"))
    own = alternatives(pack.words("people", "owners"))
    links = alternatives(pack.words("people", "title_links"))
    small = rf"(?:[^\W\d_A-Z][\w-]{{1,20}}{GAP}){{0,3}}"
    possessed = rf"(?:{own}|{led}['’]s?){GAP}{small}(?i:{leads})(?:[^.;:!?,\n]{{0,60}})?"
    following = rf"(?i:{leads}){GAP}{links}{GAP}?{led}|(?i:{leads}){GAP}{alternatives(pack.words('people', 'led_of'))}"
    title = rf"(?:{possessed}|{small}(?:{following}))"
    return (
        re.compile(rf"(?<![\w’'])(?i:{own}|{led}['’]s?){GAP}{small}(?i:{leads})(?:{GAP}[^\W\d_A-Z][\w-]{{1,20}}){{0,4}},?"
                   rf"{GAP}\Z|(?<!\w)(?:{following}),?{GAP}\Z"),
        re.compile(rf"(?:{GAP}\(|,{GAP}(?:[^\W\d_A-Z]{{1,4}}{GAP})?){title}(?![\w-])"),
    )  # fmt: skip


def _owned(
    doc: Document, person: Person, places: Sequence[tuple[int, int, int]], starts: Sequence[int],
    companies: Sequence[Company],
) -> Company | None:  # fmt: skip
    """The company last named before a person whose title says it is of that one: "Ann Lee, its founder"."""
    before, behind = _owners(doc.pack)
    for mention in person.mentions[:8]:
        ahead = before.search(doc.text, max(0, mention.start - CLAUSE - CLAUSE), mention.start)
        if ahead is None and behind.match(doc.text, mention.end) is None:
            continue
        at = bisect_left(starts, ahead.start() if ahead else mention.start)
        return _topic(doc, places[max(0, at - NEAR) : at], companies)
    return None


def _topic(doc: Document, near: Places, companies: Sequence[Company]) -> Company | None:
    """Of the companies last named the one that a sentence last began with; else the last."""
    opening = [place for place in near if _opens(doc, place[0])]
    last = (opening or near)[-1:]
    return companies[last[0][2]] if last else None


def _opens(doc: Document, start: int) -> bool:
    """Does a name begin its sentence, but for an article and a common noun ("The pressure group | Acme")?"""
    ahead = doc.text[max(0, start - CLAUSE) : start]
    ahead = ahead[max(0, doc.sentence_at(start)[0] - start + len(ahead)) :]
    return not ahead or _LEAD.fullmatch(ahead) is not None


def _tied(doc: Document, person: Person, places: Places, starts: Sequence[int]) -> int:
    """The number of the company that small words tie to a mention of a person, or -1."""
    for mention in person.mentions[:MENTIONS]:
        at = bisect_left(starts, mention.end)
        if at < len(places) and _ties_to(doc, mention, places[at][0]):
            return places[at][2]
        if at and (_owns(doc, mention, places[at - 1]) or _opens_with(doc, mention, places[at - 1])):
            return places[at - 1][2]
    return -1


def _ties_to(doc: Document, mention: Mention, start: int) -> bool:
    """Does "of the pressure group", ", a lawyer at", ", délégué général du lobby" stand between a person and a name?"""
    if not 0 < start - mention.end <= TIED:
        return False
    between, ties = doc.text[mention.end : start], _ties(doc.pack)
    if between == " (" or (between == ", " and doc.text[mention.start - 1 : mention.start] in ("(", "—")):
        return True  # "(Ann Lee, Acme)", "Ann Lee (Acme)"
    apart = between.startswith(",")
    if _PARTS.search(between[1:]) or between[-1] not in " \u00a0\u202f'’":
        return False
    words = [word.lower().replace("’", "'") for word in _WORD.findall(between)]
    last = max((at for at, word in enumerate(words) if word in ties.ties), default=-1)
    if last < 0 or len(words) - last > 5 or not ties.former.isdisjoint(words):
        return False
    if last == 0 or not apart:
        return last == 0  # "Ann Lee of X", "Ann Lee, of the co-operative X"
    return words[last] in ties.sure or not ties.titles.isdisjoint(words[:last])


def _owns(doc: Document, mention: Mention, place: tuple[int, int, int]) -> bool:
    """Does nothing but a possessive stand between a house and a person ("Acme's Ann Lee")?"""
    between = doc.text[place[1] : mention.start]
    return between[-1:] == " " and between[:-1] in doc.pack.words("names", "possessives")


def _opens_with(doc: Document, mention: Mention, place: tuple[int, int, int]) -> bool:
    """Does a title with its house open the sentence, a comma before the name ("Directrice de l'incubateur X, Ann")?"""
    start, end, _ = place
    if doc.text[end : mention.start] != ", ":
        return False
    opening = doc.sentence_at(start)[0]
    if not 0 < start - opening <= TIED:
        return False
    words = [word.lower() for word in _WORD.findall(doc.text[opening:start])]
    ties = _ties(doc.pack)
    return bool(words) and words[0] in ties.titles and ties.former.isdisjoint(words)
