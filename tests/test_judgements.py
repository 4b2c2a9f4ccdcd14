"""What people say of deals: it holds through every rebuild, can be taken back, and old ids lead to the new."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dealwatch.store import DealQuery, Store
from dealwatch.store.batch import Batch
from dealwatch.store.writing import Writer
from test_incremental import derived
from test_store import ANY, NOW, PAPER, document, rate

ROWS = [
    {"day": "2025-03-03", "target": "Sifnos", "amount": "100m EUR", "investors": ["Ostara"], "article": "one"},
    {"day": "2025-03-05", "target": "Sifnos", "amount": "100m EUR", "investors": ["Ostara"], "article": "two"},
    {"day": "2025-03-20", "target": "Sifnos", "amount": "9m EUR", "investors": ["Halden"], "article": "three"},
    {"day": "2025-04-02", "target": "Lumisel", "round": "Seed", "amount": "3m EUR", "article": "four"},
    {"day": "2025-04-03", "target": "Orelis", "round": "Seed", "amount": "3m EUR", "article": "five"},
]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Writer(tmp_path / "deals.db", parser="1", now=NOW, rate=rate) as writer:
        writer.save(Batch(PAPER, tuple(document(row, number) for number, row in enumerate(ROWS))))
    return tmp_path / "deals.db"


def deals(path: Path, query: DealQuery = ANY) -> dict[str, str]:
    """Target and sum -> id."""
    with Store(path) as store:
        rows = store.deals(query)
    return {f"{row['target']} {int(str(row['amount_high'])) // 10**6}": str(row["deal_id"]) for row in rows}


def articles(path: Path, deal: str) -> list[str]:
    with Store(path) as store:
        return [c.origin.article_id for c in store.deal(deal).claims if c.origin]


def rebuilt(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with Writer(path, parser="1", now=NOW, rate=rate) as writer:
        writer.rebuild()
    return derived(path)


def test_merged_deals_are_one_until_that_is_undone(path: Path, run: Run) -> None:
    before, known = derived(path), deals(path)
    first, second = known["Sifnos 100"], known["Sifnos 9"]
    assert run("merge", first, second, "--note", "one round")[0] == 0
    merged = derived(path)
    assert list(deals(path)) == ["Orelis 3", "Lumisel 3", "Sifnos 9"]  # the later sum stands
    assert len(articles(path, first)) == 3
    code, out, err = run("deal", second, "--json")
    assert (code, json.loads(out)["deal_id"], err) == (0, first, f"{second} is now part of {first}\n")
    assert rebuilt(path) == merged
    (row,) = json.loads(run("judgements", "--json")[1])
    assert (row["verb"], row["note"], row["deals"], row["undone_at"]) == ("merge", "one round", [first], None)
    assert run("judgements", "undo", "1")[0] == 0
    assert derived(path) == before
    assert json.loads(run("judgements", "--json")[1])[0]["undone_at"]
    assert run("judgements", "undo", "1")[0] == 2
    assert run("judgements", "undo", "9")[0] == 4


def test_a_split_gives_the_articles_named_a_deal_of_their_own(path: Path, run: Run) -> None:
    before, known = derived(path), deals(path)
    first = known["Sifnos 100"]
    one, two = articles(path, first)
    assert run("split", first, "--articles", two)[0] == 0
    assert articles(path, first) == [one]
    with Store(path) as store:
        assert len(store.deals(ANY)) == len(known) + 1
    assert rebuilt(path) == derived(path)
    assert run("split", first, "--articles", two)[0] == 2  # it tells another deal by now
    assert run("split", first, "--articles", one)[0] == 2  # nothing would be left
    assert run("judgements", "undo", "1")[0] == 0
    assert derived(path) == before


def test_a_rejected_deal_is_gone_and_says_why(path: Path, run: Run) -> None:
    before, known = derived(path), deals(path)
    assert run("reject", known["Sifnos 9"], "--note", "a hoax")[0] == 0
    assert "Sifnos 9" not in deals(path)
    code, _, err = run("deal", known["Sifnos 9"])
    assert code == 4
    assert "was rejected (judgement 1)" in err
    assert rebuilt(path) == derived(path)
    assert run("judgements", "undo", "1")[0] == 0
    assert derived(path) == before


def test_a_copy_of_a_rejected_story_does_not_bring_its_deal_back(path: Path, run: Run) -> None:
    """Whenever it was published, and whether it comes before a rebuild or after; another story of the deal does."""

    def save(day: str, article: str, text: int = 9) -> None:
        row = {"target": "Tilos", "amount": "5m EUR", "day": day, "article": article}
        with Writer(path, parser="1", now=NOW, rate=rate) as writer:
            writer.save(Batch(PAPER, (document(row, text),)))

    save("2025-03-20", "first")
    assert run("reject", deals(path)["Tilos 5"])[0] == 0
    save("2025-03-22", "copy")
    save("2025-03-18", "earlier")
    assert "Tilos 5" not in deals(path)
    assert rebuilt(path) == derived(path)
    save("2025-03-23", "other", 200)
    assert "Tilos 5" in deals(path)


def test_a_name_given_before_its_stories_come_is_known_to_them(path: Path, run: Run) -> None:
    assert run("alias", "Lumisel", "Orelis")[0] == 0
    for day, name in (("2025-04-04", "Lumisel"), ("2025-04-05", "Orelis")):
        row = {"day": day, "target": name, "round": "Seed", "amount": "3m EUR", "article": day}
        with Writer(path, parser="1", now=NOW, rate=rate) as writer:
            writer.save(Batch(PAPER, (document(row, 7),)))
    assert list(deals(path)) == ["Orelis 3", "Sifnos 9", "Sifnos 100"]
    assert rebuilt(path) == derived(path)


def test_an_alias_makes_two_names_one_and_both_find_its_deals(path: Path, run: Run) -> None:
    before = derived(path)
    assert run("alias", "Lumisel", "Orelis")[0] == 0
    assert list(deals(path)) == ["Orelis 3", "Sifnos 9", "Sifnos 100"]
    for name in ("Lumisel", "Orelis"):
        assert list(deals(path, DealQuery(company=name, any_topic=True))) == ["Orelis 3"]
    assert rebuilt(path) == derived(path)
    assert run("judgements", "undo", "1")[0] == 0
    assert derived(path) == before
    assert run("alias", "Orelis", "Orelis")[0] == 2
    assert run("alias", "Orelis", "Nobody Inc")[0] == 4


def test_the_beginnings_of_ids_are_enough(path: Path, run: Run) -> None:
    before, known = derived(path), deals(path)
    first, second = known["Sifnos 100"], known["Sifnos 9"]
    for number, line in enumerate((
        ("merge", first[:6], second[:6]), ("split", first[:6], "--articles", articles(path, first)[1][:7]),
        ("reject", second[:5]), ("alias", "Lumisel", "orel"),
    ), 1):  # fmt: skip
        assert run(*line)[0] == 0
        assert derived(path) != before
        assert run("judgements", "undo", str(number))[0] == 0
    assert run("merge", first[:3], second)[0] == 4
    assert derived(path) == before


def test_the_beginning_of_a_former_id_is_enough(path: Path, run: Run) -> None:
    first, second = deals(path)["Sifnos 100"], deals(path)["Sifnos 9"]
    assert run("merge", first, second)[0] == 0
    assert f"is now part of {first}" in run("deal", second[:6])[2]


def test_a_beginning_of_several_ids_is_said_with_the_ids(path: Path, run: Run) -> None:
    with Writer(path, parser="1", now=NOW, rate=rate) as writer:
        more = ({**ROWS[3], "target": f"Vexo {number}", "article": f"v{number}"} for number in range(2))
        writer.save(Batch(PAPER, tuple(document(row, 20 + number) for number, row in enumerate(more))))
    code, _, err = run("alias", "Lumisel", "vexo")
    assert (code, err.splitlines()) == (
        4, ["error: vexo is the beginning of several ids", "hint: which of vexo-0, vexo-1?"]
    )  # fmt: skip


def test_doubts_are_shown_with_both_sides_and_go_with_a_judgement(path: Path, run: Run) -> None:
    known = deals(path)
    (pair,) = json.loads(run("deals", "--review", "--topic", "any", "--json")[1])
    assert {pair["deal_id"], pair["other_deal_id"]} == {known["Sifnos 100"], known["Sifnos 9"]}
    assert {pair["amount_high"], pair["other_amount_high"]} == {100_000_000, 9_000_000}
    assert pair["why"] == "same target; no investor shared; sums 11.1 times apart"
    assert run("merge", known["Sifnos 100"], known["Sifnos 9"])[0] == 0
    assert json.loads(run("deals", "--review", "--topic", "any", "--json")[1]) == []


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("merge", "dnothing", "dnothere"), 4), (("reject", "dnothing"), 4), (("merge", "dnothing"), 4),
        (("deals", "--review", "--group-by", "month"), 2),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_said(run: Run, argv: tuple[str, ...], code: int) -> None:
    assert run(*argv)[0] == code
