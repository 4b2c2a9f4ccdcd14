"""What sums measure: rows in files, and the deals that no price, revenue, fine or market size may enter."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dealwatch.lang import load
from dealwatch.parser import extract
from dealwatch.parser.amounts import find_amounts
from dealwatch.parser.text import read_document

DATA = Path(__file__).parent / "data" / "amounts" / "kinds"
MARK = re.compile(r"\{([^{}]*)\}")


def rows() -> list[tuple[str, str, tuple[str, ...]]]:
    found = []
    for path in sorted(DATA.glob("*.toml")):
        for text, *kinds in tomllib.loads(path.read_text(encoding="utf-8"))["rows"]:
            found.append((path.stem, text, tuple(kinds)))
    return found


@pytest.mark.parametrize(("lang", "marked", "kinds"), rows())
def test_rows(lang: str, marked: str, kinds: tuple[str, ...]) -> None:
    found = find_amounts(read_document(MARK.sub(r"\1", marked), load(lang), has_title=False))
    assert [item.text for item in found] == MARK.findall(marked)
    assert tuple(item.kind for item in found) == kinds


def stories() -> list[tuple[str, str, tuple[float, ...]]]:
    found = []
    for path in sorted((DATA / "never").glob("*.toml")):
        for text, *amounts in tomllib.loads(path.read_text(encoding="utf-8"))["rows"]:
            found.append((path.stem, text, tuple(amounts)))
    return found


@pytest.mark.parametrize(("lang", "text", "amounts"), stories())
def test_what_is_no_deals_sum_enters_no_deal(lang: str, text: str, amounts: tuple[float, ...]) -> None:
    claims = extract(text, lang=lang).claims
    assert tuple(float(claim.amount.low or 0) for claim in claims if claim.amount) == amounts
    assert [claim.valuation for claim in claims if claim.valuation] == []
