"""What a sum measures, told by the words that stand round it.

Every cue of the pack votes for its kind: more the closer it stands, less across a comma, a full stop or another sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from dealwatch.lang import Pack
from dealwatch.model import AmountKind
from dealwatch.parser.currencies import TOKEN, alternatives, words_of
from dealwatch.parser.text import Document, Span

_WORD = re.compile(TOKEN.pattern + r"|\n")
_BEFORE, _AFTER = 180, 100  # characters of context on either side
_NEXT = 2  # words within which a "next" cue must begin
_REACH = {"before": 8.0, "after": 3.0}  # words at which a cue has lost half its voice
_VOICE = {"before": 2.0, "after": 1.6, "next": 4.0, "close": 3.0}
_BOUNDARY = {".": 0.35, ";": 0.4, ":": 0.7, ",": 0.85, "\n": 0.5, "•": 0.4, "?": 0.35, "!": 0.35, "(": 0.8, ")": 0.8}
_OTHER_SUM = 0.5  # a cue's voice past another sum
_HABIT = 0.4  # what no cue tells: large sums are investments, small ones prices
_CLEAR, _CONTEXT = 1.0, 0.8  # from this voice on a sum is clear; what a text of one clear kind lends to its other sums
_LEANS: tuple[AmountKind, ...] = ("other", "investment", "revenue")
_MUTE: tuple[float, AmountKind] = (0.0, "other")
_PAIR = 5.0  # the voice of a cue before and a cue after that only together mean something
_PAIR_REACH = (6, 9)  # words before and after
_SMALL, _LARGE = 1000, 100_000
# A sum of some hundreds is hardly a round, a valuation or a budget, and a large one no price of a thing.
_SIZES: Mapping[str, Mapping[str, float]] = {
    "small": {"price": 1.5, "other": 0.6, "revenue": 0.5, "investment": 0.25, "total_raised": 0.1},
    "middle": {"price": 0.8},
    "large": {},
}
# What a cue says by the size of the sum: "paid", "price" and "cost" speak of a thing or of a firm.
_READ_AS: Mapping[str, Mapping[str, AmountKind]] = {
    "small": {"valuation": "price", "tag": "price", "cost": "price"},
    "middle": {"tag": "price", "cost": "price"},
    "large": {"tag": "investment", "cost": "other"},
}


@dataclass(frozen=True, slots=True)
class _Cue:
    words: tuple[str, ...]
    place: str  # before, after, next, close
    kind: str  # an AmountKind, or "tag" and "cost" (see _READ_AS)
    voice: float


@lru_cache(maxsize=32)
def _cues(pack: Pack) -> Mapping[str, tuple[_Cue, ...]]:
    """First word -> the cues that begin with it, longest first."""
    found: dict[str, list[_Cue]] = {}
    for place, kinds in pack.section("kinds").items():
        if place in _VOICE:
            for kind, phrases in kinds.items():
                for phrase in phrases:
                    words = words_of(phrase)
                    found.setdefault(words[0], []).append(_Cue(words, place, kind, _VOICE[place]))
    return {first: tuple(sorted(cues, key=lambda cue: -len(cue.words))) for first, cues in found.items()}


@lru_cache(maxsize=32)
def _list(pack: Pack, key: str) -> frozenset[str]:
    return frozenset(pack.words("kinds", key))


def _tokens(text: str, start: int, end: int) -> list[str]:
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text, start, end)]


def _matches(words: Sequence[str], cues: Mapping[str, tuple[_Cue, ...]]) -> Iterator[tuple[int, _Cue]]:
    """Every cue in a row of words with its position, but none that lies inside a longer one."""
    covered = 0
    for position, word in enumerate(words):
        reach, taken = covered, set()
        for cue in cues.get(word, ()):
            end = position + len(cue.words)
            if end > covered and cue.place not in taken and tuple(words[position:end]) == cue.words:
                taken.add(cue.place)
                reach = max(reach, end)
                yield position, cue
        covered = reach


def _fading(words: Sequence[str]) -> list[float]:
    """What is left of a voice that has crossed each of the words, in order."""
    left, fading = 1.0, []
    for word in words:
        fading.append(left)
        left *= _BOUNDARY.get(word, 1.0)
    fading.append(left)
    return fading


def _add(votes: dict[AmountKind, float], kind: AmountKind, voice: float) -> None:
    """The loudest cue of a kind counts, the others a little."""
    best = votes.get(kind, 0.0)
    votes[kind] = max(best, voice) + 0.15 * min(best, voice)


def _hear_before(votes: dict[AmountKind, float], words: list[str], blocked: int, doc: Document, size: str) -> None:
    fading = _fading(words[::-1])
    length = len(words)
    worth, deals = _list(doc.pack, "worth"), _list(doc.pack, "priced")
    for position, cue in _matches(words, _cues(doc.pack)):
        distance = length - position - len(cue.words)
        if cue.place not in ("before", "close") or (cue.place == "close" and distance > _NEXT):
            continue
        kind = cue.kind
        if kind == "valuation" and cue.words[0] in worth and not deals.isdisjoint(words[max(0, position - 5) : position]):
            kind = "investment"
        kind = _READ_AS[size].get(kind, kind)
        voice = cue.voice * fading[distance] / (1 + distance / _REACH["before"])
        _add(votes, cast(AmountKind, kind), voice * (_OTHER_SUM if distance >= blocked else 1.0))


def _hear_after(votes: dict[AmountKind, float], words: list[str], blocked: int, doc: Document, size: str) -> None:
    fading = _fading(words)
    for position, cue in _matches(words, _cues(doc.pack)):
        if cue.place not in ("after", "next") or (cue.place == "next" and (position >= _NEXT or "\n" in words[:position])):
            continue
        voice = cue.voice * fading[position] / (1 + position / _REACH["after"])
        kind = cast(AmountKind, _READ_AS[size].get(cue.kind, cue.kind))
        _add(votes, kind, voice * (_OTHER_SUM * 0.5 if position >= blocked else 1.0))


@lru_cache(maxsize=32)
def _pairs(pack: Pack) -> tuple[tuple[AmountKind, re.Pattern[str], re.Pattern[str]], ...]:
    """Kinds that take a cue before and a cue after the sum ("has raised" ... "to date")."""
    found = []
    for row in pack.section("kinds").get("pairs", ()):
        before, after = (rf"(?<![^\W_])(?:{alternatives(row[side])})(?![^\W_])" for side in ("before", "after"))
        found.append((cast(AmountKind, row["kind"]), re.compile(before), re.compile(after)))
    return tuple(found)


def _hear_pairs(votes: dict[AmountKind, float], left: list[str], right: list[str], pack: Pack) -> None:
    before, after = " ".join(left[-_PAIR_REACH[0] :]), " ".join(right[: _PAIR_REACH[1]])
    for kind, one, other in _pairs(pack):
        if one.search(before) and other.search(after):
            _add(votes, kind, _PAIR)


def _size(value: float | None) -> str:
    if value is None or value >= _LARGE:
        return "large"
    return "small" if value < _SMALL else "middle"


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the words round one sum say of its kind, before the whole text has spoken."""

    size: str
    votes: Mapping[AmountKind, float]

    @property
    def best(self) -> tuple[float, AmountKind]:
        """The loudest voice and its kind."""
        return max(((voice * _SIZES[self.size].get(kind, 1.0), kind) for kind, voice in self.votes.items()), default=_MUTE)


def hear(doc: Document, span: Span, before: int, after: int, value: float | None) -> Hearing:
    """The votes on the sum at a span (its hedge included); `before` and `after` are where the sums on either side end
    and begin, 0 where there is none."""
    text, (start, end) = doc.text, span
    left = _tokens(text, max(0, start - _BEFORE), start)
    right = _tokens(text, end, min(len(text), end + _AFTER))
    blocked_left = len(_tokens(text, max(before, start - _BEFORE), start)) if before else len(left) + 1
    blocked_right = len(_tokens(text, end, min(after, end + _AFTER))) if after else len(right) + 1
    size = _size(value)
    votes: dict[AmountKind, float] = {}
    _hear_before(votes, left, blocked_left, doc, size)
    _hear_after(votes, right, blocked_right, doc, size)
    _hear_pairs(votes, left, right, doc.pack)
    return Hearing(size, votes)


def decide(hearings: Sequence[Hearing]) -> list[AmountKind]:
    """A kind for each sum: what its own words say, helped by the habit of its size and by the clear sums of the text."""
    clear = [kind for voice, kind in (hearing.best for hearing in hearings if hearing.size == "large") if voice >= _CLEAR]
    shares = {kind: _CONTEXT * clear.count(kind) / len(clear) for kind in _LEANS if kind in clear}
    return [_settle(hearing, shares) for hearing in hearings]


def _settle(hearing: Hearing, shares: Mapping[AmountKind, float]) -> AmountKind:
    votes = dict(hearing.votes)
    small = hearing.size == "small"
    habit: AmountKind = "price" if small else "investment"
    votes[habit] = votes.get(habit, 0.0) + _HABIT * (3 if small else 1)
    if hearing.size == "large" and hearing.best[0] < _CLEAR:
        for kind, share in shares.items():
            votes[kind] = votes.get(kind, 0.0) + share
    return Hearing(hearing.size, votes).best[1]
