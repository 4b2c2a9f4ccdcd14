"""JSON Feed: what comes of an item, of a whole feed, and of one that is none."""

import json
import tomllib
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest

from dealwatch.errors import ReadError
from dealwatch.model import Entry, Source
from dealwatch.sources import next_page, read_entries

TABLE = tomllib.loads((Path(__file__).parent / "data/sources/jsonfeeds.toml").read_text(encoding="utf-8"))
SOURCE = Source("x", "feed", "https://x.example/news/feed.json")
START = '{"version": "https://jsonfeed.org/version/1.1", "language": "", "items": ['


def read(body, headers=None):
    body = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return read_entries(SOURCE, body, url=SOURCE.url, headers=headers or {})


def plain(entry):
    values = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    values = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value}


@pytest.mark.parametrize("row", TABLE["items"], ids=lambda row: row["item"][:60])
def test_an_item(row):
    assert [plain(entry) for entry in read(f"{START}{row['item']}]}}")] == [row["entry"]]


@pytest.mark.parametrize(("body", "keys"), TABLE["rows"]["feeds"])
def test_a_feed(body, keys):
    assert [entry.key for entry in read(body)] == keys


@pytest.mark.parametrize(("body", "words"), TABLE["rows"]["refused"])
def test_json_that_is_no_feed(body, words):
    with pytest.raises(ReadError) as caught:
        read(body)
    assert caught.value.message == words


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("mime", ["application/feed+json", "application/json", "text/html", "text/xml", ""])
def test_the_bytes_decide_and_not_the_label(charset, mime):
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "5 M€ levés"}]},
                      ensure_ascii=False)  # fmt: skip
    assert [entry.title for entry in read(body.encode(charset), {"content-type": mime})] == ["5 M€ levés"]


def test_what_the_feed_says_holds_for_its_items():
    feed = {"version": "https://jsonfeed.org/version/1.1", "language": "fr-FR", "authors": [{"name": "Ines Mallory"}],
            "items": [{"id": "1"}, {"id": "2", "language": "en", "author": {"name": "Théo Banse"}}]}  # fmt: skip
    entries = read(json.dumps(feed))
    assert [(entry.lang, entry.authors) for entry in entries] == [("fr", ("Ines Mallory",)), ("en", ("Théo Banse",))]


@pytest.mark.parametrize("value", ["[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000])
def test_nesting_without_end(value):
    with pytest.raises(ReadError, match="not a feed: broken JSON"):
        read(f'{START}{{"id": "1", "_x": {value}}}]}}')


def test_a_number_without_end():
    assert len(read(f'{START}{{"id": "1", "_x": {"9" * 10_000}}}]}}')) == 1


def test_next_url():
    feed = {"version": "https://jsonfeed.org/version/1", "next_url": "feed.json?page=2", "items": []}
    body = json.dumps(feed).encode()
    assert next_page(SOURCE, body, url=SOURCE.url, headers={}) == "https://x.example/news/feed.json?page=2"
