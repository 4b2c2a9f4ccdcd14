"""What is known on each day of a deal that several papers tell over months, from their texts to the deals."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claims import money
from dealwatch.model import Claim, Deal, Origin
from dealwatch.pipeline.tasks import Record, read_record_document
from dealwatch.resolve import resolve, short_hash

LINES = tomllib.loads((Path(__file__).parent / "data/resolve/storylines.toml").read_text(encoding="utf-8"))["storyline"]
RATES = {"USD": Decimal(1), "EUR": Decimal("1.1"), "GBP": Decimal("1.3")}


def rate(currency: str, day: object) -> Decimal | None:
    return RATES.get(currency)


def claims_of(line: Mapping[str, Any]) -> Iterator[Claim]:
    """Every claim of a storyline's texts, with its key and origin."""
    for number, story in enumerate(line["story"]):
        at, text = datetime.fromisoformat(story["at"]).replace(tzinfo=UTC), story["text"].strip()
        title, article = text.partition("\n")[0], f"a{number}"
        read = read_record_document(Record(article, text, title, story["lang"], at, False))
        origin = Origin(article, story["source"], f"https://paper.example/{article}", title, at, at)
        for place, told in enumerate(read.extraction.claims):
            yield replace(told, key=short_hash(f"{article}|{place}"), origin=origin)


def wanted_of(line: Mapping[str, Any]) -> Iterator[tuple[datetime, list[dict[str, str]]]]:
    """Each day of a storyline, and its deals as they stand then."""
    deals: dict[str, dict[str, str]] = {}
    for point in line["point"]:
        for key, told in point.get("deals", {}).items():
            deals.setdefault(key, {}).update(part.strip().split("=", 1) for part in told.split(";"))
        at = datetime.fromisoformat(point["as_of"])
        yield at.replace(tzinfo=UTC), [dict(deal) for deal in deals.values()]


def names_of(told: str) -> tuple[list[str], list[str]]:
    names = [name.strip() for name in told.split(",") if name.strip()]
    return sorted(name.rstrip("*") for name in names), sorted(name.rstrip("*") for name in names if name.endswith("*"))


def is_as_wanted(deal: Deal, wanted: Mapping[str, str]) -> bool:
    """Whether a deal has each fact that it must have, and no sum, round or investor more."""
    investors, lead = names_of(wanted.get("by", ""))
    return (
        (deal.type, deal.status, deal.round) == (wanted["type"], wanted["status"], wanted.get("round"))
        and (deal.target.name if deal.target else "") in wanted.get("target", "").split("|")
        and sorted(party.name for party in deal.investors) == investors
        and sorted(party.name for party in deal.lead) == lead
        and deal.amount == money(wanted.get("amount")) and deal.valuation == money(wanted.get("worth"))
    )  # fmt: skip


def check(deals: Sequence[Deal], wanted: Sequence[Mapping[str, str]], at: datetime) -> None:
    left = list(deals)
    for one in wanted:
        found = next((deal for deal in left if is_as_wanted(deal, one)), None)
        assert found is not None, (at, one, [(d.type, d.status, d.investors, d.amount, d.round) for d in left])
        left.remove(found)
    assert not left


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["name"].partition(":")[0])
def test_what_is_known_on_each_day_follows_from_the_texts(line: Mapping[str, Any]) -> None:
    claims = list(claims_of(line))
    for at, wanted in wanted_of(line):
        known = [c for c in claims if c.origin and c.origin.published_at <= at]
        deals = resolve(known, rate=rate)
        check(deals, wanted, at)
        assert resolve(known[::-1], rate=rate) == deals
