"""Who takes part in what a text tells of money, though no record of a deal names them.

A seller, a lender behind a takeover, the rest of a list of investors, the other side of a deal told in passing: the
records have no slot for some, and miss others; the companies of a story are to hold them all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.model import Amount, Company
from dealwatch.parser.events import Event
from dealwatch.parser.frames import Lexicon, Token, items_in
from dealwatch.parser.licences import points
from dealwatch.parser.phrasebook import exactly
from dealwatch.parser.spans import Span
from dealwatch.parser.standing import heads_line, is_owner, only_holds, only_named, stands_as_place, takes_part
from dealwatch.parser.telling import Sentence, Telling
from dealwatch.parser.text import Document

_TIED = 16  # characters between two names that "and", "et de" ties
_PIECE = re.compile(r"[^\W\d_]+['’]?|[^\w\s]")
_HEAD = 6  # sentences at the head of a story in which it says that it is a joke
_PAID = ("investment", "total_raised")  # "has raised $9m so far from X": no deal, but parties
_SIDES = ("investor", "target", "lender")
_LICENSED = 3  # points by which a headline alone says that its subject is a firm
_OFTEN = 2  # mentions below the headline that names it, by which a company is what the story is about


def find_parties(
    doc: Document, companies: Iterable[Company], telling: Telling, sure: Collection[str],
    amounts: Sequence[Amount] = (),
) -> frozenset[str]:  # fmt: skip
    """The ids of the companies that take part in a deal that the text tells; `sure` are those of its records."""
    others = {company.id for company in companies} - set(sure)
    if not others or not telling.lexicon.trie:
        return frozenset()
    found, parties, imagined = set[str](), set(sure), set[str]()
    for number, (start, end) in enumerate(doc.sentences):
        named = {item[2].id for item in items_in(telling.items, start, end) if isinstance(item[2], Company)}
        if number >= _HEAD and not named & others:
            continue
        sentence = telling.at(number)
        if number < _HEAD and sentence.joke:
            return frozenset()
        if sentence.supposed:
            imagined |= named
        elif named & others - parties:
            paid = any(start <= amount.start < end for amount in amounts)
            joined = (paid or bool(parties)) and _joins(doc.pack, paid).search(doc.text, start, end) is not None
            found |= set(_taking_part(doc, sentence, telling.lexicon, parties, joined))
            parties |= found
    return frozenset(found - set(sure) - imagined)


@lru_cache(maxsize=16)
def _joins(pack: Pack, money: bool) -> re.Pattern[str]:
    """What says that all whom its sentence names take part in a deal ("took part", "sold their shares").

    With a sum in the sentence also that somebody gives.
    """
    words = (*pack.words("names", "take_part"), *(pack.words("names", "pays_in") if money else ()))
    return re.compile(rf"(?<![\w-])(?:{exactly(words, {})})(?![\w-])")


def _taking_part(
    doc: Document, sentence: Sentence, lexicon: Lexicon, parties: Collection[str], joined: bool
) -> Iterator[str]:
    """The companies of a sentence that take part in what it tells."""
    tokens, events = sentence.tokens, [event for event in sentence.events if event.frame.type]
    money = joined or any(token.amount is not None and token.amount.kind in _PAID for token in tokens)
    about = any(token.cue is not None and token.cue.kind in ("frame", "role") for token in tokens)
    inside, penalties = set(parties), frozenset(doc.pack.words("names", "penalties"))
    money = money or any(token.word in penalties for token in tokens)
    unsure = []
    for at, token in enumerate(tokens):
        company = token.party
        if company is None or company.id in inside:
            continue
        plays, place = _plays(token, events), Span(token.start, token.end, False, False)
        owns = token.possessive and at + 1 < len(tokens) and tokens[at + 1].party is not None  # "X's Woven Capital"
        held = not plays and not joined and only_holds(doc, place)
        if owns or held or is_owner(doc, place) or _is_paper(doc, company, plays):
            continue
        if only_named(doc, place, compared=not (plays or joined), held=not joined) or _is_seat(tokens, at, doc):
            continue
        if not company.known and stands_as_place(doc, place):
            continue
        backs = (about or parties) and lexicon.investors.search(token.word)
        if money or plays or backs or _is_listed(tokens, at, inside) or takes_part(doc, place):
            inside.add(company.id)
            yield company.id
        else:
            unsure.append((at, company.id))
    # "X, Y and Z Capital put in the rest": by the third the first two
    yield from (company for at, company in unsure if _is_listed(tokens, at, inside))


def _is_paper(doc: Document, company: Company, plays: bool) -> bool:
    """Is it a newspaper that plays no part itself: who only tells of the lawsuit?"""
    return not plays and company.name in doc.pack.words("names", "media")


def _is_seat(tokens: list[Token], at: int, doc: Document) -> bool:
    """Whether a name is where the company before it sits ("Acme, of Tunja, gets")."""
    if at < 3 or tokens[at - 3].party is None or tokens[at - 2].word != ",":
        return False
    closed = at + 1 == len(tokens) or tokens[at + 1].kind in ("mark", "hard")
    return closed and tokens[at - 1].word in doc.pack.words("people", "ties")


def _plays(token: Token, events: Sequence[Event]) -> bool:
    """Whether a name plays a part in a deal that its sentence tells: beside another part, or as who sells a holding."""
    for event in events:
        parts = {part for part, players in event.parts.items() if any(player is token for player in players)}
        if not parts:
            continue
        alike = [other for other in events if other.frame.type == event.frame.type]
        sides = {side for other in alike for side in _SIDES if other.parts.get(side)}
        if "seller" in parts and sides:
            return True
        if parts & set(_SIDES) and (event.amounts or len(sides) > 1 or event.frame.type == "acquisition"):
            return True
    return False


def _is_listed(tokens: list[Token], at: int, parties: Collection[str]) -> bool:
    """Whether a name stands in one list with a party."""
    head = tokens[at].head
    return head >= 0 and any(
        token.head == head and token.party is not None and token.party.id in parties
        for token in tokens[head : head + 160]
    )


def without_asides(doc: Document, companies: Sequence[Company]) -> tuple[Company, ...]:
    """The companies without the mentions that can be nobody's part in a deal ("spun out of X and Y")."""
    asides, previous = set[int](), -1
    ands, ties = doc.pack.words("names", "ands"), doc.pack.words("people", "ties")
    for start, end in sorted((m.start, m.end) for company in companies for m in company.mentions):
        pieces = _PIECE.findall(doc.text[previous:start]) if 0 <= previous > start - _TIED else []
        tied = pieces[:1] and pieces[0] in ands and all(piece in ties for piece in pieces[1:])
        place = Span(start, end, False, False)
        if tied or only_named(doc, place, compared=False) or is_owner(doc, place):
            asides.add(start)
            previous = end
        else:
            previous = -1
    return tuple(
        company if asides.isdisjoint(m.start for m in company.mentions)
        else replace(company, mentions=tuple(m for m in company.mentions if m.start not in asides))
        for company in companies
    )  # fmt: skip


def find_topics(doc: Document, companies: Sequence[Company], amounts: Sequence[Amount] = ()) -> frozenset[str]:
    """The ids of the companies that the story is about: subject of the headline, or named in it and often below.

    And whose results it tells: the one that opens the first sentence below the headline, where that has their sums.
    """
    if not doc.title_end:
        return frozenset()
    titled = [(m.start, m.end, c) for c in companies for m in c.mentions if m.start < doc.title_end]
    found = set()
    for number, (start, end, company) in enumerate(sorted(titled, key=lambda place: place[0])):
        if only_named(doc, Span(start, end, False, False)):
            continue
        placed = sum(stands_as_place(doc, Span(m.start, m.end, False, False)) for m in company.mentions)
        if 2 * placed >= len(company.mentions):
            continue
        leads = number == 0 and heads_line(doc, Span(start, end, False, False))
        below = [m for m in company.mentions if m.start >= doc.title_end]
        opens = bool(below) and heads_line(doc, Span(below[0].start, below[0].end, False, False))
        labels = doc.text[end : end + 2].strip() == ":"  # "Acme: our year in numbers"
        acts = points(doc, Span(start, end, True, False)) >= _LICENSED  # "Oboe raises 16 million", then "the firm"
        if (leads and (below or labels or acts or company.known)) or opens or len(below) >= _OFTEN:
            found.add(company.id)
    return frozenset(found) | _reporting(doc, companies, amounts)


def _reporting(doc: Document, companies: Sequence[Company], amounts: Sequence[Amount]) -> frozenset[str]:
    """The company that opens the first sentence of the body, where that tells sales, a profit or a loss."""
    start, end = next((place for place in doc.sentences if place[0] >= doc.title_end), (0, 0))
    if not any(start <= amount.start < end and amount.kind == "revenue" for amount in amounts):
        return frozenset()
    first = min(((m.start, m.end, c.id) for c in companies for m in c.mentions if start <= m.start < end), default=None)
    if first is None or not heads_line(doc, Span(first[0], first[1], False, False)):
        return frozenset()
    return frozenset({first[2]})
