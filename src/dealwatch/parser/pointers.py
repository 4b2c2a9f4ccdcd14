"""The words by which a text points at those who speak, by ``[people]`` and ``[quotes]`` of the pack."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dealwatch.lang import Pack
from dealwatch.parser.cues import document_words
from dealwatch.parser.phrases import APOSTROPHES, GAP, GAPS, Table, alternatives, phrase_table, phrases_at
from dealwatch.parser.phrases import Words as TextWords
from dealwatch.parser.text import Document

OBLIQUE = 7  # words of the longest preposition, determiner and noun before a name
Kind = Literal["person", "company", "pronoun", "role", "firm", "unnamed", "name"]


@dataclass(frozen=True, slots=True, eq=False)
class Lead:
    """Phrases that stand before a name: those parted from it by white space, and those that an apostrophe ends."""

    plain: Table
    elided: Table
    openers: frozenset[str]
    simple: frozenset[str]  # words that are such a phrase alone, and open no other


def lead_of(phrases: Iterable[str]) -> Lead:
    """The phrases told apart by how they end."""
    small = [phrase.lower() for phrase in phrases]
    plain = phrase_table(phrase for phrase in small if phrase[-1] not in "'’")
    elided = phrase_table(phrase for phrase in small if phrase[-1] in "'’")
    simple = frozenset(word for word, parts in plain.items() if parts == ((word,),) and word not in elided)
    return Lead(plain, elided, frozenset({*plain, *elided}), simple)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """What a pack says about those who speak, compiled."""

    pronouns: Table
    marks: dict[str, str]
    determiners: Table
    definite: frozenset[str]
    noun_table: Table
    noun_openers: frozenset[str]
    nouns: dict[str, tuple[Kind, str]]
    prepositions: Lead
    articled: Lead  # the definite determiners, which may stand between a preposition and its name
    oblique_ends: frozenset[str]  # last words of these and of the nouns: most names stand behind none of them
    complement: re.Pattern[str]
    groups: Table
    leaders: frozenset[str]
    offices: frozenset[str]  # titles of those who speak for no firm: "the minister of"
    institutions: frozenset[str]  # words in the names of bodies that only the same word stands for: "the bank"
    vantage: frozenset[str]  # what may open a sentence before its subject: "Desde Acme aseguran"
    bodies: frozenset[str]
    watchers: frozenset[str]  # public bodies that no company can be meant by: "the regulator"
    articles: frozenset[str]
    clause_openers: re.Pattern[str]  # what opens a clause with a preposition's word: "tandis que"
    last: frozenset[str]  # pronouns that mean the one named last: "the latter"
    possessives: dict[str, str]
    openers: frozenset[str]  # words that any of them can begin with


def _noun_table(pack: Pack) -> dict[str, tuple[Kind, str]]:
    table: dict[str, tuple[Kind, str]] = {}
    for section, key in (("people", "titles"), ("quotes", "person_nouns")):
        neutral, gendered = [("", "")], [("_f", "f"), ("_m", "m")]
        for suffix, marks in gendered + neutral if section == "people" else neutral + gendered:
            table.update(dict.fromkeys((w.lower() for w in pack.words(section, key + suffix)), ("role", marks)))
    table.update(dict.fromkeys(pack.words("quotes", "groups"), ("unnamed", "p")))
    table.update(dict.fromkeys(pack.words("quotes", "org_nouns"), ("firm", "o")))
    table.update(dict.fromkeys(pack.words("quotes", "org_plurals"), ("firm", "op")))
    return {word.lower(): value for word, value in table.items()}


def last_word(text: str) -> str:
    """The last word in small letters, a space or apostrophe behind it left out."""
    words = text[-32:].rstrip(" \u00a0\u202f'’").replace("’", "'").replace("'", " ")
    return "" if not words or words[-1].isspace() else words.rsplit(None, 1)[-1][-30:].lower()


@lru_cache(maxsize=32)
def words_of(pack: Pack) -> Words:
    """The compiled words of a pack about speakers."""
    quotes = pack.section("quotes")
    marks = {re.sub("['’]", " ", word): str(value) for word, value in dict(quotes.get("pronouns", {})).items()}
    definite, indefinite = pack.words("quotes", "definite"), pack.words("quotes", "indefinite")
    nouns = _noun_table(pack)
    owned = {word: str(value) for word, value in dict(quotes.get("possessives", {})).items()}
    determiners, groups = phrase_table((*definite, *indefinite)), phrase_table(pack.words("quotes", "groups"))
    noun_table, pronouns = phrase_table(nouns), phrase_table(marks)
    return Words(
        pronouns,
        marks,
        determiners,
        frozenset(word.rstrip("'’") for word in definite),
        noun_table,
        frozenset(noun_table),
        nouns,
        lead_of(pack.words("quotes", "prepositions")),
        lead_of(definite),
        frozenset(last_word(phrase) for phrase in (*pack.words("quotes", "prepositions"), *definite, *nouns) if phrase),
        re.compile(rf"{GAP}(?:{alternatives(pack.words('quotes', 'complements'))})(?:(?<=['’])|{GAP})"
                   rf"(?:{alternatives(definite)}(?:(?<=['’])|{GAP}))?(?:[^\W\d_A-Z][\w’'-]{{1,24}}{GAP}){{0,2}}?"),
        groups,
        frozenset(word.lower() for word in pack.words("people", "leaders")),
        frozenset(pack.words("people", "offices")),
        frozenset(pack.words("quotes", "institutions")),
        frozenset(pack.words("quotes", "vantage")),
        frozenset(pack.words("quotes", "bodies")),
        frozenset(pack.words("quotes", "watchers")),
        frozenset(word.lower() for word in pack.words("quotes", "articles")),
        re.compile(rf"(?<!\w)(?i:{alternatives(pack.words('quotes', 'clause_openers'))})(?:(?<=['’])|{GAP})"
                   rf"(?:(?i:{alternatives(definite)})(?:(?<=['’])|{GAP}))?\Z"),
        frozenset(pack.words("quotes", "last")),
        owned,
        frozenset({*pronouns, *determiners, *groups, *owned}),
    )  # fmt: skip




def _behind(read: TextWords, lead: Lead, number: int) -> Sequence[tuple[int, int]]:
    """The offset right behind each of the phrases that begin at a word, and the number of the word that follows."""
    word = read.small[number]
    if word in lead.simple:
        return ((read.ends[number] + 1, number + 1),) if read.follows(number) in GAPS else ()
    found = []
    for size in phrases_at(lead.plain, read, number):
        if read.follows(number + size - 1) in GAPS:
            found.append((read.ends[number + size - 1] + 1, number + size))
    for size in phrases_at(lead.elided, read, number):
        end = read.ends[number + size - 1]
        if read.follows(number + size - 1) in APOSTROPHES:
            found.append((end + 1, number + size))
            if read.text[end + 1 : end + 2] in GAPS:
                found.append((end + 2, number + size))
    return found


def is_oblique(doc: Document, offset: int) -> bool:
    """Whether a preposition stands right before an offset, with or without a determiner and a noun: "for the group"."""
    read, words = document_words(doc), words_of(doc.pack)
    last = bisect_left(read.ends, offset) - 1
    if last < 0 or offset - read.ends[last] > 2 or read.small[last] not in words.oblique_ends:
        return False
    if read.small[last] in words.prepositions.simple and read.ends[last] + 1 == offset and read.follows(last) in GAPS:
        return True
    return offset in _behind_prepositions(read, words, range(max(0, last - OBLIQUE), last + 1))


def _behind_prepositions(read: TextWords, words: Words, numbers: Iterable[int]) -> Set[int]:
    """The offsets where something begins behind the prepositions among some words."""
    found: set[int] = set()
    for number in numbers:
        if read.small[number] not in words.prepositions.openers:
            continue
        for offset, following in _behind(read, words.prepositions, number):
            found.add(offset)
            if following == len(read.small) or read.starts[following] != offset:
                continue
            _add_nouns(found, read, words, following)
            if read.small[following] in words.articled.openers:
                for other, last in _behind(read, words.articled, following):
                    found.add(other)
                    if last < len(read.small) and read.starts[last] == other:
                        _add_nouns(found, read, words, last)
    return found


def _add_nouns(found: set[int], read: TextWords, words: Words, number: int) -> None:
    """The offsets behind the nouns that begin at a word."""
    if read.small[number] in words.noun_table:
        sizes = phrases_at(words.noun_table, read, number)
        found.update(read.ends[number + n - 1] + 1 for n in sizes if read.follows(number + n - 1) in GAPS)


@lru_cache(maxsize=1)
def article_places(doc: Document) -> Set[int]:
    """The offsets one place behind an article."""
    read = document_words(doc)
    return {read.ends[number] + 1 for number in read.find(words_of(doc.pack).articles)}
