"""OPML in and out: what other programs write is read, what is hostile is refused, what we write comes back."""

import tomllib
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.config.reading import read_config
from dealwatch.errors import ReadError
from dealwatch.model import Source
from dealwatch.sources.opml import LARGEST, read_opml, why_left_out, write_opml

ROWS = tomllib.loads((Path(__file__).parent / "data/sources/opml.toml").read_text(encoding="utf-8"))["row"]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def sources_of(fields, path=Path("c.toml")):
    return read_config({"source": [dict(one) for one in fields]}, path, {}).sources


@pytest.mark.parametrize("row", ROWS, ids=[row["says"] for row in ROWS])
def test_what_other_programs_write(row):
    known = [Source("Known", "feed", "https://known.example/rss")]
    read = read_opml(row["opml"].encode(row.get("charset", "utf-8")), known)
    assert [(fields["name"], fields["url"]) for fields in read.sources] == [tuple(pair) for pair in row["reads"]]
    assert (read.duplicates, read.refused) == (row.get("duplicates", 0), row.get("refused", 0))
    assert len(sources_of(read.sources)) == len(row["reads"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body>&b;</body></opml>', "document type"),
        (b'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "document type"),
        (b"<opml>" + b"<outline>" * 200, "deeper than 100"),
        (b"<opml><body><outline xmlUrl='https://x.example/'", "broken XML"),
        (b"<rss><channel/></rss>", "not OPML"),
        (b"", "broken XML"),
        (b"\xff\xfe\x00", "broken XML"),
        (b" " * (LARGEST + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_list_of_feeds_is_refused(body, says):
    with pytest.raises(ReadError, match=says):
        read_opml(body)


def test_a_file_of_ten_megabytes_is_read_in_linear_time():
    row = '<outline text="t &amp; t" xmlUrl="https://x.example/%d"/>'
    body = f"<opml><body>{''.join(row % n for n in range(100_000))}</body></opml>".encode()
    assert len(read_opml(body).sources) == 20_000
    attributes = " ".join(f'a{n}="&"' for n in range(80_000))
    assert read_opml(f"<opml><body><outline {attributes}/></body></opml>".encode()).sources == ()


def test_no_variable_of_ours_goes_to_a_stranger():
    read = read_opml(b'<opml><body><outline xmlUrl="https://x.example/?key=${HOME}"/></body></opml>')
    assert (read.sources, read.refused) == ((), 1)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (Source("A", "feed", "https://a.example/"), None),
        (Source("A", "folder", "/pages"), "a folder of this machine"),
        (Source("A", "feed", "https://ann:word@a.example/"), "its address holds a login or a key"),
        (Source("A", "feed", "https://ann:${NOT_SET}@a.example/"), "its address holds a login or a key"),
        (Source("A", "feed", "https://a.example/?api_key=s3cret"), "its address holds a login or a key"),
    ],
)
def test_secrets_and_folders_stay_here(source, why):
    assert why_left_out(source) == why
    assert ("a.example" in write_opml([source], NOW)) is (why is None)


def test_headers_are_never_written():
    source = Source("A", "feed", "https://a.example/", headers={"Authorization": "Bearer s3cret"})
    assert "s3cret" not in write_opml([source], NOW)


def test_what_is_written_is_opml_2():
    root = ET.fromstring(write_opml([Source("A & <B>", "feed", "https://a.example/?a=1&b=2", lang="fr")], NOW).encode())
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/dateCreated") == "Sun, 01 Mar 2026 12:00:00 +0000"
    (outline,) = root.findall("body/outline")
    assert outline.attrib == {"type": "rss", "text": "A & <B>", "title": "A & <B>", "xmlUrl": "https://a.example/?a=1&b=2",
                              "language": "fr", "{https://dealwatch.example/opml}name": "A & <B>"}  # fmt: skip


WORD = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=40)
NAME = WORD.filter(lambda word: word.strip() == word and word.isprintable())
LINE = WORD.filter(lambda word: word.strip() == word)


@st.composite
def sources(draw) -> tuple[Source, ...]:
    names = draw(st.lists(NAME, max_size=5, unique_by=str.casefold))
    made = []
    for number, name in enumerate(names):
        kind = draw(st.sampled_from(["feed", "feed", "sitemap", "html"]))
        made.append(Source(
            name, kind, f"https://x{number}.example/feed?a=1&b=2", draw(st.sampled_from([None, "fr", "en"])),
            draw(st.sampled_from([None, "FR"])), draw(st.sampled_from([None, "EUR"])), draw(st.sampled_from([9, 1800])),
            draw(st.integers(1, 3)), draw(st.booleans()), draw(st.sampled_from([100, 7])),
            draw(st.sampled_from(["auto", "feed", "page"])), "\n".join(draw(st.lists(LINE, max_size=2))),
            "\n".join(draw(st.lists(LINE, max_size=2))),
            {"links": draw(LINE), "date": "time@datetime"} if kind == "html" else {},
        ))  # fmt: skip
    return tuple(made)


@settings(max_examples=100)
@given(sources())
def test_what_is_written_comes_back(made):
    read = read_opml(write_opml(made, NOW).encode())
    assert (read.duplicates, read.refused) == (0, 0)
    assert sources_of(read.sources) == made
