"""Organisations in texts: rows of every language, and what holds for any text."""

from __future__ import annotations

import time
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.companies import fold, load_register
from dealwatch.lang import load
from dealwatch.parser.names import find_companies, find_references
from dealwatch.parser.people import find_people
from dealwatch.parser.text import Document, read_document
from dealwatch.parser.topic import is_ai

DATA = Path(__file__).parent / "data" / "names"


def _rows(kind: str = "row") -> list[Any]:
    rows = []
    for path in sorted(DATA.glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8")).get(kind, []):
            row.setdefault("lang", path.stem)
            rows.append(pytest.param(row, id=f"{row['lang']}-{row['text'].splitlines()[-1][:40]}"))
    return rows


def _read(text: str, lang: str = "en") -> Document:
    return read_document(text, load(lang))


@pytest.mark.parametrize("row", _rows())
def test_the_organisations_of_a_row_are_found(row: dict[str, Any]) -> None:
    doc = _read(row["text"], row["lang"])
    found = find_companies(doc, load_register(None, row.get("register", "none")), find_people(doc))
    names = {fold(company.name) for company in found}
    assert {fold(name) for name in row.get("want", [])} <= names
    assert not {fold(name) for name in row.get("never", [])} & names


@pytest.mark.parametrize("row", _rows("reference"))
def test_a_common_noun_means_the_right_company(row: dict[str, Any]) -> None:
    doc = _read(row["text"], row["lang"])
    companies = find_companies(doc, load_register(), find_people(doc))
    found = [(doc.text[start:end], company) for start, end, company in find_references(doc, companies)]
    assert found == [tuple(pair) for pair in row["want"]]


@pytest.mark.parametrize("row", _rows("topic"))
def test_the_topic_is_told(row: dict[str, Any]) -> None:
    assert is_ai(_read(row["text"], row["lang"])) is row["ai"]


def test_one_company_holds_all_its_mentions_and_its_id() -> None:
    text = "Deal\n\nVesper Analytics, a startup, bought Oxbow Systems. Vesper paid. OpenAI watched; Open AI said so."
    doc = _read(text)
    found = {company.id: company for company in find_companies(doc, load_register(), ())}
    assert [text[m.start : m.end] for m in found["vesper-analytics"].mentions] == ["Vesper Analytics", "Vesper"]
    assert [text[m.start : m.end] for m in found["openai"].mentions] == ["OpenAI", "Open AI"]
    assert (found["openai"].known, found["openai"].ai, found["openai"].kind) == (True, True, "ai")
    assert (found["oxbow-systems"].known, found["oxbow-systems"].kind) == (False, "unknown")


_PIECES = st.lists(
    st.sampled_from(
        ["Acme", "Apple", "the", "startup", "OpenAI", "'s", ",", ".", "\n\n", " ", " & ", "and", "de", "l'", "Bank",
         "of", "raises", "«", "”", "X", "4C", "brick.ai", "(", ")", "Labs", "é", "Microsoft", "Orange", "—", "AB"],
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_PIECES.map(" ".join) | st.text(max_size=120), st.sampled_from(["en", "fr", "de", "es", "und"]))
def test_spans_are_sound_in_any_text(text: str, lang: str) -> None:
    doc = _read(text, lang)
    people = find_people(doc)
    found = find_companies(doc, load_register(), people)
    places = sorted((m.start, m.end) for company in found for m in company.mentions)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(first[1] <= second[0] for first, second in pairwise(places))
    assert len({company.id for company in found}) == len(found)
    assert all(company.name and company.id and company.mentions for company in found)
    ids = {company.id for company in found}
    assert all(0 <= start < end <= len(text) and name in ids for start, end, name in find_references(doc, found))


HOSTILE = ["Aa Bb ", "A & ", "Bank of ", "X (", "la start-up ", "Université de la ", "Xa, ", "A\n\n"]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_time_grows_linearly_with_hostile_text(piece: str, lang: str) -> None:
    doc = _read(piece * (50_000 // len(piece)), lang)
    begin = time.perf_counter()
    find_references(doc, find_companies(doc, load_register(), ()))
    assert time.perf_counter() - begin < 5  # 50 kB take a third of a second; a quadratic rule would take half a minute
