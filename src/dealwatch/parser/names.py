"""The organisations that a text names, known and unknown, each with all its mentions."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest

from dealwatch.companies import Match, Register, Row, company_id, fold, word_lists
from dealwatch.model import Company, Mention, Person
from dealwatch.parser.licences import (
    has_article,
    has_type,
    is_called_for,
    is_excluded,
    is_person_like,
    is_placed,
    noun_points,
    points,
)
from dealwatch.parser.placing import HARD, SURE, find_placed
from dealwatch.parser.public import find_public
from dealwatch.parser.references import find_references
from dealwatch.parser.renames import other_name
from dealwatch.parser.spans import Span, find_spans
from dealwatch.parser.text import Document

__all__ = ["find_companies", "find_references"]

ENOUGH = 1  # points that a name unknown to the register needs, over all its mentions
ENOUGH_OPENING = 2  # the same for a word that is only met at the head of sentences
REACH = 24  # characters of an article and a role between an "and" and a name
SHORTEST = 4  # letters of a name that a genitive is told from
ALIKE = 40  # names that begin with the same word, as far as a short form is looked up among them
FIRM = 3  # points by which a person without a known given name or title is a firm after all
_ACRONYM_ALONE = re.compile(r"[A-Z]{3,6}")
_ACRONYM = re.compile(r" ?\(\s?([A-Z][A-Z0-9&-]{1,9})\s?\)")


@dataclass(slots=True)
class _Group:
    """The places of one name, as they are gathered."""

    key: str
    row: Row | None = None
    points: int = 0
    best: int = 0  # points of its best place
    worst: int = 0
    public: bool = False
    spans: list[Span] = field(default_factory=list)


def find_companies(doc: Document, register: Register, people: tuple[Person, ...]) -> tuple[Company, ...]:
    """Every organisation named in a text, in order of first mention; no person, place or product is one.

    Known names come by the register; others need a licence: what they are called, or what stands round them.
    """
    sure = register.find(doc.text, doubtful=True)
    persons = [place for person in people for place in _places_of(doc, person)]
    persons = _unknown(doc, persons, sure)
    spans = _untitled(doc, find_spans(doc, persons), persons)
    houses = {fold(person.org) for person in people if person.org and person.title}
    starts = {place[0] for place in persons}
    houses |= {fold(doc.text[span.start : span.end]) for span in spans if _has_person(doc, span, starts)}
    houses -= {fold(field) for field in doc.pack.words("names", "subjects")}  # "Economy Minister Ann Lee"
    matches, doubted = _known(doc, sure, spans, persons, houses)
    groups = _gather(doc, spans, matches, doubted)
    _license_houses(groups, houses)
    _join_genitives(doc, groups)
    groups = _join_short_forms(doc, groups)
    _join_acronyms(doc, groups)
    _join_initials(doc, groups)
    _join_renamed(doc, groups)
    placed = find_placed(doc, [span for group in groups.values() if not group.row for span in group.spans])
    humans = _humans(doc, groups, people)
    kept = [
        group for key, group in groups.items()
        if group.row or (key not in humans and _is_name(doc, group, placed.get(group.key, 0)))
    ]  # fmt: skip
    kept += _public(doc, kept)
    return tuple(sorted((_company(doc, group) for group in kept), key=lambda company: company.mentions[0].start))


def _unknown(
    doc: Document, persons: list[tuple[int, int]], matches: tuple[Match, ...]
) -> list[tuple[int, int]]:
    """The persons that are no part of a longer known name ("General | Catalyst") and not one ("Raymond James")."""
    longer = [(match.start, match.end) for match in matches if match.sure]
    starts = [start for start, _ in longer]

    def inside(person: tuple[int, int]) -> bool:
        at = bisect_right(starts, person[0]) - 1
        if at < 0 or person[1] > longer[at][1]:
            return False
        return longer[at] != person or " " in doc.text[person[0] : person[1]]

    return [person for person in persons if not inside(person)]


def _untitled(doc: Document, spans: tuple[Span, ...], persons: list[tuple[int, int]]) -> tuple[Span, ...]:
    """The spans without the titles that stand right before a person ("Chancellor Helen Marsh")."""
    starts = {start for start, _ in persons}
    return tuple(
        span for span in spans
        if span.end + 1 not in starts or doc.text[span.end] != " " or " " in doc.text[span.start : span.end]
    )  # fmt: skip


def _public(doc: Document, kept: list[_Group]) -> Iterator[_Group]:
    """Public bodies named by a common noun or by their place, where no name stands."""
    taken = sorted((span.start, span.end) for group in kept for span in group.spans)
    groups: dict[str, _Group] = {}
    for start, end in find_public(doc):
        if doc.text[start:end] in word_lists()["seats"]:
            continue  # "Redmond promises" is a firm's word, not the town's
        at = bisect_left(taken, (end, 0))
        if at == 0 or taken[at - 1][1] <= start:
            key = fold(doc.text[start:end])
            groups.setdefault(key, _Group(key, public=True)).spans.append(Span(start, end, False, False))
    yield from groups.values()


def _places_of(doc: Document, person: Person) -> Iterator[tuple[int, int]]:
    """Where a person stands; not where a firm bears the surname, and nowhere when the place says it is a firm."""
    spans = [Span(mention.start, mention.end, False, False) for mention in person.mentions]
    unsure = person.gender is None or len(person.name.split()[0]) < 3  # "Al Rim"
    first, _, rest = person.name.partition(" ")
    typed = has_type(person.name, doc.pack)
    long = typed and ((" " in rest and person.title is None) or not is_person_like(f"{first} {first}", doc.pack))
    if long or (unsure and _is_firm(doc, person, spans)):
        return
    for span in spans:
        surname = " " not in doc.text[span.start : span.end]
        partners = doc.text[span.end : span.end + 3] == " & " or doc.text[max(0, span.start - 3) : span.start] == " & "
        housed = unsure and _is_housed(doc, span.start)  # "Chez Penhoat Recherche, on juge"
        if not (partners or housed or (surname and is_called_for(doc, span))):
            yield span.start, span.end


def _is_housed(doc: Document, start: int) -> bool:
    """Does a word that only houses follow open the sentence before a name ("Chez")?"""
    opening = doc.text[doc.sentence_at(start)[0] : start].strip(" \u00a0«“\"")
    return opening.lower() in doc.pack.words("people", "house_links") and opening[:1].isupper()


def _is_firm(doc: Document, person: Person, spans: list[Span]) -> bool:
    """Is it a firm after all: by its type, or by what it does, and never called by its last word as people are?"""
    if has_type(person.name, doc.pack):
        return True
    last = person.name.rpartition(" ")[2]
    if person.title or any(doc.text[span.start : span.end] == last != person.name for span in spans):
        return False
    return max(points(doc, span) for span in spans) >= FIRM


def _known(
    doc: Document, matches: tuple[Match, ...], spans: tuple[Span, ...], persons: list[tuple[int, int]],
    houses: set[str],
) -> tuple[dict[Span, Row], list[Span]]:  # fmt: skip
    """The places of known names that are no person and no part of a longer name, and those that are mere words.

    A name that is also a word ("Figure", "Orange") needs a licence in one place; then it stands for all.
    """
    places = tuple(_places(doc, matches, spans, sorted(persons)))
    licensed = {row.id for place, row, needed in places if not needed or points(doc, place) >= needed}
    licensed |= set(_paired(doc, places))
    licensed |= {row.id for place, row, _ in places if houses and fold(doc.text[place.start : place.end]) in houses}
    doubted = [place for place, row, _ in places if row.id not in licensed]
    return {place: row for place, row, _ in places if row.id in licensed}, doubted


def _paired(doc: Document, places: tuple[tuple[Span, Row, int], ...]) -> Iterator[str]:
    """The ids of words that open a sentence side by side with a name that is sure ("Orange and Acme are to")."""
    ands = set(doc.pack.words("names", "ands"))
    for (place, row, needed), (following, _, sure) in pairwise(places):
        certain = not sure or points(doc, following) >= ENOUGH
        if needed == ENOUGH_OPENING and certain and doc.text[place.end : following.start].strip() in ands:
            yield row.id


def _needed(doc: Document, place: Span, outer: Span | None) -> int:
    """The points that a word needs to be read as the name here."""
    # a word that the text also writes small, or in a headline in Title Case, or after an article ("the Scale of it")
    if outer is None or outer.loud or has_article(doc, place):
        return FIRM
    return ENOUGH_OPENING if outer.opens else ENOUGH


def _places(
    doc: Document, matches: tuple[Match, ...], spans: tuple[Span, ...], persons: list[tuple[int, int]]
) -> Iterator[tuple[Span, Row, int]]:
    """Where a known name can stand, whose it is, and the points that it needs there (0: it is sure)."""
    at, wall = 0, 0
    for match in matches:
        while wall < len(persons) and persons[wall][1] <= match.start:
            wall += 1
        while at < len(spans) and spans[at].end <= match.start:
            at += 1
        if wall < len(persons) and persons[wall][0] < match.end:
            continue
        outer = spans[at] if at < len(spans) and spans[at].start < match.end else None
        alone = outer is None or (outer.start, outer.end) == (match.start, match.end)
        if (match.sure or alone) and not _is_longer_name(doc, match, outer):
            place = Span(match.start, match.end, outer is None or outer.opens, bool(outer and outer.loud))
            yield place, match.row, 0 if match.sure else _needed(doc, place, outer)


def _is_longer_name(doc: Document, match: Match, outer: Span | None) -> bool:
    """Does the span name somebody else, the known name being a part ("NX OpenAI Korea", "Banque Populaire du Nord")?"""
    if outer is None or outer.loud:
        return False
    following = doc.text[match.end + 1 : match.end + 2]  # "NHS England", but "Department of Commerce of the US"
    parted = match.row.kind == "bank" or (match.row.kind == "public" and following.isupper())
    parted = parted or match.row.id in word_lists()["families"]
    if outer.start == match.start and outer.end > match.end and parted:
        return fold(doc.text[outer.start : outer.end]) != fold(doc.text[match.start : match.end])
    if outer.start >= match.start:
        return False
    same = fold(doc.text[outer.start : match.end]) == fold(doc.text[match.start : match.end])  # "Groupe Bouygues"
    return not same and " " in doc.text[outer.start : match.start]


def _gather(
    doc: Document, spans: tuple[Span, ...], known: dict[Span, Row], doubted: list[Span]
) -> dict[str, _Group]:
    """The spans by the fold of their words, known ones by their row."""
    groups: dict[str, _Group] = {}
    for span, row in known.items():
        groups.setdefault(row.id, _Group(row.id, row)).spans.append(span)
    free = tuple(_untouched(spans, sorted((span.start, span.end) for span in (*known, *doubted))))
    owners: dict[Span, _Group] = {}
    for span in free:
        key = fold(doc.text[span.start : span.end])
        owners[span] = group = groups.setdefault(key, _Group(key))
        group.spans.append(span)
    weights = {span: points(doc, span) for span in sorted((*free, *known), key=lambda span: span.start)}
    for span, group in owners.items():
        group.points += weights[span]
        group.best, group.worst = max(group.best, weights[span]), min(group.worst, weights[span])
    for span in _listed(doc, weights):
        if span in owners:
            owners[span].points += FIRM
            owners[span].best = FIRM
    return groups


def _has_person(doc: Document, span: Span, starts: set[int]) -> bool:
    """Does a person stand right behind the name as one of its own ("Acme's Ann Lee")?"""
    marks = doc.pack.words("names", "possessives")
    return any(span.end + len(mark) + 1 in starts and doc.text.startswith(f"{mark} ", span.end) for mark in marks)


def _license_houses(groups: dict[str, _Group], houses: set[str]) -> None:
    """The houses that titles name are organisations: "Acme analyst Ann Lee", "Ann Lee, analyst at Acme"."""
    for house in houses:
        group = groups.get(house)
        if group is not None and group.best >= 0:
            group.points += FIRM
            group.best = max(group.best, FIRM)


def _listed(doc: Document, weights: dict[Span, int]) -> Iterator[Span]:
    """The places that share the licence of a list's first name: "angeführt von X, Y und Z" names three.

    The first of a pair shares its second's too: "X and Y are to merge".
    """
    listed = False
    ands = set(doc.pack.words("names", "ands"))
    small = set(doc.pack.words("names", "roles")) | set(doc.pack.section("names").get("contractions", {}))
    order = tuple(weights)
    for (span, following), third in zip_longest(pairwise(order), order[2:]):
        between = _bare_link(doc.text[span.end : following.start].strip(), ands, small)
        goes_on = third is not None and doc.text[following.end : third.start].strip() in {",", *ands}
        pair = between in ands or (between == "," and goes_on)
        if span.opens and pair and weights[following] >= FIRM > weights[span]:
            yield span
        listed = listed or weights[span] >= FIRM
        listed = listed and between in {",", *ands}
        family = weights[following] < 0 and " " not in doc.text[following.start : following.end]
        if listed and not family:  # "and the Loftus family office"
            yield following


def _bare_link(between: str, ands: set[str], small: set[str]) -> str:
    """What stands between two names without an article and a role behind an "and" ("et | le fonds")."""
    first, _, rest = between.partition(" ")
    return first if rest and len(rest) < REACH and first in ands and small.issuperset(rest.split()) else between


def _untouched(spans: tuple[Span, ...], taken: list[tuple[int, int]]) -> Iterator[Span]:
    """The spans that overlap none of the places taken."""
    at = 0
    for span in spans:
        while at < len(taken) and taken[at][1] <= span.start:
            at += 1
        if at >= len(taken) or taken[at][0] >= span.end:
            yield span


def _join_genitives(doc: Document, groups: dict[str, _Group]) -> None:
    """The genitive of a name that the text has without its ending too, where the language writes it in one word."""
    ending = doc.pack.section("names").get("genitive", "")
    for key in [key for key in groups if ending and key.endswith(ending)]:
        group, whole = groups[key], groups.get(key.removesuffix(ending))
        if whole is not None and group.row is None and len(key) > SHORTEST:
            whole.spans.extend(replace(span, end=span.end - len(ending)) for span in group.spans)
            whole.points += group.points
            del groups[key]


def _join_short_forms(doc: Document, groups: dict[str, _Group]) -> dict[str, _Group]:
    """A name and the later short form of it as one: "Nadir" is "Nadir Analytics"."""
    by_first: dict[str, list[_Group]] = defaultdict(list)
    for group in groups.values():
        whole = _whole_key(doc, group)
        if " " in whole:
            by_first[whole.split()[0]].append(group)
    for key in sorted(groups, key=len):
        group = groups[key]
        firsts = by_first.get(key.split()[0], [])[:ALIKE] if key else []
        longer = [o for o in firsts if _whole_key(doc, o).startswith(key + " ") and groups.get(o.key) is o]
        if group.row is None and len(longer) == 1 and _is_short_for(doc, group, longer[0], groups):
            longer[0].spans.extend(group.spans)
            longer[0].points += group.points
            del groups[key]
    return groups


def _whole_key(doc: Document, group: _Group) -> str:
    """The words by which a name is compared; of one that the register knows those that the text has."""
    return group.key if group.row is None else fold(doc.text[group.spans[0].start : group.spans[0].end])


def _is_short_for(doc: Document, group: _Group, longer: _Group, groups: dict[str, _Group]) -> bool:
    """Is it not rather a maker and its product ("Ostara Pro"), or two names side by side?"""
    span = longer.spans[0]
    typed = has_type(doc.text[span.start : span.end], doc.pack)
    if _whole_key(doc, longer)[len(group.key) + 1 :] in groups and not typed:
        return False
    if typed or (len(longer.spans) >= len(group.spans) and longer.row is None):
        return True
    below = [one.start for one in group.spans if one.start >= doc.title_end]
    return 0 < doc.title_end <= span.start < min(below, default=len(doc.text))  # named in full first


def _join_acronyms(doc: Document, groups: dict[str, _Group]) -> None:
    """An acronym in brackets after a name is the same company, here and everywhere."""
    for group in list(groups.values()):
        for span in list(group.spans):
            found = _ACRONYM.match(doc.text, span.end, span.end + 16)
            other = groups.get(fold(found.group(1))) if found else None
            if other and other is not group and not other.row:
                group.spans.extend(other.spans)
                group.points += other.points
                del groups[other.key]


def _join_initials(doc: Document, groups: dict[str, _Group]) -> None:
    """An acronym whose letters begin the words of one longer name of the text is that name ("NTMA")."""
    short = {g.key: g for g in groups.values() if _ACRONYM_ALONE.fullmatch(doc.text, g.spans[0].start, g.spans[0].end)}
    if not short:
        return
    for group in list(groups.values()):
        place = group.spans[0]
        capitals = [word[0] for word in doc.text[place.start : place.end].split() if word[0].isupper()]
        other = short.pop(fold("".join(capitals)), None) if len(capitals) > 2 else None
        if other and other is not group and groups.get(other.key) is other and not (group.row and other.row):
            group.row = group.row or other.row
            group.spans.extend(other.spans)
            group.points += other.points
            del groups[other.key]


def _join_renamed(doc: Document, groups: dict[str, _Group]) -> None:
    """The name that a company bore before is one of its names, here and everywhere: "X, formerly Y"."""
    for group in list(groups.values()):
        if groups.get(group.key) is not group:
            continue  # was another's name itself
        for span in list(group.spans):
            place = other_name(doc.text, span.end, doc.pack)
            if place is None:
                continue
            other = groups.get(fold(doc.text[slice(*place)]))
            if other is group or (other and other.row):
                continue
            group.spans.extend(other.spans if other else [Span(*place, opens=False, loud=False)])
            group.points += FIRM
            group.best = max(group.best, FIRM)
            if other:
                del groups[other.key]


def _humans(doc: Document, groups: dict[str, _Group], people: tuple[Person, ...]) -> set[str]:
    """The names that are people's: given names of persons of the text, and surnames with their full names.

    A firm is called by its first word, a person by the last: "Mallory" of "Veena Mallory".
    """
    firsts = {fold(person.name.split()[0]) for person in people if " " in person.name and person.gender}
    found = {key for key in firsts & groups.keys() if not groups[key].row}
    for key, full in groups.items():
        last = groups.get(key.rpartition(" ")[2])
        if full.row or last is None or last is full or last.row or not _may_be_full_name(doc, full):
            continue
        if not _is_name(doc, last, 0):
            continue
        if not any(_must_be_firm(doc, span) for span in (*full.spans, *last.spans)):
            found |= {key, last.key}
    return found


def _may_be_full_name(doc: Document, group: _Group) -> bool:
    """Is it written as people's names are: two or three words of letters, each with one capital, its first?"""
    span = group.spans[0]
    words = doc.text[span.start : span.end].split()
    return 1 < len(words) < 4 and all(word.isalpha() and word.istitle() for word in words)


def _must_be_firm(doc: Document, span: Span) -> bool:
    """Does the name or what stands before it say that it is an organisation?"""
    return is_called_for(doc, span) or has_type(doc.text[span.start : span.end], doc.pack)


def _is_place(doc: Document, group: _Group, placed: int) -> bool:
    """Does the text use the name as a place, and nothing call for an organisation there?"""
    if placed == SURE:
        return not any(is_called_for(doc, span) for span in group.spans)
    if placed == HARD and group.best < FIRM:
        return True
    return group.best < ENOUGH_OPENING and (placed > 0 or any(is_placed(doc, span) for span in group.spans))


def _is_person(doc: Document, group: _Group, forms: set[str]) -> bool:
    """Is it a person: by a title in front, a family behind, or a given name with too little for a firm?"""
    if group.worst <= -FIRM and group.best < FIRM:
        return True
    if any(has_type(form, doc.pack) for form in forms):
        return False  # "Verity Labs", then "Verity"
    needed = FIRM if all(" " not in form for form in forms) else FIRM + ENOUGH_OPENING
    return group.best < needed and any(is_person_like(form, doc.pack) for form in forms)


def _is_only_headed(doc: Document, group: _Group) -> bool:
    """Is it one word of the headline that the story never names again, where any noun has a capital?"""
    if doc.pack.section("names").get("base", 1) or doc.title_end >= len(doc.text.rstrip()):
        return False
    if any(span.end > doc.title_end for span in group.spans):
        return False
    name = doc.text[group.spans[0].start : group.spans[0].end]
    return " " not in name and not has_type(name, doc.pack)  # "Hubwerk schluckt Regalroboter"


def _is_name(doc: Document, group: _Group, placed: int) -> bool:
    """Is a group of spans that the register does not know an organisation?"""
    forms = {doc.text[span.start : span.end] for span in group.spans}
    if _is_place(doc, group, placed) or forms <= set(word_lists()["seats"]) or _is_person(doc, group, forms):
        return False
    if is_excluded(max(sorted(forms), key=len), doc.pack) or all(span.loud for span in group.spans):
        return False
    if _is_only_headed(doc, group):
        return False
    if group.best < max(noun_points(form, doc.pack) for form in forms):
        return False
    if all(span.opens for span in group.spans) and group.points < ENOUGH_OPENING:
        return False
    return group.points >= ENOUGH


def _company(doc: Document, group: _Group) -> Company:
    mentions = tuple(Mention(span.start, span.end) for span in sorted(group.spans, key=lambda span: span.start))
    if group.row:
        row = group.row
        return Company(row.id, _known_name(doc, row, mentions), row.kind, True, row.ai, mentions)
    name = max((doc.text[mention.start : mention.end] for mention in mentions), key=len)
    return Company(company_id(name), name, "public" if group.public else "unknown", mentions=mentions)


def _known_name(doc: Document, row: Row, mentions: tuple[Mention, ...]) -> str:
    """The register's name; the text's own where that is a translation or a name of the time."""
    forms = {doc.text[mention.start : mention.end] for mention in mentions}
    if row.name not in forms and (row.translated or forms <= set(row.formerly)):
        return max(sorted(forms), key=len)
    return row.name
