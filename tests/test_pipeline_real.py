"""A sample of real feeds and pages through the whole line: nothing may raise, whatever they hold."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
MOST_MB = 250

pytestmark = pytest.mark.skipif(not (SHARED / "feeds").is_dir(), reason="no real feeds and pages here")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    sys.path.insert(0, str(ROOT / "bench"))
    import real

    feeds = sorted(file for file in (SHARED / "feeds").iterdir() if "__" in file.name)[::8][:15]
    pages = sorted((SHARED / "pages").rglob("*.html.gz"))[::13][:20]
    return real.measure(feeds, pages, tmp_path_factory.mktemp("real"), twice=("feeds",))


def test_every_feed_and_page_is_read_stored_and_queried(results):
    for name, figures in results.items():
        assert (figures["code"], figures["tracebacks"]) == (0, 0), (name, figures)
        assert figures["articles"] == figures["added"] > 0
    assert results["pages"]["articles"] == results["import"]["articles"] == 20
    assert results["feeds"]["entries"] >= results["feeds"]["articles"]


def test_nothing_failed_but_entries_without_words(results):
    assert set(results["feeds"]["failed"]) <= {"page: no article in the entry"}
    assert results["pages"]["failed"] == results["import"]["failed"] == {}


def test_a_second_fetch_adds_nothing(results):
    assert results["feeds"]["again"] == (0, 0)


def test_a_fetched_page_and_an_imported_one_tell_the_same(results):
    for key in ("deals", "quotes", "claims", "amounts"):
        assert results["pages"][key] == results["import"][key]


def test_memory_stays_within_its_bound(results):
    for name, figures in results.items():
        assert figures["peak_mb"] is None or figures["peak_mb"] < MOST_MB, name
