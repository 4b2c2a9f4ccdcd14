"""Every sum of money in a text: value, currency, how exact it is and what it measures."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import cast

from dealwatch.model import Amount, AmountKind, Money, Qualifier
from dealwatch.parser.alone import LONGEST, lone_sum
from dealwatch.parser.cents import add_cents
from dealwatch.parser.currencies import DOLLAR, Vocabulary, vocabulary
from dealwatch.parser.joins import join_sums
from dealwatch.parser.kinds import decide, hear, read_context
from dealwatch.parser.numbers import narrow
from dealwatch.parser.numerals import numeral_sums, numerals_of
from dealwatch.parser.sums import Sum, digit_sums, word_sums
from dealwatch.parser.tender import CurrencySource, settle
from dealwatch.parser.text import Document
from dealwatch.parser.textwords import LOOK_BACK, word_start, words_before, words_between, words_of
from dealwatch.parser.worth import settle_kind

_NEAR = 300  # characters on either side of a sum in which a country tells whose money it is
_FLAG, _FLAG_A = re.compile("[\U0001f1e6-\U0001f1ff]{2}"), 0x1F1E6  # regional indicators A to Z
_BESIDE = 60  # longest text between a sum and one that compares or converts it
_SPENT = 4  # words before a vague sum in which a verb makes it money: "burned through billions."
_GAP = 14  # longest text between two numbers that belong together
_HEARD = 1_000  # characters after the last sum that can say what it measures
_FAR = 10  # words between a sum and a hedge that its verb parts from it
_OPENING, _CLOSING = frozenset("(（"), frozenset(")）")
_ORDER = 30_000  # how many times a sum that another converts or compares can be as large
_STOP = re.compile(r"[.;!?]\s|[。！？；]")


def find_amounts(doc: Document, default_currency: str | None = None) -> tuple[Amount, ...]:
    """The sums of money in a document, in order and apart; `default_currency` names what no word of the story names.

    >>> from dealwatch.lang import load
    >>> from dealwatch.parser.text import read_document
    >>> [amount] = find_amounts(read_document("Acme raised about $3.5bn.", load("en")))
    >>> amount.text, amount.money.low, amount.money.qualifier
    ('$3.5bn', Decimal('3500000000.0'), 'approx')
    """
    words = vocabulary(doc.pack)
    numerals = numerals_of(doc.pack)
    read = list(numeral_sums(doc.text, doc.pack, numerals)) if numerals else _read(narrow(doc.text), words)
    if len(doc.text) <= 2 * LONGEST and all(item.bare for item in read):
        read = [item for item in (lone_sum(doc.text, words),) if item] or read
    sums = join_sums(doc.text, read, words)
    money = [item for item in sums if not item.bare and doc.text[item.start : item.end] not in words.no_sums]
    money = _settled(doc.text, money, words, default_currency)
    named = _name_currencies(doc, money, words, default_currency)
    kinds = _kinds(doc, [item for item, _ in named], words)
    amounts = (_amount(doc, item, source, kind, words) for (item, source), kind in zip(named, kinds, strict=True))
    return _convert(doc.text, amounts)


def _read(text: str, words: Vocabulary) -> list[Sum]:
    """Digits and words in one order; where they overlap the one that names a currency stays, then the longer one."""
    kept: list[Sum] = []
    told = list(digit_sums(text, words))
    spoken = list(word_sums(text, words, told))
    for item in sorted(told + spoken, key=lambda item: (item.start, -item.end)) if spoken else told:
        if kept and item.start < kept[-1].end:
            if _rank(item) > _rank(kept[-1]):
                kept[-1] = item
        else:
            kept.append(item)
    return [add_cents(text, item, words) for item in kept]


def _settled(text: str, sums: list[Sum], words: Vocabulary, default: str | None) -> list[Sum]:
    """The sums with the code of each name that several currencies share; without those that nothing tells.

    The one country that stands near tells most ("a Mexican firm ... pesos"), then the other sums, then the whole story.
    """
    stated = frozenset(code for code in {item.currency for item in sums} if code and code not in words.ambiguous)
    shared = any(item.currency in words.ambiguous for item in sums)
    spoken = _moneys(text, words) if shared else frozenset()
    kept: list[Sum] = []
    for item in sums:
        if item.currency is not None and item.currency in words.ambiguous:
            named = words.ambiguous[item.currency]
            around = _around(text, item)
            near = (_moneys(around, words) | _flags(around, named.codes)) & named.codes
            told = near if len(near) == 1 else stated if named.codes & stated else spoken
            code, source = settle(named, told, default)
            if code is None:
                continue
            item.currency, item.source = code, source
        kept.append(item)
    return kept


def _moneys(text: str, words: Vocabulary) -> frozenset[str]:
    """The codes of the countries that a text speaks of."""
    if not words.moneys:
        return frozenset()
    return frozenset(words.moneys[word] for word in words_of(text) if word in words.moneys)


def _flags(text: str, codes: frozenset[str]) -> frozenset[str]:
    """Those of some codes whose country flies its flag in a text; a code begins with its two letters."""
    flown = {"".join(chr(ord(mark) - _FLAG_A + ord("A")) for mark in pair) for pair in _FLAG.findall(text)}
    return frozenset(code for code in codes if code[:2] in flown)


def _around(text: str, item: Sum) -> str:
    """The part of a sum's paragraph that is near it."""
    start = max(text.rfind("\n", 0, item.start) + 1, item.start - _NEAR)
    end = text.find("\n", item.end)
    return text[start : min(end if end >= 0 else len(text), item.end + _NEAR)]


def _rank(item: Sum) -> tuple[bool, bool, int]:
    return item.currency is not None, not item.in_words, item.end - item.start


def _dollar(doc: Document, sums: list[Sum], words: Vocabulary, default: str | None) -> tuple[str, CurrencySource]:
    """What a bare dollar means in this story: what it says in words, what a sum told twice shows, else the default."""
    if all(item.currency != DOLLAR for item in sums):
        return "USD", "stated"
    dollars = set(words.prefixes.values()) - {"USD"}
    named = [item for item in sums if item.currency in dollars]
    bare = [item for item in sums if item.currency == DOLLAR]
    foreign = any(item.currency == "USD" for item in sums) or _converts(doc.text, sums, dollars)
    for match in words.dollars.find(doc.text):
        code = words.currency_of(match.group())[0]
        before = words_before(doc.text, match.start())
        if before and (before[-1] in words.statements or (not foreign and code != "USD")):
            return code, "inherited"
    named = [] if foreign else named
    values = {(item.value, item.scale) for item in bare} if named else set()
    for item in named:
        if not item.sign_before and item.currency in words.bare_dollars:
            return item.currency, "inherited"  # "55 M$ CA", then "15 M$"
        if (item.value, item.scale) in values and item.currency:
            return item.currency, "inherited"
    if default in dollars and default is not None:
        return default, "default"
    return "USD", "stated"


def _converts(text: str, sums: list[Sum], dollars: set[str]) -> bool:
    """Whether a bare dollar in brackets converts another dollar: then it is the American one."""
    pairs = ((one, other) for one, other in pairwise(sums) if one.currency in dollars and other.currency == DOLLAR)
    return any(not _OPENING.isdisjoint(text[one.end : other.start][:_GAP]) for one, other in pairs)


def _name_currencies(
    doc: Document, sums: list[Sum], words: Vocabulary, default: str | None
) -> list[tuple[Sum, CurrencySource]]:
    """The sums that are money, each with its currency and how that is known."""
    dollar, dollar_source = _dollar(doc, sums, words, default)
    stated = [item for item in sums if item.currency not in (None, DOLLAR) or (item.currency and not item.cents)]
    starts = [item.start for item in stated]
    named: list[tuple[Sum, CurrencySource]] = []
    counted = (0, -1)  # where unnamed numbers are counts, after one that is
    for index, item in enumerate(sums):
        source: CurrencySource = item.source or ("inherited" if item.elided else "stated")
        code = item.currency
        if code is None or (code == DOLLAR and item.cents):
            told = _both_vague(doc.text, named[-1][0], item, words) if named else False
            position = bisect_left(starts, item.start)
            floor = stated[position - 1].end if position else 0
            money = told or (item.start > counted[1] and _may_be_sum(doc.text, sums, index, floor, words))
            if code is None and not money:
                counted = _counting(doc, item, stated, position, counted)
                continue
            neighbour = _neighbour(doc, item, stated, position)
            if neighbour is None and code is None and default is None:
                continue
            code, source = (neighbour.currency, "inherited") if neighbour else (default or code, "default")
        if code == DOLLAR:
            code, source = dollar, dollar_source if source == "stated" else source
        item.currency = code
        named.append((item, source))
    return named


def _both_vague(text: str, before: Sum, item: Sum, words: Vocabulary) -> bool:
    """Whether a vague sum goes on from one right before: "tens of billions of dollars, not hundreds of millions"."""
    if item.value is not None or before.value is not None or item.figure or item.start - before.end > _BESIDE:
        return False
    return not _STOP.search(text[before.end : item.start]) and words.follow.match(text, item.end) is not None


def _may_be_sum(text: str, sums: list[Sum], index: int, floor: int, words: Vocabulary) -> bool:
    """Whether a sum without a currency may be money, by the words round it; one that shares its neighbour's scale is
    what the neighbour is ("from 4 to 12 million tokens")."""
    item = sums[index]
    judged = sums[index + 1] if item.elided and index + 1 < len(sums) else item
    return _may_be_money(text, judged, words) and not _is_counted(text, item, floor, words)


def _is_counted(text: str, item: Sum, floor: int, words: Vocabulary) -> bool:
    """Whether a word before a number, in its sentence and behind the last sum of money, says that it counts things."""
    if item.value is None or words.counters.isdisjoint(words_before(text, item.start)):
        return False
    before = text[max(floor, item.start - LOOK_BACK) : item.start]
    for stop in _STOP.finditer(before):
        floor = max(floor, item.start - len(before) + stop.end())
    told = words_between(text, max(floor, item.start - LOOK_BACK), item.start)
    return any(  # "employs 300 people and billed 85 million": a word right behind a number goes with that one
        word in words.counters and not (one.isdigit() or one in words.scales or one in words.units)
        for one, word in pairwise(("", *told))
    )


def _counting(
    doc: Document, item: Sum, stated: list[Sum], position: int, counted: tuple[int, int]
) -> tuple[int, int]:
    """How far the numbers after a count are counts, too: to the next sum that names its currency, in its sentence."""
    if item.value is None or item.weak or item.start <= counted[1]:
        return counted
    end = doc.sentence_at(item.start)[1]
    return item.start, min(end, stated[position].start - 1) if position < len(stated) else end


def _may_be_money(text: str, item: Sum, words: Vocabulary) -> bool:
    """Whether what follows a sum without a currency lets it be money: "10 billion parameters" is a count."""
    if item.weak or item.figure:
        return item.figure
    if item.value is None:
        spent = not words.spends.isdisjoint(words_before(text, item.start)[-_SPENT:])
        follow = words.follow if spent else words.follow_word
        return follow.match(text, item.end) is not None
    after = text[item.end : item.end + 2]
    if after[:1] in ("-", "\u2011") and after[1:2].isalpha():  # "a 7 billion-parameter model"
        return words.hedges_after.after(words_between(text, item.end, item.end + 12)) is not None
    if words.follow.match(text, item.end):
        return True
    return words.counts is not None and words.counts.match(text, item.end) is None


def _neighbour(doc: Document, item: Sum, stated: list[Sum], position: int) -> Sum | None:
    """The sum whose currency an unnamed one shares: before it in its sentence, after it there, else the nearest before
    or the first after in the text."""
    sentence = doc.sentence_at(item.start)
    before = stated[position - 1] if position else None
    after = stated[position] if position < len(stated) else None
    if after is not None and after.start < sentence[1] and (before is None or before.start < sentence[0]):
        return after
    return before or after


def _qualifier(text: str, item: Sum, words: Vocabulary) -> Qualifier:
    if item.value is None:
        return "vague"
    if item.high is not None:
        return "range"
    before = _led_by(text, item, words)
    for _ in range(3):
        found = words.hedges.before(before)
        if found:
            return "exact" if found[0] == "at_most" and _from_another(text, item, words) else cast(Qualifier, found[0])
        filler = words.fillers.before(before)
        if not filler:
            break
        before = before[: -filler[1]]
    found = words.hedges_after.after(words_between(text, item.end, item.end + 24))
    if found:
        return cast(Qualifier, found[0])
    if item.more:
        return "at_least"
    far = _hedge_afar(words_before(text, item.start), words)
    return far or ("approx" if item.approx else "exact")


def _hedge_afar(before: tuple[str, ...], words: Vocabulary) -> Qualifier | None:
    """What a hedge says that stands before the verb of a sum, in the same clause."""
    if words.hedges_far.lasts.keys().isdisjoint(before):
        return None
    for back in range(min(_FAR, len(before))):
        ahead = before[: len(before) - back]
        found = words.hedges_far.before(ahead)
        if found:
            return cast(Qualifier, found[0])
        if not ahead[-1].isalpha():
            return None
    return None


def _led_by(text: str, item: Sum, words: Vocabulary) -> tuple[str, ...]:
    """The words that lead up to a sum, without a glued hyphen ("an over-$8m sum") and the article of a barrier."""
    before = words_before(text, item.start)
    if before[-1:] == ("-",) and text[item.start - 1] == "-" and text[item.start - 2 : item.start - 1].isalpha():
        return before[:-1]
    if words.hedges.before(before):
        return before
    barrier = words_between(text, item.end, item.end + 24)[:1]
    return before[:-1] if before[-1:] and before[-1] in words.articles and set(barrier) & words.barriers else before


def _from_another(text: str, item: Sum, words: Vocabulary) -> bool:
    """Whether another sum follows that this one comes from: "up to $212 from $205" is a rise to."""
    after = words_between(text, item.end, item.end + 16)
    opens = words.change_opens.after(after)
    return opens is not None and after[opens[1] : opens[1] + 1] != () and after[opens[1]] in words.left_marks


def _money(item: Sum, qualifier: Qualifier) -> Money:
    if item.value is None:
        return Money(None, None, item.currency, qualifier, item.scale)
    low: Decimal = item.value * item.scale
    if qualifier == "range":
        return Money(low, item.high, item.currency, qualifier)
    return Money(
        None if qualifier == "at_most" else low, None if qualifier == "at_least" else low, item.currency, qualifier
    )


def _kinds(doc: Document, sums: list[Sum], words: Vocabulary) -> list[AmountKind]:
    """The kind of each sum; one that only compares or converts the sum before it has the same."""
    if not sums:
        return []
    context = read_context(doc.text, sums[-1].end + _HEARD, doc.pack)
    joined = [*(_is_joined(doc.text, one, other, words) for one, other in pairwise(sums)), False]
    pairs = zip(pairwise(sums), joined, strict=False)
    follows = [False, *(_goes_with(doc.text, one, other, words, joined=told) for (one, other), told in pairs)]
    hearings = []
    for index, item in enumerate(sums):
        if follows[index]:
            continue
        paired = joined[index]
        last = sums[index + 1] if paired else item
        after = sums[index + 1 + paired].start if index + 1 + paired < len(sums) else len(doc.text)
        value = None if item.value is None else float(abs(item.value) * item.scale)
        start = _hedge_start(doc.text, item.start, words)
        before = sums[index - 1].end if index else 0
        along = bool(before) and before > doc.sentence_at(item.start)[0]
        hearings.append(hear(context, (start, item.start, last.end), before, after, value, along=along))
    kinds = iter(decide(hearings))
    told: list[AmountKind] = []
    for item, follow in zip(sums, follows, strict=True):
        kind = told[-1] if follow else next(kinds)
        told.append(settle_kind(doc, item.start, item.end, kind))
    return told


def _hedge_start(text: str, start: int, words: Vocabulary) -> int:
    """Where the hedges and fillers before a sum begin: they part no cue from it."""
    before = words_before(text, start)
    led = len(before) - len(_bare_tail(before, words))
    return word_start(text, start, led) if led else start


def _is_joined(text: str, one: Sum, other: Sum, words: Vocabulary) -> bool:
    """Whether nothing but a joining word stands between two sums ("from $75M to $120M", "$5m (€4m)")."""
    if other.start - one.end > _BESIDE:
        return False
    tail = _bare_tail(words_between(text, one.end, other.start), words)
    found = words.joined.before(tail)
    return found is not None and found[1] == len(tail)


def _is_far_less(one: Sum, other: Sum) -> bool:
    """Whether a sum is of another order than the one before it: "valued at $310m, or $14.20 a share"."""
    if one.value is None or other.value is None:
        return False
    return other.value * other.scale * _ORDER < one.value * one.scale


def _goes_with(text: str, one: Sum, other: Sum, words: Vocabulary, *, joined: bool) -> bool:
    """Whether a sum is told only beside the one before it: the other end of a change, a conversion, a comparison."""
    between = text[one.end : other.start] if other.start - one.end <= 3 * _BESIDE else "\n"
    if "\n" in between or _is_far_less(one, other):
        return False
    tail = _bare_tail(words_between(text, max(one.end, other.start - _BESIDE), other.start), words)
    if joined or words.again.before(tail):
        return True
    return len(between) <= _BESIDE and not _STOP.search(between) and words.beside.before(tail) is not None


def _bare_tail(before: tuple[str, ...], words: Vocabulary) -> tuple[str, ...]:
    """The words before a sum without the hedges and fillers that lead up to it."""
    for _ in range(3):
        found = words.hedges.before(before) or words.fillers.before(before)
        if not found or found[0] == "exact":
            break
        before = before[: -found[1]]
    return before


def _amount(doc: Document, item: Sum, source: CurrencySource, kind: AmountKind, words: Vocabulary) -> Amount:
    money = _money(item, _qualifier(doc.text, item, words))
    return Amount(item.start, item.end, doc.text[item.start : item.end], money, kind, source)


def _convert(text: str, amounts: Iterable[Amount]) -> tuple[Amount, ...]:
    """The amounts, those that convert the one before them in brackets saying so."""
    found = list(amounts)
    for index, (one, other) in enumerate(pairwise(found), 1):
        gap = text[one.end : other.start]
        if len(gap) > 28 or one.money.currency == other.money.currency:
            continue
        if gap.lstrip()[:1] in _OPENING and text[other.end : other.end + 1] in _CLOSING:
            found[index] = replace(other, equivalent_of=one.start)
    return tuple(found)
