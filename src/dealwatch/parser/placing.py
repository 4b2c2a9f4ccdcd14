"""Places by what a text says of them: datelines, "in X", a list of towns; no list of places holds them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from dealwatch.companies import fold
from dealwatch.lang import Pack
from dealwatch.parser.spans import Span
from dealwatch.parser.text import Document

# A sure sign only words that call for an organisation outweigh; a hard one any licence; a soft one a verb too.
SURE, HARD, SOFT = 3, 2, 1
_REACH = 40
_NAME = r"[^\W\d_a-zà-öø-ÿ][\w.'’-]{1,24}(?: [^\W\d_a-zà-öø-ÿ][\w.'’-]{1,24}){0,3}"
# "HALIFAX, June 3 (Wire) - ", "Lille, le 4 mars – ", "Lima (Peru), ... ", "PERTH: "
_DATELINE = re.compile(
    rf"({_NAME})(?:/({_NAME}))?(?:, [^\n.!?;:–—()]{{2,30}}\.?|,? ?\([^\W\da-zà-öø-ÿ][^)\n]{{1,30}}\)){{0,2}}"
    r"(?: ?[-–—]{1,2}[ (]|(?<=[A-Z]): )"
)
_ASIDE = re.compile(rf"({_NAME}) \([^)\n]{{2,24}}\), ")  # "Lima (Peru), by our correspondent"
_NEXT = re.compile(rf", ({_NAME})(?=[,.\s])")
_WORD = re.compile(r"[\w'’-]{1,20}")


@lru_cache(maxsize=16)
def _ranges(pack: Pack) -> re.Pattern[str] | None:
    """Two names that a range ties ("from Nebraska to Ohio")."""
    pairs = [pair.split("|") for pair in pack.words("names", "place_ranges")]
    each = "|".join(rf"{re.escape(first)} ({_NAME}) {re.escape(last)} ({_NAME})" for first, last in pairs)
    return re.compile(rf"(?<!\w)(?:{each})") if pairs else None


@lru_cache(maxsize=16)
def _patterns(pack: Pack) -> tuple[frozenset[str], frozenset[str], re.Pattern[str] | None]:
    """Places known, words after a town that say so, and what joins two places."""
    joins = pack.words("names", "place_joins")
    # a place, or the first word of one, with a blank behind it ("County Durham")
    known = frozenset(pack.words("names", "places")) | {f"{word} " for word in pack.words("names", "place_types")}
    after = frozenset(pack.words("names", "place_after"))
    if not joins:
        return known, after, None
    joined = "|".join(map(re.escape, joins))
    return known, after, re.compile(rf"(?:{joined})({_NAME})")


def find_placed(doc: Document, spans: Iterable[Span]) -> dict[str, int]:
    """The folds of the names that the text uses as places, each with how hard its sign is."""
    found: dict[str, int] = {}
    for name, sign in _datelines(doc):
        found[fold(name)] = max(sign, found.get(fold(name), 0))
    ranges = _ranges(doc.pack)
    for match in ranges.finditer(doc.text) if ranges else ():
        found |= {fold(name): max(HARD, found.get(fold(name), 0)) for name in match.groups() if name}
    for span in spans:
        sign = _sign(doc, span)
        if sign:
            key = fold(doc.text[span.start : span.end])
            found[key] = max(sign, found.get(key, 0))
    return found


def _datelines(doc: Document) -> Iterator[tuple[str, int]]:
    """The places with which paragraphs of the body begin ("LIMA, May 3 (Wire) - "), and how hard each sign is."""
    first = True
    for start, end in doc.paragraphs:
        if start < doc.title_end:
            continue
        if doc.text[start] < "A" or "a" <= doc.text[start] <= "z":
            first = False
            continue  # no name: most lines of a list of figures
        line = doc.text[start : min(end, start + 120)]
        match = _DATELINE.match(line) or (_ASIDE.match(line) if first else None)
        plain = match and match.group(1) == line[: match.end()].rstrip(" -–—")
        if match and (not plain or match.group(1).isupper() or first):
            yield from ((name, HARD if plain else SURE) for name in match.groups() if name)
        first = False


def _sign(doc: Document, span: Span) -> int:
    """What the words round a name say of it: a place for sure, perhaps, or nothing (0)."""
    known, after, joined = _patterns(doc.pack)
    text = doc.text
    behind = text[span.end : span.end + _REACH].split("\n")[0]
    words = _WORD.findall(behind)[:1] if behind[:1] == " " else []
    if words and words[0].lower() in after:
        return HARD
    name = text[span.start : span.end]
    bracketed = text[max(0, span.start - 2) : span.start] == " (" and behind[:1] in (",", ")")
    if bracketed and name.isalpha() and not name.isupper():
        return HARD if behind[0] == "," else SOFT  # "Farigoule (Aix, software)", but "Fund for Growth (FFG)"
    listed = text[max(0, span.start - 2) : span.start] == ", " and behind[:3] in ("): ", ") :")
    if listed and name.isalpha():
        return SOFT  # "Farigoule (software, Aix): $3m"
    beside = _NEXT.match(behind)
    if beside and _known(beside.group(1), known):
        return SURE
    if joined is None:
        return 0
    next_to = joined.match(behind)
    if next_to and _known(next_to.group(1), known):
        return HARD
    return HARD * _follows_place(text, span, known, doc.pack)


def _known(name: str, known: frozenset[str]) -> bool:
    """Does the name begin with a known place, or is it one?"""
    return name.rstrip(".,") in known or f"{name.split(' ', 1)[0]} " in known


def _follows_place(text: str, span: Span, known: frozenset[str], pack: Pack) -> bool:
    """Does a known place stand before, joined to the name ("from Nebraska to X")?"""
    before = text[max(0, span.start - _REACH) : span.start]
    for join in pack.words("names", "place_joins"):
        if before.endswith(join):
            words = before[: -len(join)].split()
            return any(_known(" ".join(words[-size:]).lstrip("(«\"“l’d'"), known) for size in (1, 2))
    return False
