"""Companies that speak, in marks or out of them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dealwatch.companies import load_register
from dealwatch.lang import load
from dealwatch.parser.names import find_companies
from dealwatch.parser.people import find_people
from dealwatch.parser.text import read_document
from dealwatch.parser.voices import find_voices

ROWS = tomllib.loads((Path(__file__).parent / "data/parser/voices.toml").read_text(encoding="utf-8"))["row"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:40])
def test_who_speaks(row: dict[str, object]) -> None:
    document = read_document(str(row["text"]), load(str(row["lang"])))
    people = find_people(document)
    companies = find_companies(document, load_register(), people)
    speaking = find_voices(document, people, companies)
    assert [company.name for company in companies if company.id in speaking] == row["speak"]
