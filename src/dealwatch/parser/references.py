"""Nominal references: "the company", "la jeune pousse", and which company each of them means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dealwatch.companies import word_lists
from dealwatch.lang import Pack
from dealwatch.model import Company
from dealwatch.parser.text import Document

Reference = tuple[int, int, str]  # start, end, company id
_REACH = 60  # characters after a noun within which its own name may stand
_LOOK_BACK = 60  # mentions before a reference that are weighed: farther back nothing is meant


@dataclass(frozen=True, slots=True, eq=False)
class _Nouns:
    pattern: re.Pattern[str] | None
    classes: Mapping[str, frozenset[str]]  # fund, bank, young, public -> nouns
    types: Mapping[str, frozenset[str]]  # the words in names that fit a class


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    company: Company


def _listed(pack: Pack) -> list[str]:
    """The nouns for a company, the longest first."""
    table = pack.section("names").get("references", {})
    listed = {word for key, words in table.items() if key != "articles" for word in words}
    return sorted(listed.union(pack.words("names", "roles")), key=len, reverse=True)


@lru_cache(maxsize=16)
def _nouns(pack: Pack) -> _Nouns:
    table = pack.section("names").get("references", {})
    if not table:
        return _Nouns(None, {}, {})
    both = {form for word in table["articles"] for form in (word, word.capitalize())}
    articles = "|".join(re.escape(word).replace("'", "['’]") for word in sorted(both, key=len, reverse=True))
    words = "|".join(map(re.escape, _listed(pack)))
    adjective = r"(?:[a-zà-öø-ÿ]{2,20}[ -])??"
    pattern = re.compile(rf"(?<!\w)(?:{articles})[ \u00a0]?{adjective}({words})(?![\w-])")
    classes = {key: frozenset(words) for key, words in table.items() if key != "articles"}
    kinds = {key: frozenset(pack.words("names", f"{key}_types")) for key in ("fund", "bank", "public")}
    return _Nouns(pattern, classes, kinds)


def find_references(doc: Document, companies: tuple[Company, ...]) -> tuple[Reference, ...]:
    """The places where a company is meant by a common noun, with the company's id.

    Meant is the company that the text itself calls so, else the nearest salient one that the noun fits; where none
    fits, the noun is left out.
    """
    nouns, at_seats = _nouns(doc.pack), find_seats(doc, companies)
    places = sorted((_Place(m.start, m.end, c) for c in companies for m in c.mentions), key=lambda place: place.start)
    if nouns.pattern is None or not places:
        return ()
    starts = [place.start for place in places]
    seated = {start for start, _, _ in at_seats}
    called = _called(doc, places, nouns)
    found: list[Reference] = []
    for match in nouns.pattern.finditer(doc.text):
        noun = match.group(1)
        at = bisect_left(starts, match.start())
        vague = noun not in called and not any(noun in words for words in nouns.classes.values())
        if vague or match.start() in seated or _names_its_own(doc, match.end(), places, at):
            continue
        company = _meant(doc, match, places[max(0, at - _LOOK_BACK) : at], nouns, called)
        if company:
            found.append((match.start(), match.end(), company.id))
    return tuple(sorted((*found, *at_seats)))


def find_seats(doc: Document, companies: Sequence[Company]) -> tuple[Reference, ...]:
    """The places where a company of the text is meant by its seat ("Redmond said", "le groupe de Redmond")."""
    seats: dict[str, str] = word_lists()["seats"]
    known = {company.id for company in companies if company.known}
    if not known.intersection(seats.values()):
        return ()
    found = []
    for match in _seats(doc.pack).finditer(doc.text):
        company = seats[next(name for name in match.groups() if name)]
        alone = match.group(1) and not _is_subject(doc, match)
        if company in known and not alone:
            found.append((match.start(), match.end(), company))
    return tuple(found)


@lru_cache(maxsize=16)
def _seats(pack: Pack) -> re.Pattern[str]:
    """A seat alone, behind a noun ("la firme de Cupertino") or before one ("the Cupertino firm")."""
    table = pack.section("names").get("references", {})
    names = "|".join(map(re.escape, word_lists()["seats"]))
    words = "|".join(map(re.escape, _listed(pack))) or "(?!)"
    articles = "|".join(re.escape(form) for word in table.get("articles", ()) for form in (word, word.capitalize()))
    links = "|".join(map(re.escape, pack.words("names", "links"))) or "(?!)"
    noun = rf"(?:{articles}) ?(?:{words}) (?:{links}) ?({names})"
    before = rf"(?:{articles}) ({names})(?:-based)? (?:{words})"
    return re.compile(rf"(?<!\w)(?:({names})(?= )|{noun}|{before})(?!\w)")


def _is_subject(doc: Document, match: re.Match[str]) -> bool:
    """Does a seat do what firms do, at the head of a sentence ("Redmond declined")?"""
    following = doc.text[match.end() : match.end() + 24].split()[:1]
    opens = doc.sentence_at(match.start())[0] == match.start()
    return opens and any(word.lower().replace("’", "'") in _verbs(doc.pack) for word in following)


def _names_its_own(doc: Document, end: int, places: Sequence[_Place], at: int) -> bool:
    """Does a name follow that the noun introduces ("la start-up nantaise X", "the venture, X,")?"""
    if at >= len(places) or places[at].start > end + _REACH:
        return False
    between = doc.text[end : places[at].start]
    if between.strip() == ",":
        return True
    words = between.split()
    closed = any(mark in between for mark in ".,;:!?\n«\"“(")
    gap = int(doc.pack.section("names").get("role_gap", 0)) + 2  # "l'éditeur nantais de logiciels de gestion X"
    return not closed and len(words) <= gap and not any(word.lower() in _verbs(doc.pack) for word in words)


@lru_cache(maxsize=16)
def _verbs(pack: Pack) -> frozenset[str]:
    return frozenset(pack.words("names", "verbs")) | frozenset(pack.words("quotes", "verbs"))


def _called(doc: Document, places: Sequence[_Place], nouns: _Nouns) -> dict[str, str]:
    """Noun -> id of the one company that the text introduces by it."""
    found: dict[str, set[str]] = {}
    assert nouns.pattern is not None
    for index, place in enumerate(places):
        begin = max(doc.sentence_at(place.start)[0], place.start - 60, places[index - 1].end if index else 0)
        for match in nouns.pattern.finditer(doc.text, begin, place.start):
            if not any(mark in doc.text[match.end() : place.start] for mark in ".,;:"):
                found.setdefault(match.group(1), set()).add(place.company.id)
    return {noun: next(iter(ids)) for noun, ids in found.items() if len(ids) == 1}


def _meant(
    doc: Document, match: re.Match[str], before: Sequence[_Place], nouns: _Nouns, called: Mapping[str, str]
) -> Company | None:
    """The company that a noun means at a place: the one called so, else the subject of the sentence before."""
    noun, (start, end) = match.group(1), match.span()
    fitting = [place for place in before if _fits(place.company, noun, nouns)]
    if not fitting:
        return None
    named = called.get(noun)
    for place in reversed(fitting):
        if place.company.id == named:
            return place.company
    speaks = any(word.lower() in _verbs(doc.pack) for word in doc.text[end : end + 20].split()[:1])
    if doc.text[fitting[-1].end : start].strip() == "," and not speaks:
        return fitting[-1].company  # "X, l'éditeur lyonnais,"
    return _nearest(doc, start, [place for place in fitting if _kind(place.company, nouns) == ""] or fitting)


def _nearest(doc: Document, start: int, fitting: Sequence[_Place]) -> Company:
    """The subject of the sentence before, of those that the story is about: named twice, or in its headline."""
    paragraph, sentence = doc.paragraph_at(start)[0], doc.sentence_at(start)[0]
    told = [place for place in fitting if len(place.company.mentions) > 1 or place.start < doc.title_end]
    near = [place for place in told if place.start >= paragraph]
    chosen = near or told or fitting
    earlier = [place for place in chosen if place.start < sentence]
    if not earlier:
        return chosen[0].company
    last = doc.sentence_at(earlier[-1].start)[0]
    return next(place.company for place in earlier if place.start >= last)  # the subject stands first


def _fits(company: Company, noun: str, nouns: _Nouns) -> bool:
    """Can a company be called so: a fund no start-up, a bank no fund?"""
    kind = _kind(company, nouns)
    wanted = {key for key in ("young", "fund", "bank", "public") if noun in nouns.classes.get(key, ())}
    if not wanted:
        return kind == "" or (kind != "public" and noun in nouns.classes.get("any", ()))
    if "young" in wanted:
        return kind == "" and company.kind in ("ai", "unknown")
    return kind in wanted


def _kind(company: Company, nouns: _Nouns) -> str:
    known = {"investor": "fund", "bank": "bank", "public": "public"}.get(company.kind, "")
    if known or company.known:
        return known
    words = set(company.name.split())
    return next((key for key in ("public", "bank", "fund") if words & nouns.types.get(key, frozenset())), "")
