"""One deal told whole: what belongs to it, the names it answers to, why each line and each merge was believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dealwatch.__main__ import main
from dealwatch.companies import Row, build_register
from dealwatch.present.reasons import say_reason
from dealwatch.store import DealQuery, Store
from dealwatch.store.batch import Batch
from dealwatch.store.writing import Writer
from test_store import NOW, PAPER, document, rate

ROWS = [
    {"day": "2023-02-01", "target": "Sifnos", "round": "Seed", "amount": "3m EUR", "investors": ["Ostara"]},
    {"day": "2024-02-01", "target": "Sifnos", "round": "Series A", "amount": "30m EUR", "investors": ["Ostara"]},
    {"day": "2024-09-01", "target": "Sifnos", "round": "Series A extension", "amount": "9m EUR"},
    {"day": "2024-11-01", "target": "Sifnos", "amount": "5m EUR", "investors": ["Quille"], "status": "completed"},
    {"day": "2025-06-01", "type": "acquisition", "target": "Sifnos", "investors": ["Moretto"], "voice": "unnamed",
     "status": "rumoured", "amount": "~200m EUR", "source": "Ledger"},
    {"day": "2025-06-09", "type": "acquisition", "target": "Sifnos", "investors": ["Moretto"], "voice": "party",
     "amount": "240m EUR", "source": "Gazette", "marks": ["refusal"]},
]  # fmt: skip
Run = Callable[..., dict[str, object]]


@pytest.fixture
def show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    path = tmp_path / "deals.db"
    register = build_register([
        Row("sifnos", "Sifnos", "ai", formerly=("Lumisel",), renamed=(("Lumisel", "2023-05-01"),)),
        Row("pellet", "Pellet", "ai", merged_into="sifnos", merged_on="2024-01-01"),
    ])  # fmt: skip
    with Writer(path, parser="1", now=NOW, rate=rate) as writer:
        writer.sync_register(register)
        writer.save(Batch(PAPER, tuple(document(row, number) for number, row in enumerate(ROWS))))

    def call(round: str | None, kind: str = "funding_round") -> dict[str, object]:
        with Store(path) as store:
            rows = store.deals(DealQuery(any_topic=True, company="Lumisel", types=(kind,)))  # by its name of before
        (deal,) = [row["deal_id"] for row in rows if row["round"] == round]
        assert main(["--db", str(path), "deal", str(deal), "--json"]) == 0
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    return call


@pytest.mark.parametrize(
    ("kind", "round", "related"),
    [
        ("acquisition", None, [("earlier round", "Seed"), ("earlier round", "Series A"),
                               ("earlier round", "Series A extension")]),
        ("funding_round", "Series A", [("earlier round", "Seed"), ("extended by", "Series A extension"),
                                       ("takeover", None)]),
        ("funding_round", "Series A extension", [("earlier round", "Seed"), ("extends", "Series A"),
                                                 ("takeover", None)]),
        ("funding_round", None, []),  # a secondary sale stands by itself
    ],
)  # fmt: skip
def test_deals_stand_in_relations(show: Run, kind: str, round: str | None, related: list[object]) -> None:
    shown = show(round, kind)
    assert [(row["relation"], row["round"]) for row in shown["relations"]] == related  # type: ignore[attr-defined]


def test_a_line_of_the_history_says_what_it_stands_on(show: Run) -> None:
    shown = show(None, "acquisition")
    assert shown["refused_on"] == "2025-06-09"
    told = [(row["field"], row["now_source"], row["why"]) for row in shown["history"]]  # type: ignore[attr-defined]
    assert told == [
        (None, "Ledger", "unnamed sources"),
        ("amount", "Gazette", "a party says so, where before unnamed sources"),
        ("status", "Gazette", "a party says so, where before unnamed sources"),
    ]
    assert all(row["sentence"] for row in shown["history"])  # type: ignore[attr-defined]
    assert [claim["why"] for claim in shown["claims"]] == [  # type: ignore[attr-defined]
        "it begins the deal", "it shares moretto; 8 days after the last news",
    ]  # fmt: skip


def test_the_names_of_a_company_are_told_with_their_days(show: Run) -> None:
    names = [(row["relation"], row["name"], row["on"]) for row in show("Seed")["target_names"]]  # type: ignore[attr-defined]
    assert names == [("took in", "Pellet", "2024-01-01"), ("formerly", "lumisel", "2023-05-01")]


def test_every_reason_has_words() -> None:
    codes = ("investors:a", "sum", "sum:near", "sum:scale", "round:Seed", "days:0", "days:1", "retold", "retold:2023",
             "tranche", "judgement:3")  # fmt: skip
    assert all(say_reason(code) != code for code in codes)
