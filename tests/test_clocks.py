"""Two clocks, one truth: the deals of a day and the changes since make the deals of a later day, edits included."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from claims import claim
from dealwatch.changes import FIELDS, change_rows, compare
from dealwatch.model import Deal, Party
from dealwatch.resolve import resolve
from dealwatch.store import DealQuery, Store
from dealwatch.store.batch import Batch, Document
from dealwatch.store.writing import Writer
from test_store import PAPER, document, rate

CASES = tomllib.loads((Path(__file__).parent / "data/resolve/stories.toml").read_text(encoding="utf-8"))["case"]
ROWS = [row for case in CASES for row in case["claims"] if row.get("target") or row.get("investors")]
NOW = datetime(2030, 1, 1, tzinfo=UTC)
ANY = DealQuery(any_topic=True)


def edit(told: Document, row: Mapping[str, Any], days: int, *, withdrawn: bool) -> Document:
    """The same article with another row's claim, or with none, some days later."""
    other = document({**row, "more": "Edited."}, 99)
    extraction = replace(other.extraction, claims=()) if withdrawn else other.extraction
    at = (told.article.published or NOW) + timedelta(days=days)
    return replace(told, article=replace(told.article, modified=at), extraction=extraction, observed_at=at)


stories = st.lists(st.sampled_from(ROWS), min_size=1, max_size=8)
edits = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(ROWS), st.integers(1, 90), st.booleans()), max_size=3,
    unique_by=lambda one: one[0],
)  # fmt: skip


def shown(deal: Deal) -> dict[str, object]:
    """A deal by the fields of `diff`, as its rows show them; parties without order."""

    def plain(value: object) -> object:
        if isinstance(value, tuple):
            return sorted(party.name for party in value)
        return value.name if isinstance(value, Party) else value

    return {field: plain(getattr(deal, attribute)) for field, attribute in FIELDS}


@given(stories, edits, st.data())
@settings(max_examples=60, deadline=None)
def test_the_deals_of_a_day_and_the_changes_since_make_those_of_a_later_day(
    rows: Sequence[Mapping[str, Any]], edited: Sequence[tuple[int, Mapping[str, Any], int, bool]], data: st.DataObject
) -> None:
    told = [document({**row, "article": f"x{number}"}, number) for number, row in enumerate(rows)]
    later = [edit(told[n], row, days, withdrawn=gone) for n, row, days, gone in edited if n < len(told)]
    times = sorted(t for one in (*told, *later) for t in (one.article.published, one.article.modified) if t)
    start, end = sorted((data.draw(st.sampled_from(times)), data.draw(st.sampled_from(times))))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deals.db"
        with Writer(path, parser="1", now=NOW, rate=rate) as writer:
            writer.save(Batch(PAPER, (*told, *later)))
        with Store(path) as store:
            assert store.deals(ANY, as_of=NOW) == store.deals(ANY)
            for time in (start, end):
                listed = [str(row["deal_id"]) for row in store.deals(ANY, as_of=time)]
                assert sorted(listed) == sorted(deal.id for deal in store.resolve(time))
                assert [store.deal(one, time).id for one in listed] == listed
            before, after = store.resolve(start), store.resolve(end)
            changes = compare(*store.states(start, end))
            assert change_rows(before, after, any_topic=True) == change_rows(*store.states(start, end), any_topic=True)
    known = {claim.key: deal for deal in before for claim in deal.claims}
    heirs = {deal.id: {known[c.key].id for c in deal.claims if c.key in known} for deal in after}
    told_gone = {c.deal_id for c in changes if (c.change, c.field, c.now) == ("changed", "status", None)}
    assert told_gone == {deal.id for deal in before} - {old for olds in heirs.values() for old in olds}
    assert {c.deal_id for c in changes if c.change == "new"} == {one for one, olds in heirs.items() if not olds}
    for deal in after:
        was = next((shown(old) for old in before if old.id == deal.id and old.id in heirs[deal.id]), None)
        if was is not None:
            assert {c.field for c in changes if c.deal_id == deal.id} == {
                field for field, value in shown(deal).items() if value != was[field]
            }


def test_a_deal_that_turns_out_to_be_of_the_ai_industry_was_one_before() -> None:
    rows = [
        {"day": "2025-01-05", "status": "rumoured", "target": "Sifnos", "amount": "~300m EUR", "ai": False},
        {"day": "2025-02-10", "target": "Sifnos", "amount": "320m EUR", "ai": True},
        {"day": "2025-02-11", "target": "Pellet", "amount": "1m EUR", "ai": False},
    ]
    claims = [claim(row, number) for number, row in enumerate(rows)]
    told = change_rows(resolve(claims[:1]), resolve(claims), any_topic=False)
    assert [(row["target"], row["change"], row["field"]) for row in told] == [
        ("Sifnos", "changed", "amount"), ("Sifnos", "changed", "status")
    ]  # fmt: skip
    assert len(change_rows(resolve(claims[:1]), resolve(claims), any_topic=True)) == 3
