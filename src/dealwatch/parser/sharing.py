"""Which sum, round, share and date of a sentence is whose: each goes to the nearest event that can hold it."""

from __future__ import annotations

from itertools import pairwise

from dealwatch.model import Company
from dealwatch.parser.dating import Dated
from dealwatch.parser.drafts import BRIDGE, Fact
from dealwatch.parser.events import Event
from dealwatch.parser.frames import FURTHEST, Token, items_in
from dealwatch.parser.reading import Reading
from dealwatch.parser.slots import find_parts, find_rounds, find_stakes, is_pre_money, told_in

_WORTH = ("investment", "commercial", "joint_venture")  # types whose own worth is their sum
_RAISED = ("funding_round", "debt", "grant", "ipo")
_SERIES = 14  # characters between the dates of one series


def share_sums(reading: Reading, number: int, tokens: list[Token], facts: list[tuple[Event, Fact]]) -> None:
    """Give each sum of a sentence to the nearest event that can hold it."""
    for at, token in enumerate(tokens):
        if token.amount is None or not facts or token.amount.equivalent_of is not None:
            continue
        kind = "investment" if _is_planned(tokens, at) else token.amount.kind
        if kind not in ("investment", "valuation") or is_left_behind(tokens, at):
            continue
        if kind == "investment" and _sums_up(tokens, at):
            reading.void.add(token.start)
            continue
        holders = [(e, f) for e, f in facts if e.frame.subject != "seller" or e.frame.form == "noun" or f.target]
        if any(e.frame.type in _RAISED and e.at < at for e, _ in holders):  # "borrows $9m to build a campus"
            holders = [(e, f) for e, f in holders if e.frame.type != "capex" or e.at < at]
        outside = [pair for pair in holders or facts if not _in_aside(tokens, pair[0], token.start)]
        event, fact = min(outside or holders or facts, key=lambda pair: _distance(pair[0], at))
        if kind == "valuation" and not fact.background and _was_worth(tokens, at):
            reading.void.add(token.start)
            continue
        if kind == "valuation" and _is_raised(tokens, event, at):
            kind = "investment"
        amount = kind == "investment" and not _is_all_worth(tokens, event, at)
        name = "amount" if amount or _is_worth(tokens, event, at) else "valuation"
        before = name == "valuation" and is_pre_money(reading.doc.text, token.start, token.end, reading.words)
        if getattr(fact, name) is None or (name == "valuation" and fact.pre_money and not before):
            setattr(fact, name, token.amount)
            fact.pre_money = before if name == "valuation" else fact.pre_money
            fact.note(name, token.start, token.end)


def is_left_behind(tokens: list[Token], at: int) -> bool:
    """Whether a sum is what something was before: the first of "passe de 180 à 560 millions"."""
    if at < 1 or at + 2 >= len(tokens) or tokens[at + 2].amount is None:
        return False
    links = [t.cue.name if t.cue is not None and t.cue.kind == "link" else "" for t in (tokens[at - 1], tokens[at + 1])]
    return links[0] in ("of", "from") and links[1] == "to"


def _is_planned(tokens: list[Token], at: int) -> bool:
    """Whether a sum stands right behind the word for one's own spending: "une enveloppe de 9 M€"."""
    cue = tokens[at - 2].cue if at > 1 else None
    frame = cue.frame if cue is not None else None
    return frame is not None and frame.type == "capex" and not frame.weak


def _sums_up(tokens: list[Token], at: int) -> bool:
    """Whether a sum is what several come to: "bringing the round to $40 million", "porte à 9 M€ le total"."""
    ahead = tokens[max(0, at - 14) : at]
    to = next((i for i in range(len(ahead) - 1, max(-1, len(ahead) - 4), -1) if ahead[i].kind == "cue"), -1)
    cue = ahead[to].cue if to >= 0 else None
    if cue is None or cue.kind != "link" or cue.name != "to":
        return False
    for token in reversed(ahead[:to]):
        if token.cue is not None and token.cue.kind == "sums_up":
            return True
        if token.kind in ("amount", "hard"):
            return False
    return False


def _was_worth(tokens: list[Token], at: int) -> bool:
    """Whether a value is one that a firm had before: "Acme, once worth $9bn, raises"."""
    for token in reversed(tokens[max(0, at - 4) : at]):
        if token.cue is not None:
            return token.cue.kind == "once"
        if token.kind != "word":
            return False
    return False


def _is_worth(tokens: list[Token], event: Event, at: int) -> bool:
    """Whether a sum is what an investment or contract is worth, and not the company in it: "the investment could be
    worth about $10 billion"."""
    if event.frame.form != "noun" or event.frame.type not in _WORTH or not event.at < at:
        return False
    ahead = [t for t in tokens[at - 6 : at] if t.cue is not None]
    return any(t.cue is not None and t.cue.kind == "worth" for t in ahead)


def _is_raised(tokens: list[Token], event: Event, at: int) -> bool:
    """Whether the first of two sums is what is raised and only the second a value: "raises $300m at $3bn"."""
    raises = event.frame.type == "funding_round" and event.frame.form == "verb" and 0 < at - event.at <= 2
    return raises and any(t.amount is not None and t.amount.kind == "valuation" for t in tokens[at + 1 : at + 4])


def _is_all_worth(tokens: list[Token], event: Event, at: int) -> bool:
    """Whether a sum is what a whole company is worth at its listing: "at the offer price Acme was worth $9bn"."""
    near = [t for t in tokens[max(0, at - 3) : at] if t.cue is not None]
    if event.frame.type != "ipo" or not any(t.cue is not None and t.cue.kind == "worth" for t in near):
        return False
    worth = next(i for i in range(at - 1, -1, -1) if tokens[i] is near[0])
    return any(t.party is not None and not t.possessive for t in tokens[max(0, worth - 3) : worth])


def _distance(event: Event, at: int) -> int:
    """How far a sum stands from an event: in its clause first, after a verb rather than before."""
    away = at - event.at
    far = 0 if event.first <= at <= event.last else 40
    return far + (away if away > 0 else -away + (2 if event.frame.form == "verb" else -1))


def share_slots(reading: Reading, number: int, merged: list[tuple[Event, Fact]]) -> None:
    """Round, stake and date go to the nearest event of the sentence."""
    if not merged:
        return
    text, (start, end) = reading.doc.text, reading.doc.sentences[number]
    end = min(end, start + FURTHEST)

    def nearest(place: int, told: list[tuple[Event, Fact]] = merged) -> Fact:
        return min(told, key=lambda pair: abs(pair[0].start - place))[1]

    whose = [pair for pair in merged if pair[1].target is not None] or merged

    items = items_in(reading.items, start, end)
    for found in find_rounds(text, start, end, reading.words):
        if any(a <= found.start < b and isinstance(thing, Company) for a, b, thing in items):
            continue  # "Gentian Seed Fund" is no seed round
        fact = nearest(found.start)
        if fact.round in (None, BRIDGE):  # "no bridge any more: a Series A"
            fact.round = found.value
            fact.note("round", found.start, found.end)
    shares, parts, all_of, minority = told_in(text, reading.words)
    found_shares = find_parts if parts and not _tells_shares(reading) else find_stakes if shares else None
    for found in found_shares(text, start, end, reading.items, reading.words) if found_shares else ():
        fact = nearest(found.start, whose)
        if fact.stake is None:
            fact.stake = float(found.value)
            fact.note("stake_pct", found.start, found.end)
    for match in reading.words.whole.finditer(text, start, end) if all_of else ():
        nearest(match.start()).whole = True
    for match in reading.words.minority.finditer(text, start, end) if minority else ():
        nearest(match.start()).minority = True


def _tells_shares(reading: Reading) -> bool:
    """Whether the story tells a share in per cent, which says more than "half"."""
    text = reading.doc.text[:FURTHEST]
    return next(find_stakes(text, 0, len(text), reading.items, reading.words), None) is not None


def share_dates(
    reading: Reading, number: int, tokens: list[Token], facts: list[tuple[Event, Fact]], dropped: list[Event]
) -> None:
    """A date goes to the events of its clause, else to the nearest; a day of the news outdoes a past one beside it.

    `dropped` are events that tell no deal: what is past of them dates none either.
    """
    start, end = reading.doc.sentences[number]
    here = reading.dates.within(start, end)
    others = find_others(reading, number, tokens) if here else []
    for dated in here:
        if dated in others or (dated.past and _bracketed(reading.doc.text, start, dated.start)):
            continue
        if dated.past and _is_told_then(tokens, dated):
            continue  # "adds $9m to the Series B that it announced in March"
        own = [f for e, f in facts if dated.past and _when_clause(tokens, e, dated)]
        own = own or [f for e, f in facts if tokens[e.first].start <= dated.start <= tokens[e.last].end]
        aside = [f for e, f in facts if _in_aside(tokens, e, dated.start)]
        own = [f for f in own if all(f is not other for other in aside)] or own
        told = [f for f in own if f.background == dated.past]
        own = told or own  # "after a Series A in 2022, Acme said on Tuesday"
        if dated.past and _behind(dropped, dated) > _behind([e for e, _ in facts], dated):
            continue  # "less than it offered in June"
        if not own and facts:
            nearest, _ = min(facts, key=lambda pair: abs(pair[0].start - dated.start))
            own = [f for e, f in facts if e is nearest or (dated.past and e.first == nearest.first > 0)]
        for fact in own:
            if dated.past and (number == 0 or (fact.date is not None and len(fact.date) == 10 and not fact.background)):
                continue
            if dated.past or fact.date is None:
                fact.background = fact.background or dated.past
                fact.date = dated.value
                fact.note("date", dated.start, dated.end)


def _is_told_then(tokens: list[Token], dated: Dated) -> bool:
    """Whether a date is that of an announcement told by the way: "the round it announced in March"."""
    ahead = [t for t in tokens if t.end <= dated.start][-3:]
    kinds = [t.cue.kind if t.cue is not None else "" for t in ahead]
    return ("pronoun", "reporting") in pairwise(kinds)


def _in_aside(tokens: list[Token], event: Event, place: int) -> bool:
    """Whether a place lies in a relative clause that is over before an event's verb."""
    aside = event.find_aside(tokens)
    return aside is not None and tokens[aside[0]].start <= place <= tokens[aside[1]].start


def _behind(events: list[Event], dated: Dated) -> int:
    """Where the last of some events before a date ends, -1 where there is none."""
    return max((e.end for e in events if e.end <= dated.start), default=-1)


def _when_clause(tokens: list[Token], event: Event, dated: Dated) -> bool:
    """Whether an event stands in "when ..." right after a date: "two years ago, when X led a round"."""
    opener = tokens[event.first - 1] if event.first else None
    return (
        opener is not None
        and opener.cue is not None
        and opener.cue.kind == "when"
        and 0 <= opener.start - dated.end <= 30
    )


def _bracketed(text: str, start: int, place: int) -> bool:
    return text.rfind("(", start, place) > text.rfind(")", start, place)


def find_series(reading: Reading, number: int, fact: Fact) -> list[Dated]:
    """The other dates of a deal told to have been done again and again: "invested in 2019, then in 2021"."""
    dates = [d for d in reading.dates.within(*reading.doc.sentences[number]) if d.past]
    at = next((i for i, d in enumerate(dates) if d.value == fact.date), 0)
    first, last = at, at
    while first > 0 and dates[first].start - dates[first - 1].end <= _SERIES:
        first -= 1
    while last + 1 < len(dates) and dates[last + 1].start - dates[last].end <= _SERIES:
        last += 1
    return dates[first:at] + dates[at + 1 : last + 1]


def find_others(reading: Reading, number: int, tokens: list[Token]) -> list[Dated]:
    """The past dates right after words for "others of the kind"."""
    _start, end = reading.doc.sentences[number]
    found: list[Dated] = []
    for token in tokens:
        if token.cue is not None and token.cue.kind == "others":
            here = token.end
            for dated in reading.dates.within(token.end, end):
                if dated.start - here > 12 or not dated.past:
                    break
                found.append(dated)
                here = dated.end
    return found
