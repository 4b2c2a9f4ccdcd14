"""The packs as data: which language a text is in, and that every section of money compiles in each of them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dealwatch.lang import codes, detect, load
from dealwatch.parser.currencies import vocabulary

ROWS = tomllib.loads((Path(__file__).parent / "data" / "lang" / "detect.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("lang", "text"), [(lang, text) for lang, texts in ROWS.items() for text in texts])
def test_detection(lang: str, text: str) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize("code", codes())
def test_every_pack_has_money(code: str) -> None:
    words = vocabulary(load(code))
    assert words.currencies
    assert words.scales
