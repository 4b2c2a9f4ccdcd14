"""Deals from rows: a text with its companies and sums given, and what is told there; and what no text may do."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.lang import load
from dealwatch.model import Amount, Claim, Company, Mention, Money
from dealwatch.parser.dating import Dates
from dealwatch.parser.deals import find_deals
from dealwatch.parser.text import read_document

DATA = Path(__file__).parent / "data" / "deals"
ROWS = [
    (f"{path.stem}-{number}", json.loads(line))
    for path in sorted(DATA.glob("*.jsonl"))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
]


def name_companies(text: str, names: list[str]) -> tuple[Company, ...]:
    found = []
    for name in names:
        spans = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
        found.append(Company(name.lower().replace(" ", "-"), name, mentions=tuple(Mention(*span) for span in spans)))
    return tuple(found)


def name_amounts(text: str, sums: dict[str, str]) -> tuple[Amount, ...]:
    found = []
    for words, meaning in sums.items():
        kind, value, currency = meaning.split()
        for match in re.finditer(rf"(?<!\d){re.escape(words)}(?!\w)", text):
            money = Money(Decimal(value), Decimal(value), currency)
            found.append(Amount(match.start(), match.end(), words, money, kind))  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda amount: amount.start))


def read(row: dict) -> tuple[Claim, ...]:
    document = read_document(row["text"], load(row["lang"]), date.fromisoformat(row["published"]))
    return find_deals(
        document, name_companies(row["text"], row["companies"]), name_amounts(row["text"], row["amounts"])
    )


def plain(claim: Claim) -> dict:
    return {
        "type": claim.type,
        "status": claim.status,
        "investors": [party.name for party in claim.investors],
        "lead": [party.name for party in claim.lead],
        "target": claim.target.name if claim.target else None,
        "amount": float(claim.amount.low or 0) if claim.amount else None,
        "valuation": float(claim.valuation.low or 0) if claim.valuation else None,
        "round": claim.round,
        "stake_pct": claim.stake_pct,
        "date": claim.date,
        "main": claim.main,
        "voice": claim.voice,
    }


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[name for name, _ in ROWS])
def test_rows(name: str, row: dict) -> None:
    told = [plain(claim) for claim in read(row)]
    assert [{key: deal[key] for key in want} for deal, want in zip(told, row["deals"], strict=False)] == row["deals"]
    assert len(told) == len(row["deals"]), told


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[name for name, _ in ROWS])
def test_every_filled_slot_has_its_words(name: str, row: dict) -> None:
    for claim in read(row):
        told = {item.field for item in claim.evidence}
        filled: dict = {"investor": claim.investors, "target": claim.target, "amount": claim.amount}
        filled |= {"round": claim.round}
        filled |= {"valuation": claim.valuation, "stake_pct": claim.stake_pct, "lead": claim.lead, "date": claim.date}
        assert {field for field, value in filled.items() if value not in (None, ())} <= told
        assert all(row["text"][e.start : e.end] and row["text"][e.start : e.end] in e.sentence for e in claim.evidence)


PIECES = [
    *["Mantle", "Corvid", "raises", "buys", "rachète", "lève", "led", "and", "has", "not", "est", "of", "it"],
    *["$5 million", "auprès de", "led by", "in 2019", "on Tuesday", "12", "%", ":", ",", ". ", "\n\n"],
    *"()«»“”",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(["en", "fr", "de", "und"]))
def test_any_text_is_read(pieces: list[str], lang: str) -> None:
    text = " ".join(pieces)
    document = read_document(text, load(lang), date(2025, 3, 12))
    companies = name_companies(text, ["Mantle", "Corvid"])
    for claim in find_deals(document, companies, name_amounts(text, {"$5 million": "investment 5000000 USD"})):
        assert 0 < claim.confidence <= 1
        assert all(0 <= item.start < item.end <= len(text) for item in claim.evidence)
        assert claim.target is None or claim.target.id not in {party.id for party in claim.investors}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "fr"]))
def test_no_text_raises(text: str, lang: str) -> None:
    find_deals(read_document(text, load(lang), date(2025, 3, 12)), (), ())
    Dates(text, load(lang), date(2025, 3, 12)).within(0, len(text))


DATES = [
    ("en", "said on Tuesday", ["2025-03-11"]),
    ("en", "announced today", ["2025-03-12"]),
    ("en", "LEEDS, March 3, 2025 - news", ["2025-03-03"]),
    ("en", "in June 2023 and in 2019", ["2023-06", "2019"]),
    ("en", "two years ago", ["2023"]),
    ("en", "last August", ["2024-08"]),
    ("en", "founded in 2019", []),
    ("fr", "a annoncé mardi", ["2025-03-11"]),
    ("fr", "Lyon, le 5 mars 2025 - texte", ["2025-03-05"]),
    ("fr", "en juin 2023, puis en 2021", ["2023-06", "2021"]),
    ("fr", "il y a deux ans", ["2023"]),
    ("fr", "aujourd'hui", ["2025-03-12"]),
    ("fr", "fondée en 2015", []),
]


@pytest.mark.parametrize(("lang", "text", "values"), DATES)
def test_dates(lang: str, text: str, values: list[str]) -> None:
    assert [found.value for found in Dates(text, load(lang), date(2025, 3, 12)).within(0, len(text))] == values


HOSTILE = [
    "Mantle raises $5 million from Corvid, ",
    "((((",
    "led by led by ",
    "in in in ",
    "Mantle Mantle, and ",
    "« “ ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_linearly(piece: str) -> None:
    """A megabyte of hostile text takes seconds at most, and no sentence of it costs more than its length."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        document = read_document(text, load("en"), date(2025, 3, 12))
        companies = name_companies(text, ["Mantle", "Corvid"])
        amounts = name_amounts(text, {"$5 million": "investment 5000000 USD"})
        start = time.perf_counter()
        find_deals(document, companies, amounts)
        return time.perf_counter() - start

    small, large = seconds(4_000), seconds(64_000)
    assert large < 40 * small + 0.5
