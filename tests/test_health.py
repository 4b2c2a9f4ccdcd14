"""What `sources list` says of a source from what it brought lately."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dealwatch.model import Article, Extraction, Source
from dealwatch.store import Store
from dealwatch.store.batch import Batch, Document
from dealwatch.store.writing import Writer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAPER = Source("Paper", "feed", "https://paper.example/feed", selectors={"body": "article"})


def health(path: Path, told: list[tuple[float, str, bool]], source: Source = PAPER) -> dict[str, object]:
    """The health of a source with articles of (days ago, method, paywalled)."""
    documents = []
    for number, (days, method, paywalled) in enumerate(told):
        at = NOW - timedelta(days=days)
        url = f"https://paper.example/{number}"
        article = Article(f"Story {number}", ("Text.",), url=url, published=at, method=method, paywalled=paywalled)
        documents.append(Document(article, Extraction(f"Story {number}", f"Text {number}.", "en", at)))
    with Writer(path / "x.db", parser="1", now=NOW) as writer:
        writer.save(Batch(source, tuple(documents)))
    with Store(path / "x.db") as store:
        return store.source_health(source, NOW)


def days(*ago: float) -> list[tuple[float, str, bool]]:
    return [(day, "selectors", False) for day in ago]


@pytest.mark.parametrize(
    ("told", "per_week"),
    [
        ([], None),
        (days(0.1), 7.0),  # one article, a day at least
        (days(0.5, 1, 1.5, 2), 14.0),  # two days is all there is
        (days(*range(1, 29)), 7.0),
        (days(*range(1, 60)), 7.0),  # older ones do not count
        (days(40, 50), 0.0),
        (days(*(day / 10 for day in range(1, 281))), 70.0),  # a hundred are looked at, and reach back 10 days
    ],
)
def test_articles_a_week(tmp_path: Path, told: list[tuple[float, str, bool]], per_week: float | None) -> None:
    assert health(tmp_path, told)["per_week"] == per_week


@pytest.mark.parametrize(
    ("told", "share"),
    [
        ([], None),
        ([(1, "witnesses", False), (2, "feed", False)], 100),
        ([(1, "summary", False), (2, "feed", False), (3, "witnesses", True), (4, "trafilatura", False)], 50),
    ],
)
def test_the_share_that_is_whole(tmp_path: Path, told: list[tuple[float, str, bool]], share: int | None) -> None:
    assert health(tmp_path, told)["full_text_pct"] == share


OWN, OTHER, FEED = "selectors", "witnesses", "feed"


@pytest.mark.parametrize(
    ("methods", "stale"),
    [
        ([], False),
        ([OTHER, OTHER], False),  # too few to say
        ([OTHER, OTHER, OTHER], True),
        ([OTHER, OWN, OWN, OWN, OWN], False),  # one odd page
        ([OTHER, OTHER, OTHER, OTHER, OTHER, OWN, OWN, OWN], True),  # since the last five
        ([OWN, OWN, OWN, OTHER, OTHER, OTHER, OTHER], False),  # mended
        ([FEED, FEED, FEED, FEED], False),  # no page was read
        ([FEED, "summary", OTHER, OTHER, OTHER], True),
    ],
)
def test_selectors_are_stale_when_the_last_pages_were_not_read_by_them(
    tmp_path: Path, methods: list[str], stale: bool
) -> None:
    told = [(day, method, False) for day, method in enumerate(methods, 1)]
    assert health(tmp_path, told)["is_stale"] is stale


def test_a_source_without_selectors_is_never_stale(tmp_path: Path) -> None:
    plain = Source("Paper", "feed", "https://paper.example/feed")
    assert health(tmp_path, [(day, OTHER, False) for day in (1, 2, 3, 4)], plain)["is_stale"] is False
