"""Quotes: what stands between the marks and who said it; other marked words are none."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counting import count_work
from dealwatch.companies import load_register
from dealwatch.lang import UNKNOWN, codes, load
from dealwatch.parser.cues import cue_index, document_words
from dealwatch.parser.names import find_companies
from dealwatch.parser.people import find_people
from dealwatch.parser.quotes import find_quotes
from dealwatch.parser.runs import runs_of
from dealwatch.parser.text import read_document

DATA = Path(__file__).parent / "data" / "quotes"
PIECES = st.sampled_from([
    "“", "”", '"', "«", "»", "‘", "’", "'", " ", ", ", ". ", ": ", "\n", "Ann Lee", "Éric Blois", "she", "dit-il",
    "said", "selon", "Acme Data", "the company", "le groupe", "chief executive of", "— ", "27", "We agree", "(", "d'",
])  # fmt: skip


def rows(name):
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def read(text, lang, title=False):
    document = read_document(text, load(lang), has_title=title)
    people = find_people(document)
    return find_quotes(document, people, find_companies(document, load_register(), people))


@pytest.mark.parametrize("row", rows("rows.jsonl"), ids=lambda row: row["text"][:40])
def test_rows(row):
    assert [[q.text, q.speaker] for q in read(row["text"], row["lang"], row.get("title", False))] == row["quotes"]


@pytest.mark.parametrize("row", rows("stories.jsonl"), ids=lambda row: row["text"][:40])
def test_stories(row):
    assert [[q.text, q.speaker] for q in read(row["text"], row["lang"], True)] == row["quotes"]


@pytest.mark.parametrize("row", rows("de.jsonl"), ids=lambda row: row["text"][:40])
def test_german_rows_with_the_words_that_name_the_speaker(row):
    found = read(row["text"], "de")
    words = [row["text"][q.mention_start : q.mention_end] if q.mention_end else None for q in found]
    assert [[q.text, q.speaker, word] for q, word in zip(found, words, strict=True)] == row["quotes"]


@pytest.mark.parametrize("row", rows("de_news.jsonl"), ids=lambda row: row["text"][:40])
def test_german_rows_of_news(row):
    """The speaker's name, or where there is none the words that point at whoever speaks."""
    text, found = row["text"], read(row["text"], "de")
    assert [q.text for q in found] == [words for words, _, _ in row["quotes"]]
    for quote, (_, name, pointer) in zip(found, row["quotes"], strict=True):
        assert name is None or quote.speaker == name
        start = text.find(pointer) if pointer else -1
        assert start < 0 or max(start, quote.mention_start) < min(start + len(pointer), quote.mention_end)


@pytest.mark.parametrize("lang", ["es", "it", "pt"])
@pytest.mark.parametrize("kind", ["quotes", "traps"])
def test_romance_rows(lang, kind):
    found = [row for row in rows(f"{lang}.jsonl") if bool(row["quotes"]) == (kind == "quotes")]
    for row in found:
        got = [[q.text, q.speaker] for q in read(row["text"], lang, row.get("title", False))]
        assert got == row["quotes"], row["text"]
    assert len(found) >= {"quotes": 25, "traps": 2}[kind]


@pytest.mark.parametrize("row", rows("traps.jsonl"), ids=lambda row: row["text"][:40])
def test_marked_words_that_nobody_said(row):
    assert [q.text for q in read(row["text"], row["lang"])] == []


def traps():
    for lang in ("en", "fr"):
        table = tomllib.loads((DATA / f"traps_{lang}.toml").read_text("utf-8"))
        yield from ((lang, row["text"], row.get("quotes", [])) for row in table["trap"])


@pytest.mark.parametrize(("lang", "text", "quotes"), tuple(traps()))
def test_traps(lang, text, quotes):
    assert [[q.text, q.speaker] for q in read(text, lang)] == quotes


@pytest.mark.parametrize("name", ["rows.jsonl", "traps.jsonl"])
def test_both_languages_have_rows(name):
    count = {lang: sum(row["lang"] == lang for row in rows(name)) for lang in ("en", "fr")}
    assert min(count.values()) >= 20


def test_an_unclosed_quote_says_so():
    (found,) = read("Ann Lee said: “It was a hard year. The shares rose.", "en")
    assert (found.text, found.closed) == ("It was a hard year.", False)


def test_a_cue_names_title_and_house():
    (found,) = read("“It was a hard year,” said Ann Lee, chief executive of Tarn Data.", "en")
    assert (found.speaker_title, found.speaker_org) == ("chief executive", "Tarn Data")
    assert (found.cue, found.kind) == ("said Ann Lee", "direct")


@pytest.mark.parametrize("row", rows("houses.jsonl"), ids=lambda row: row["text"][-40:])
def test_whose_founder_or_chief_a_speaker_is(row):
    assert [quote.speaker_org for quote in read(row["text"], row["lang"])] == [row["house"]]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES, max_size=40).map("".join) | st.text(alphabet="“”\"«»‘’' .,:\nAaéŒs-—") | st.text(),
    st.sampled_from(["en", "fr", "de", "it", "und"]),
)
def test_spans_match_and_stand_apart(text, lang):
    end = 0
    for quote in read(text, lang):
        assert text[quote.start : quote.end] == quote.text
        assert quote.start >= end
        assert (quote.mention_start is None) == (quote.mention_end is None)
        end = quote.end


HOSTILE = [
    "Ann Lee\n", '"a" ', "“ ", "« ", "» ", "” ", "„ ", "' ", "‘a’ ", '" ', "“a\n", "« a\n", "said ", "dit-il ",
    "a dit ", "selon ", "A ", "A.", "Ann, ", "Ann Lee, ", "Mr Lee ", "he ", "of the ", "de la ", "— Non, dit-il. ",
    '27" ', "president, ", "the chief executive of the company, Ann Lee, ", "“a,” said Ann Lee, head of Acme. ",
]  # fmt: skip


def work(text, lang):
    """Calls and returns while the quotes of a text are found."""
    document = read_document(text, load(lang), has_title=False)
    return count_work(lambda: find_quotes(document, find_people(document), ()))


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_with_the_text(piece, lang):
    work(piece * 3, lang)
    small, large = work(piece * (4_000 // len(piece)), lang), work(piece * (40_000 // len(piece)), lang)
    assert large <= 12 * small + 20_000


CUES = {
    "en": ["said ", "according to "], "fr": ["a dit ", "dit-il ", "selon "], "de": ["sagte ", "laut "],
    "es": ["dijo ", "a ", "según "], "it": ["ha detto ", "a ", "secondo "], "pt": ["disse ", "a ", "segundo "],
    "nl": ["zei ", "volgens "], "zh": ["说", "表示："], "ja": ["述べた", "と"],
}  # fmt: skip
DENSE = ['"a" ', "« a » ", '"a\n', "Mr Lee ", "Ann Lee\n", "— Non, dit-il. ", "he ", "A "]


@pytest.mark.parametrize("lang", [*codes(), UNKNOWN])
def test_work_grows_with_the_text_in_every_language(lang):
    """Ten times the text, where what is read at most does not yet hold it down: ten times the calls, and no more."""
    for piece in (*DENSE, *CUES.get(lang, ())):
        work(piece * 3, lang)
        small, large = work(piece * (500 // len(piece)), lang), work(piece * (5_000 // len(piece)), lang)
        assert large <= 12 * small + 20_000, piece


def test_what_is_read_of_a_text_made_of_them_has_a_bound():
    """Runs, words and cues: a megabyte of nothing else costs no more than a megabyte of news."""
    text = "Mr Lee dit-il A a " * 9_000
    document = read_document(text, load("fr"), has_title=False)
    assert len(runs_of(document)) <= 2_000 + len(text) // 120 + 20
    assert len(cue_index(document).inverted.items) == 2_000 + len(text) // 100
    assert len(document_words(document).words) == 5_000 + len(text) // 5


def test_work_grows_with_a_text_of_a_megabyte():
    piece = '"a" '
    small, large = work(piece * (100_000 // len(piece)), "en"), work(piece * (1_000_000 // len(piece)), "en")
    assert large <= 12 * small
