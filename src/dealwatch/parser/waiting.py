"""What the head of a story tells before it names both sides: "Fund puts $9m into a Leeds lab", then its name."""

from __future__ import annotations

from collections.abc import Iterable

from dealwatch.parser.drafts import Draft, Fact, absorb, compatible, same_money
from dealwatch.parser.frames import Token
from dealwatch.parser.reading import Reading
from dealwatch.parser.whom import is_backer

_HEAD = 2  # sentences, headline and first, whose deal may wait
_REACH = 3  # sentences after which nobody waits any more
_NAMED_LATER = ("funding_round", "grant", "debt", "investment")


def wait_for_name(reading: Reading, tokens: list[Token], facts: Iterable[Fact]) -> None:
    """Keep a fact of the head that names a sum but no receiver, or none but who gives."""
    for fact in facts:
        if fact.sentence >= _HEAD or fact.target is not None or fact.background or fact.amount is None:
            continue
        if fact.type in _NAMED_LATER and (fact.investors or _of_somebody(reading, tokens, fact)):
            reading.waiting = fact


def _of_somebody(reading: Reading, tokens: list[Token], fact: Fact) -> bool:
    """Whether the subject of a fact is a company not yet named: "a Leeds company is to receive"."""
    ahead = [token for token in tokens if token.start < fact.start]
    return any(token.kind == "word" and token.word in reading.lexicon.generic for token in ahead)


def join_waiting(reading: Reading, draft: Draft) -> None:
    """Add to a deal of the same sum, its receiver named, what the head told of it."""
    fact = reading.waiting
    if fact is None or draft.amount is None or fact.amount is None or not compatible(draft, fact):
        return
    if not same_money(draft.amount.money, fact.amount.money) or (draft.investors and fact.investors):
        return
    if draft.target is not None and any(draft.target.id == c.id for c in fact.investors):
        return
    absorb(draft, fact)
    draft.title = draft.title or fact.sentence == 0
    reading.waiting = None


def name_waiting(reading: Reading, number: int, tokens: list[Token]) -> Fact | None:
    """The fact that waits, its receiver found in this sentence; None where it waits on or waits no more."""
    fact = reading.waiting
    if fact is None or fact.sentence == number:
        return None
    if number > fact.sentence + _REACH or reading.drafts:
        reading.waiting = None
        return None
    if fact.investors:
        return None
    for token in tokens:
        if token.party is not None and token.governor < 0 and not is_backer(reading, token.party):
            reading.waiting = None
            fact.target, fact.inferred = token.party, True
            fact.note("target", token.start, token.end)
            return fact
    return None
