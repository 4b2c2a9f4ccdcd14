"""What a sum measures, told by the words that stand round it.

Every cue of the pack votes for its kind: more the closer it stands, less across a comma, a full stop or another sum.
Some cues say what the noun before them says ("a contract worth", "a market worth"). What a relative clause says in
passing is heard little outside it, and the clause parts no verb from its subject.
The text is cut into words and searched for cues once; each sum then hears only those in its reach.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, count, repeat
from math import exp, log
from typing import NamedTuple, cast

from dealwatch.lang import Pack
from dealwatch.model import AmountKind
from dealwatch.parser.currencies import alternatives
from dealwatch.parser.textwords import text_words, words_of

_BEFORE, _AFTER = 36, 20  # words of context on either side
_NEXT = 2  # words within which a "next" or "close" cue must stand
_REACH = {"before": 12.0, "after": 3.0}  # words at which a cue has lost half its voice
_VOICE = {"before": 2.0, "after": 1.6, "next": 4.0, "close": 3.0}
_BOUNDARY = {".": 0.35, ";": 0.4, ":": 0.7, ",": 0.85, "\n": 0.5, "•": 0.4, "?": 0.35, "!": 0.35, "(": 0.8, ")": 0.8}
_BOUNDARY |= {"。": 0.35, "；": 0.4, "：": 0.7, "，": 0.85, "？": 0.35, "！": 0.35, "（": 0.8, "）": 0.8}
_STOPS = frozenset(".;:\n?!•")
_TURNS = _STOPS | {","}
_LOSS = {mark: log(share) for mark, share in _BOUNDARY.items()}
_OTHER_SUM, _NEXT_SUM = 0.5, 0.25  # a cue's voice past the sum before, past the sum after
# What no cue tells, and how loud: large sums are investments, small ones prices.
_HABITS: Mapping[str, tuple[AmountKind, float]] = {
    "small": ("price", 1.2), "middle": ("other", 0.3), "large": ("investment", 0.4), "huge": ("investment", 0.4),
}  # fmt: skip
_BIG = ("large", "huge")
_CLEAR, _CONTEXT = 0.7, 0.8  # from this voice on a sum is clear; what the clear sums lend to the others
_ALONG = 0.8  # what a sum without clear words of its own takes from the one before it in its sentence
_LEANS: Mapping[AmountKind, float] = {"other": 1.0, "investment": 1.0, "revenue": 0.7}
_PAIR = 5.0  # the voice of a cue before and a cue after that only together mean something
_PAIR_REACH = (6, 9)  # words before and after
_ASIDE, _CLAUSE = 0.5, 25  # a cue's voice into or out of a relative clause; the longest such clause in words
_SMALL, _LARGE, _HUGE = 1000, 100_000, 1_000_000
# A sum of some hundreds is hardly a round, a valuation or a budget, and one of millions no price of a thing.
_SIZES: Mapping[str, Mapping[str, float]] = {
    "small": {"price": 1.5, "other": 0.6, "revenue": 0.5, "investment": 0.25, "total_raised": 0.1},
    "middle": {"price": 0.8},
    "large": {},
    "huge": {},
}
_FAINT = {"large": 0.45, "huge": 0.3}  # what is left of a price's voice; a dividend is as loud as ever
# What a cue says by the size of the sum: "paid", "price" and "cost" speak of a thing or of a firm, "earns" of a person
# or of a firm, "shares" of the price of one.
_READ_AS: Mapping[str, Mapping[str, str]] = {
    "small": {
        "valuation": "price", "tag": "price", "cost": "price", "pay": "other", "stock": "price", "payout": "price",
    },
    "middle": {"tag": "price", "cost": "price", "pay": "other", "stock": "price", "payout": "price"},
    "large": {"tag": "investment", "cost": "other", "pay": "revenue", "stock": "", "payout": "price"},
    "huge": {"tag": "investment", "cost": "other", "pay": "revenue", "stock": "", "payout": "price"},
}  # fmt: skip
Votes = Mapping[AmountKind, float]


@dataclass(frozen=True, slots=True)
class _Cue:
    words: tuple[str, ...]
    place: str  # before, after, next, close
    kind: str  # an AmountKind, or what only the sum's size tells (see _READ_AS); empty where only a noun tells


_Cues = Mapping[str, tuple[frozenset[str], tuple[tuple[int, Mapping[tuple[str, ...], Sequence[_Cue]]], ...]]]


class _Heard(NamedTuple):
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
    asides: Sequence[tuple[int, int]]  # first and last word of each relative clause between commas
    closed: Sequence[int]  # last words of the clauses
    pace: float  # what the script writes for a word: one, or a few characters where it parts no words


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
        voices = [(voice * weights.get(kind, 1.0), kind) for kind, voice in self.votes.items()]
        return max(voices) if voices else (0.0, "other")


@lru_cache(maxsize=32)
def _cues(pack: Pack) -> _Cues:
    """First word -> the cues that begin with it by their number of words, longest first."""
    found: dict[str, list[_Cue]] = {}
    for place, kinds in pack.section("kinds").items():
        if place in _VOICE:
            for kind, phrases in kinds.items():
                for words in map(words_of, phrases):
                    found.setdefault(words[0], []).append(_Cue(words, place, kind))
    told = {cue.words for cues in found.values() for cue in cues if cue.place in ("before", "close")}
    for words in _governed(pack).keys() - told:
        found.setdefault(words[0], []).append(_Cue(words, "before", ""))
    return {first: (_seconds(cues), tuple(_by_length(cues))) for first, cues in found.items()}


def _seconds(cues: Sequence[_Cue]) -> frozenset[str]:
    """The second words of cues that begin alike, "" for none."""
    return frozenset(cue.words[1] if len(cue.words) > 1 else "" for cue in cues)


def _by_length(cues: Sequence[_Cue]) -> Iterator[tuple[int, Mapping[tuple[str, ...], Sequence[_Cue]]]]:
    for size in sorted({len(cue.words) for cue in cues}, reverse=True):
        table: dict[tuple[str, ...], list[_Cue]] = {}
        for cue in cues:
            if len(cue.words) == size:
                table.setdefault(cue.words, []).append(cue)
        yield size, table


@dataclass(frozen=True, slots=True)
class _Governed:
    """What the nouns before a cue make of it, and how many words before it they stand at most."""

    nouns: Mapping[str, str]
    reach: int
    near: bool  # no comma may stand between


@lru_cache(maxsize=32)
def _governed(pack: Pack) -> Mapping[tuple[str, ...], _Governed]:
    """The cues whose kind the noun before them tells."""
    found: dict[tuple[str, ...], _Governed] = {}
    for row in pack.section("kinds").get("governed", ()):
        for words in map(words_of, row["cues"]):
            known = found.get(words, _Governed({}, 0, False))
            nouns = {**known.nouns, **{words_of(noun)[-1]: row["kind"] for noun in row["nouns"]}}
            found[words] = _Governed(nouns, max(known.reach, row["reach"]), known.near or row.get("near", False))
    return found


@lru_cache(maxsize=32)
def _relatives(pack: Pack) -> frozenset[str]:
    return frozenset(pack.words("kinds", "relatives"))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A kind that a cue before and a cue after the sum tell together."""

    kind: AmountKind
    before: re.Pattern[str]
    after: re.Pattern[str]
    opens: frozenset[str]  # the words that a cue before begins with


@lru_cache(maxsize=32)
def _pairs(pack: Pack) -> tuple[_Pair, ...]:
    """Kinds that take a cue before and a cue after the sum ("has raised" ... "to date")."""
    found = []
    for row in pack.section("kinds").get("pairs", ()):
        before, after = (rf"(?<!\S)(?:{_spaced(row[side])})(?!\S)" for side in ("before", "after"))
        opens = frozenset(words_of(phrase)[0] for phrase in row["before"])
        found.append(_Pair(cast(AmountKind, row["kind"]), re.compile(before), re.compile(after), opens))
    return tuple(found)


@lru_cache(maxsize=32)
def _pair_openers(pack: Pack) -> frozenset[str]:
    return frozenset().union(*(pair.opens for pair in _pairs(pack)))


def _spaced(phrases: Sequence[str]) -> str:
    return alternatives(" ".join(words_of(phrase)) for phrase in phrases)


def _find_cues(words: tuple[str, ...], cues: _Cues) -> Iterator[_Heard]:
    """Every cue in a row of words, but none that lies inside a longer one; one a place where they begin together."""
    covered = 0
    for position in compress(count(), map(cues.__contains__, words)):
        seconds, tables = cues[words[position]]
        if "" not in seconds and (position + 1 == len(words) or words[position + 1] not in seconds):
            continue  # most words that begin a cue begin none here
        reach, taken = covered, set()
        for size, table in tables:
            end = position + size
            if end <= covered:
                break  # the shorter ones lie inside it, too
            for cue in table.get(words[position:end], ()):
                if cue.place not in taken:
                    taken.add(cue.place)
                    reach = max(reach, end)
                    yield _Heard(position, end, cue)
        covered = reach


def read_context(text: str, end: int, pack: Pack) -> Context:
    """The text up to an offset ready to be asked about the sums in it."""
    words, starts, _ = text_words(text)
    words = words[: bisect_left(starts, end)]
    lost = list(accumulate(map(_LOSS.get, words, repeat(0.0)), initial=0.0))
    heard = tuple(_find_cues(words, _cues(pack)))
    asides = list(_find_asides(words, _relatives(pack)))
    places, closed = [item.start for item in heard], [end for _, end in asides]
    return Context(pack, words, starts, lost, heard, places, asides, closed, pack.section("kinds").get("pace", 1.0))


def _find_asides(words: Sequence[str], relatives: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The relative clauses that a comma opens and a comma closes."""
    opened = -1
    for position in compress(count(), map(_TURNS.__contains__, words)):
        word = words[position]
        if word == "," and opened >= 0 and 2 < position - opened <= _CLAUSE + 1:
            yield opened, position
            opened = -1
        elif word in _STOPS or position - opened > _CLAUSE:
            opened = -1
        if word == "," and position + 1 < len(words) and words[position + 1] in relatives:
            opened = position


def _aside(context: Context, position: int) -> int:
    """The clause that a word stands in, -1 for none."""
    at = bisect_left(context.closed, position)
    return at if at < len(context.asides) and context.asides[at][0] <= position else -1


def _skip_aside(context: Context, position: int) -> int:
    """The word itself, or the one before the clause that it closes."""
    at = _aside(context, position)
    return context.asides[at][0] - 1 if at >= 0 and context.asides[at][1] == position else position


def _past(context: Context, start: int, end: int) -> tuple[int, float]:
    """The words and the losses of the clauses that lie whole between two words."""
    words, lost = 0, 0.0
    for at in range(bisect_left(context.closed, start), len(context.asides)):
        opened, closed = context.asides[at]
        if closed >= end:
            break
        if opened >= start:
            words += closed + 1 - opened
            lost += context.lost[closed + 1] - context.lost[opened]
    return words, lost


def _add(votes: dict[AmountKind, float], kind: str, voice: float, size: str) -> None:
    """The loudest cue of a kind counts, the others a little."""
    read = cast(AmountKind, _READ_AS[size].get(kind, kind))
    if not read:
        return
    if kind == "price":
        voice *= _FAINT.get(size, 1.0)
    best = votes.get(read, 0.0)
    votes[read] = max(best, voice) + 0.15 * min(best, voice)


def _parts(context: Context, comma: int, cue: int, governed: _Governed) -> bool:
    """Whether a comma parts a cue from the nouns before it: not right before the cue, nor where a relative opens."""
    return governed.near and comma < cue - 1 and context.words[comma + 1] not in _relatives(context.pack)


def _kind_of(context: Context, heard: _Heard) -> str:
    """The kind a cue speaks of, which the noun before it may tell: "a contract worth", "a plant that will cost".

    Of many nouns it is the first in the stretch next to the cue: in "the market for chips is worth", the market.
    """
    governed = _governed(context.pack).get(heard.cue.words)
    if governed is None or heard.cue.place not in ("before", "close"):
        return heard.cue.kind
    told, position = "", heard.start
    for _ in range(governed.reach):
        position = _skip_aside(context, position - 1)
        word = context.words[position] if position >= 0 else "."
        if word in _STOPS or (word == "," and (told or _parts(context, position, heard.start, governed))):
            break
        told = governed.nouns.get(word, told)
    return told or heard.cue.kind


def _hear_before(
    votes: dict[AmountKind, float], context: Context, first: int, number: int, blocked: int, size: str
) -> None:
    here = _aside(context, first)
    low = bisect_left(context.places, max(0, first - _BEFORE))
    for heard in context.heard[low : bisect_left(context.places, first)]:
        end, place = min(heard.end, first), heard.cue.place
        distance = first - end
        if not (heard.end <= first or heard.end == number) or place not in ("before", "close"):
            continue
        if place == "close" and distance > _NEXT * context.pace:
            continue
        skipped, regained = _past(context, end, first)
        lost = context.lost[first] - context.lost[end] - regained
        voice = _VOICE[place] * exp(lost) / (1 + (distance - skipped) / _REACH["before"] / context.pace)
        if _aside(context, heard.start) not in (here, -1):
            voice *= _ASIDE
        _add(votes, _kind_of(context, heard), voice * (_OTHER_SUM if heard.end <= blocked else 1.0), size)


def _hear_after(votes: dict[AmountKind, float], context: Context, last: int, blocked: int, size: str) -> None:
    here = _aside(context, last - 1)
    low = bisect_left(context.places, last)
    for heard in context.heard[low : bisect_left(context.places, last + _AFTER)]:
        distance, place = heard.start - last, heard.cue.place
        if place not in ("after", "next"):
            continue
        if place == "next" and (distance >= _NEXT * context.pace or "\n" in context.words[last : heard.start]):
            continue
        lost = context.lost[heard.start] - context.lost[last]
        voice = _VOICE[place] * exp(lost) / (1 + distance / _REACH["after"] / context.pace)
        if here != _aside(context, heard.start):
            voice *= _ASIDE
        _add(votes, heard.cue.kind, voice * (_NEXT_SUM if heard.start >= blocked else 1.0), size)


def _hear_pairs(votes: dict[AmountKind, float], context: Context, first: int, last: int, size: str) -> None:
    nearby = context.words[max(0, first - _PAIR_REACH[0]) : first]
    if _pair_openers(context.pack).isdisjoint(nearby):
        return
    pairs = [pair for pair in _pairs(context.pack) if not pair.opens.isdisjoint(nearby)]
    before, after = " ".join(nearby), " ".join(context.words[last : last + _PAIR_REACH[1]])
    for pair in pairs:
        if pair.before.search(before) and pair.after.search(after):
            _add(votes, pair.kind, _PAIR, size)


def _size(value: float | None) -> str:
    if value is None or value >= _HUGE:
        return "huge"
    if value >= _LARGE:
        return "large"
    return "small" if value < _SMALL else "middle"


def hear(
    context: Context, span: tuple[int, int, int], before: int, after: int, value: float | None, *, along: bool
) -> Hearing:
    """The votes on a sum: `span` is where its hedge and its own words begin, and where they end. `before` and `after`
    are where the sums on either side end and begin, `along` whether the one before stands in the same sentence."""
    first, number, last = (bisect_left(context.starts, place) for place in span)
    size = _size(value)
    votes: dict[AmountKind, float] = {}
    _hear_before(votes, context, first, number, bisect_left(context.starts, before), size)
    _hear_after(votes, context, last, bisect_left(context.starts, after), size)
    _hear_pairs(votes, context, first, last, size)
    return Hearing(size, votes, along)


def decide(hearings: Sequence[Hearing]) -> list[AmountKind]:
    """A kind for each sum: what its own words say, helped by the habit of its size and the clear sums of the text."""
    bests = [hearing.best for hearing in hearings]
    clear = [best[1] for best, hearing in zip(bests, hearings, strict=True)
             if hearing.size in _BIG and best[0] >= _CLEAR]  # fmt: skip
    shares = {kind: _CONTEXT * lean * clear.count(kind) / len(clear) for kind, lean in _LEANS.items() if kind in clear}
    told: list[AmountKind] = []
    for index, hearing in enumerate(hearings):
        last = told[-1] if hearing.along and told and hearings[index - 1].size == hearing.size else None
        told.append(_settle(hearing, shares, last, clear=bests[index][0] >= _CLEAR))
    return told


def _settle(hearing: Hearing, shares: Votes, last: AmountKind | None, *, clear: bool) -> AmountKind:
    votes = dict(hearing.votes)
    habit, voice = _HABITS[hearing.size]
    votes[habit] = votes.get(habit, 0.0) + voice
    if last is not None and not clear:
        votes[last] = votes.get(last, 0.0) + _ALONG
    elif hearing.size in _BIG and not clear:
        for kind, share in shares.items():
            votes[kind] = votes.get(kind, 0.0) + share
    return Hearing(hearing.size, votes).best[1]
