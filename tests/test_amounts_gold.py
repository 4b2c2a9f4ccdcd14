"""Floors under the measured quality of sums, on labelled stories that lie beside the project and are no part of it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dealwatch.lang import load
from dealwatch.model import Amount
from dealwatch.parser.amounts import find_amounts
from dealwatch.parser.text import read_document

GOLD = Path(__file__).parents[2] / "shared" / "gold"
pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="the labelled stories are not beside the project")


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_score", GOLD / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_record(amount: Amount) -> dict[str, Any]:
    money = amount.money
    low, high, scale = (None if n is None else float(n) for n in (money.low, money.high, money.scale))
    return {"start": amount.start, "end": amount.end, "low": low, "high": high, "scale": scale,
            "currency": money.currency, "qualifier": money.qualifier, "kind": amount.kind}  # fmt: skip


def measured(name: str, lang: str) -> dict[str, Any]:
    rows = [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines() if line.strip()]
    gold = {row["id"]: {"amounts": row["amounts"]} for row in rows if row["lang"] == lang}
    found = {
        row["id"]: {"amounts": [as_record(a) for a in find_amounts(read_document(row["text"], load(lang)))]}
        for row in rows
        if row["lang"] == lang
    }
    figures: dict[str, Any] = scorer().score(gold, found)
    return figures


@pytest.mark.parametrize(
    ("name", "lang", "f1", "qualifier", "kind"),
    [
        ("amounts/news_en_dev.jsonl", "en", 0.99, 0.99, 0.91),
        ("amounts/news_fr_dev.jsonl", "fr", 0.99, 0.99, 0.91),
        ("amounts/news_de_dev.jsonl", "de", 0.98, 0.98, 0.86),
        ("amounts/news_es_dev.jsonl", "es", 0.96, 0.98, 0.92),
        ("stories_dev.jsonl", "en", 0.98, 0.98, 0.85),
        ("stories_dev.jsonl", "fr", 0.97, 0.98, 0.88),
        ("stories_dev.jsonl", "de", 0.98, 0.98, 0.93),
        ("stories_dev.jsonl", "es", 0.93, 0.98, 0.92),
        ("stories_dev.jsonl", "it", 0.97, 0.98, 0.92),
        ("stories_dev.jsonl", "pt", 0.97, 0.98, 0.90),
        ("real_dev.jsonl", "fr", 0.97, 0.98, 0.84),
        ("amounts/news_zh_dev.jsonl", "zh", 0.99, 0.99, 0.99),
        ("amounts/news_ja_dev.jsonl", "ja", 0.99, 0.99, 0.99),
    ],
)
def test_floors(name: str, lang: str, f1: float, qualifier: float, kind: float) -> None:
    figures = measured(name, lang)
    assert figures["amounts"]["f1"] >= f1
    assert figures["accuracy"]["amount qualifier"]["accuracy"] >= qualifier
    assert figures["accuracy"]["amount kind"]["accuracy"] >= kind


@pytest.mark.parametrize(
    ("lang", "f1"), [("de", 0.98), ("es", 0.92), ("it", 0.94), ("pt", 0.96), ("nl", 0.90), ("zh", 0.84), ("ja", 0.99)]
)
def test_floors_on_public_suites(lang: str, f1: float) -> None:
    path = GOLD / "amounts" / f"specs_{lang}_dev.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    gold = {row["id"]: {"amounts": row["amounts"]} for row in rows}
    found = {
        row["id"]: {"amounts": [as_record(a) for a in find_amounts(read_document(row["text"], load(lang)))]}
        for row in rows
    }
    assert scorer().score(gold, found)["amounts"]["f1"] >= f1


@pytest.mark.parametrize(
    ("name", "lang", "f1"), [("amounts/specs_en_dev.jsonl", "en", 0.94), ("amounts/specs_fr_dev.jsonl", "fr", 0.96)]
)
def test_spec_floors(name: str, lang: str, f1: float) -> None:
    """The public suites tell no qualifier and no kind, and their "more than" is exact: 0.98 would be the best there."""
    assert measured(name, lang)["amounts"]["f1"] >= f1
