"""Real news pages, where they lie beside the project: each is read, and the figures do not sink below their floors.

The floors are what was reached when they were set. `bench/pages.py` measures the speed on the same pages.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealwatch.article import read_page
from dealwatch.errors import ReadError
from dealwatch.model import Article

PAGES = Path(__file__).parents[2] / "shared" / "pages"
FLOORS = {"body": 0.973, "title": 0.85, "day": 0.98, "instant": 0.91, "author": 0.91}

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="the real pages are not here (../shared/pages)")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def runs(text: str) -> Counter[tuple[str, ...]]:
    found = words(text)
    return Counter(tuple(found[at : at + 4]) for at in range(max(1, len(found) - 3))) if found else Counter()


def score(article: Article, truth: dict[str, object]) -> Iterator[tuple[str, float]]:
    """What a page gains in each field, as the scorer beside the pages counts it."""
    wanted, got = runs("\n".join(truth["paragraphs"])), runs("\n".join(article.paragraphs))  # type: ignore[arg-type]
    shared = sum((wanted & got).values())
    yield "precision", shared / max(1, sum(got.values()))
    yield "recall", shared / sum(wanted.values())
    yield "title", float(words(article.title) == words(str(truth["title"])))
    at = datetime.fromisoformat(str(truth["published"]))
    own = article.published
    days = {at.date(), at.astimezone(UTC).date()} if at.tzinfo else {at.date()}
    yield "day", float(own is not None and bool(days & {own.date(), own.astimezone(UTC).date()}))
    yield "instant", float(own is not None and bool(at.tzinfo) and abs((own - at).total_seconds()) < 61)
    if authors := {" ".join(words(name)) for name in truth["authors"]}:  # type: ignore[attr-defined]
        yield "author", len(authors & {" ".join(words(name)) for name in article.authors}) / len(authors)


def measure() -> dict[str, float]:
    gains: dict[str, list[float]] = {}
    for line in (PAGES / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        article = read_page(gzip.decompress((PAGES / truth["file"]).read_bytes()), url=truth["url"])
        for field, gain in score(article, truth):
            gains.setdefault(field, []).append(gain)
    means = {field: sum(values) / len(values) for field, values in gains.items()}
    precision, recall = means.pop("precision"), means.pop("recall")
    return {"body": 2 * precision * recall / (precision + recall), **means}


def test_floors() -> None:
    reached = measure()
    assert {field: round(reached[field], 3) for field, floor in FLOORS.items() if reached[field] < floor} == {}


def test_every_page_is_read() -> None:
    for path in sorted(PAGES.glob("*.html.gz")):
        article = read_page(gzip.decompress(path.read_bytes()))
        assert article.title, path.name
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", article.text), path.name


def test_a_page_cut_anywhere_is_read_or_refused() -> None:
    body = gzip.decompress(next(iter(sorted(PAGES.glob("fr_*.html.gz")))).read_bytes())
    for end in range(0, len(body), len(body) // 12):
        try:
            read_page(body[:end])
        except ReadError:
            assert end < len(body) // 4
