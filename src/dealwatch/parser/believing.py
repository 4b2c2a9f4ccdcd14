"""Whether a deal is told well enough to be believed: a figure, or parties that the text shows to be companies.

News of deals and general text share their verbs: people buy discs, branches merge, editors have listings. What tells
them apart is what stands round the verb, so a claim without a sum has to bring more of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.model import Amount, Company
from dealwatch.parser.drafts import Draft
from dealwatch.parser.exits import has_leaver
from dealwatch.parser.frames import items_in
from dealwatch.parser.licences import is_told
from dealwatch.parser.reading import Reading
from dealwatch.parser.spans import Span

_WORD = re.compile(r"[^\W\d_][\w’'-]{0,30}")
_MENTIONS = 12  # places of a name that are looked at
_NEAR = 28  # characters before a verb in which its pronoun stands
_LOOKED = 20_000  # characters of a text in which words of business are looked for
_OPENING = 2  # the last sentence of a text's beginning
_SHORT = 1500  # characters of a text that can only be about few things
_BRIEF = 300  # characters of a text that is a line or two of news
_LEAST, _MOST = Decimal(100_000), Decimal(2_000_000_000_000)  # sums that deals of companies are made of
_TWO_SIDED = ("acquisition", "investment", "joint_venture")
_LARGE = ("USD", "EUR", "GBP")  # currencies in which the upper one holds


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    trade: frozenset[str]  # what firms are called
    own: frozenset[str]  # a writer's own doing: "I", "j'ai", "compré"
    unsure: frozenset[str]  # words that need a figure to tell a deal: "commit", "combination"
    sport: frozenset[str]  # words of sport, where clubs sign and players join


@lru_cache(maxsize=16)
def _words_of(pack: Pack) -> _Words:
    calls = frozenset(pack.words("names", "roles")) - {word.lower() for word in pack.words("names", "demonyms")}
    return _Words(calls, *(frozenset(pack.words("deals", key)) for key in ("own_voice", "unsure", "sport")))


def is_believable(reading: Reading, draft: Draft, investors: Sequence[Company]) -> bool:
    """Whether a draft has what a deal must have: a figure, or else known or described parties and a firm word."""
    target = draft.target is not None and not draft.inferred and _is_company(reading, draft.target)
    sides = target + any(_is_company(reading, company) for company in investors)
    brief = len(reading.doc.text) <= _BRIEF  # a line of news explains nobody
    if draft.amount is not None and not _is_likely(draft.amount):
        return False
    if sides < 2 - has_figure(draft) and _is_sport(reading):
        return False
    if has_figure(draft) or has_leaver(draft):
        return True
    if not _has_firm_word(reading, draft):
        return False
    if draft.weak:
        return sides == 2 or (draft.round is not None and sides == 1)
    if draft.type == "funding_round" and not sides and not draft.title:
        return _has_money(reading)  # "Serie B" is a league too
    if not draft.title and draft.sentence > _OPENING and len(reading.doc.text) > _SHORT:
        return sides == 2  # deep in a long text
    if sides or draft.title:
        return sides == 2 or brief or _speaks_of_trade(reading) or _has_money(reading)
    return brief or _has_money(reading)


def has_figure(draft: Draft) -> bool:
    """Whether a sum, a value or a share is told that a deal of companies may have."""
    return draft.stake is not None or any(_is_fit(amount) for amount in (draft.amount, draft.valuation) if amount)


def _is_fit(amount: Amount) -> bool:
    size = amount.money.middle
    return size is None or (size >= _LEAST and _is_likely(amount))


def _is_likely(amount: Amount) -> bool:
    """Whether a sum is one that somebody can pay."""
    size = amount.money.middle
    return size is None or size < _MOST or amount.money.currency not in _LARGE


def _is_company(reading: Reading, company: Company) -> bool:
    """Whether the register knows a party, its name says what it is, or the text does ("the chipmaker X")."""
    if company.known or company.kind not in ("unknown", "place"):
        return True
    places = (Span(mention.start, mention.end, False, False) for mention in company.mentions[:_MENTIONS])
    return is_told(reading.doc, company.name, places)


def _has_firm_word(reading: Reading, draft: Draft) -> bool:
    """Whether a word tells the deal that is not everyday speech, and not the writer's own doing."""
    text, words = reading.lower, _words_of(reading.doc.pack)
    for item in draft.evidence:
        if item.field != "type":
            continue
        cue = text[item.start : item.end].replace("’", "'")
        before = _WORD.findall(text[max(0, item.start - _NEAR) : item.start].rpartition(".")[2].replace("’", "'"))[-3:]
        own = not words.own.isdisjoint((*before, cue, *cue.split()))
        if not own and cue not in words.unsure and _told_together(reading, draft, item.start):
            return True
    return False


def _told_together(reading: Reading, draft: Draft, place: int) -> bool:
    """Whether both sides of a takeover or a stake stand in the sentence of the word that tells it, one by its name.

    The headline and what follows it may leave a side to the story; far down a long text, what is gathered from several
    sentences is chance: "they offer a programme", "what you paid for".
    """
    dated = draft.background and draft.date is not None  # "after two others in 2019 and 2021"
    if draft.title or dated or draft.type not in _TWO_SIDED or len(reading.doc.text) <= _SHORT:
        return True
    sentences = reading.doc.sentences
    start, end = sentences[max(0, bisect_right(sentences, place, key=lambda span: span[0]) - 1)]
    here = [item for item in draft.evidence if start <= item.start < end]
    fields = {item.field for item in here}
    if "target" not in fields or (draft.investors and "investor" not in fields):
        return False
    named = {a for a, _, thing in items_in(reading.items, start, end) if isinstance(thing, Company)}
    return any(item.start in named for item in here if item.field in ("target", "investor"))


def _speaks_of_trade(reading: Reading) -> bool:
    """Whether a text calls somebody what firms are called: a startup, a bank, a group."""
    return _has_any(reading, _words_of(reading.doc.pack).trade)


def _is_sport(reading: Reading) -> bool:
    return not reading.round_up and _has_any(reading, _words_of(reading.doc.pack).sport)


def _has_any(reading: Reading, words: frozenset[str]) -> bool:
    return not words.isdisjoint(_WORD.findall(reading.lower, 0, _LOOKED))


def _has_money(reading: Reading) -> bool:
    """Whether a text names a sum of the size that deals have."""
    return any(isinstance(thing, Amount) and _is_fit(thing) for _, _, thing in reading.items)
