"""A new story touches only the deals of its time, and what comes of it is what resolving everything anew gives."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from claims import claim
from dealwatch.changes import change_row, compare, net
from dealwatch.model import Claim, Judgement
from dealwatch.resolve import Group, Names, resolve, resolve_block
from dealwatch.resolve.grouping import Ties, group_claims
from dealwatch.resolve.shelves import Shelves
from dealwatch.store import Store
from dealwatch.store.batch import Batch, Document
from dealwatch.store.connection import connect_reader
from dealwatch.store.resolving import DERIVED
from dealwatch.store.writing import Writer
from test_clocks import NOW, edit
from test_resolve import rate as usd
from test_store import PAPER, document, rate

CASES = tomllib.loads((Path(__file__).parent / "data/resolve/stories.toml").read_text(encoding="utf-8"))["case"]
ROWS = [row for case in CASES for row in case["claims"] if row.get("target") or row.get("investors")]
# Of one company, so that everything meets everything.
ONE = [row | {"target": "Sifnos Labs" if number % 3 else "Sifnos"} for number, row in enumerate(ROWS)]
moved = st.builds(
    lambda row, days: row | {"day": str((datetime.fromisoformat(row["day"][:10]) + timedelta(days=days)).date())},
    st.sampled_from([*ONE, *ROWS]), st.sampled_from([0, 0, 1, 5, 40, 90, 200, 400, 900]),
)  # fmt: skip
stories = st.lists(moved, min_size=1, max_size=14)
edits_of_stories = st.lists(st.tuples(st.integers(0, 9), moved, st.integers(1, 300), st.booleans()), max_size=2)


def documents(rows: Sequence[Mapping[str, Any]]) -> list[Document]:
    return [document({**row, "article": f"x{number}"}, number) for number, row in enumerate(rows)]


def derived(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(connect_reader(path)) as connection:
        return {
            table: sorted((tuple(row) for row in connection.execute(f"SELECT * FROM {table}")), key=repr)
            for table in DERIVED
        }


@given(stories, edits_of_stories, st.data())
@settings(max_examples=60, deadline=None)
def test_story_by_story_gives_what_resolving_anew_gives(
    rows: Sequence[Mapping[str, Any]], edits: Sequence[tuple[int, Mapping[str, Any], int, bool]], data: st.DataObject
) -> None:
    told = documents(rows)
    later = [edit(told[n], row, days, withdrawn=gone) for n, row, days, gone in edits if n < len(told)]
    in_time = sorted(told, key=lambda one: one.article.published or NOW)
    arrived = in_time if data.draw(st.booleans()) else data.draw(st.permutations(told))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deals.db"
        with Writer(path, parser="1", now=NOW, rate=rate) as writer:
            for one in (*arrived, *later):
                writer.save(Batch(PAPER, (one,)))
            before = derived(path)
            writer.rebuild()
            assert derived(path) == before


@given(stories)
@settings(max_examples=100, deadline=None)
def test_no_deal_that_a_claim_could_tell_is_left_on_its_shelf(rows: Sequence[Mapping[str, Any]]) -> None:
    claims = [claim({**row, "article": f"x{number}"}, number) for number, row in enumerate(rows)]

    class All(Shelves):
        def near(self, claim: Claim, forms: Any) -> list[Group]:
            return self.groups

    quick = group_claims(claims, Ties(), usd)
    slow = group_claims(claims, Ties(), usd, shelves=All(usd))
    assert [[c.key for c in group.claims] for group in quick] == [[c.key for c in group.claims] for group in slow]


@given(stories, st.integers(0, 13))
@settings(max_examples=60, deadline=None)
def test_what_is_kept_of_a_deal_is_all_that_later_claims_need(rows: Sequence[Mapping[str, Any]], cut: int) -> None:
    claims = sorted(
        (claim({**row, "article": f"x{number}"}, number) for number, row in enumerate(rows)),
        key=lambda c: (c.origin.published_at if c.origin else None, c.origin.article_id if c.origin else ""),
    )  # fmt: skip
    first, rest = claims[:cut], claims[cut:]
    known = [Group.load(str(n), group.dump()) for n, group in enumerate(resolve_block(first, (), usd, Names()))]
    grown = resolve_block(rest, (), usd, Names(), known)
    whole = resolve_block(claims, (), usd, Names())
    late = {c.key for c in rest}
    assert [[c.key for c in group.claims] for group in grown] == [
        [c.key for c in group.claims if c.key in late] for group in whole
    ]
    assert [group.dump() for group in grown] == [group.dump() for group in whole]


def essence(changes: Sequence[Mapping[str, Any]]) -> set[tuple[str, ...]]:
    def plain(value: object) -> str:
        if isinstance(value, Mapping):
            return repr([float(value[part]) if value[part] is not None else None for part in ("low", "high")])
        return repr(sorted(value) if isinstance(value, list) else value)

    return {(row["deal_id"], row["change"], str(row["field"]), plain(row["was"]), plain(row["now"])) for row in changes}


@given(stories, edits_of_stories, st.data())
@settings(max_examples=80, deadline=None)
def test_what_the_kept_histories_tell_of_a_stretch_is_what_its_two_states_do(
    rows: Sequence[Mapping[str, Any]], edits: Sequence[tuple[int, Mapping[str, Any], int, bool]], data: st.DataObject
) -> None:
    told = documents(rows)
    later = [edit(told[n], row, days, withdrawn=gone) for n, row, days, gone in edits if n < len(told)]
    times = sorted(t for one in (*told, *later) for t in (one.article.published, one.article.modified) if t)
    start, end = sorted((data.draw(st.sampled_from(times)), data.draw(st.sampled_from(times))))
    start -= timedelta(seconds=data.draw(st.sampled_from([0, 1])))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deals.db"
        with Writer(path, parser="1", now=NOW, rate=rate) as writer:
            writer.save(Batch(PAPER, (*told, *later)))
        with Store(path) as store:
            lines, states = store.changes(start, end)
            told = [*net(lines), *map(change_row, compare(*states))]
            assert essence(told) == essence(list(map(change_row, compare(*store.states(start, end)))))


def test_names_that_mean_one_company_make_one_deal() -> None:
    rows = [
        {"day": "2025-03-11", "target": "Lumisel", "round": "Series A", "amount": "14m EUR", "investors": ["Ostara"]},
        {"day": "2025-03-12", "target": "Orelis", "round": "Series A", "amount": "14m EUR", "investors": ["Ostara"]},
        {"day": "2025-03-12", "target": "Corvine", "round": "Series A", "amount": "14m EUR", "investors": ["Ostara"]},
    ]
    claims = [claim(row, number) for number, row in enumerate(rows)]
    assert len(resolve(claims)) == 3
    assert [len(deal.claims) for deal in resolve(claims, names=Names({"lumisel": "orelis"}))] == [2, 1]
    alias = Judgement(1, "alias", ("lumisel", "orelis"))
    (deal, _) = resolve(claims, [alias])
    assert [deal.target.name if deal.target else None] == ["Orelis"]


def test_many_claims_of_one_company_cost_what_they_are_many() -> None:
    """Not their square: what every claim is held against is found on shelves."""
    looked = 0

    class Counting(Shelves):
        def near(self, claim: Claim, forms: Any) -> list[Group]:
            nonlocal looked
            found = super().near(claim, forms)
            looked += len(found)
            return found

    counts = []
    for many in (300, 600):
        looked = 0
        claims = [
            claim({
                "day": (datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=number * 5)).date().isoformat(),
                "target": "Sifnos", "amount": f"{number % 89 + 1}m USD", "investors": [f"Fund{number % 53} Capital"],
                "round": ("Series A", None, "Series B", None)[number % 4],
            }, number)
            for number in range(many)
        ]  # fmt: skip
        group_claims(claims, Ties(), usd, shelves=Counting(usd))
        counts.append(looked)
    assert counts[1] < 3 * counts[0]


@given(stories, edits_of_stories, st.data())
@settings(max_examples=80, deadline=None)
def test_what_was_learnt_between_two_times_needs_no_more_than_came_since(
    rows: Sequence[Mapping[str, Any]], edits: Sequence[tuple[int, Mapping[str, Any], int, bool]], data: st.DataObject
) -> None:
    """Late stories, too: what is read of the store gives what resolving everything at both times does."""
    late = st.sampled_from([0, 0, 1, 3, 30, 200])
    told = [
        replace(one, observed_at=one.observed_at + timedelta(days=data.draw(late)) if one.observed_at else None)
        for one in documents(rows)
    ]
    later = [edit(told[n], row, days, withdrawn=gone) for n, row, days, gone in edits if n < len(told)]
    days = sorted({one.observed_at for one in (*told, *later) if one.observed_at})
    since, until = sorted((data.draw(st.sampled_from(days)), data.draw(st.sampled_from(days))))
    since -= timedelta(seconds=data.draw(st.sampled_from([0, 1])))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deals.db"
        with Writer(path, parser="1", now=NOW, rate=rate) as writer:
            writer.save(Batch(PAPER, (*told, *later)))
        with Store(path) as store:
            for clock in ("observed", "published"):
                short = store.states(since, until, clock=clock)
                whole = store.resolve(since, clock=clock), store.resolve(until, clock=clock)
                assert list(map(change_row, compare(*short))) == list(map(change_row, compare(*whole)))
