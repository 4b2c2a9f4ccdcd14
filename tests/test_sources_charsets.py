"""Bytes that say one thing of themselves and are another: no word lost, and never the euro sign."""

import tomllib
from pathlib import Path

import pytest

from dealwatch.model import Source
from dealwatch.sources import read_entries

ROWS = tomllib.loads((Path(__file__).parent / "data/sources/charsets.toml").read_text(encoding="utf-8"))["rows"]
URL = "https://x.example/"


def read(kind, body, header):
    source = Source("x", kind, URL, selectors={"links": "h2 a"} if kind == "html" else {})
    headers = {"content-type": f"text/xml; charset={header}"} if header else {}
    (entry,) = read_entries(source, body, url=URL, headers=headers)
    return entry


@pytest.mark.parametrize(("words", "charset", "header", "declared"), ROWS["charsets"])
def test_the_words_of_a_body(words, charset, header, declared):
    said = f'encoding="{declared}"' if declared else ""
    item = f"<item><title>{words}</title><link>/1</link></item>"
    feed = f'<?xml version="1.0" {said}?><rss><channel>{item}</channel></rss>'
    assert read("feed", feed.encode(charset), header).title == words
    sitemap = f'<?xml version="1.0" {said}?><urlset><url><loc>/1</loc><title>{words}</title></url></urlset>'
    assert read("sitemap", sitemap.encode(charset), header).title == words
    meta = f'<meta charset="{declared}">' if declared else ""
    page = f"<!doctype html><html><head>{meta}</head><body><h2><a href=/1>{words}</a></h2></body></html>"
    assert read("html", page.encode(charset), header).title == words
    meta = f'<meta http-equiv=Content-Type content="text/html; charset={declared}">' if declared else ""
    page = page.replace(page[page.index("<head>") : page.index("</head>")], f"<head>{meta}")
    assert read("html", page.encode(charset), header).title == words


MIXED = [
    # bytes of a title -> the title
    ("Un fonds lève 5 M€, ".encode() + "“d’abord” – 3 €".encode("cp1252"), "Un fonds lève 5 M€, “d’abord” – 3 €"),
    ("levée de ".encode("cp1252") + "5 M€".encode(), "levée de 5 M€"),
    (b"5 M&#128; &#147;lev\xc3\xa9s&#148;", "5 M€ “levés”"),
    (b"5 M&euro; lev&eacute;s &ldquo;l&rsquo;IA&rdquo;", "5 M€ levés “l’IA”"),
    (b"5 M&amp;euro; lev&amp;#233;s", "5 M€ levés"),
    (b"5 M&#x20AC; lev&#xE9;s", "5 M€ levés"),
    ("5 Mâ‚¬ levÃ©s".encode(), "5 M€ levés"),
    ("5 M\u00e2\u0082\u00ac lev\u00c3\u00a9s".encode(), "5 M€ levés"),
    ("Ã la une : levÃ© et relevé".encode(), "Ã la une : levÃ© et relevé"),
    ("levé\xa0€5m".encode(), "levé\xa0€5m"),
    (b"5 M\xc2\x80 lev\xc3\xa9s", "5 M€ levés"),
    (b"cut \xe2\x82", "cut â‚"),
]


@pytest.mark.parametrize(("title", "words"), MIXED)
def test_mixed_bytes_and_entities(title, words):
    body = b'<?xml version="1.0" encoding="utf-8"?><rss><item><title>%s</title><link>/1</link></item></rss>'
    assert read("feed", body % title, "").title == words
