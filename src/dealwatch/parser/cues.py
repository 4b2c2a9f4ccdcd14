"""The words that tell who speaks: verbs of saying, inverted pronouns, "according to", by ``[quotes]`` of the pack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from dealwatch.lang import Pack
from dealwatch.parser.phrases import GAP, Hit, Hits, Table, Words, alternatives, phrase_at, phrase_table, read_words
from dealwatch.parser.text import Document, Span

JOIN = rf"(?:(?<=['’])|{GAP})"  # between a small word and the next: white space, or the apostrophe it ends with
OPENERS, SPREAD = 2_000, 20  # words that may open a verb: read at most these and one a so many characters
APART = 14  # words between a verb and its second part: "teilte das Ministerium am Freitag in Berlin mit"
TURNED = 100  # the same of verbs with their pronoun behind: dense dialogue has one in 200
PARTED = 3  # words between an auxiliary and its participle: "a en outre vivement critiqué"


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """The cues of a language, compiled."""

    verbs: Table
    auxiliaries: Table
    participles: Table
    gerunds: frozenset[str]
    inverted: frozenset[str]
    according: Table
    according_first: Table
    articles: frozenset[str]
    relative: re.Pattern[str]
    conjunction: re.Pattern[str]
    clause: re.Pattern[str]
    naming: re.Pattern[str]
    thing: re.Pattern[str]
    thing_behind: re.Pattern[str]
    documents: re.Pattern[str]
    aside: re.Pattern[str]  # behind "for": "his part"
    article_marks: dict[str, str]  # a definite article of one person -> the gender it tells
    according_behind: re.Pattern[str]  # "according to" behind the one it names: "dem Bericht zufolge"
    thus: re.Pattern[str]  # what ties a new sentence to the words before it: "with these words"
    impersonal: frozenset[str]  # verbs whose subject says nothing: who speaks is the paper in which it stands
    openers: frozenset[str]  # words that a verb or gerund can begin with
    small_openers: frozenset[str]  # the same of "according to", in small letters
    trusting: bool  # most marked words of the language are speech
    verb_second: bool  # the subject stands behind the verb where something else opens the clause
    retold: frozenset[str]  # forms of a verb that stand only where somebody's words are retold
    predicated: re.Pattern[str]  # before a noun in marks: words that make it what is said of something, no name
    objects: frozenset[str]  # pronouns that stand for an object as well
    capitals: bool  # every noun has a capital
    prodrop: bool  # a verb may stand without its pronoun
    leaning: frozenset[str]  # words that tell who speaks only right before them: "so Meier", never "so schwer"
    separable: dict[str, str]  # a verb of saying whose second part closes the clause: "führt ... aus"


def _crossed(pack: Pack, whole: str, endings: str) -> set[str]:
    stems = pack.words("quotes", "stems")
    return {*pack.words("quotes", whole), *(s + e for s in stems for e in pack.words("quotes", endings))}


@lru_cache(maxsize=32)
def cues_of(pack: Pack) -> Cues:
    """The compiled cues of a pack."""

    def words(key: str) -> tuple[str, ...]:
        return pack.words("quotes", key)

    article = rf"(?:{alternatives(words('definite'))}{JOIN})?"
    behind = rf"{article}{GAP}?[:(]?{GAP}?\Z"
    # where nouns have capitals, an article before one opens no relative clause but speech retold: ", die Firma habe"
    no_noun = rf"(?!(?:{GAP}[^\W\d_A-Z][\w-]{{1,24}}){{0,2}}{GAP}[A-ZÄÖÜ0-9])" if words("adjective_endings") else ""
    compound = r"(?:[^\W\d_][\w-]{0,30}?)?" if words("adjective_endings") else ""
    saying = _crossed(pack, "verbs", "endings")
    saying |= {f"{verb}-{tail}" for tail in words("enclitics") for verb in saying if " " not in verb}
    verbs, auxiliaries = phrase_table(saying), phrase_table(words("auxiliaries"))
    gerunds = frozenset(_crossed(pack, "gerunds", "gerund_endings"))
    according, first = phrase_table(words("according")), phrase_table(words("according_first"))
    return Cues(
        verbs,
        auxiliaries,
        phrase_table(_crossed(pack, "participles", "participle_endings")),
        gerunds,
        frozenset(words("inverted")),
        according,
        first,
        frozenset(word.rstrip("'’").lower() for word in words("articles")),
        re.compile(rf"(?:{alternatives(words('relatives'))})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{alternatives(words('conjunctions'))})(?:(?<=['’])|(?!\w))"),
        re.compile(rf",{GAP}(?:{alternatives(words('relatives'))})(?!\w){no_noun}"),
        re.compile(rf"(?<!\w)(?i:{alternatives(words('naming'))}){GAP}?{behind}"),
        re.compile(rf"(?<!\w){compound}(?i:{alternatives(words('things'))})(?:{GAP}(?:de|of){JOIN})?{behind}"),
        re.compile(rf",?{GAP}(?:{alternatives(words('articles'))}{JOIN})?(?:[^\W\d_A-Z]{{1,12}}{GAP})??"
                   rf"(?i:{alternatives(words('things'))})(?!\w)"),
        re.compile(rf"(?<!\w){compound}(?i:{alternatives(words('documents'))})(?!\w)"),
        re.compile(rf"(?i:{alternatives(words('asides'))})(?!\w)"),
        {word: str(marks) for word, marks in dict(pack.section("quotes").get("article_marks", {})).items()},
        re.compile(rf"{GAP}{alternatives(words('according_behind'))}(?!\w)"),
        re.compile(rf"(?i:{alternatives(words('thus'))}){GAP}"),
        frozenset(words("impersonal")),
        frozenset({*verbs, *auxiliaries, *gerunds, *dict(pack.section("quotes").get("separable", {}))}),
        frozenset({*according, *first}),
        bool(pack.section("quotes").get("trusting", False)),
        bool(pack.section("quotes").get("verb_second", False)),
        frozenset(words("retold")),
        re.compile(rf"(?<!\w)(?i:{alternatives((*words('predicators'), *words('indefinite')))})"
                   rf"(?:{GAP}[^\W\d_A-Z][\w-]{{1,30}}){{0,2}}{GAP}\Z"),
        frozenset(words("objects")),
        bool(pack.section("quotes").get("compounds", False)),
        bool(pack.section("quotes").get("prodrop", False)),
        frozenset(words("leaning")),
        {verb: str(part) for verb, part in dict(pack.section("quotes").get("separable", {})).items()},
    )


@dataclass(slots=True, eq=False)
class CueIndex:
    """Where the cues of a text stand."""

    verbs: Hits = field(default_factory=Hits)
    gerunds: Hits = field(default_factory=Hits)
    inverted: Hits = field(default_factory=Hits)
    according: Hits = field(default_factory=Hits)
    retold: Hits = field(default_factory=Hits)


@lru_cache(maxsize=1)
def document_words(doc: Document) -> Words:
    """The words of a document: read once for titles and cues."""
    return read_words(doc.text)


@lru_cache(maxsize=1)
def cue_index(doc: Document) -> CueIndex:
    """Every cue of a text, found in one pass."""
    cues, words = cues_of(doc.pack), document_words(doc)
    index, left = CueIndex(), OPENERS + len(doc.text) // SPREAD
    turned = {word for word in words.hyphened if word.rsplit("-", 1)[1] in cues.inverted}
    for number in words.find(turned)[: OPENERS + len(doc.text) // TURNED]:
        word = words.words[number]
        tail = words.ends[number] - len(word.rsplit("-", 1)[1])
        if word[0].islower() and words.text[tail : words.ends[number]] in cues.inverted:
            index.inverted.add(Hit(words.starts[number], words.ends[number], tail))
    openers = (number for number in words.find(cues.openers) if words.words[number] in cues.openers)
    for number in islice(openers, left):
        if words.words[number] in cues.gerunds:
            index.gerunds.add(Hit(words.starts[number], words.ends[number]))
        _add_verb(index, cues, words, number)
    for number in words.find(cues.small_openers)[: OPENERS + len(doc.text) // SPREAD]:
        _add_according(index, cues, words, number)
    for number in words.find(cues.retold)[: OPENERS + len(doc.text) // SPREAD]:
        if words.words[number] in cues.retold:
            index.retold.add(Hit(words.starts[number], words.ends[number]))
    return index


def _add_verb(index: CueIndex, cues: Cues, words: Words, number: int) -> None:
    """A verb of saying; a form behind an article is a noun ("the claims", "la demande")."""
    if index.verbs.items and words.starts[number] < index.verbs.items[-1].end:
        return
    parts = phrase_at(cues.auxiliaries, words, number)
    if parts:
        for ahead in range(number + parts, min(number + parts + PARTED + 1, len(words.words))):
            if not words.joined(ahead):
                break
            size = phrase_at(cues.participles, words, ahead)
            if size:
                index.verbs.add(Hit(words.starts[number], words.ends[ahead + size - 1], parts=2))
                return
    size = phrase_at(cues.verbs, words, number) or int(_closes_apart(cues, words, number))
    if size == 0 or (words.words[number] in cues.leaning and size == 1 and not _leans(cues, words, number)):
        return
    noun = number > 0 and words.words[number - 1].lower() in cues.articles and words.joined(number)
    if size > 1 or not noun:
        index.verbs.add(Hit(words.starts[number], words.ends[number + size - 1], parts=size))


_PART_END, _SENTENCE_END = frozenset(".,;:!?"), frozenset(".;:!?„“")


def _closes_apart(cues: Cues, words: Words, number: int) -> bool:
    """Whether the second part of a verb closes its clause a few words on: "führte der Bericht aus, ..."."""
    part = cues.separable.get(words.words[number])
    if part is None:
        return False
    for ahead in range(number + 1, min(number + APART + 1, len(words.words))):
        if words.words[ahead] == part:
            return words.text[words.ends[ahead] : words.ends[ahead] + 1] in _PART_END
        if set(words.gaps[ahead]) & _SENTENCE_END:
            return False
    return False


def _leans(cues: Cues, words: Words, number: int) -> bool:
    """Whether a name, a noun, its article or a pronoun stands right behind."""
    if number + 1 >= len(words.words) or not words.joined(number + 1):
        return False
    following = words.words[number + 1]
    return following[0].isupper() or following in cues.articles or following in cues.objects


_OPENING = frozenset("\n.:!?")
_MARKS = "»”\"’ \u00a0\u202f"


def _add_according(index: CueIndex, cues: Cues, words: Words, number: int) -> None:
    size = phrase_at(cues.according, words, number, fold=True)
    if size == 0:
        size = phrase_at(cues.according_first, words, number, fold=True)
        before = words.text[max(0, words.starts[number] - 4) : words.starts[number]].rstrip(_MARKS)
        if size == 0 or (before and before[-1] not in _OPENING):
            return
    end = words.ends[number + size - 1]
    if words.text[end : end + 1] in (" ", "\u00a0", "\u202f", "'", "’"):
        index.according.add(Hit(words.starts[number], end + 1))


def masked(offset: int, masks: Sequence[Span]) -> bool:
    """Whether an offset lies in one of the stretches."""
    return any(start <= offset < end for start, end in masks)


def first_hit(hits: Hits, start: int, end: int) -> Hit | None:
    """The first hit in a stretch."""
    found = hits.between(start, end)
    return found[0] if found else None


def last_hit(hits: Hits, start: int, end: int, masks: Sequence[Span]) -> Hit | None:
    """The last hit in a stretch that is not inside another quote."""
    return next((hit for hit in reversed(hits.between(start, end)) if not masked(hit.start, masks)), None)
