"""What an address is, what a page names, and the selectors that are proposed for one that names nothing."""

import gzip
import tomllib
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.model import Source
from dealwatch.sources import read_entries
from dealwatch.sources.discover import (
    FeedLink,
    common_feeds,
    is_comments,
    is_news_sitemap,
    is_section_of,
    read_about,
    read_robots_sitemaps,
    section_feeds,
    sniff_kind,
)
from dealwatch.sources.naming import choose_lang, name_source
from dealwatch.sources.propose import propose_selectors

DATA = Path(__file__).parent / "data/sources"
ABOUTS = tomllib.loads((DATA / "abouts.toml").read_text(encoding="utf-8"))["row"]
LISTINGS = tomllib.loads((DATA / "listings.toml").read_text(encoding="utf-8"))["row"]
PAGE = "https://site.example/ai/"


@pytest.mark.parametrize("row", ABOUTS, ids=[row["says"] for row in ABOUTS])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_body_says_what_it_is(row, packed):
    body = row["body"].encode(row.get("charset", "utf-8"))
    body = gzip.compress(body) if packed else body
    assert sniff_kind(body, {}) == row["kind"]
    if row["kind"] == "sitemap":
        return
    about = read_about(body, PAGE, {})
    assert (about.title, about.lang, about.home) == (row.get("title", ""), row.get("lang"), row["home"])
    assert [link.url for link in about.feeds] == row.get("feeds", [])


def read_best(row):
    body = row["html"].encode()
    proposals = propose_selectors(body, row["url"], {})
    if not proposals:
        return ()
    source = Source("x", "html", row["url"], selectors=proposals[0])
    return read_entries(source, body, url=row["url"], headers={})


@pytest.mark.parametrize("row", LISTINGS, ids=[row["says"] for row in LISTINGS])
def test_the_best_proposal_lists_the_articles_and_nothing_else(row):
    entries = read_best(row)
    assert [entry.url for entry in entries] == [urljoin(row["url"], link) for link in row["articles"]]
    assert sum(entry.published is not None for entry in entries) == row["dated"]
    assert all(8 <= len(entry.title) <= 60 for entry in entries)


def test_a_long_listing_is_read_as_one():
    row = '<li class="row"><a href="/2026/02/a-story-that-is-number-{n}">A story that is number {n}</a></li>'
    body = "".join(row.replace("{n}", str(n)) for n in range(1500))
    proposals = propose_selectors(f"<ul>{body}</ul>".encode(), "https://x.example/", {})
    assert proposals[0]["links"] in ("li a", "li.row a", "a")


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(body):
    for text in (body, b"<html><body>" + body, b"<rss>" + body, b"{" + body):
        sniff_kind(text, {})
        read_about(text, PAGE, {}) if not text.startswith(b"\x1f\x8b") else None
    propose_selectors(b"<html>" + body, PAGE, {})


def test_a_page_may_name_two_hundred_feeds():
    body = "".join(f'<link rel="alternate" type="application/rss+xml" href="/f{n}.xml">' for n in range(200))
    assert len(read_about(f"<html>{body}".encode(), PAGE, {}).feeds) == 100


@pytest.mark.parametrize(
    ("url", "title", "expected"),
    [
        ("https://x.example/comments/feed/", "", True), ("https://x.example/feed", "Comments on The Story", True),
        ("https://x.example/feed", "The Gazette » Flux des commentaires", True),
        ("https://x.example/feed", "Commenter's Weekly", False), ("https://x.example/feed", "", False),
    ],
)  # fmt: skip
def test_a_feed_of_comments_is_known_by_its_address_or_title(url, title, expected):
    assert is_comments(FeedLink(url, title)) is expected


def test_robots_names_sitemaps_those_of_news_first():
    body = b"User-agent: *\r\nDisallow: /x\r\nSitemap: https://x.example/map.xml\r\n"
    body += b"SITEMAP : /news/sitemap.xml # ours\r\n"
    found = read_robots_sitemaps(body + b"sitemap:\nSitemap: javascript:x\n", "https://x.example/robots.txt")
    assert found == ("https://x.example/news/sitemap.xml", "https://x.example/map.xml")


def test_a_robots_of_a_megabyte_is_read_in_linear_time():
    body = b"".join(b"Sitemap: https://x.example/sitemap-%d.xml\n" % n for n in range(25_000))
    assert len(read_robots_sitemaps(body, "https://x.example/robots.txt")) == 2000
    assert read_robots_sitemaps(b"sitemap: " * 120_000, "https://x.example/robots.txt") == ()


@pytest.mark.parametrize(
    "path", ["/news-sitemap.xml", "/sitemap_news_1.xml", "/google-news.xml", "/sitemaps/news/a.xml"]
)
def test_a_news_sitemap_is_known_by_its_address(path):
    assert is_news_sitemap(f"https://x.example{path}")
    assert not is_news_sitemap("https://news.example/sitemap.xml")


def test_a_section_is_below_its_page():
    assert is_section_of("https://x.example/rss/economie.xml", "https://x.example/economie/")
    assert is_section_of("https://x.example/anything", "https://x.example/")
    assert not is_section_of("https://x.example/rss/une.xml", "https://x.example/economie/")


def test_common_addresses_are_few():
    assert len(common_feeds("https://x.example/a/b?c")) + len(section_feeds("https://x.example/a/b?c")) <= 12
    assert section_feeds("https://x.example/a/b.html") == section_feeds("https://x.example/") == ()
    assert "https://x.example/feed" in common_feeds("https://x.example/a/")
    assert "https://x.example/a/feed/" in section_feeds("https://x.example/a/")


# -- names and languages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (["The Ledger"], "The Ledger"),
        (["RSS", "The Ledger - Home"], "The Ledger"),
        (["The Ledger | Flux RSS"], "The Ledger"),
        (["Actualités"], "ledger.example"),
        ([""], "ledger.example"),
        (["Ledger - All the news of money and machines, every day since 1887"], "Ledger"),
        (["All the news of money and machines of every day of the week"], "All the news of money and machines of"),
        (["x" * 200], "x" * 40),
        (["Taken"], "Taken 3"),
        (["A <b>bold</b> \u202e name\n\x1b[31m"], "A bold name [31m"),
        (["L\u2019Écho « éco »"], "L\u2019Écho « éco »"),
    ],
)
def test_a_source_gets_a_short_name_of_its_own(titles, name):
    assert name_source(titles, "https://www.ledger.example/feed", ["taken", "Taken 2"]) == name


def test_a_language_is_written_down_where_it_is_clear():
    french = ["Le groupe a levé des fonds auprès de la banque", "Une nouvelle usine pour les puces"]
    assert choose_lang("fr", french) == "fr"
    assert choose_lang(None, french) == "fr"
    assert choose_lang("en", french) is None  # "en-US", as its software came
    assert choose_lang("nl", ["OpenAI", "Nvidia"]) == "nl"
    assert choose_lang(None, []) is None
