"""The companies of a story: who takes part in a deal that it tells, who speaks, and nobody else."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dealwatch.companies import fold, load_register
from dealwatch.parser import extract

ROWS = tomllib.loads((Path(__file__).parent / "data/parser/parties.toml").read_text(encoding="utf-8"))["row"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['lang']}-{row['text'][:30]}")
def test_the_companies_of_a_story(row: dict[str, Any]) -> None:
    found = extract(row["text"], lang=row["lang"], register=load_register(None, "none"))
    assert {fold(company.name) for company in found.companies} == {fold(name) for name in row["want"]}
