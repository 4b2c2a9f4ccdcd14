"""Claims to deals: what must become of stories that agree, differ, come late or retell."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import claim, money
from dealwatch.changes import compare, history
from dealwatch.model import Claim, Deal, Judgement
from dealwatch.resolve import deal_id, fold, resolve

CASES = tomllib.loads((Path(__file__).parent / "data/resolve/stories.toml").read_text(encoding="utf-8"))["case"]
RATES = {"USD": Decimal(1), "EUR": Decimal("1.05"), "GBP": Decimal("1.3")}


def rate(currency: str, day: object) -> Decimal | None:
    return RATES.get(currency)


def claims_of(case: Mapping[str, Any]) -> list[Claim]:
    return [claim(row, number) for number, row in enumerate(case["claims"])]


def facts_of(deal: Deal, wanted: Mapping[str, Any]) -> dict[str, object]:
    shown: dict[str, object] = {
        "investors": sorted(p.name for p in deal.investors), "target": deal.target.name if deal.target else None
    }  # fmt: skip
    return {key: shown.get(key, getattr(deal, key, None)) for key in wanted if key != "claims"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_stories_become_these_deals(case: Mapping[str, Any]) -> None:
    claims = claims_of(case)
    deals = resolve(claims, rate=rate)
    numbers = {c.key: number for number, c in enumerate(claims)}
    found = {tuple(sorted(numbers[c.key] for c in deal.claims)): deal for deal in deals}
    assert sorted(found) == sorted(tuple(wanted["claims"]) for wanted in case["deals"])
    for wanted in case["deals"]:
        told = {key: value for key, value in wanted.items() if key != "claims"}
        told |= {key: money(told[key]) for key in ("amount", "valuation") if key in told}
        assert facts_of(found[tuple(wanted["claims"])], wanted) == told


@given(st.sampled_from(CASES).flatmap(lambda case: st.permutations(claims_of(case))))
def test_any_order_of_arrival_gives_the_same_deals(claims: Sequence[Claim]) -> None:
    assert resolve(claims, rate=rate) == resolve(sorted(claims, key=lambda c: c.key), rate=rate)


ROWS = [row for case in CASES for row in case["claims"]]


@given(st.lists(st.sampled_from(ROWS), max_size=12).flatmap(st.permutations))
@settings(max_examples=150)
def test_mixed_stories_keep_every_claim_once_and_tell_what_they_stand_on(rows: Sequence[Mapping[str, Any]]) -> None:
    claims = [claim(row | {"article": f"x{number}"}, number) for number, row in enumerate(rows)]
    deals = resolve(claims, rate=rate)
    assert sorted(c.key for deal in deals for c in deal.claims) == sorted(c.key for c in claims)
    for deal in deals:
        assert deal.id == deal_id(deal.claims[0].key)
        assert set(deal.support.values()) <= {c.key for c in deal.claims}
        assert (deal.amount is None) == ("amount" not in deal.support)
        assert fold(deal.claims, rate).id == deal.id


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_the_past_is_a_prefix(case: Mapping[str, Any]) -> None:
    """What was known at a time does not change when later stories come: the groups so far are parts of later ones."""
    claims = sorted(claims_of(case), key=lambda c: (c.origin.published_at if c.origin else None, c.key))
    for end in range(1, len(claims)):
        later = {c.key: deal.id for deal in resolve(claims, rate=rate) for c in deal.claims}
        for deal in resolve(claims[:end], rate=rate):
            assert len({later[c.key] for c in deal.claims}) == 1


def test_changes_between_two_days() -> None:
    claims = claims_of(next(case for case in CASES if case["name"] == "one deal a bidder"))
    before, after = resolve(claims[:2], rate=rate), resolve(claims, rate=rate)
    told = [(c.change, c.field, c.at.date().isoformat() if c.at else None) for c in compare(before, after)]
    assert told == [("new", None, "2025-10-01"), ("called_off", "status", "2025-10-29")]


def test_the_history_of_a_deal_tells_each_change_with_both_sources() -> None:
    claims = claims_of(next(case for case in CASES if case["name"].startswith("a figure that grows")))
    (deal,) = resolve(claims, rate=rate)
    lines = history(deal, rate)
    amounts = [(c.was.middle if hasattr(c.was, "middle") else None, c.now.middle) for c in lines if c.field == "amount"]  # type: ignore[attr-defined]
    assert [int(now / 10**9) for _, now in amounts] == [50, 100, 110, 122]
    assert lines[0].change == "new"
    assert all(c.now_source for c in lines)
    assert [c.now for c in lines if c.field == "status"] == ["announced", "completed"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_a_state_does_not_differ_from_itself(case: Mapping[str, Any]) -> None:
    deals = resolve(claims_of(case), rate=rate)
    assert compare(deals, deals) == ()


def test_judgements_join_part_and_reject() -> None:
    rows = [
        {"day": "2025-03-03", "target": "Inflexion AI", "amount": "100m USD"},
        {"day": "2025-03-03", "target": "Inflexia AI", "amount": "100m USD"},
        {"day": "2025-03-04", "target": "Inflexion AI", "amount": "100m USD"},
    ]
    one, two, three = (claim(row, number) for number, row in enumerate(rows))
    assert len(resolve([one, two, three])) == 2
    merged = resolve([one, two, three], [Judgement(1, "merge", (one.key, two.key))])
    assert [len(deal.claims) for deal in merged] == [3]
    assert len(resolve([one, three], [Judgement(1, "split", (three.key,))])) == 2
    assert len(resolve([one, two], [Judgement(1, "reject", (two.key,))])) == 1


def test_near_deals_of_one_company_are_doubted() -> None:
    rows = [
        {"day": "2025-03-03", "target": "Sifnos", "amount": "100m EUR", "investors": ["Ostara"]},
        {"day": "2025-03-20", "target": "Sifnos", "amount": "10m EUR", "investors": ["Halden"]},
    ]
    deals = resolve([claim(row, number) for number, row in enumerate(rows)])
    assert [deal.doubts for deal in deals] == [(deals[1].id,), (deals[0].id,)]
