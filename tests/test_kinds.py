"""What sums measure: rows in files, and the deals that no price, revenue, fine or market size may enter."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dealwatch.lang import load
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
