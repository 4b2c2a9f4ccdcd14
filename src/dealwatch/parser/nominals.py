"""Noun phrases beside the cues of speech, in languages that write every noun with a capital letter.

There a capital says nothing about a name, and a phrase of determiner, adjectives and noun is read by its shape: it
serves as the one who speaks where no name does ("sagte der Betriebsrat", "dem Bericht zufolge").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.parser.cues import cue_index, cues_of
from dealwatch.parser.phrases import GAP, Hit, alternatives
from dealwatch.parser.shapes import shapes_of
from dealwatch.parser.text import Document, Span

REACH = 260  # characters of a sentence read left of a verb for its subject


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: `oblique` where its determiner is no subject's, `named` where it reads as somebody's name."""

    start: int
    end: int
    oblique: bool
    named: bool
    determined: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    find: re.Pattern[str]
    oblique: frozenset[str]
    genitive: frozenset[str]  # determiners of a subject that right behind a noun are its genitive
    not_nouns: frozenset[str]
    determiners: frozenset[str]
    label: re.Pattern[str]  # what stands right before a name in marks


_NOUN = r"[^\W\d_a-zß-öø-ÿ][\w&]{1,40}(?:[-.][\w&]{1,40}){0,4}"
_COLON = re.compile(r":[ \u00a0\u202f]?[„“\"«»]")
_BEHIND_NOUN = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w-]{1,40}[ \u00a0]\Z")


@lru_cache(maxsize=16)
def _shape(pack: Pack) -> _Shape:
    subject, oblique = pack.words("quotes", "subject_determiners"), pack.words("quotes", "oblique_determiners")
    endings = alternatives(pack.words("quotes", "adjective_endings"))
    joined = r"(?:\d\d|[A-Z]\w{0,20})-[^\W\d_A-Z]{2,20}"  # "39-jährige", "US-amerikanische"
    adjective = rf"(?:(?:[^\W\d_A-Z][\w-]{{0,30}}|{joined}){endings}{GAP})"
    small = rf"(?:[^\W\d_A-Z][\w-]{{0,30}}{GAP})"
    placed = rf"{small}{{1,2}}?(?:{_NOUN}{GAP}){{1,3}}[^\W\d_A-Z][\w-]{{1,30}}(?:end|en|t){endings}{GAP}"
    between = rf"(?:{small}{{0,3}}?{adjective}|{placed})?"  # "den bekannt gewordenen Plänen", "der in Rom geborene"
    determiner = rf"(?P<determiner>(?i:{alternatives((*subject, *oblique))})){GAP}{between}"
    return _Shape(
        re.compile(rf"(?<![\w-])(?:{determiner})?(?P<noun>{_NOUN}(?:{GAP}{_NOUN}){{0,5}})(?![\w])"),
        frozenset(oblique),
        frozenset(pack.words("quotes", "genitive_determiners")),
        frozenset(pack.words("people", "not_names")),
        frozenset((*subject, *oblique)),
        re.compile(rf"(?<![\w-])(?:(?P<determiner>(?i:{alternatives((*subject, *oblique))})){GAP}{between}"
                   rf"(?P<kind>[^\W\d_]*?(?i:{alternatives(pack.words('quotes', 'things'))}){GAP})?"
                   rf"|(?i:{alternatives(pack.words('quotes', 'according'))}){GAP})\Z"),
    )


_SECOND = re.compile(rf"[^\W\d_]{{1,12}}{GAP}([^\W\d_]{{1,12}}){GAP}")


def _phrases(doc: Document, start: int, end: int) -> Iterator[Phrase]:
    shape = _shape(doc.pack)
    for match in shape.find.finditer(doc.text, start, end):
        determiner, noun = (match["determiner"] or "").lower(), match["noun"]
        begin = match.start()
        if not determiner and noun.split()[0] in shape.not_nouns:
            rest = noun.split(maxsplit=1)[1:]
            if not rest:
                continue
            begin, noun = match.end() - len(rest[0]), rest[0]
        inner = _SECOND.match(doc.text, match.start(), match.end()) if determiner else None
        if inner is not None and inner[1].lower() in shape.determiners:  # "der diese Maßnahme": a relative
            begin, determiner = inner.start(1), inner[1].lower()
        behind = determiner in shape.genitive and bool(_BEHIND_NOUN.search(doc.text, max(0, begin - 44), begin))
        named = not determiner and (" " in noun or noun.isupper())
        yield Phrase(begin, match.end(), behind or determiner in shape.oblique, named, bool(determiner))


def is_noun(name: str, tails: tuple[str, ...], not_names: frozenset[str]) -> bool:
    """Whether what passes for a firm is only a phrase with a capital: "Dem Tagblatt", "Acme-Gründerin"."""
    return bool(tails) and (name.split()[0] in not_names or name.lower().endswith(tails))


_TITLED = re.compile(rf"\.?(?:{GAP}[^\W\d_]{{1,5}}\.){{0,3}}{GAP}")


def noun_phrases(doc: Document, windows: Sequence[Span], people: Set[int]) -> Iterator[Phrase]:
    """The phrases beside the cues of speech; none right before one of the people, who start at the offsets given.

    Of "Gründerin Dr. Ada Morel" the name speaks.
    """
    starts = sorted(people)
    for phrase in _beside_cues(doc, windows):
        at = bisect_right(starts, phrase.start)
        inside = starts[at] if at < len(starts) and starts[at] < phrase.end else 0
        end = inside - 1 if inside else phrase.end
        behind = _TITLED.match(doc.text, end)
        if behind is None or behind.end() not in people:
            yield phrase
        elif phrase.determined and behind.end() == end + 1 and not doc.text[phrase.start : end].islower():
            yield replace(phrase, end=end)


_CAPITALS = re.compile(r"[^\W\d_]{4,}")


def labels(doc: Document, marked: Sequence[Span]) -> Iterator[Phrase]:
    """The names that stand in marks: „Elbkurier“ behind its article, its kind or a preposition, beside a verb."""
    shape, index = _shape(doc.pack), cue_index(doc)
    for start, end in marked:
        inside = doc.text[start + 1 : end - 1]
        longer = _CAPITALS.findall(inside)
        if not 2 < len(inside) < 40 or not longer or not all(w[0].isupper() for w in longer) or inside[-1] in ".!?,":
            continue
        before = shape.label.search(doc.text, max(0, start - 60), start)
        if before is None:
            continue
        determiner = (before["determiner"] or "").lower()
        said = index.verbs.between(max(0, before.start() - 30), before.start())[-1:]
        follows = bool(said) and said[0].end >= before.start() - 1
        leads = bool(index.verbs.between(end, end + 30)[:1]) and index.verbs.between(end, end + 30)[0].start == end + 1
        kind = before["kind"] is not None
        oblique = determiner in shape.oblique or (determiner in shape.genitive and not (follows or kind))
        if kind or oblique or follows or leads:
            yield Phrase(start + 1, end - 1, oblique, True, True)


def _beside_cues(doc: Document, windows: Sequence[Span]) -> list[Phrase]:
    """The phrases left of every verb of saying in its sentence, right behind it, and beside "according to"."""
    index, behind = cue_index(doc), cues_of(doc.pack).according_behind
    found: list[Phrase] = []
    for window in windows:
        busy = window[0]
        for verb in index.verbs.between(*window):
            start = max(busy, doc.sentence_at(verb.start)[0], verb.start - REACH)
            found.extend(_phrases(doc, start, verb.start))
            found.extend(_right_behind(doc, verb, window[1]))
            busy = max(busy, verb.end)
        for cue in index.according.between(*window):
            found.extend(_right_behind(doc, cue, window[1]))
        for colon in _COLON.finditer(doc.text, *window):
            start = max(window[0], doc.sentence_at(colon.start())[0], colon.start() - REACH)
            found.extend(_phrases(doc, start, colon.start()))
        for match in behind.finditer(doc.text, *window):
            start = max(window[0], doc.sentence_at(match.start())[0], match.start() - 90)
            found.extend(_phrases(doc, start, match.start()))
    return found


def _right_behind(doc: Document, cue: Hit, end: int) -> Iterator[Phrase]:
    """The first phrase behind a cue, a few small words between; with it the one whose remark it is."""
    last, shapes = cue.end, shapes_of(doc.pack)
    for phrase in _phrases(doc, cue.end, min(end, cue.end + 90, doc.sentence_at(cue.start)[1])):
        between = doc.text[last : phrase.start]
        if between.count(" ") > 3 or set(between) & set(",.;:!?()\"„“”«»"):
            return
        yield phrase
        if not shapes.remark.search(doc.text, phrase.start, phrase.end):
            return
        last = phrase.end
