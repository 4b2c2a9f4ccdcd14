"""Bytes to entries: every fixture against its expected sibling, every small function against its rows."""

import gzip
import json
import time
import tomllib
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.errors import ReadError
from dealwatch.model import Entry, Source
from dealwatch.sources import canonical_link, child_sitemaps, find_feeds, join_link, parse_when, read_entries, read_ttl
from dealwatch.sources.charset import decode_body
from dealwatch.sources.picking import matches
from dealwatch.sources.raw import RawEntry, clean_line

DATA = Path(__file__).parent / "data/sources"
ROWS = tomllib.loads((DATA / "rows.toml").read_text(encoding="utf-8"))
EXPECTED = sorted(DATA.glob("*.expected.json"))


def source(kind="feed", **more):
    selectors = {"links": "h2 a"} if kind == "html" else {}
    return Source(**{"name": "x", "kind": kind, "url": "https://x.example/", "selectors": selectors} | more)


def read(kind, body, **more):
    return read_entries(source(kind, **more), body, url="https://x.example/", headers={})


def json_feed(*items):
    return json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode()


def plain(entry):
    values = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    values = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value}


@pytest.mark.parametrize("path", EXPECTED, ids=[path.name for path in EXPECTED])
def test_fixture(path):
    expected = json.loads(path.read_text(encoding="utf-8"))
    body = path.with_name(path.name.removesuffix(".expected.json")).read_bytes()
    given_source = Source("x", url=expected["url"], **expected["source"])
    entries = read_entries(given_source, body, url=expected["url"], headers=expected["headers"])
    assert [plain(entry) for entry in entries] == expected["entries"]


@pytest.mark.parametrize(("text", "iso", "precision"), ROWS["dates"])
def test_dates(text, iso, precision):
    when = parse_when(text)
    assert (when[0].isoformat() if when else "", when[1] if when else "") == (iso, precision)


def test_a_date_is_never_long():
    assert parse_when("2023-01-24" + " " * 200 + "x" * 200) is None


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_iso_dates_come_back(moment, minutes):
    sign, minutes = "+-"[minutes < 0], abs(minutes)
    text = f"{moment.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}"
    when = parse_when(text)
    if "1970" not in text:
        assert when == (datetime.fromisoformat(text), "instant")


@given(st.text(max_size=120))
def test_any_text_is_a_date_or_none(text):
    when = parse_when(text)
    assert when is None or when[0].utcoffset() is not None


@pytest.mark.parametrize(("link", "canonical"), ROWS["links"])
def test_canonical_link(link, canonical):
    assert canonical_link(link) == canonical


@given(st.text(max_size=60).map("https://a.example/".__add__) | st.text(max_size=60))
def test_canonical_link_is_stable(link):
    assert canonical_link(canonical_link(link)) == canonical_link(link)


@pytest.mark.parametrize(("base", "link", "whole"), ROWS["joins"])
def test_join_link(base, link, whole):
    assert join_link(base, link) == whole


@pytest.mark.parametrize(("patterns", "title", "link", "expected"), ROWS["matches"])
def test_include_and_exclude(patterns, title, link, expected):
    assert matches(patterns, RawEntry(title=title, url=link)) is expected
    feed = json_feed({"id": "1", "title": title, "url": link})
    assert len(read("feed", feed, include=patterns)) == expected
    assert len(read("feed", feed, exclude=patterns)) == (not expected)


@pytest.mark.parametrize(("kind", "body", "words"), ROWS["refused"])
def test_a_body_of_another_kind_is_refused(kind, body, words):
    with pytest.raises(ReadError) as caught:
        read(kind, body.encode())
    assert caught.value.message == words


def test_a_page_taken_for_a_feed_says_where_its_feed_is():
    page = b"""<!doctype html><head><link rel="alternate" type="application/rss+xml" href="/comments/feed">
    <link rel="stylesheet" href="/a.css"><link rel="ALTERNATE" type="application/atom+xml" href="feed.atom"></head>"""
    with pytest.raises(ReadError) as caught:
        read("feed", page)
    assert caught.value.hint == "the page names its feed: https://x.example/feed.atom"
    assert find_feeds(page.decode(), "https://x.example/a/") == (
        "https://x.example/a/feed.atom", "https://x.example/comments/feed",
    )  # fmt: skip


def test_a_selector_that_cannot_be_read():
    with pytest.raises(ReadError, match="a selector cannot be read"):
        read("html", b"<h2><a href=/1>x</a></h2>", selectors={"links": "h2 >>> ["})


def test_an_empty_feed_is_no_error():
    assert read("feed", b"<rss version='2.0'><channel><title>Quiet</title></channel></rss>") == ()


def test_the_newest_are_kept_in_the_source_s_order():
    items = [{"id": str(day), "date_published": f"2023-01-{day:02}"} for day in (1, 2, 9, 3, 8)]
    assert [entry.key for entry in read("feed", json_feed(*items), max_items=2)] == ["9", "8"]
    del items[0]["date_published"]
    assert [entry.key for entry in read("feed", json_feed(*items), max_items=2)] == ["1", "2"]


def test_sitemap_index_and_packed_sitemap():
    index = (DATA / "index.sitemap").read_bytes()
    expected = ("https://live.example/2023.xml.gz", "https://live.example/2022.xml")
    assert child_sitemaps(index, url="https://live.example/") == expected
    news = (DATA / "news.sitemap").read_bytes()
    assert child_sitemaps(news, url="https://live.example/") == ()
    assert read("sitemap", gzip.compress(news)) == read("sitemap", news)
    assert child_sitemaps(gzip.compress(index), url="https://live.example/") == expected
    feed = (DATA / "press.rss").read_bytes()
    assert read("feed", gzip.compress(feed)) == read("feed", feed)


def test_a_sitemap_bomb_is_refused():
    with pytest.raises(ReadError, match="too large once unpacked"):
        read("sitemap", gzip.compress(bytes(30_000_000)))
    with pytest.raises(ReadError, match="broken gzip"):
        read("sitemap", b"\x1f\x8bnonsense")


def test_what_stands_before_a_break_in_a_sitemap_is_kept():
    body = (DATA / "plain.sitemap").read_bytes()
    assert len(read("sitemap", body[: body.index(b"<loc>/c")])) == 2


def test_folder_names():
    names = "b.html\na.html.gz\nnotes.pdf\n../up.html\n/abs.html\nsub/c.htm\n\nb.html\n"
    entries = read("folder", names.encode(), url="/pages")
    assert [(entry.key, entry.url) for entry in entries] == [
        ("a.html.gz", "/pages/a.html.gz"), ("b.html", "/pages/b.html"), ("sub/c.htm", "/pages/sub/c.htm"),
    ]  # fmt: skip


def test_ttl():
    assert read_ttl((DATA / "press.rss").read_bytes()) == 2700
    assert read_ttl((DATA / "journal.atom").read_bytes()) is None


def test_long_keys_are_hashed():
    assert len(read("feed", json_feed({"id": "x" * 600, "title": "t"}))[0].key) == 64


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf8_is_never_mistaken(text):
    body = f"<rss>é{text}".encode()
    assert decode_body(body, {"content-type": "text/xml; charset=iso-8859-1"}) == f"<rss>é{text}"


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_are_text(body, label):
    assert isinstance(decode_body(body, {"content-type": f"text/html; charset={label}"}), str)


@pytest.mark.parametrize("label", ["zlib", "utf-7", "punycode", "unicode_escape", "rot13", "nonsense", "idna"])
def test_codecs_that_are_no_charsets_are_ignored(label):
    assert decode_body("5 €".encode("cp1252"), {"content-type": f"text/html; charset={label}"}) == "5 €"


@given(st.text(max_size=300))
def test_titles_hold_no_control_characters(text):
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in clean_line(text))


PIECES = [
    b"<rss><channel>", b"<item>", b"</item>", b"<title>", b"<link>", b"<![CDATA[", b"]]>", b"<!DOCTYPE", b"&lt;", b" ",
    b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"<content type='xhtml'>", b"<urlset>", b"<url><loc>",
    b"</loc></url>", b"{", b'"version":"https://jsonfeed.org/version/1"', b"<h2><a href='", b"'>", b"&#x110000;",
    b"\xfe\xff", b"<guid>", b"<pubDate>9", b"<media:description>", b"&bogus;", b"<?xml encoding='utf-16'?>",
    b"\0", b"\xff",
]  # fmt: skip
BODIES = st.lists(st.sampled_from(PIECES) | st.binary(max_size=5), max_size=25).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["feed", "html", "sitemap", "folder"]), BODIES)
def test_any_body_gives_entries_or_a_read_error(kind, body):
    try:
        entries = read(kind, body)
    except ReadError:
        return
    assert all(entry.key for entry in entries)


HOSTILE = {
    "tags": "<a",
    "open tags": "<a>",
    "items": "<item>",
    "items within": "<item><title>",
    "prefixed": "<a:item ",
    "attributes": "<item a='b' ",
    "quotes": "<item a='",
    "spaces": " ",
    "entities": "&amp;",
    "references": "&a",
    "declared": "<!ENTITY a 'b'>&a;",
    "brackets": "<",
    "cdata": "<![CDATA[",
    "cdata in items": "<item><![CDATA[",
    "comments": "<!--",
    "closed": "</item>",
    "media": 'xmlns:m="http://search.yahoo.com/mrss/" ',
    "declarations": "<?xml ",
    "names": "<item><author><name>",
    "commas": "a,",
    "twice encoded": "\u00c3\u00a9",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_our_own_steps_are_linear(name):
    from dealwatch.sources.charset import drop_declaration
    from dealwatch.sources.feed import _PAGE

    text = HOSTILE[name] * (1_000_000 // len(HOSTILE[name]))
    began = time.perf_counter()
    _PAGE.match(text[:5000])
    drop_declaration(text)
    decode_body(text.encode(), {"content-type": text[:2000]})
    clean_line(text)
    canonical_link("https://a.example/?" + text)
    matches("a*b*c*d\n" + text[:200], RawEntry(title=text, url=text, summary=text))
    parse_when(text)
    read_ttl(text.encode())
    assert time.perf_counter() - began < 1.0
    began = time.perf_counter()
    for body in (f"<rss><channel>{text[:300_000]}", f"<rss><channel><item><title>x</title>{text[:300_000]}</item>"):
        read("feed", body.encode())
    assert time.perf_counter() - began < 3.0
