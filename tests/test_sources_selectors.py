"""HTML listings: what their selectors pick, where they go on, and how a stale selector is told."""

import tomllib
from pathlib import Path

import pytest

from dealwatch.errors import ReadError
from dealwatch.model import Source
from dealwatch.sources import next_page, read_entries

TABLE = tomllib.loads((Path(__file__).parent / "data/sources/selectors.toml").read_text(encoding="utf-8"))
URL = "https://x.example/news/?page=2"


def listing(selectors):
    return Source("x", "html", URL, selectors=selectors)


@pytest.mark.parametrize("row", TABLE["pages"], ids=lambda row: row["selectors"]["links"])
def test_a_listing(row):
    entries = read_entries(listing(row["selectors"]), row["page"].encode(), url=URL, headers={})
    days = [entry.published.isoformat() if entry.published else "" for entry in entries]
    assert [f"{e.url}|{e.title}|{day}" for e, day in zip(entries, days, strict=True)] == row["entries"]


@pytest.mark.parametrize(("selectors", "page", "words"), TABLE["rows"]["stale"])
def test_a_stale_selector(selectors, page, words):
    with pytest.raises(ReadError) as caught:
        read_entries(listing(selectors), page.encode(), url=URL, headers={})
    assert caught.value.message == words
    assert "selectors" in caught.value.hint


@pytest.mark.parametrize(("selector", "page", "link"), TABLE["rows"]["next"])
def test_where_a_listing_goes_on(selector, page, link):
    source = listing({"links": "a", "next": selector})
    assert (next_page(source, page.encode(), url=URL, headers={}) or "") == link


def test_a_next_selector_that_cannot_be_read():
    with pytest.raises(ReadError, match="a selector cannot be read"):
        next_page(listing({"links": "a", "next": "a >>> ["}), b"<a href=/1>x</a>", url=URL, headers={})


def test_where_a_feed_goes_on():
    feed = '<feed><link rel="self" href="/f"/><link rel="next" href="/f?page=2"/><entry/></feed>'
    source = Source("x", "feed", "https://x.example/f")
    assert next_page(source, feed.encode(), url=source.url, headers={}) == "https://x.example/f?page=2"
    assert next_page(source, feed.encode(), url="https://x.example/f?page=2", headers={}) is None
    assert next_page(Source("x", "sitemap", source.url), feed.encode(), url=source.url, headers={}) is None
