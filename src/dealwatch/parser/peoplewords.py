"""What the packs say about people, compiled: given names, titles, honorifics, kin, and how a name is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dealwatch.lang import UNKNOWN, Pack, codes, load
from dealwatch.parser.cues import document_words
from dealwatch.parser.phrases import GAP, Hit, Hits, Table, Words, alternatives, phrase_at, phrase_table, read_words
from dealwatch.parser.text import Document

Gender = Literal["f", "m"]

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"  # further lower-case letters are refused after the match, by str.isupper
_LETTERS = r"[^\W\d_]{1,30}(?:-[^\W\d_]{1,30}){0,3}"
_INITIALS = rf"\.(?:-?{_CAPITAL}\.){{0,2}}"
_TOKEN = rf"(?:(?:[ODM]['’])?{_CAPITAL}{_LETTERS}|{_CAPITAL}{_INITIALS}|{_CAPITAL}(?![\w'’]))"
# The same where no word ends; its capital comes first, which halves the time that the search for it takes.
_FIRST = rf"{_CAPITAL}(?<![\w@#-].)(?:(?<=[ODM])['’]{_CAPITAL}{_LETTERS}|{_LETTERS}|{_INITIALS}|(?![\w'’]))"
LONGEST = 6  # words of a run that are looked at together: no name in the news is longer with its titles


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What a pack says about people, compiled."""

    female: frozenset[str]
    male: frozenset[str]
    either: frozenset[str]
    honorifics: dict[str, Gender | None]
    title_gender: dict[str, Gender | None]
    org_words: frozenset[str]
    eponyms: frozenset[str]
    not_names: frozenset[str]
    not_apposed: frozenset[str]
    particles: frozenset[str]
    ands: frozenset[str]
    firm_titles: frozenset[str]
    title_tails: tuple[str, ...]
    firm_nouns: frozenset[str]
    places: frozenset[str]
    titles: Table
    title_openers: frozenset[str]
    run: re.Pattern[str]
    linked_org: re.Pattern[str]
    house_link: re.Pattern[str]
    field: re.Pattern[str]  # what stands between a title and its house, the word for "at" included
    linked: re.Pattern[str]
    person_verb: re.Pattern[str]
    kin: re.Pattern[str]  # before a given name alone: "his wife, Marta"
    kin_gender: dict[str, Gender | None]
    kin_ends: frozenset[str]  # the last words of those, in small letters
    determiners: frozenset[str]


def _given_names(pack: Pack) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Female, male and undecided given names: of the text's own language first, then those of all the others."""
    own_f, own_m = set(pack.words("people", "given_f")), set(pack.words("people", "given_m"))
    packs = [load(code) for code in (*codes(), UNKNOWN)]
    all_f = {word for other in packs for word in other.words("people", "given_f")}
    all_m = {word for other in packs for word in other.words("people", "given_m")}
    either = {word for other in packs for word in other.words("people", "given")} | (all_f & all_m)
    female = own_f - own_m | (all_f - own_m - either)
    male = own_m - own_f | (all_m - own_f - either)
    return frozenset(female), frozenset(male), frozenset((either | all_f | all_m) - female - male)


def _words(pack: Pack, key: str) -> tuple[str, ...]:
    bare = load(UNKNOWN)
    return pack.words("people", key) if pack is bare else (*bare.words("people", key), *pack.words("people", key))


def _gendered(pack: Pack, key: str) -> dict[str, Gender | None]:
    found: dict[str, Gender | None] = dict.fromkeys(_words(pack, f"{key}_f"), "f")
    found.update(dict.fromkeys(_words(pack, f"{key}_m"), "m"))
    found.update(dict.fromkeys(_words(pack, key)))  # listed for both: "responsable" says nothing
    return found


@lru_cache(maxsize=32)
def lexicon(pack: Pack) -> Lexicon:
    """The compiled words of a pack about people."""
    female, male, either = _given_names(pack)
    titles, honorifics = _gendered(pack, "titles"), _gendered(pack, "honorifics")
    particle = rf"(?:{alternatives(_words(pack, 'particles'))}(?:(?<=['’])|{GAP}))"
    link = rf"(?:{alternatives(pack.words('people', 'title_links'))}(?:(?<=['’])|{GAP}))"
    by_word = phrase_table(title.lower() for title in titles)
    house = rf"(?:{alternatives(pack.words('people', 'house_links'))})"
    return Lexicon(
        female, male, either, honorifics, {word.lower(): gender for word, gender in titles.items()},
        frozenset(_words(pack, "org_words")), frozenset(word.lower() for word in _words(pack, "eponyms")),
        frozenset(_words(pack, "not_names")), frozenset(_words(pack, "not_apposed")),
        frozenset(_words(pack, "particles")), frozenset(pack.words("names", "ands")),
        frozenset(_words(pack, "firm_titles")),
        tuple(word for word in titles if len(word) > 3) if pack.section("quotes").get("compounds") else (),
        frozenset(_words(pack, "firm_nouns")), frozenset(_words(pack, "places")),
        by_word,
        frozenset(by_word),
        re.compile(rf"{_FIRST}(?:{GAP}(?:{particle}){{0,3}}{_TOKEN}){{0,{LONGEST}}}"),
        re.compile(rf"{GAP}{link}"),
        re.compile(rf"{GAP}{house}{GAP}"),
        re.compile(rf"(?:{GAP}[^\W_][\w’'-]{{0,24}}){{1,5}}?{GAP}{house}{GAP}"),
        re.compile(rf"(?<!\w){link}\Z"),
        re.compile(rf"(?:{GAP}|,{GAP}\d\d{GAP}[^\W\d_]{{1,8}},){alternatives(_words(pack, 'person_verbs'))}(?!\w)"),
        re.compile(rf"(?<!\w)({alternatives(_gendered(pack, 'kin'))}),?{GAP}\Z"),
        _gendered(pack, "kin"),
        frozenset(read_words(kin).small[-1] for kin in _gendered(pack, "kin")),
        frozenset((*pack.words("quotes", "definite"), *pack.words("quotes", "indefinite"))),
    )  # fmt: skip


@lru_cache(maxsize=2_048)
def title_hits(text: str, lex: Lexicon) -> Hits:
    """Every title in a few words, the longest and leftmost."""
    return _title_places(read_words(text), lex)


@lru_cache(maxsize=1)
def titles_of(doc: Document) -> Hits:
    """Every title in a text."""
    return _title_places(document_words(doc), lexicon(doc.pack))


def _title_places(words: Words, lex: Lexicon) -> Hits:
    """The titles among words; one that ends a word too where a language builds compounds."""
    hits, busy, tails = Hits(), 0, lex.title_tails
    compounds = [word for word in words.numbers if word.endswith(tails)] if tails else ()
    for number in words.find(lex.title_openers.union(compounds) if compounds else lex.title_openers):
        if number < busy:
            continue
        size = phrase_at(lex.titles, words, number, fold=True) or int(words.small[number].endswith(tails))
        if size:
            hits.add(Hit(words.starts[number], words.ends[number + size - 1]))
            busy = number + size
    return hits


@lru_cache(maxsize=16_384)  # the words that names open with are few, and every story has them
def is_title(word: str, lex: Lexicon) -> bool:
    """Whether a word is a title, or a compound that ends with one where the language builds such."""
    small = word.lower()
    single = small[:-1] if small.endswith("s") else small  # "Founders Ann Lee and Bo Kim"
    known = small in lex.title_gender or single in lex.title_gender or small.rsplit("-", 1)[-1] in lex.title_gender
    return known or small.endswith(lex.title_tails)


@lru_cache(maxsize=16_384)
def is_given(word: str, lex: Lexicon) -> bool:
    """Whether a word, or its part before a hyphen, is a given name."""
    first = word.split("-")[0]
    return any(name in names for names in (lex.female, lex.male, lex.either) for name in (word, first))


@lru_cache(maxsize=1)
def names_kin(doc: Document) -> bool:
    """Whether a text has a word of kinship at all."""
    return document_words(doc).has(lexicon(doc.pack).kin_ends)


@lru_cache(maxsize=1)
def names_places(doc: Document) -> bool:
    """Whether a text has a word for what bears people's names at all."""
    return document_words(doc).has(lexicon(doc.pack).places)
