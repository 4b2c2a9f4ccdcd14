"""Numbers that belong together: ranges, changes, and those that leave scale or currency to a neighbour."""

from __future__ import annotations

import re
from dataclasses import replace

from dealwatch.parser.currencies import DOLLAR, Vocabulary
from dealwatch.parser.sums import Sum
from dealwatch.parser.textwords import LOOK_BACK, words_before, words_between

_GAP = 14  # longest text between two numbers that belong together
_SHARE = re.compile(r"[^.;\n%]{0,8}\d\s?%")  # "contre 7 à 10 % du capital"
_OPENER = 8  # longest opener of a range that is a whole text
_CLOSER = 6  # longest word that closes one
_PRICE = 14  # longest sum that has its cents behind it
_THOUSAND = 1000  # "un million deux cent mille"
_APART = 10  # "lève 300 M$ à 3 milliards de valorisation": what lies further apart is no range without an opener


def join_sums(text: str, sums: list[Sum], words: Vocabulary) -> list[Sum]:
    """The sums with ranges made one and with scale and currency given to the numbers that share their neighbour's."""
    joined: list[Sum] = []
    for item in reversed(sums):
        if not joined or joined[-1].start - item.end > _GAP:
            joined.append(item)
            continue
        after = joined[-1]
        gap = " ".join(text[item.end : after.start].lower().split())
        _share(text, item, after, gap, words)
        merged = _compound(text, item, after, gap, words) or _range(text, item, after, gap, words)
        if merged is None:
            joined.append(item)
        else:
            joined[-1] = merged
    joined.reverse()
    before: Sum | None = None  # the last sum that names its currency: a year may stand between
    for item in joined:
        if before is not None and item.start - before.end <= 3 * LOOK_BACK:
            _share_back(text, item, before, words)
        before = item if item.currency else before
    return joined


def _is_opened(text: str, start: int, words: Vocabulary) -> bool:
    """Whether the words before a number open a range, its hedge left out ("between about 5 and 7 million")."""
    before = words_before(text, start)
    return bool(words.range_opens.before(before) or words.range_froms.before(before))


def _is_all(text: str, item: Sum, after: Sum, words: Vocabulary) -> bool:
    """Whether a text is nothing but "from X to Y", which no verb makes a change, or goes on as behind a range."""
    if words.range_closes.after(words_between(text, after.end, after.end + _CLOSER)):
        return True
    if item.start > _OPENER or text[after.end :].strip(" .\n"):
        return False
    before = words_before(text, item.start)
    if not before:
        return text[item.end : after.start].strip() in words.range_elided
    opener = words.change_opens.before(before) or words.range_froms.before(before)
    return (opener is not None and opener[1] == len(before)) or (len(before) == 1 and before[0] in words.change_links)


def _is_change(text: str, start: int, words: Vocabulary) -> bool:
    before = words_before(text, start)
    if words.range_froms.before(before):
        return False
    if words.change_opens.before(before):
        return True
    return bool(before) and before[-1] in words.change_links and not words.change_verbs.isdisjoint(before[-9:])


def _share(text: str, item: Sum, after: Sum, gap: str, words: Vocabulary) -> None:
    """Give a number the scale and currency that it leaves to the next one ("15 et 10 millions d'euros")."""
    if item.value is None or after.value is None or after.high is not None:
        return
    plain = gap in words.range_plain and item.value < after.value < _APART * item.value
    opened = _is_opened(text, item.start, words) or _is_all(text, item, after, words)
    counted = item.value >= words.shared and not _comparable(text, item, after)
    if counted and after.scale > 1:
        item.currency = after.currency if opened and item.bare else item.currency
        item.elided = item.elided or (opened and item.bare)
        return
    if counted and not (plain or opened):
        return
    if gap not in words.elision and gap not in words.range_words:
        return
    if gap == "," and not after.elided:
        return
    points = gap in words.range_plain and "/" in text[item.start : item.end]  # "fell 1/8 to 35 dollars"
    if item.bare and not after.sign_before and not points:
        item.scale, item.currency, item.elided = after.scale, after.currency, True
    elif item.scale == 1 and item.sign_before and after.scale > 1 and gap != ",":
        item.scale = after.scale if after.currency in (item.currency, None) else item.scale


def _comparable(text: str, item: Sum, after: Sum) -> bool:
    """Whether a large number is grouped as no year is, and of the next one's size ("de 2.000 a 6.000 millones")."""
    if item.value is None or after.value is None or text[item.start : item.end].isdigit():
        return False
    return item.value < _APART * after.value and after.value < _APART * item.value


def _share_back(text: str, item: Sum, before: Sum, words: Vocabulary) -> None:
    """Give a bare number the scale and currency of the sum before it ("8,3 milliards d'euros, contre 13,5 en 2022")."""
    if not (item.bare or item.weak) or before.value is None or not before.currency:
        return
    if "\n" in text[before.end : item.start]:
        return
    if _SHARE.match(text, item.end):
        return
    if words.backward.before(words_before(text, item.start)) and words.follow.match(text, item.end):
        item.scale = item.scale if item.weak else before.scale
        item.currency, item.elided, item.weak = before.currency, True, False


def _adds(item: Sum, after: Sum, gap: str, words: Vocabulary) -> bool:
    if after.cents and gap in words.cents_joins:
        return True
    return not gap or gap in words.unit_joins or (gap == "," and item.in_words and after.in_words and after.scale > 1)


def _compound(text: str, item: Sum, after: Sum, gap: str, words: Vocabulary) -> Sum | None:
    """One sum told in two scales ("un milliard deux cents millions") or with its cents ("5 euros 20 cents")."""
    if item.value is None or after.value is None or not _adds(item, after, gap, words):
        return None
    low, high = after.scale * after.value, item.scale * item.value
    if after.cents and item.currency and after.scale == item.scale == 1 and item.value == int(item.value):
        shared = after.currency == DOLLAR or words.usual(after.currency) == words.usual(item.currency)
        shared = shared or text[after.start : after.end].rsplit(" ", 1)[-1].lower() in words.any_cents
        shared = shared and not item.cents and low < 1
        return replace(item, end=after.end, value=high + low) if shared else None
    if after.bare and not item.cents and not item.sign_before and item.currency and item.scale == 1 and not gap:
        cents = after.value == int(after.value) and after.end - after.start == 2 and item.end - item.start < _PRICE
        if cents and item.value == int(item.value) and words.follow.match(text, after.end):
            return replace(item, end=after.end, value=item.value + after.value / 100)  # "2 euros 50"
    thousands = not gap and item.scale == _THOUSAND < after.scale and max(item.value, after.value) < _THOUSAND
    if thousands and not after.sign_before and (item.currency is None or after.currency in (None, item.currency)):
        value = high + after.value  # "2 mil 500 millones"
        return replace(after, start=item.start, value=value, currency=item.currency or after.currency)
    small = after.scale == 1 and not (item.in_words and after.value >= _THOUSAND)
    if item.currency or small or not item.scale > low:
        return None
    return replace(after, start=item.start, value=(high + low) / after.scale)


def _range(text: str, item: Sum, after: Sum, gap: str, words: Vocabulary) -> Sum | None:
    if gap not in words.range_words or item.value is None or after.value is None or after.high is not None:
        return None
    opened = _is_opened(text, item.start, words) or _is_all(text, item, after, words)
    dash = not gap.isalpha()
    if item.bare or (after.bare and not (dash or opened)):
        return None
    near = gap in words.range_near and item.elided and after.value == item.value + 1  # "two or three million"
    if not dash and not opened and not near and (gap not in words.range_plain or _is_change(text, item.start, words)):
        return None
    if gap in words.range_elided and item.currency and not item.elided and not opened:
        return None
    currency = item.currency or after.currency
    if item.currency and after.currency and item.currency != after.currency:
        return None
    low, high = item.value * item.scale, after.value * after.scale
    if not dash and not opened and high > _APART * low:
        return None
    if low >= high or (after.scale < item.scale and after.currency is None):
        return None
    return replace(item, end=after.end, currency=currency, high=high, elided=False)
