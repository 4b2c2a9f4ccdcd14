"""A run in which nothing changed: no body is read where the server lets us ask, and only the schedule is written."""

import gzip
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from dealwatch.config import Config
from dealwatch.model import Source
from dealwatch.pipeline import run
from pipeline_site import FILLER, NOW, page, rows
from test_fetch_client import serving, settings

SCHEDULE = {"sources", "fetches"}
ITEMS = "".join(
    f"<item><title>Quillan Labs raises ${n}m</title><link>/story{n}</link><guid>{n}</guid></item>" for n in (3, 4, 5)
)
FEED = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{ITEMS}</channel></rss>'.encode()
SITEMAP = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://HOST/story9</loc></url></urlset>'
INDEX = (
    b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    b"<sitemap><loc>http://HOST/child.xml</loc></sitemap></sitemapindex>"
)
LISTING = b"<html><body><h2><a href='/story7'>Quillan Labs raises $7m</a></h2></body></html>"
BODIES = {"/feed": FEED, "/index.xml": INDEX, "/child.xml": SITEMAP, "/list": LISTING}
ETAG, CHANGED = '"v1, of the \\"paper\\""', "Mon, 02 Feb 2026 10:00:00 GMT"
WAYS = {  # what a server gives to ask again by, whether it then says 304, and how it packs its bodies
    "etag": ({"ETag": ETAG}, "If-None-Match", False),
    "weak etag": ({"ETag": f"W/{ETAG}"}, "If-None-Match", False),
    "date": ({"Last-Modified": CHANGED}, "If-Modified-Since", False),
    "both, packed": ({"ETag": ETAG, "Last-Modified": CHANGED}, "If-None-Match", True),
    "ignored": ({"ETag": ETAG, "Last-Modified": CHANGED}, None, False),
    "nothing": ({}, None, False),
    "nothing, packed": ({}, None, True),
}


class Paper:
    """Answers the feeds and pages of a paper, and counts the bytes of the bodies that it sends."""

    def __init__(self, way):
        self.given, self.honours, self.packs = WAYS[way]
        self.sent, self.asked = 0, []

    def __call__(self, send, path, stop):
        head = self.server.requests[-1]
        body = BODIES.get(path, b"").replace(b"HOST", self.host.encode())
        if path.startswith("/story"):
            body = page(f"Quillan Labs raises ${path[6:]} million", *FILLER, f"Story {path}.").encode()
        self.asked.append(path)
        status = "200 OK" if body else "404 Not Found"
        given = self.given.get({"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}.get(self.honours))
        if given and f"{self.honours}: {given}".lower() in head.lower():
            status, body = "304 Not Modified", b""
        if self.packs and body:
            body = gzip.compress(body, mtime=len(self.asked))  # packed anew each time: other bytes, the same body
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {text}" for name, text in self.given.items()), "Connection: close"]
        lines += [f"Content-Length: {len(body)}"] if status[:3] != "304" else []
        lines += ["Content-Encoding: gzip"] if self.packs and body else []
        self.sent += len(body)
        send("\r\n".join([*lines, "", ""]).encode() + body)


def everything(path):
    """Every row of every table, by table."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in names}


@pytest.mark.parametrize("way", WAYS)
def test_a_second_run_reads_no_body_and_writes_nothing_but_the_schedule(way, tmp_path):
    paper, store = Paper(way), tmp_path / "deals.db"
    with serving(paper) as server:
        paper.server, paper.host = server, f"127.0.0.1:{server.port}"
        facts = {"every": 0, "lang": "en"}
        sources = (
            Source("feed", "feed", server.url("/feed"), **facts),
            Source("map", "sitemap", server.url("/index.xml"), **facts),
            Source("list", "html", server.url("/list"), selectors={"links": "h2 a"}, **facts),
        )
        config = Config(fetch=settings(server, timeout=5.0, per_host=1), sources=sources)
        report = run(config, store, now=NOW)
        assert (report.saved.added, report.failed) == (5, ())
        for hours in (1, 2):
            before, paper.sent, paper.asked = everything(store), 0, []
            report = run(config, store, now=NOW + timedelta(hours=hours))
            after = everything(store)
            assert {source.outcome for source in report.sources} == {"unchanged"}
            assert not [path for path in paper.asked if path.startswith("/story")]
            assert bool(paper.sent) == (paper.honours is None)
            assert {name for name in after if after[name] != before[name]} == SCHEDULE
            assert len(after["fetches"]) == len(before["fetches"]) + len(sources)  # a row a fetch
            assert set(before["fetches"]) <= set(after["fetches"])
            assert len(after["sources"]) == len(before["sources"])


def test_what_a_run_without_news_changes_of_a_source_is_when_it_was_asked(tmp_path):
    paper, store = Paper("etag"), tmp_path / "deals.db"
    with serving(paper) as server:
        paper.server, paper.host = server, f"127.0.0.1:{server.port}"
        config = Config(fetch=settings(server, timeout=5.0), sources=(Source("feed", "feed", server.url("/feed")),))
        seen = []
        for hours in (0, 1):
            run(replace(config), store, now=NOW + timedelta(hours=hours))
            columns = [row[1] for row in rows(store, "PRAGMA table_info(sources)")]
            seen.append(dict(zip(columns, rows(store, "SELECT * FROM sources")[0], strict=True)))
    changed = {name for name in seen[0] if seen[0][name] != seen[1][name]}
    assert changed == {"last_fetch_at", "last_success_at", "next_fetch_at"}
