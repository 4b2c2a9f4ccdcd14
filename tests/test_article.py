"""Own pages against their expected records, field by field; feed entries; plain texts; any bytes at all."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.article import article_from_entry, clean, is_whole, read_page, read_text
from dealwatch.errors import ReadError
from dealwatch.model import Article, Entry, Source

DATA = Path(__file__).parent / "data" / "article"
PAGES = sorted(DATA.glob("*.html"))
FIELDS = (
    "title", "authors", "published", "date_precision", "date_source", "modified", "lang", "canonical_url", "method",
    "paragraphs",
)  # fmt: skip
ROWS = tomllib.loads((DATA / "rows.toml").read_text(encoding="utf-8"))
SOURCE = Source("ledger", "feed", "https://ledger.example/feed")
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def entry(**fields: object) -> Entry:
    return Entry("key", "https://ledger.example/one", **fields)  # type: ignore[arg-type]


def plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path, field: str) -> None:
    expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    article = read_page(page.read_bytes(), url=expected["url"])
    assert plain(getattr(article, field)) == expected[field]


@pytest.mark.parametrize("row", ROWS["clean"], ids=lambda row: row["text"][:20])
def test_clean(row: dict[str, str]) -> None:
    assert clean(row["text"]) == row["clean"]


@pytest.mark.parametrize("row", ROWS["text"], ids=lambda row: row["why"])
def test_text(row: dict[str, object]) -> None:
    article = read_text(row["text"], title=row.get("given"))  # type: ignore[arg-type]
    assert (article.title, list(article.paragraphs)) == (row["title"], row["paragraphs"])


@pytest.mark.parametrize("row", ROWS["entry"], ids=lambda row: row["why"])
def test_entry(row: dict[str, object]) -> None:
    article = article_from_entry(entry(title="A title", content=row["content"]), source=SOURCE)
    assert list(article.paragraphs) == row["paragraphs"]
    assert (article.method, article.source, article.url) == ("feed", "ledger", "https://ledger.example/one")


@pytest.mark.parametrize("row", ROWS["source_text"], ids=lambda row: row["why"])
def test_what_an_entry_carries(row: dict[str, object]) -> None:
    known = entry(title="A title", content=row["content"], summary=row["summary"])
    article = article_from_entry(known, source=SOURCE)
    told = (article.method, article.paywalled, len(article.paragraphs))
    assert told == (row["method"], row["paywalled"], row["lines"])


@pytest.mark.parametrize("row", ROWS["whole"], ids=lambda row: row["why"])
def test_whole(row: dict[str, object]) -> None:
    body = f"<p>{'The company sells chips to hospitals. ' * 12}</p>" * int(str(row["paragraphs"]))
    assert is_whole(entry(content=body + str(row["tail"]))) is row["whole"]


@pytest.mark.parametrize("row", ROWS["date"], ids=lambda row: row["text"])
def test_date(row: dict[str, str]) -> None:
    page = f'<title>Any</title><meta name="date" content="{row["text"]}"><p>Words.</p>'
    article = read_page(page.encode())
    assert (plain(article.published), article.date_precision) == (row.get("at"), row.get("precision"))


@pytest.mark.parametrize("row", ROWS["author"], ids=lambda row: row["page"][:60])
def test_authors(row: dict[str, object]) -> None:
    page = f'<title>Any</title><meta property="og:site_name" content="The Harbour Ledger">{row["page"]}<p>Words.</p>'
    assert list(read_page(page.encode(), url="https://ledger.example/one").authors) == row["authors"]


@pytest.mark.parametrize("row", ROWS["canonical"], ids=lambda row: row["why"])
def test_canonical(row: dict[str, str]) -> None:
    page = f"<title>Any</title>{row['page']}<p>Words of a story.</p>"
    assert read_page(page.encode(), url="https://ledger.example/one?ref_src=x").canonical_url == row["url"]


@pytest.mark.parametrize("row", ROWS["dated"], ids=lambda row: row["why"])
def test_dated(row: dict[str, str]) -> None:
    page = f"<title>Any</title>{row['page']}<p>Words of a story.</p>"
    article = read_page(page.encode(), now=datetime(2025, 6, 1, tzinfo=UTC))
    assert (plain(article.published), article.date_source) == (row["at"], row["source"])


@pytest.mark.parametrize("row", ROWS["charset"], ids=lambda row: row["why"])
def test_charset(row: dict[str, str]) -> None:
    late = "<!-- " + "x" * 3_000 + " -->" if "late" in row else ""
    page = f"<html><head>{late}{row.get('meta', '')}<title>Près de 10 M€</title></head></html>"
    body = bytes.fromhex(row.get("mark", "")) + page.encode(row["written"])
    body = body.replace(b"\x01", b"\xe9") if "stray" in row else body
    assert read_page(body, content_type=row.get("header")).title == "Près de 10 M€"


SENTENCE = "The company sells chips to hospitals in four countries. "


def page_of(row: dict[str, object]) -> bytes:
    """A page with what a row puts into its head, so many paragraphs of 220 characters, and what stands below them."""
    story = "".join(f"<p>{at + 1}. {SENTENCE * 4}</p>" for at in range(int(str(row.get("paragraphs", 3)))))
    return (
        f"<html><head><title>Chips for hospitals</title>{row.get('head', '')}</head><body>{row.get('above', '')}"
        f"<article><h1>Chips for hospitals</h1>{story}{row.get('below', '')}</article>{row.get('outside', '')}</body>"
    ).encode()


@pytest.mark.parametrize("row", ROWS["wall"], ids=lambda row: row["why"])
def test_paywall(row: dict[str, object]) -> None:
    article = read_page(page_of(row))
    assert article.paywalled is row["paywalled"]
    wanted = [f"{at + 1}." for at in range(int(str(row["paragraphs"])))]
    assert [text.split()[0] for text in article.paragraphs] == wanted


def test_a_story_that_speaks_of_subscribers_is_no_stub() -> None:
    rest = "".join(f"<p>{SENTENCE * times}</p>" for times in (5, 6, 7))
    article = read_page(page_of({"paragraphs": 3, "below": f"<p>Its channel is for subscribers only.</p>{rest}"}))
    assert (article.paywalled, sum(map(len, article.paragraphs)) > 1_500) == (False, True)


@pytest.mark.parametrize("row", ROWS["stub"], ids=lambda row: row["why"])
def test_a_stub_and_its_entry(row: dict[str, object]) -> None:
    told = {name: "The fund has bought a fifth of it. " * int(str(row[name])) for name in ("content", "summary")}
    page = page_of({"paragraphs": row["paragraphs"], "below": "<p>Subscribe to read the rest.</p>"})
    article = read_page(page, entry=entry(**{name: f"<p>{text}</p>" for name, text in told.items() if text}))
    assert (article.method, article.paywalled) == (row["method"], row["paywalled"])
    assert not any("Subscribe" in text for text in article.paragraphs)


@pytest.mark.parametrize("row", ROWS["standfirst"], ids=lambda row: row["why"])
def test_standfirst(row: dict[str, str]) -> None:
    page = page_of({"head": row.get("head", ""), "paragraphs": 5}).decode()
    page = page.replace("<article><h1>Chips for hospitals</h1>", f"<h1>Chips for hospitals</h1>{row['line']}<article>")
    paragraphs = read_page(page.encode()).paragraphs
    assert paragraphs[0] == row["first"] if "first" in row else paragraphs[0].startswith("1. ")


LIVE = (
    "The minister has left the hall without questions, and her office says that the money comes from a known budget.",
    "It is a start, says Odile Marchelli of Gannet, who had asked for three times as much for the plant at Hartlepool.",
    "The figure is out: two billion pounds, to be shared among four sites, and a first call for bids opens in spring.",
    "Good morning from Gateshead, where some four hundred people are queueing in the rain for a badge to the hall.",
)


@pytest.mark.parametrize("row", ROWS["live"], ids=lambda row: row["why"])
def test_live_blogs_keep_all_entries_in_order_and_no_times(row: dict[str, str]) -> None:
    entries = "".join(row["entry"].format(time=at, text=text) for at, text in zip(row["times"], LIVE, strict=True))
    updates = [{"@type": "BlogPosting", "articleBody": text} for text in LIVE]
    record = {"@type": "LiveBlogPosting", "headline": "Chips live", "liveBlogUpdate": updates if "told" in row else []}
    head = f"<script type=application/ld+json>{json.dumps(record)}</script>"
    menu = "<li><a href=x>News of the hall</a></li>" * 9
    body = f"<nav>{menu}</nav><h1>Chips live</h1>{row['wrap'] % entries}<aside><p>Other.</p></aside>"
    page = f"<title>Chips live</title>{head}{body}"
    assert read_page(page.encode()).paragraphs == LIVE


@pytest.mark.parametrize("row", ROWS["pointer"], ids=lambda row: row["text"][:30])
def test_lines_that_are_not_the_story(row: dict[str, object]) -> None:
    article = read_page(page_of({"below": f"<p>{row['text']}</p><p>The last paragraph of the story ends it here.</p>"}))
    assert len(article.paragraphs) == (5 if row["story"] else 4)


def test_a_page_is_cut_behind_a_tag() -> None:
    body = "<title>Près de 10 M€</title><p>".encode() + "€".encode() * 350_000 + b"</p>" + "é".encode() * 700_000
    assert read_page(body, content_type="text/html; charset=iso-8859-1").title == "Près de 10 M€"


def test_selectors_of_the_source() -> None:
    page = (DATA / "en_record.html").read_bytes()
    chosen = {"body": ".story", "remove": ".related-stories, h2", "title": "h1", "date": "time"}
    article = read_page(page, source=Source("ledger", "html", "https://ledger.example", selectors=chosen))
    assert article.method == "selectors"
    assert [text.split()[0] for text in article.paragraphs] == ["Quillan", "The", "“We", "Tern", "Quillan"]
    stale = read_page(page, source=Source("ledger", "html", "https://ledger.example", selectors={"body": ".gone"}))
    assert stale.method == "witnesses"
    with pytest.raises(ReadError, match="selector"):
        read_page(page, source=Source("ledger", "html", "https://ledger.example", selectors={"body": "p[["}))


@pytest.mark.parametrize("row", ROWS["selectors"], ids=lambda row: row["why"])
def test_selectors(row: dict[str, object]) -> None:
    chosen = Source("ledger", "html", "https://ledger.example", selectors=row["selectors"])  # type: ignore[arg-type]
    article = read_page((DATA / "selectors.page").read_bytes(), source=chosen)
    assert (article.method == "selectors") is row["picked"]
    assert sum("The company sells chips" in text for text in article.paragraphs) == 8
    assert not any("Stories about" in text or "Read also" in text for text in article.paragraphs)
    told = {"title": article.title, "date": plain(article.published), "date_source": article.date_source}
    told["box"] = any("shed" in text for text in article.paragraphs)
    assert {name: told[name] for name in told if name in row} == {name: row[name] for name in told if name in row}


def test_entry_fills_what_the_page_lacks() -> None:
    known = entry(
        title="A title", published=datetime(2025, 3, 4, 9, tzinfo=UTC), authors=("Maud Ellery",), lang="fr",
        summary="<p>Un résumé de trois mots.</p>", date_precision="instant",
    )  # fmt: skip
    article = read_page(b"<html><body></body></html>", entry=known)
    assert (article.title, article.authors, article.published) == (known.title, known.authors, known.published)
    assert (article.date_source, article.lang, article.method) == ("feed", "fr", "summary")
    assert article.paragraphs == ("Un résumé de trois mots.",)


def test_a_teaser_gives_way_to_the_text_of_its_entry() -> None:
    known = entry(content="<p>" + "</p><p>".join(["The fund has bought a fifth of the maker of pumps."] * 4) + "</p>")
    article = read_page(b"<title>Pumps</title><article><p>The fund has bought a fifth.</p></article>", entry=known)
    assert (article.method, len(article.paragraphs)) == ("feed", 4)


def test_the_title_of_the_entry_has_a_vote() -> None:
    page = b"<title>Just a moment</title><h1>Sections</h1><p>The fund has bought a fifth of the maker of pumps.</p>"
    assert read_page(page, entry=entry(title="A fund buys a fifth of Lindow")).title == "A fund buys a fifth of Lindow"


def test_nothing_to_read() -> None:
    for body in (b"", b"<p>", b"\xff\xfe", b"<html><script>1</script>"):
        with pytest.raises(ReadError):
            read_page(body)
    with pytest.raises(ReadError):
        article_from_entry(entry(), source=SOURCE)


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 50_000, b"<blockquote><ul>" * 9_000 + b"</ul></blockquote>" * 9_000,
        b"<p " + b"a1=2 " * 80_000 + b">", b"<p>" * 700_000, b"<select>" + b"<option>x" * 90_000,
        b"<select>" + b"<optgroup><option>" * 40_000, b"<a><b><i><u>" * 20_000, b"<b>x<p>" * 40_000,
        b"<b><i><p>" * 30_000, b"<svg>" + b"<g>" * 90_000,
    ],
    ids=[
        "nested", "nested and closed", "attributes", "elements", "options", "groups of options", "formatting",
        "formatting reopened", "formatting misnested", "drawing",
    ],
)  # fmt: skip
def test_pages_built_to_hang_a_parser_are_refused(body: bytes) -> None:
    with pytest.raises(ReadError, match="a page"):
        read_page(b"<title>Any</title>" + body)


HOSTILE = {
    "one line": b"<p>" + b"word " * 200_000, "one word": b"<p>" + b"w" * 1_000_000, "NULs": b"<p>" + b"\0" * 1_000_000,
    "never closed": b"<p>One.<p>Two." * 20_000, "plaintext": b"<plaintext>" + b"<div>" * 1_500,
    "noscript": b"<noscript>" + b"<p>x</p>" * 40_000, "template": b"<template><p>x</p></template>" * 20_000,
    "frames": b"<frameset>" + b"<frame src=x>" * 50_000, "comment": b"<p>x<!--" + b"<div>" * 1_500,
    "script": b"<p>x<script>" + b"<div>" * 1_500, "record": b"<script type=application/ld+json>" + b'{"a":' * 150_000,
    "records": b'<script type=application/ld+json>[{"@type":"Article","headline":"x"}]</script>' * 900,
    "pairs": b"<script type=application/ld+json>" + b'"headline"      :' * 50_000,
    "quote": b'<p class="' + b"<div>" * 1_500,
    "dividers": b"<title>" + b"w | " * 200_000 + b"</title><p>x", "escapes": b"<p>" + b"\x1b]0;" * 200_000,
    "depth": (b"<div>" * 1_900 + b"x" + b"</div>" * 1_900) * 20, "breaks": b"<p>" + b"x<br><br>" * 45_000,
    "asides": (b'<div class="related"><p>x' * 900 + b"</div>" * 900) * 10,
    "links": b"<p>" + b"<a href=x>word</a> " * 45_000,
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_are_read_with_what_is_good_in_them(body: bytes) -> None:
    story = "".join(f"<p>{at}. {SENTENCE * 4}</p>" for at in range(6))
    page = f"<title>Chips for hospitals</title><h1>Chips for hospitals</h1><article>{story}</article>"
    article = read_page(page.encode() + body)
    assert article.title == "Chips for hospitals"
    check(article)


def check(article: Article) -> None:
    assert not UNSEEN.search(article.text)
    assert all(text and text == clean(text) for text in article.paragraphs)
    assert tuple(part for part in article.text.split("\n\n") if part) == (
        (article.title, *article.paragraphs) if article.title else article.paragraphs
    )
    article.text.encode()


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes(body: bytes) -> None:
    try:
        check(read_page(body))
    except ReadError:
        pass


PIECES = st.sampled_from([
    "<p>", "</p>", "<div>", "<br>", "<title>", "</title>", "<h1>", "<article>", "<script type=application/ld+json>",
    "</script>", '{"@type":"Article","headline":"\\ud800", "author":[[{}]]}', '{"@graph":[', "\x1b]0;x\x07", "&nbsp;",
    "\u202e", '<meta name="date" content="2024-13-45">', "<time datetime=99999999999>", "Words. ", "&#0;", "\ufeff",
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=20), max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_markup(pieces: list[str]) -> None:
    try:
        check(read_page("".join(pieces).encode("utf-8", "surrogatepass")))
    except ReadError:
        pass


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text(text: str) -> None:
    article = read_text(text)
    check(article)
    assert read_text(article.text).text == article.text
    assert clean(clean(text)) == clean(text)
