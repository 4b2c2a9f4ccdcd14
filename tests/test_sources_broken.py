"""Feeds of every version, broken in every way: the entries they give, and the link and date of an item's parts."""

import tomllib
from pathlib import Path

import pytest

from dealwatch.model import Source
from dealwatch.sources import read_entries

TABLE = tomllib.loads((Path(__file__).parent / "data/sources/broken.toml").read_text(encoding="utf-8"))
SOURCE = Source("x", "feed", "https://x.example/news/feed.xml")


def read(text):
    return read_entries(SOURCE, text.encode(), url=SOURCE.url, headers={})


def read_item(parts):
    (entry,) = read(f"<rss><channel><item><title>T</title>{parts}</item></channel></rss>")
    return entry


@pytest.mark.parametrize("row", TABLE["rows"]["broken"], ids=lambda row: row[0][:60])
def test_a_broken_feed_gives_its_entries(row):
    body, *wanted = row
    for name, piece in TABLE["pieces"].items():
        body = body.replace(f"{{{name}}}", piece)
    rows = [(title, url, key or url) for title, url, key in (line.split("|") for line in wanted)]
    assert [(entry.title.replace("\xa0", " "), entry.url, entry.key) for entry in read(body)] == rows


@pytest.mark.parametrize(("parts", "link"), TABLE["rows"]["links"])
def test_the_link_of_an_item(parts, link):
    assert read_item(parts).url == link


@pytest.mark.parametrize(("parts", "iso"), TABLE["rows"]["dates"])
def test_the_date_of_an_item(parts, iso):
    when = read_item(parts).published
    assert (when.isoformat() if when else "") == iso
