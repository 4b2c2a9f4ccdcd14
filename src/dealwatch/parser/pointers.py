"""The words by which a text points at those who speak, by ``[people]`` and ``[quotes]`` of the pack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dealwatch.lang import Pack
from dealwatch.parser.phrases import GAP, Table, alternatives, phrase_table

Kind = Literal["person", "company", "pronoun", "role", "firm", "unnamed", "name"]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """What a pack says about those who speak, compiled."""

    pronouns: Table
    marks: dict[str, str]
    determiners: Table
    definite: frozenset[str]
    noun_table: Table
    nouns: dict[str, tuple[Kind, str]]
    oblique: re.Pattern[str]
    oblique_ends: frozenset[str]  # last words of what it matches: looked up first, since most names stand behind none
    complement: re.Pattern[str]
    groups: Table
    leaders: frozenset[str]
    offices: frozenset[str]  # titles of those who speak for no firm: "the minister of"
    institutions: frozenset[str]  # words in the names of bodies that only the same word stands for: "the bank"
    vantage: frozenset[str]  # what may open a sentence before its subject: "Desde Acme aseguran"
    bodies: frozenset[str]
    watchers: frozenset[str]  # public bodies that no company can be meant by: "the regulator"
    article: re.Pattern[str]
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
        nouns,
        re.compile(rf"(?<!\w)(?:(?i:{alternatives(pack.words('quotes', 'prepositions'))})(?:(?<=['’])|{GAP})"
                   rf"(?:(?i:{alternatives(definite)})(?:(?<=['’])|{GAP}))?(?:(?i:{alternatives(nouns)}){GAP})?)\Z"),
        frozenset(
            last_word(phrase) for phrase in (*pack.words("quotes", "prepositions"), *definite, *nouns) if phrase
        ),
        re.compile(rf"{GAP}(?:{alternatives(pack.words('quotes', 'complements'))})(?:(?<=['’])|{GAP})"
                   rf"(?:{alternatives(definite)}(?:(?<=['’])|{GAP}))?(?:[^\W\d_A-Z][\w’'-]{{1,24}}{GAP}){{0,2}}?"),
        groups,
        frozenset(word.lower() for word in pack.words("people", "leaders")),
        frozenset(pack.words("people", "offices")),
        frozenset(pack.words("quotes", "institutions")),
        frozenset(pack.words("quotes", "vantage")),
        frozenset(pack.words("quotes", "bodies")),
        frozenset(pack.words("quotes", "watchers")),
        re.compile(rf"(?<!\w)(?i:{alternatives(pack.words('quotes', 'articles'))}){GAP}\Z"),
        re.compile(rf"(?<!\w)(?i:{alternatives(pack.words('quotes', 'clause_openers'))})(?:(?<=['’])|{GAP})"
                   rf"(?:(?i:{alternatives(definite)})(?:(?<=['’])|{GAP}))?\Z"),
        frozenset(pack.words("quotes", "last")),
        owned,
        frozenset({*pronouns, *determiners, *groups, *owned}),
    )  # fmt: skip
