"""What was exported comes back: articles from a file give the same deals, quotes and claims, to the last key."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealwatch.__main__ import main
from dealwatch.commands.session import Session

STORIES = Path(__file__).parent / "data/commands/stories.jsonl"
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def run(*line: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    assert main(list(line), Session(out, err, {}, NOW)) == 0, err.getvalue()
    return out.getvalue()


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("roundtrip")
    first, second, file = (str(folder / name) for name in ("first.db", "second.db", "articles.jsonl"))
    run("--db", first, "import", str(STORIES))
    run("--db", first, "export", file, "--what", "articles")
    run("--db", second, "import", file)
    return first, second


@pytest.mark.parametrize("what", ["deals", "quotes", "articles", "claims", "changes"])
def test_an_export_imported_is_the_same_store(stores: tuple[str, str], tmp_path: Path, what: str) -> None:
    texts = []
    topic = () if what in ("quotes", "claims") else ("--topic", "any")
    for number, store in enumerate(stores):
        file = tmp_path / f"{number}.jsonl"
        run("--db", store, "export", str(file), "--what", what, *topic)
        texts.append(file.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert texts[0].count("\n") > 1


def test_an_exported_article_is_whole(stores: tuple[str, str], tmp_path: Path) -> None:
    run("--db", stores[1], "export", str(tmp_path / "a.jsonl"), "--what", "articles")
    given = {json.loads(line)["url"]: json.loads(line) for line in STORIES.read_text(encoding="utf-8").splitlines()}
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(given)
    assert all(row["text"] and row["fetched"] and row["url"] in given for row in rows)
