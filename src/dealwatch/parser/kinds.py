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
from dealwatch.parser.phrasebook import alternatives
from dealwatch.parser.textwords import text_words, words_of

_BEFORE, _AFTER = 36, 20  # words of context on either side
_NEXT = 2  # words within which a "next" or "close" cue must stand
_REACH = {"before": 12.0, "after": 3.0}  # words at which a cue has lost half its voice
_AHEAD = ("before", "close")  # the places of cues that speak of a sum behind them
_VOICE = {"before": 2.0, "after": 1.6, "next": 4.0, "close": 3.0}
_BOUNDARY = {".": 0.35, ";": 0.4, ":": 0.7, ",": 0.85, "\n": 0.5, "•": 0.4, "?": 0.35, "!": 0.35, "(": 0.8, ")": 0.8}
_BOUNDARY |= {"。": 0.35, "；": 0.4, "：": 0.7, "，": 0.85, "？": 0.35, "！": 0.35, "（": 0.8, "）": 0.8}
_STOPS = frozenset(".;:\n?!•")
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
class _Governed:
    """What the nouns before a cue make of it, and how many words before it they stand at most."""

    nouns: Mapping[str, str]
    reach: int
    near: bool  # no comma may stand between


@dataclass(frozen=True, slots=True, eq=False)
class _Cue:
    words: tuple[str, ...]
    place: str  # before, after, next, close
    kind: str  # an AmountKind, or what only the sum's size tells (see _READ_AS); empty where only a noun tells
    governed: _Governed | None  # of one that stands before a sum
    ahead: bool  # it speaks of a sum behind it


_Sized = Sequence[tuple[int, Mapping[tuple[str, ...], Sequence[_Cue]]]]  # cues by their number of words, longest first
_Cues = Mapping[str, tuple[Mapping[str, _Sized], _Sized]]  # first word -> those of each second word, those of any other
_Heard = tuple[int, int, _Cue]  # a cue where it stands, as numbers of words


class _Voices(NamedTuple):
    """The cues of one side, in order."""

    heard: Sequence[_Heard]
    places: Sequence[int]  # word at which each begins


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """A text as words, with its cues and what is lost by crossing its marks."""

    pack: Pack
    words: Sequence[str]
    starts: Sequence[int]  # offset of each word
    lost: Sequence[float]  # sum of the losses before each word
    before: _Voices  # the cues that speak of a sum behind them
    after: _Voices
    asides: Sequence[tuple[int, int]]  # first and last word of each relative clause between commas
    closed: Sequence[int]  # last words of the clauses
    inside: Sequence[int]  # of each word and the end the number of the clause that it stands in, -1 for none
    pace: float  # what the script writes for a word: one, or a few characters where it parts no words


class Hearing(NamedTuple):
    """What the words round one sum say of its kind, before the whole text has spoken."""

    size: str
    votes: Votes
    along: bool = False  # the sum before it stands in the same sentence

    @property
    def best(self) -> tuple[float, AmountKind]:
        """The loudest voice and its kind."""
        return _loudest(self.size, self.votes)


def _loudest(size: str, votes: Votes) -> tuple[float, AmountKind]:
    if not votes:
        return 0.0, "other"
    weights = _SIZES[size]
    return max([(voice * weights.get(kind, 1.0), kind) for kind, voice in votes.items()])


@lru_cache(maxsize=32)
def _cues(pack: Pack) -> _Cues:
    """First and second word -> the cues that begin with them by their number of words, longest first."""
    found: dict[str, list[_Cue]] = {}
    governed = _governed(pack)
    for place, kinds in pack.section("kinds").items():
        if place in _VOICE:
            for kind, phrases in kinds.items():
                for words in map(words_of, phrases):
                    ahead = place in _AHEAD
                    told = governed.get(words) if ahead else None
                    found.setdefault(words[0], []).append(_Cue(words, place, kind, told, ahead))
    known = {cue.words for cues in found.values() for cue in cues if cue.ahead}
    for words in governed.keys() - known:
        found.setdefault(words[0], []).append(_Cue(words, "before", "", governed[words], ahead=True))
    return {first: (_by_second(cues), tuple(_by_length(_alone(cues)))) for first, cues in found.items()}


def _by_second(cues: Sequence[_Cue]) -> Mapping[str, _Sized]:
    """Second word -> the cues that can stand there: those that have it, and those that have none."""
    seconds = {cue.words[1] for cue in cues if len(cue.words) > 1}
    fitting = {second: [cue for cue in cues if cue.words[1:2] in ((), (second,))] for second in seconds}
    return {second: tuple(_by_length(some)) for second, some in fitting.items()}


def _alone(cues: Sequence[_Cue]) -> Sequence[_Cue]:
    """The cues of one word."""
    return [cue for cue in cues if len(cue.words) == 1]


def _by_length(cues: Sequence[_Cue]) -> Iterator[tuple[int, Mapping[tuple[str, ...], Sequence[_Cue]]]]:
    for size in sorted({len(cue.words) for cue in cues}, reverse=True):
        table: dict[tuple[str, ...], list[_Cue]] = {}
        for cue in cues:
            if len(cue.words) == size:
                table.setdefault(cue.words, []).append(cue)
        yield size, table


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
    follows: frozenset[str]  # those of a cue after


@lru_cache(maxsize=32)
def _pairs(pack: Pack) -> tuple[_Pair, ...]:
    """Kinds that take a cue before and a cue after the sum ("has raised" ... "to date")."""
    found = []
    for row in pack.section("kinds").get("pairs", ()):
        before, after = (rf"(?<!\S)(?:{_spaced(row[side])})(?!\S)" for side in ("before", "after"))
        opens, follows = (frozenset(words_of(phrase)[0] for phrase in row[side]) for side in ("before", "after"))
        found.append(_Pair(cast(AmountKind, row["kind"]), re.compile(before), re.compile(after), opens, follows))
    return tuple(found)


@lru_cache(maxsize=32)
def _pair_openers(pack: Pack) -> frozenset[str]:
    return frozenset().union(*(pair.opens for pair in _pairs(pack)))


def _spaced(phrases: Sequence[str]) -> str:
    return alternatives(" ".join(words_of(phrase)) for phrase in phrases)


def _find_cues(words: tuple[str, ...], cues: _Cues) -> tuple[Sequence[_Heard], Sequence[_Heard]]:
    """Every cue in a row of words that speaks of a sum behind it, and every one that speaks of a sum before it.

    None lies inside a longer one; one a place where they begin together.
    """
    ahead: list[_Heard] = []
    behind: list[_Heard] = []
    covered = 0
    places = zip(count(), words, (*words[1:], ""), strict=False)
    for position, word, following in compress(places, map(cues.__contains__, words)):
        seconds, alone = cues[word]
        sized = seconds.get(following, alone)
        if not sized:
            continue  # most of them
        reach, taken = covered, [""]
        for size, table in sized:
            end = position + size
            if end <= covered:
                break  # the shorter ones lie inside it, too
            for cue in table.get(words[position:end], ()):
                if cue.place not in taken:
                    taken.append(cue.place)
                    reach = end if end > reach else reach
                    (ahead if cue.ahead else behind).append((position, end, cue))
        covered = reach
    return ahead, behind


def read_context(text: str, end: int, pack: Pack) -> Context:
    """The text up to an offset ready to be asked about the sums in it."""
    words, starts, _ = text_words(text)
    words = words[: bisect_left(starts, end)]
    lost = list(accumulate(map(_LOSS.get, words, repeat(0.0)), initial=0.0))
    before, after = _find_cues(words, _cues(pack))
    asides = list(_find_asides(words, _relatives(pack)))
    inside = [-1] * (len(words) + 1)
    for number, (opened, shut) in reversed(list(enumerate(asides))):  # a comma that shuts one and opens the next shuts
        inside[opened : shut + 1] = [number] * (shut + 1 - opened)
    return Context(
        pack, words, starts, lost, _voices(before), _voices(after), asides, [shut for _, shut in asides], inside,
        pack.section("kinds").get("pace", 1.0),
    )  # fmt: skip


def _voices(heard: Sequence[_Heard]) -> _Voices:
    return _Voices(heard, [start for start, _, _ in heard])


def _find_asides(words: tuple[str, ...], relatives: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The relative clauses that a comma opens and a comma closes."""
    for behind in compress(count(), map(relatives.__contains__, words)):
        opened = behind - 1
        if behind == 0 or words[opened] != ",":
            continue
        for position in range(behind, min(opened + _CLAUSE + 2, len(words))):
            word = words[position]
            if word == "," and position - opened > 2:
                yield opened, position
                break
            if word in _STOPS or (word == "," and not relatives.isdisjoint(words[position + 1 : position + 2])):
                break  # a comma so near opens the next


def _skip_aside(context: Context, position: int) -> int:
    """The word itself, or the one before the clause that it closes."""
    at = context.inside[position]
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


def _kind_of(context: Context, start: int, cue: _Cue, governed: _Governed) -> str:
    """The kind a cue speaks of, which the noun before it may tell: "a contract worth", "a plant that will cost".

    Of many nouns it is the first in the stretch next to the cue: in "the market for chips is worth", the market.
    """
    nouns = governed.nouns
    if not context.asides and nouns.keys().isdisjoint(context.words[max(0, start - governed.reach) : start]):
        return cue.kind
    told, position = "", start
    for _ in range(governed.reach):
        position = _skip_aside(context, position - 1)
        word = context.words[position] if position >= 0 else "."
        if word in _STOPS or (word == "," and (told or _parts(context, position, start, governed))):
            break
        told = nouns.get(word, told)
    return told or cue.kind


def _hear_before(
    votes: dict[AmountKind, float], context: Context, first: int, number: int, blocked: int, size: str
) -> None:
    here, furthest = context.inside[first], max(0, first - _BEFORE)
    passes = bisect_left(context.closed, furthest) < bisect_left(context.closed, first) if context.closed else False
    heard, places = context.before
    low = bisect_left(places, furthest)
    for start, stop, cue in heard[low : bisect_left(places, first, low)]:
        if stop > first and stop != number:
            continue
        end = min(stop, first)
        distance = first - end
        if cue.place == "close" and distance > _NEXT * context.pace:
            continue
        skipped, regained = _past(context, end, first) if passes else (0, 0.0)
        lost = context.lost[first] - context.lost[end] - regained
        voice = _VOICE[cue.place] * exp(lost) / (1 + (distance - skipped) / _REACH["before"] / context.pace)
        if context.inside[start] not in (here, -1):
            voice *= _ASIDE
        kind = _kind_of(context, start, cue, cue.governed) if cue.governed else cue.kind
        _add(votes, kind, voice * _OTHER_SUM if stop <= blocked else voice, size)


def _hear_after(votes: dict[AmountKind, float], context: Context, last: int, blocked: int, size: str) -> None:
    here = context.inside[last - 1]
    heard, places = context.after
    low = bisect_left(places, last)
    for start, _, cue in heard[low : bisect_left(places, last + _AFTER, low)]:
        distance = start - last
        if cue.place == "next" and (distance >= _NEXT * context.pace or "\n" in context.words[last:start]):
            continue
        lost = context.lost[start] - context.lost[last]
        voice = _VOICE[cue.place] * exp(lost) / (1 + distance / _REACH["after"] / context.pace)
        if here != context.inside[start]:
            voice *= _ASIDE
        _add(votes, cue.kind, voice * _NEXT_SUM if start >= blocked else voice, size)


def _hear_pairs(votes: dict[AmountKind, float], context: Context, first: int, last: int, size: str) -> None:
    nearby = context.words[max(0, first - _PAIR_REACH[0]) : first]
    if _pair_openers(context.pack).isdisjoint(nearby):
        return
    behind = context.words[last : last + _PAIR_REACH[1]]
    for pair in _pairs(context.pack):
        if pair.opens.isdisjoint(nearby) or pair.follows.isdisjoint(behind):
            continue
        if pair.before.search(" ".join(nearby)) and pair.after.search(" ".join(behind)):
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
    starts, size = context.starts, _size(value)
    first = bisect_left(starts, span[0])
    number = bisect_left(starts, span[1], first)
    last = bisect_left(starts, span[2], number)
    votes: dict[AmountKind, float] = {}
    _hear_before(votes, context, first, number, bisect_left(starts, before), size)
    _hear_after(votes, context, last, bisect_left(starts, after, last), size)
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
    return _loudest(hearing.size, votes)[1]
