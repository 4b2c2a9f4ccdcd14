"""Today's parser over what is stored: old claims are superseded, times and judgements hold, a stop loses nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from dealwatch.__main__ import main
from dealwatch.config import Config
from dealwatch.parser import VERSION
from dealwatch.pipeline.reparsing import reparse
from dealwatch.store import DealQuery, Store
from dealwatch.store.writing import Writer
from test_incremental import derived

NOW = datetime(2026, 5, 1, tzinfo=UTC)
STORIES = Path(__file__).parent / "data/commands/stories.jsonl"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("reparse") / "deals.db"
    assert main(["--db", str(path), "-q", "import", str(STORIES)]) == 0
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, stored: bytes) -> Path:
    """A store of an older parser, which took every sum for a tenth of it and saw no second deal."""
    path = tmp_path / "deals.db"
    path.write_bytes(stored)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE articles SET parser = '0'")
        connection.execute("UPDATE claims SET parser = '0', amount_low = amount_low / 10")
        connection.execute("UPDATE claims SET amount_high = amount_high / 10")
    connection.close()
    with Writer(path, parser="0", now=NOW) as writer:
        writer.rebuild()
    return path


def sums(path: Path) -> list[object]:
    with Store(path) as store:
        return [row["amount_high"] for row in store.deals(DealQuery(any_topic=True, sort="target"))]


def claims(path: Path) -> list[tuple[object, ...]]:
    query = "SELECT key, parser, superseded_at IS NULL, published_at, observed_at FROM claims ORDER BY id"
    with sqlite3.connect(path) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def test_what_changes_is_shown_and_old_claims_are_superseded(path: Path, run: Run) -> None:
    seen = run("diff", "2020", "--seen", "--topic", "any", "--json")[1]
    assert "error" not in seen
    before = sums(path)
    dry = json.loads(run("reparse", "--dry-run", "--json")[1])
    assert sums(path) == before  # looked at alone
    told = json.loads(run("reparse", "--json")[1])
    assert [(row["deal_id"], row["field"], row["now"]) for row in dry] == [
        (row["deal_id"], row["field"], row["now"]) for row in told
    ]
    assert {row["field"] for row in told} == {"amount"}
    assert sums(path) == [value and int(str(value)) * 10 for value in before]
    found = claims(path)
    old, new = ([row for row in found if row[1] == parser] for parser in ("0", VERSION))
    superseded = [row for row in old if not row[2]]
    assert [(row[0], *row[3:]) for row in superseded] == [(row[0], *row[3:]) for row in new]  # both times are kept
    assert superseded
    assert run("reparse", "--json")[:2] == (0, "[]\n")


def test_a_reparse_alone_is_no_news(path: Path, run: Run) -> None:
    assert run("diff", "--new-since-last", "--topic", "any")[0] == 0
    assert run("reparse")[0] == 0
    assert run("diff", "--new-since-last", "--topic", "any", "--json")[1] == "[]\n"


def test_judgements_hold(path: Path, run: Run) -> None:
    with Store(path) as store:
        one, two, *_ = [str(row["deal_id"]) for row in store.deals(DealQuery(any_topic=True))]
    assert run("reject", one)[0] == 0
    assert run("reparse")[0] == 0
    assert run("deal", one)[0] == 4
    assert run("deal", two)[0] == 0


def test_reading_everything_again_changes_nothing_and_goes_on_where_it_was_stopped(
    stored: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "deals.db"
    path.write_bytes(stored)
    before = derived(path)
    stop, steps = Event(), list[int]()

    def end_soon(step: object) -> None:
        steps.append(1)
        stop.set()

    quiet = {"config": Config(), "now": NOW, "show": lambda rows: None, "every": True, "batch": 2}
    first = reparse(path, **quiet, progress=end_soon, stop=stop)  # type: ignore[arg-type]
    assert (first.articles, first.interrupted) == (2, True)
    second = reparse(path, **quiet)  # type: ignore[arg-type]
    assert (second.articles, second.resumed, second.changes) == (3, True, 0)
    assert derived(path) == before
    assert {row[1] for row in claims(path)} == {VERSION}
