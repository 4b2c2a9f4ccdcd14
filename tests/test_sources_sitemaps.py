"""Sitemaps: of news and plain, in every vocabulary, whole and broken; lists, feeds and indexes in their place."""

import gzip
import time
import tomllib
from pathlib import Path

import pytest

from dealwatch.model import Source
from dealwatch.sources import child_sitemaps, read_entries

ROWS = tomllib.loads((Path(__file__).parent / "data/sources/sitemaps.toml").read_text(encoding="utf-8"))["rows"]
URL = "https://x.example/map.xml"


def read(body, **more):
    return read_entries(Source("x", "sitemap", URL, **more), body, url=URL, headers={})


@pytest.mark.parametrize("row", ROWS["sitemaps"], ids=lambda row: row[0][:60])
def test_a_sitemap(row):
    body, *wanted = row
    for packed in (body.encode(), gzip.compress(body.encode()), body.encode("utf-16")):
        rows = [(e.url, e.title, e.published.isoformat() if e.published else "", e.lang or "") for e in read(packed)]
        assert ["|".join(entry) for entry in rows] == wanted


@pytest.mark.parametrize(("body", "links"), ROWS["indexes"])
def test_an_index(body, links):
    assert list(child_sitemaps(body.encode(), url=URL)) == links
    assert list(child_sitemaps(gzip.compress(body.encode()), url=URL)) == links


def test_a_file_of_several_packed_parts_and_one_cut_short():
    body = b"<urlset><url><loc>/1</loc></url>", b"<url><loc>/2</loc></url></urlset>"
    assert len(read(b"".join(map(gzip.compress, body)))) == 2
    assert len(read(gzip.compress(body[0]) + gzip.compress(body[1])[:-9])) >= 1


def test_the_newest_of_very_many():
    row = "<url><loc>/%d</loc><lastmod>2023-%02d-%02dT%02d:00:00Z</lastmod><priority>0.5</priority></url>"
    rows = [row % (place, place // 2000 + 1, place // 100 % 20 + 1, place // 10 % 10) for place in range(20_000)]
    began = time.perf_counter()
    entries = read(f"<urlset>{''.join(rows)}</urlset>".encode(), max_items=3)
    assert [entry.url for entry in entries] == [f"https://x.example/{place}" for place in (19990, 19991, 19992)]
    assert time.perf_counter() - began < 2.5
