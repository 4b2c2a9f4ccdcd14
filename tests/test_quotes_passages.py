"""Quotes in passages written in the manner of general newspapers: how many keep their words and their speaker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from test_quotes import read

DATA = Path(__file__).parent / "data" / "quotes" / "passages.jsonl"
FLOORS = {"en": 0.94, "fr": 0.93}  # 0.952 and 0.951 of all quotes when written; 0.814 and 0.845 before their rules


def is_right(wanted: str | None, found: str | None) -> bool:
    """Nobody where nobody has a name; else the name, its last word, or the name in a phrase ("a spokesman for X")."""
    if wanted is None or found is None:
        return found is None and (wanted is None or not wanted[0].isupper() or wanted.split()[0] in PHRASES)
    return found in wanted


PHRASES = {"A", "The", "One", "Two", "Un", "Une", "Le", "La", "Les", "Deux", "MPs", "Officials", "Civil"}


def count(lang: str) -> tuple[int, int]:
    right = wanted = 0
    for line in DATA.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["lang"] != lang:
            continue
        found = {quote.text: quote.speaker for quote in read(row["text"], lang, row["title"])}
        right += sum(text in found and is_right(speaker, found[text]) for text, speaker in row["quotes"])
        wanted += len(row["quotes"])
    return right, wanted


@pytest.mark.parametrize("lang", FLOORS)
def test_passages_reach_their_floor(lang):
    right, wanted = count(lang)
    assert wanted >= 80
    assert right / wanted >= FLOORS[lang]
