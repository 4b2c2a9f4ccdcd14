"""The words that tell who speaks: verbs of saying, inverted pronouns, "according to", compiled from ``[quotes]``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.parser.people import GAP, alternatives
from dealwatch.parser.text import Span

JOIN = rf"(?:(?<=['’])|{GAP})"  # between a small word and the next: white space, or the apostrophe it ends with


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """The cues of a language, compiled."""

    verb: re.Pattern[str]
    gerund: re.Pattern[str]
    inverted: re.Pattern[str]
    according: re.Pattern[str]
    relative: re.Pattern[str]
    conjunction: re.Pattern[str]
    clause: re.Pattern[str]
    article: re.Pattern[str]
    naming: re.Pattern[str]
    thing: re.Pattern[str]
    inner: re.Pattern[str]
    dash_end: re.Pattern[str]
    trusting: bool  # most marked words of the language are speech


def _crossed(pack: Pack, whole: str, endings: str) -> set[str]:
    stems = pack.words("quotes", "stems")
    return {*pack.words("quotes", whole), *(s + e for s in stems for e in pack.words("quotes", endings))}


@lru_cache(maxsize=32)
def cues_of(pack: Pack) -> Cues:
    """The compiled cues of a pack."""

    def words(key: str) -> tuple[str, ...]:
        return pack.words("quotes", key)

    participle = rf"{alternatives(words('auxiliaries'))}{GAP}(?:[^\W\d_]{{1,14}}{GAP}){{0,3}}?"
    participle += alternatives(_crossed(pack, "participles", "participle_endings"))
    verb = rf"(?<!\w)(?:{participle}|{alternatives(_crossed(pack, 'verbs', 'endings'))})(?![\w-])"
    inverted = rf"(?<!\w)(?:[a-zß-ÿ]{{1,3}}['’])?[a-zß-ÿ]{{1,24}}-(?:t-)?(?P<pronoun>{alternatives(words('inverted'))})(?!\w)"
    article = rf"(?:{alternatives(words('definite'))}{JOIN})?"
    return Cues(
        re.compile(verb),
        re.compile(rf"(?<!\w){alternatives(_crossed(pack, 'gerunds', 'gerund_endings'))}(?!\w)"),
        re.compile(inverted),
        re.compile(
            rf"(?<![\w'’])(?:(?i:{alternatives(words('according'))})"
            rf"|(?:(?<=\n)|(?<=[.:!?»”\"] )|\A)(?i:{alternatives(words('according_first'))})){JOIN}"
        ),
        re.compile(rf"(?:{alternatives(words('relatives'))})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{alternatives(words('conjunctions'))})(?:(?<=['’])|(?!\w))"),
        re.compile(rf",{GAP}(?:{alternatives(words('relatives'))})(?!\w)"),
        re.compile(rf"(?<![\w'’])(?i:{alternatives(words('articles'))}){JOIN}\Z"),
        re.compile(rf"(?<!\w)(?i:{alternatives(words('naming'))}){GAP}?{article}[:(]?{GAP}?\Z"),
        re.compile(rf"(?<!\w)(?i:{alternatives(words('things'))})(?:{GAP}(?:de|of){JOIN})?{article}{GAP}?[:(]?{GAP}?\Z"),
        re.compile(rf"[,.!?…]{GAP}(?:{inverted}|(?:[^\W\d_]{{1,2}}['’])?(?:[^\W\d_]{{1,6}}{GAP}){{0,2}}?{verb})"),
        re.compile(rf"(?<=[^\s,.!?…])[,.!?…]?(?=[,!?… ]{{1,2}}(?:[—–]{GAP}?)?(?:{inverted.replace('?P<pronoun>', '?:')}|{verb}{GAP}))"),
        bool(pack.section("quotes").get("trusting", False)),
    )  # fmt: skip


def masked(offset: int, masks: Sequence[Span]) -> bool:
    """Whether an offset lies in one of the stretches."""
    return any(start <= offset < end for start, end in masks)


def verbs_in(cues: Cues, text: str, start: int, end: int, masks: Sequence[Span] = ()) -> Iterator[re.Match[str]]:
    """The verbs of saying in a stretch; a form behind an article is a noun ("the claims", "la demande")."""
    for match in cues.verb.finditer(text, start, end):
        bare = " " not in match.group()
        if masked(match.start(), masks):
            continue
        if bare and cues.article.search(text, max(start, match.start() - 8), match.start()):
            continue
        yield match


def last_match(
    pattern: re.Pattern[str], text: str, start: int, end: int, masks: Sequence[Span]
) -> re.Match[str] | None:
    """The last match in a stretch that is not inside another quote."""
    last = None
    for match in pattern.finditer(text, start, end):
        if not masked(match.start(), masks):
            last = match
    return last
