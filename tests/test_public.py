"""The public door: exactly these names, each the very object of its room."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

import dealwatch

NAMES = {
    "Amount": "model", "Article": "model", "Change": "model", "Claim": "model", "Company": "model", "Deal": "model",
    "DealQuery": "store", "DealwatchError": "errors", "Extraction": "model", "Money": "model", "Quote": "model",
    "Store": "store", "extract": "parser",
}  # fmt: skip


def test_the_door_is_exactly_this() -> None:
    assert sorted(dealwatch.__all__) == sorted(NAMES)
    with pytest.raises(AttributeError, match="no attribute 'guess'"):
        _ = dealwatch.guess


@pytest.mark.parametrize(("name", "room"), NAMES.items())
def test_a_public_name_is_its_rooms_own(name: str, room: str) -> None:
    assert getattr(dealwatch, name) is getattr(import_module(f"dealwatch.{room}"), name)


HEAVY = ("httpx", "httpcore", "feedparser", "trafilatura", "lxml", "selectolax", "sqlite_utils", "currency_converter")


@pytest.mark.parametrize("module", ["dealwatch", "dealwatch.store", "dealwatch.config", "dealwatch.changes"])
def test_reading_loads_no_network_and_no_parser_of_pages(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
