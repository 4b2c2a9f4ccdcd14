"""What a sum measures, told by the words that stand round it.

Every cue of the pack votes for its kind: more the closer it stands, less across a comma, a full stop or another sum.
The text is cut into words and searched for cues once; each sum then hears only those in its reach.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import exp, log
from typing import cast

from dealwatch.lang import Pack
from dealwatch.model import AmountKind
from dealwatch.parser.currencies import TOKEN, alternatives, lowered, words_of

_WORD = re.compile(TOKEN.pattern + r"|\n")
_BEFORE, _AFTER = 36, 20  # words of context on either side
_NEXT = 2  # words within which a "next" or "close" cue must stand
_REACH = {"before": 12.0, "after": 3.0}  # words at which a cue has lost half its voice
_VOICE = {"before": 2.0, "after": 1.6, "next": 4.0, "close": 3.0}
_BOUNDARY = {".": 0.35, ";": 0.4, ":": 0.7, ",": 0.85, "\n": 0.5, "•": 0.4, "?": 0.35, "!": 0.35, "(": 0.8, ")": 0.8}
_LOSS = {mark: log(share) for mark, share in _BOUNDARY.items()}
_OTHER_SUM, _NEXT_SUM = 0.5, 0.25  # a cue's voice past the sum before, past the sum after
_HABIT = 0.4  # what no cue tells: large sums are investments, small ones prices
_CLEAR, _CONTEXT = 0.7, 0.8  # from this voice on a sum is clear; what the clear sums lend to the others
_ALONG = 0.8  # what a sum without clear words of its own takes from the one before it in its sentence
_LEANS: tuple[AmountKind, ...] = ("other", "investment", "revenue")
_PAIR = 5.0  # the voice of a cue before and a cue after that only together mean something
_PAIR_REACH = (6, 9)  # words before and after
_PRICED_REACH = 5  # words before a cue of worth in which a deal makes it the deal's
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
Votes = Mapping[AmountKind, float]


@dataclass(frozen=True, slots=True)
class _Cue:
    words: tuple[str, ...]
    place: str  # before, after, next, close
    kind: str  # an AmountKind, or "tag" and "cost" (see _READ_AS)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A cue where it stands, as numbers of words."""

    start: int
    end: int
    cue: _Cue


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """A text as words, with its cues and what is lost by crossing its marks."""

    pack: Pack
    words: Sequence[str]
    starts: Sequence[int]  # offset of each word
    lost: Sequence[float]  # sum of the losses before each word
    heard: Sequence[_Heard]
    places: Sequence[int]  # word at which each heard cue begins


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the words round one sum say of its kind, before the whole text has spoken."""

    size: str
    votes: Votes
    along: bool = False  # the sum before it stands in the same sentence

    @property
    def best(self) -> tuple[float, AmountKind]:
        """The loudest voice and its kind."""
        weights = _SIZES[self.size]
        voices = ((voice * weights.get(kind, 1.0), kind) for kind, voice in self.votes.items())
        return max(voices, default=(0.0, "other"))


@lru_cache(maxsize=32)
def _cues(pack: Pack) -> Mapping[str, tuple[_Cue, ...]]:
    """First word -> the cues that begin with it, longest first."""
    found: dict[str, list[_Cue]] = {}
    for place, kinds in pack.section("kinds").items():
        if place in _VOICE:
            for kind, phrases in kinds.items():
                for words in map(words_of, phrases):
                    found.setdefault(words[0], []).append(_Cue(words, place, kind))
    return {first: tuple(sorted(cues, key=lambda cue: -len(cue.words))) for first, cues in found.items()}


@lru_cache(maxsize=32)
def _list(pack: Pack, key: str) -> frozenset[str]:
    return frozenset(pack.words("kinds", key))


@lru_cache(maxsize=32)
def _phrases(pack: Pack, key: str) -> frozenset[tuple[str, ...]]:
    return frozenset(map(words_of, pack.words("kinds", key)))


@lru_cache(maxsize=32)
def _pairs(pack: Pack) -> tuple[tuple[AmountKind, re.Pattern[str], re.Pattern[str]], ...]:
    """Kinds that take a cue before and a cue after the sum ("has raised" ... "to date")."""
    found = []
    for row in pack.section("kinds").get("pairs", ()):
        before, after = (rf"(?<!\S)(?:{_spaced(row[side])})(?!\S)" for side in ("before", "after"))
        found.append((cast(AmountKind, row["kind"]), re.compile(before), re.compile(after)))
    return tuple(found)


def _spaced(phrases: Sequence[str]) -> str:
    return alternatives(" ".join(words_of(phrase)) for phrase in phrases)


def _find_cues(words: Sequence[str], cues: Mapping[str, tuple[_Cue, ...]]) -> Iterator[_Heard]:
    """Every cue in a row of words, but none that lies inside a longer one; one a place where they begin together."""
    covered = 0
    for position, word in enumerate(words):
        if word not in cues:
            continue
        reach, taken = covered, set()
        for cue in cues[word]:
            end = position + len(cue.words)
            if end > covered and cue.place not in taken and tuple(words[position:end]) == cue.words:
                taken.add(cue.place)
                reach = max(reach, end)
                yield _Heard(position, end, cue)
        covered = reach


def read_context(text: str, pack: Pack) -> Context:
    """The text ready to be asked about the sums in it."""
    found = list(_WORD.finditer(lowered(text).replace("’", "'")))
    words = [match.group() for match in found]
    starts = [match.start() for match in found]
    lost = list(accumulate((_LOSS.get(word, 0.0) for word in words), initial=0.0))
    heard = tuple(_find_cues(words, _cues(pack)))
    return Context(pack, words, starts, lost, heard, [item.start for item in heard])


def _add(votes: dict[AmountKind, float], kind: str, voice: float, size: str) -> None:
    """The loudest cue of a kind counts, the others a little."""
    read = cast(AmountKind, _READ_AS[size].get(kind, kind))
    best = votes.get(read, 0.0)
    votes[read] = max(best, voice) + 0.15 * min(best, voice)


def _of_a_deal(context: Context, heard: _Heard) -> bool:
    """Whether a cue of worth speaks of a deal's worth: "a contract worth"."""
    if heard.cue.kind != "valuation" or heard.cue.words not in _phrases(context.pack, "worth"):
        return False
    before = context.words[max(0, heard.start - _PRICED_REACH) : heard.start]
    return not _list(context.pack, "priced").isdisjoint(before)


def _hear_before(votes: dict[AmountKind, float], context: Context, first: int, blocked: int, size: str) -> None:
    low = bisect_left(context.places, max(0, first - _BEFORE))
    for heard in context.heard[low : bisect_left(context.places, first)]:
        distance, place = first - heard.end, heard.cue.place
        if distance < 0 or place not in ("before", "close") or (place == "close" and distance > _NEXT):
            continue
        voice = _VOICE[place] * exp(context.lost[first] - context.lost[heard.end]) / (1 + distance / _REACH["before"])
        kind = "investment" if _of_a_deal(context, heard) else heard.cue.kind
        _add(votes, kind, voice * (_OTHER_SUM if heard.end <= blocked else 1.0), size)


def _hear_after(votes: dict[AmountKind, float], context: Context, last: int, blocked: int, size: str) -> None:
    low = bisect_left(context.places, last)
    for heard in context.heard[low : bisect_left(context.places, last + _AFTER)]:
        distance, place = heard.start - last, heard.cue.place
        if place not in ("after", "next"):
            continue
        if place == "next" and (distance >= _NEXT or "\n" in context.words[last : heard.start]):
            continue
        voice = _VOICE[place] * exp(context.lost[heard.start] - context.lost[last]) / (1 + distance / _REACH["after"])
        _add(votes, heard.cue.kind, voice * (_NEXT_SUM if heard.start >= blocked else 1.0), size)


def _hear_pairs(votes: dict[AmountKind, float], context: Context, first: int, last: int, size: str) -> None:
    before = " ".join(context.words[max(0, first - _PAIR_REACH[0]) : first])
    after = " ".join(context.words[last : last + _PAIR_REACH[1]])
    for kind, one, other in _pairs(context.pack):
        if one.search(before) and other.search(after):
            _add(votes, kind, _PAIR, size)


def _size(value: float | None) -> str:
    if value is None or value >= _LARGE:
        return "large"
    return "small" if value < _SMALL else "middle"


def hear(
    context: Context, span: tuple[int, int], before: int, after: int, value: float | None, *, along: bool
) -> Hearing:
    """The votes on a sum, its hedge included; `before` and `after` are where the sums on either side end and begin,
    `along` whether the one before stands in the same sentence."""
    start, end = span
    first, last = bisect_left(context.starts, start), bisect_left(context.starts, end)
    size = _size(value)
    votes: dict[AmountKind, float] = {}
    _hear_before(votes, context, first, bisect_left(context.starts, before), size)
    _hear_after(votes, context, last, bisect_left(context.starts, after), size)
    _hear_pairs(votes, context, first, last, size)
    return Hearing(size, votes, along)


def decide(hearings: Sequence[Hearing]) -> list[AmountKind]:
    """A kind for each sum: what its own words say, helped by the habit of its size and the clear sums of the text."""
    bests = [hearing.best for hearing in hearings if hearing.size == "large"]
    clear = [kind for voice, kind in bests if voice >= _CLEAR]
    shares = {kind: _CONTEXT * clear.count(kind) / len(clear) for kind in _LEANS if kind in clear}
    told: list[AmountKind] = []
    for index, hearing in enumerate(hearings):
        last = told[-1] if hearing.along and told and hearings[index - 1].size == hearing.size else None
        told.append(_settle(hearing, shares, last))
    return told


def _settle(hearing: Hearing, shares: Votes, last: AmountKind | None) -> AmountKind:
    votes = dict(hearing.votes)
    small = hearing.size == "small"
    habit: AmountKind = "price" if small else "investment"
    votes[habit] = votes.get(habit, 0.0) + _HABIT * (3 if small else 1)
    if last is not None and hearing.best[0] < _CLEAR:
        votes[last] = votes.get(last, 0.0) + _ALONG
    elif hearing.size == "large" and hearing.best[0] < _CLEAR:
        for kind, share in shares.items():
            votes[kind] = votes.get(kind, 0.0) + share
    return Hearing(hearing.size, votes).best[1]
