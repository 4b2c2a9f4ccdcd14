"""Claims in short, for tests: a row of TOML to a `Claim` with its key and origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from dealwatch.companies import company_id
from dealwatch.model import Claim, Evidence, Money, Origin, Party
from dealwatch.resolve import short_hash

_SUM = re.compile(
    r"(?P<sign>[~<>]?)(?P<low>[\d.]+)(?P<unit>m|bn)(?:-(?P<high>[\d.]+)(?P<unit2>m|bn))? (?P<code>[A-Z]{3})\Z"
)
_UNITS = {"m": Decimal(10) ** 6, "bn": Decimal(10) ** 9}
_VAGUE = re.compile(r"vague (?P<unit>m|bn) (?P<code>[A-Z]{3})\Z")


def money(text: str | None) -> Money | None:
    """A sum from "10m EUR", "~10m EUR", "<10m EUR" (at most), ">10m EUR" (at least), "5m-7m EUR" or "vague bn USD"."""
    if not text:
        return None
    vague = _VAGUE.match(text)
    if vague:
        return Money(None, None, vague["code"], "vague", _UNITS[vague["unit"]])
    found = _SUM.match(text)
    assert found, text
    low = Decimal(found["low"]) * _UNITS[found["unit"]]
    if found["high"]:
        return Money(low, Decimal(found["high"]) * _UNITS[found["unit2"]], found["code"], "range")
    least, most, qualifier = {
        "": (low, low, "exact"), "~": (low, low, "approx"), "<": (None, low, "at_most"), ">": (low, None, "at_least"),
    }[found["sign"]]  # fmt: skip
    return Money(least, most, found["code"], qualifier)  # type: ignore[arg-type]


def party(name: str) -> Party:
    """A party from "Cordel Data" or "Cordel Data (Cordel)", the short form in brackets."""
    full, _, short = name.partition(" (")
    return Party(company_id(full), full, (company_id(short.rstrip(")")),) if short else ())


def claim(row: Mapping[str, Any], number: int = 0) -> Claim:
    """The claim of a row: day, target, investors, amount and so on; what is left out has its usual value."""
    day = datetime.fromisoformat(str(row["day"]))
    at = day.replace(tzinfo=UTC) if day.tzinfo is None else day
    article = row.get("article", f"a{number}")
    seen = datetime.fromisoformat(str(row["seen"])).replace(tzinfo=UTC) if "seen" in row else at
    origin = Origin(
        article, row.get("source", f"Paper {number}"), f"https://paper.example/{article}", row.get("title", article),
        at, seen, simhash=row.get("simhash", 0),
    )  # fmt: skip
    return Claim(
        type=row.get("type", "funding_round"), status=row.get("status", "announced"),
        investors=tuple(map(party, row.get("investors", ()))), lead=tuple(map(party, row.get("lead", ()))),
        target=party(row["target"]) if row.get("target") else None, amount=money(row.get("amount")),
        valuation=money(row.get("valuation")), round=row.get("round"), stake_pct=row.get("stake_pct"),
        date=row.get("date"), main=row.get("main", True), voice=row.get("voice", "press"), ai=row.get("ai", True),
        evidence=tuple(Evidence(mark, 0, 1, f"The {mark}.") for mark in row.get("marks", ())),
        key=short_hash(f"{article}|{row.get('target')}|{row.get('type')}|{number}"), origin=origin,
    )  # fmt: skip
