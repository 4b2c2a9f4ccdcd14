"""The story that the project began with, from the labelled set where it is at hand: what must be read from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from dealwatch import Extraction, extract

STORIES = Path(__file__).parent.parent.parent / "shared/gold/stories_dev.jsonl"
pytestmark = pytest.mark.skipif(not STORIES.exists(), reason="no ../shared/gold here")


@cache
def read() -> tuple[dict, Extraction]:
    with STORIES.open(encoding="utf-8") as file:
        told = json.loads(file.readline())
    return told, extract(told["text"], published=datetime.fromisoformat(told["published"]).replace(tzinfo=UTC))


def test_the_deal_of_the_day_and_the_two_before_it() -> None:
    told, found = read()
    shown = [
        (c.type, [p.name for p in c.investors], c.target and c.target.name, c.status, c.date, c.main)
        for c in found.claims
    ]
    assert sorted(shown) == sorted(
        (d["type"], d["investors"], d["target"], d["status"], d["date"], d["main"]) for d in told["deals"]
    )
    main = next(claim for claim in found.claims if claim.main)
    assert main.amount
    assert (main.amount.low, main.amount.currency, main.amount.qualifier) == (10_000_000_000, "USD", "approx")


def test_every_sum_and_every_quote_with_its_speaker() -> None:
    told, found = read()
    sums = [(a["text"], a["qualifier"]) for a in told["amounts"]]
    assert [(a.text, a.money.qualifier) for a in found.amounts] == sums
    assert [(q.text, q.speaker) for q in found.quotes] == [(q["text"], q["speaker"]) for q in told["quotes"]]
    assert [q.speaker for q in found.quotes if not q.closed] == ["David Hickton"]
