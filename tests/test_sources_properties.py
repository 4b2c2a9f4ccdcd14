"""Properties of what is read: a feed that was written is read back, and patterns take time in proportion."""

import time
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dealwatch.model import Source
from dealwatch.sources import read_entries
from dealwatch.sources.charset import mend_twice_encoded
from dealwatch.sources.picking import matches
from dealwatch.sources.raw import RawEntry, clean_line, clean_text, mark_paragraphs

SOURCE = Source("x", "feed", "https://x.example/")
ATOM = "{http://www.w3.org/2005/Atom}"
SIGNS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff\ufeff")
WORDS = st.text(SIGNS | st.sampled_from("<>&'\"\n]"), max_size=60)
PIECES = [
    "<item>", "</item>", "<item ", "<title>", "</title>", "<link>", "</link>", "x", "]]>", "-->", "<guid/>", "<guid ",
    "&amp;", "<m:title>", "</m:title>", "<", ">", "'", '"', "<description><![CDATA[x]]>", "<!-- x -->",
]  # fmt: skip
PATHS = st.text("abcäé0-/_.", min_size=1, max_size=20).filter(lambda path: not path.startswith("/"))


def write(kind, title, words, path):
    """A feed of one item, as a program writes it that knows XML."""
    space = ATOM if kind == "atom" else ""
    root = ET.Element(space + kind.replace("atom", "feed"))
    item = ET.SubElement(root, space + ("entry" if kind == "atom" else "item"))
    ET.SubElement(item, space + "title").text = title
    link = ET.SubElement(item, space + "link")
    if kind == "atom":
        link.set("href", f"https://x.example/{path}?a=1&b=2")
    else:
        link.text = f"https://x.example/{path}?a=1&b=2"
    ET.SubElement(item, space + ("content" if kind == "atom" else "description"), type="html").text = words
    return root


@settings(deadline=None)
@given(st.sampled_from(["rss", "atom"]), WORDS, WORDS, PATHS, st.sampled_from(["utf-8", "utf-16", "us-ascii"]))
def test_a_feed_that_was_written_is_read_back(kind, title, words, path, charset):
    assume(mend_twice_encoded(title) == title and mend_twice_encoded(words) == words)
    body = ET.tostring(write(kind, title, words, path), encoding=charset, xml_declaration=True)
    (entry,) = read_entries(SOURCE, body, url=SOURCE.url, headers={})
    assert entry.title == clean_line(title.strip())
    assert entry.url == f"https://x.example/{path}?a=1&b=2"
    assert (entry.content or entry.summary) == mark_paragraphs(clean_text(words.strip()))


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_whole_items_around_broken_ones_are_read(middle):
    one, two = (f"<item><title>{name}</title><guid>{name}</guid></item>" for name in ("first", "last"))
    entries = read_entries(SOURCE, f"<rss>{one}{middle}{two}</rss>".encode(), url=SOURCE.url, headers={})
    assert {"first", "last"} <= {entry.key for entry in entries}


@pytest.mark.parametrize("rising", [True, False])
def test_the_newest_of_a_feed_without_end(rising):
    item = "<item><guid>%d</guid><pubDate>%d</pubDate><category>AI</category></item>"
    items = [item % (place, 1_600_000_000 + place) for place in range(20_000)]
    body = f"<rss><channel>{''.join(items if rising else reversed(items))}</channel></rss>".encode()
    began = time.perf_counter()
    entries = read_entries(replace(SOURCE, max_items=2), body, url=SOURCE.url, headers={})
    assert {entry.key for entry in entries} == {"19999", "19998"}
    assert time.perf_counter() - began < 2.5  # 0.4 s for 1.7 MB on an idle machine


PATTERNS = {
    "words": "a" * 2000, "stars": "*" * 20_000, "pieces": "a*" * 5000, "pairs": "*ab" * 5000, "rows": "a b\n" * 2000,
    "accents": "é*" * 3000, "combining": "\u0301" * 5000 + "\n\u0301", "lines": "\n" * 100_000, "groups": "(a+)+$",
}  # fmt: skip


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_take_time_in_proportion(name):
    began = time.perf_counter()
    for text in ("a" * 1_000_000, "ab" * 500_000, "é" * 1_000_000, "a " * 500_000, "\u0301" * 1_000_000):
        matches(PATTERNS[name], RawEntry(title=text, url=f"https://x.example/{text}", summary=text))
    assert time.perf_counter() - began < 2.0


def test_a_pattern_of_nothing_but_an_accent_matches_nothing():
    assert not matches("\u0301\n \n", RawEntry(title="a"))
