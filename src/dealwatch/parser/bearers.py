"""Who a phrase means where words are not parted by spaces: the name cut out of title, house, adverb and particle.

All words and all letters that names are written with stand in the packs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from dealwatch.lang import Pack
from dealwatch.parser.text import Document

LONGEST = 48  # characters of a phrase that names a speaker with title and house
BACK = 24  # sentences looked back through for whom a pronoun stands for
SHORT_FORMS = 60  # different names whose fuller form is looked for: more stand in no story
PARTS = " \u3000、，,：:—–-"

Kind = Literal["person", "firm", "pronoun", "role"]


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; one that matches nothing where there are none."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, ordered)) + ")" if ordered else "(?!)"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a stretch of text names or points at."""

    start: int
    end: int
    kind: Kind
    name: str | None = None
    title: str | None = None
    org: str | None = None
    marks: str = ""  # of a pronoun: m, f (a person), o (an organisation)
    sure: bool = True  # a title, a known shape or a pronoun says so, not the place alone


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What a pack says about those who speak, compiled."""

    pronouns: dict[str, str]
    title: re.Pattern[str]
    behind: frozenset[str]  # titles that stand behind the name: what is left of them is no house
    firm_end: re.Pattern[str]
    opener: re.Pattern[str]
    stop: re.Pattern[str]  # where a subject ends: adverbs, verbs
    links: str
    joined: re.Pattern[str]
    latin: re.Pattern[str]
    plain: re.Pattern[str]
    surname: re.Pattern[str]
    documents: frozenset[str]
    topic: re.Pattern[str]
    topical: bool  # a particle behind the subject marks it
    letters: str
    joins: str
    breaks: re.Pattern[str]  # what ends the words before a subject: marks and particles
    between: frozenset[str]  # what may part two titles of one person


_LATIN = r"[^\W\d_a-z][A-Za-zÀ-ɏ0-9.&'’-]{0,24}"


@lru_cache(maxsize=8)
def lexicon_of(pack: Pack) -> Lexicon:
    """The compiled words of a pack about speakers in text without spaces."""

    def words(key: str) -> tuple[str, ...]:
        return pack.words("quotes", key)

    letters, joins = "".join(words("name_letters")), "".join(words("name_joins"))
    letter, join = f"[{letters}]" if letters else "(?!)", f"[{joins}]" if joins else "(?!)"
    honorifics = tuple(w for key in ("honorifics", "honorifics_m", "honorifics_f") for w in pack.words("people", key))
    topics = words("topics")
    return Lexicon(
        {word: str(marks) for word, marks in dict(pack.section("quotes").get("pronouns", {})).items()},
        re.compile(any_of((*pack.words("people", "titles"), *honorifics))),
        frozenset(honorifics),
        re.compile(any_of(words("org_nouns")) + r"\Z"),
        re.compile(any_of(words("openers"))),
        re.compile(any_of((*words("adverbs"), *words("actions"), *words("verbs")))),
        "".join(words("links")),
        re.compile(rf"(?:{letter}|[A-Z]\.?){{1,12}}(?:{join}(?:{letter}|[A-Z]){{1,12}}){{1,4}}"),
        re.compile(rf"(?=[A-ZÀ-ÞĀ-Ɏ]){_LATIN}(?: {_LATIN}){{0,4}}"),
        re.compile(rf"{letter}{{1,10}}"),
        re.compile(rf"{any_of(pack.words('people', 'surnames'))}{letter}{{1,2}}"),
        frozenset(words("documents")),
        re.compile(any_of(topics) + "[、，,]?"),
        bool(topics),
        letter,
        join,
        re.compile(any_of((*"、，,。「」『』“”\n", *words("breaks")))),
        frozenset(("", *words("conjunctions"))),
    )


_BRACKET = re.compile(r"[（(][^（()）]{0,30}[）)]\Z")


def _trim(text: str, start: int, end: int, lex: Lexicon) -> tuple[int, int]:
    """The phrase without blanks, openers before it and a bracket behind it."""
    while True:
        while start < end and text[start] in PARTS:
            start += 1
        opener = lex.opener.match(text, start, end)
        if opener is None or opener.end() == start:
            break
        start = opener.end()
    end = max(start, end)
    while end > start and text[end - 1] in PARTS:
        end -= 1
    bracket = _BRACKET.search(text, max(start, end - 34), end)
    return (start, bracket.start() if bracket else end)


def read_phrase(text: str, start: int, end: int, lex: Lexicon) -> Bearer | None:
    """Whom a phrase names: a pronoun, a name with its title before or behind, an organisation; None where nobody."""
    start, end = _trim(text, start, end, lex)
    words = text[start:end]
    if not words or len(words) > LONGEST:
        return None
    if words in lex.pronouns:
        return Bearer(start, end, "pronoun", marks=lex.pronouns[words])
    titles = list(lex.title.finditer(text, start, end))
    if not titles:
        return _untitled(text, start, end, lex)
    last = titles[-1]
    if last.end() < end:
        name = _trim(text, last.end(), end, lex)
        if text[last.end()] in lex.links and not lex.topical:
            return None
        found = _linked(text, *name, lex)
        if not _is_name(text[found:end], lex):
            return None
        return Bearer(found, end, "person", text[found:end], last.group(), _house(text, start, titles[0].start(), lex))
    return _titled_behind(text, start, end, titles, lex)


def _titled_behind(text: str, start: int, end: int, titles: list[re.Match[str]], lex: Lexicon) -> Bearer | None:
    """The one before a title: a name with its honorific, or the house of a role."""
    first = titles[-1].start()
    for other in reversed(titles[:-1]):
        if text[other.end() : first].strip(PARTS) not in lex.between:
            break
        first = other.start()
    head = _linked(text, start, first, lex)
    title = titles[-1].group()
    named = text[head:first]
    earlier = next((t.group() for t in titles if t.end() <= head), None)
    if named and title in lex.behind and _is_name(named, lex):
        return Bearer(head, first, "person", named, earlier or title, _house(text, start, head, lex))
    house = named if named and named not in lex.pronouns else _house(text, start, first, lex)
    point = named or text[start:head].rstrip(lex.links)
    if point in lex.pronouns:
        return Bearer(start, end, "role", None, title, None, marks=lex.pronouns[point])
    return Bearer(start, end, "role", None, title, house)


def _linked(text: str, start: int, end: int, lex: Lexicon) -> int:
    """Where the words behind the last "of" of a phrase begin."""
    at = max((text.rfind(link, start, end) for link in lex.links), default=-1)
    return at + 1 if at >= start else start


def _house(text: str, start: int, end: int, lex: Lexicon) -> str | None:
    words = text[start:end].strip(PARTS).rstrip(lex.links)
    title = lex.title.search(words)
    words = words[: title.start()] if title else words
    return words or None


def _is_name(words: str, lex: Lexicon) -> bool:
    return any(shape.fullmatch(words) for shape in (lex.plain, lex.joined, lex.latin))


def _untitled(text: str, start: int, end: int, lex: Lexicon) -> Bearer | None:
    """A person by the shape of the name, else an organisation."""
    words = text[start:end]
    at = _linked(text, start, end, lex)
    tail = text[at:end]
    if at > start and (tail in lex.documents or not tail):
        return read_phrase(text, start, at - 1, lex)
    if at > start:
        if not lex.joined.fullmatch(tail) and not lex.surname.fullmatch(tail):
            return None
        start, words = at, tail
    if lex.joined.fullmatch(words) or lex.surname.fullmatch(words):
        return Bearer(start, end, "person", words, sure=lex.joined.fullmatch(words) is not None)
    if words in lex.documents or len(words) > 24:
        return None
    known = bool(lex.firm_end.search(words)) or lex.latin.fullmatch(words) is not None
    if not known and not re.fullmatch(rf"(?:{lex.letters}|[A-Za-z0-9&.-]){{1,16}}", words):
        return None
    return Bearer(start, end, "firm", words, sure=known)


@dataclass(slots=True, eq=False)
class Story:
    """A text with those whom its sentences are about, read when they are asked for."""

    doc: Document
    lex: Lexicon
    subjects: dict[int, Bearer | None] = field(default_factory=dict)
    fuller: dict[str, str] = field(default_factory=dict)

    def subject(self, number: int) -> Bearer | None:
        """Whom a sentence is about by its first words."""
        if number not in self.subjects:
            self.subjects[number] = self._read(*self.doc.sentences[number])
        return self.subjects[number]

    def _read(self, start: int, end: int) -> Bearer | None:
        text, end = self.doc.text, min(end, start + 80)
        while start < end and (opener := self.lex.opener.match(text, start, end)):
            start = opener.end()
        for stop in (self.lex.topic if self.lex.topical else self.lex.stop).finditer(text, start + 1, end):
            found = read_phrase(text, start, stop.start(), self.lex)
            return found if found is None or found.kind != "pronoun" else None
        return None

    def before(self, offset: int, kinds: str) -> Bearer | None:
        """The last person ("m") or organisation ("o") that a sentence before is about."""
        number = self.doc.sentence_index(offset)
        for back in range(number - 1, max(-1, number - 1 - BACK), -1):
            found = self.subject(back)
            if found is None:
                continue
            if "o" in kinds and (found.kind == "firm" or found.org):
                name = found.name if found.kind == "firm" else found.org
                return replace(found, kind="firm", name=name)
            if found.kind == "person" and kinds != "o":
                return found
        return None

    def full_name(self, bearer: Bearer) -> str | None:
        """The fullest form of a person's name in the text."""
        name = bearer.name
        if name is None or (bearer.kind != "person" and bearer.sure):
            return name
        if name not in self.fuller:
            if len(self.fuller) >= SHORT_FORMS:
                return name
            self.fuller[name] = self._fuller(name)
        return self.fuller[name]

    def _fuller(self, name: str) -> str:
        text, lex, word = self.doc.text, self.lex, re.escape(name)
        if lex.latin.fullmatch(name):
            found = re.search(rf"((?:(?=[A-ZÀ-Þ]){_LATIN} ){{1,3}}){word}(?![A-Za-z])", text)
            return found.group() if found else name
        if not re.search(lex.joins, name):
            found = re.search(rf"(?:{lex.letters}{{1,12}}{lex.joins}){{1,3}}{word}", text)
            if found:
                cuts = [m.end() for m in lex.title.finditer(text, found.start(), found.end())]
                start = max([found.start(), *cuts])
                start = _linked(text, start, found.end(), lex)
                return text[start : found.end()]
        if lex.surname.fullmatch(name):
            return name
        if lex.topical:
            opens = rf"(?:(?<!{lex.letters})|(?<=[{lex.links}]))"
            found = re.search(rf"{opens}{word}{lex.letters}{{1,3}}?(?={lex.title.pattern})", text)
        else:
            found = re.search(rf"{word}{lex.letters}{{1,2}}?(?={lex.stop.pattern}|[，。、,（(]|\Z)", text)
        if found and lex.title.search(found.group(), len(name)):
            return name  # 孫正義会長兼社長
        if found and (lex.topical or lex.surname.fullmatch(found.group())):
            return found.group()
        return name
