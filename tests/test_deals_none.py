"""Stories that speak of deals and tell none: concerns raised, results, fines, hires, prizes, jokes, suppositions."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealwatch.parser import extract

DATA = Path(__file__).parent / "data" / "parser" / "no_deals.toml"
ROWS = tomllib.loads(DATA.read_text(encoding="utf-8"))["row"]
PUBLISHED = datetime(2025, 3, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize("row", ROWS, ids=[row["text"].split("\n")[0] for row in ROWS])
def test_nothing_is_claimed(row: dict) -> None:
    assert extract(row["text"], lang=row["lang"], published=PUBLISHED).claims == ()
