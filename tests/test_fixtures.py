"""The sample site, its golden answers and the example configuration: one source, nothing stale, nothing amiss."""

from __future__ import annotations

import http.client
import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.request import Request, urlopen
from xml.etree import ElementTree

import pytest

from dealwatch.commands.site import SampleSite
from make_site import GOLDEN, KINDS, ROOT, SITE, SLOTS, STATUSES, TYPES, BadLabel, build, money

ANSWERS = [json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))]
PAGES = {answer["id"]: answer for answer in ANSWERS}
BODY = {
    "ledger-line": ("div", "story-body"),
    "capital-and-code": ("article", "post"),
    "depeche-des-modeles": ("div", "texte"),
}
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


class Reader(HTMLParser):
    """A page read simply: the heading and the paragraphs of the element that holds the body."""

    def __init__(self, tag: str, name: str) -> None:
        super().__init__()
        self.body, self.open, self.title, self.paragraphs, self.into = (tag, name), [], "", [], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append((tag, dict(attrs).get("class") or ""))
        if tag == "p" and self.body in self.open and ("div", "encart") not in self.open:
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if "h1" in tags:
            self.title += data
        elif "p" in tags and self.body in self.open and ("div", "encart") not in self.open:
            self.paragraphs[-1] += data


def read_simply(answer: dict) -> str:
    outlet = answer["page"].partition("/")[0]
    raw = (SITE / answer["page"]).read_bytes()
    reader = Reader(*BODY[outlet])
    reader.feed(raw.decode("cp1252" if outlet == "depeche-des-modeles" else "utf-8"))
    return "\n\n".join((reader.title, *reader.paragraphs))


def ask(address: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    host, _, path = address.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", f"/{path}", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.headers)
    finally:
        connection.close()


@pytest.fixture(scope="module")
def site():
    with SampleSite() as running:
        yield running


# --- what is bundled -------------------------------------------------------------------------------------------------


def test_nothing_is_stale():
    pages, answers = build()
    there = {path.relative_to(SITE).as_posix(): path.read_bytes() for path in SITE.rglob("*") if path.is_file()}
    assert there == pages, "run tests/make_site.py"
    assert {path.name: path.read_bytes() for path in GOLDEN.glob("*.json")} == answers, "run tests/make_site.py"


def test_the_fixtures_are_the_bundled_site():
    fixtures = ROOT / "fixtures/site"
    bundled = {path.relative_to(SITE): path.read_bytes() for path in SITE.rglob("*") if path.is_file()}
    assert {path.relative_to(fixtures): path.read_bytes() for path in fixtures.rglob("*") if path.is_file()} == bundled


@pytest.mark.parametrize("answer", ANSWERS, ids=PAGES)
def test_labels_hold_in_the_page(answer):
    text = read_simply(answer)
    assert text == answer["text"]
    for label in answer["amounts"] + answer["quotes"]:
        assert text[label["start"] : label["end"]] == label["text"]
    assert {amount["kind"] for amount in answer["amounts"]} <= KINDS
    assert 80 <= len(text.split()) <= 260


@pytest.mark.parametrize("answer", ANSWERS, ids=PAGES)
def test_parties_and_speakers_stand_in_the_text(answer):
    text = answer["text"].replace("\xa0", " ")
    names = [*answer["companies"], *(quote["speaker"] for quote in answer["quotes"] if quote["speaker"])]
    assert [name for name in names if not any(form in text for form in name.split("|"))] == []
    for deal in answer["deals"]:
        assert set(deal) == SLOTS
        assert set(deal["lead"]) <= set(deal["investors"])


def test_the_site_tells_every_kind_of_story():
    deals = [deal for answer in ANSWERS for deal in answer["deals"]]
    assert {answer["lang"] for answer in ANSWERS} == {"en", "fr"}
    assert {deal["status"] for deal in deals} == STATUSES
    assert {deal["type"] for deal in deals} >= {"funding_round", "investment", "acquisition", "ipo", "debt", "capex"}
    assert {quote["kind"] for answer in ANSWERS for quote in answer["quotes"]} == {"direct", "fragment"}
    assert sum(not answer["deals"] for answer in ANSWERS) >= 4
    assert {answer["published"][:4] for answer in ANSWERS} == {"2023", "2024", "2025", "2026"}


def test_a_label_that_does_not_hold_is_refused():
    assert money("3e8..4e8 EUR") == {"currency": "EUR", "qualifier": "range", "low": 3 * 10**8, "high": 4 * 10**8}
    assert money(">1.5e9 USD")["high"] is None
    for wrong in ("10 billion USD", "1e9", "1e9 dollars", "~~1e9 USD"):
        with pytest.raises(BadLabel):
            money(wrong)


def test_sentences_are_well_formed():
    rows = tomllib.loads((GOLDEN / "sentences.toml").read_text("utf-8"))["sentence"]
    assert len(rows) == 40
    assert [row["lang"] for row in rows].count("fr") == 20
    for row in rows:
        assert set(row) - {"lang", "text"} <= SLOTS
        if "type" not in row:
            continue
        assert row["type"] in TYPES
        assert row["status"] in STATUSES
        for name in [*row["investors"], *row.get("lead", []), row["target"]]:
            assert any(form in row["text"] for form in name.split("|")), name
        for key in ("amount", "valuation"):
            assert key not in row or money(row[key])


# --- the configurations ----------------------------------------------------------------------------------------------


def test_the_example_is_the_bundled_one():
    bundled = (ROOT / "src/dealwatch/data/config.example.toml").read_bytes()
    assert (ROOT / "config.example.toml").read_bytes() == bundled


def test_the_example_has_many_sources_each_with_its_comment():
    text = (ROOT / "config.example.toml").read_text("utf-8")
    sources = tomllib.loads(text)["source"]
    names = [source["name"] for source in sources]
    web = [source for source in sources if source["kind"] != "folder"]
    assert len(names) == len(set(names))
    assert len({source["url"] for source in web}) == len(web) >= 34
    assert {source["kind"] for source in sources} == {"feed", "html", "sitemap", "folder"}
    assert sum(source.get("lang") == "fr" for source in sources) >= 12
    assert len(re.findall(r"^# .+\.\n\[\[source\]\]$", text, re.M)) == len(sources)
    assert "NOT tested" in text.partition("[store]")[0]


def test_the_example_and_the_demo_can_be_loaded(site, tmp_path):
    config = pytest.importorskip("dealwatch.config")
    assert len(config.load_config(ROOT / "config.example.toml", {}).sources) >= 34
    path = tmp_path / "demo.toml"
    path.write_text(site.config_text(str(tmp_path / 'a "b" \\ c.db')), "utf-8")
    demo = config.load_config(path, {})
    assert [source.kind for source in demo.sources] == ["feed", "feed", "html", "sitemap"]
    assert demo.store_path == tmp_path / 'a "b" \\ c.db'
    assert demo.fetch.allow_private == (site.host,)


def test_the_example_shows_the_defaults_of_fetching():
    config = pytest.importorskip("dealwatch.config")
    text = (ROOT / "config.example.toml").read_text("utf-8")
    shown = text.partition("[fetch]")[2].partition("[companies]")[0]
    settings = tomllib.loads(re.sub(r"^# ", "", shown, flags=re.M))
    defaults = config.FetchSettings()
    assert set(settings) == set(defaults.__slots__)
    for key in settings.keys() - {"user_agent", "proxy", "allow_private"}:
        assert settings[key] == getattr(defaults, key)


# --- the server ------------------------------------------------------------------------------------------------------


def test_feeds_are_well_formed_and_reach_every_article(site):
    status, rss, headers = ask(f"{site.base_url}/ledger-line/feed.rss")
    assert (status, headers["Content-Type"]) == (200, "application/rss+xml")
    _, atom, _ = ask(f"{site.base_url}/capital-and-code/feed.atom")
    _, sitemap, _ = ask(f"{site.base_url}/sitemap-news.xml")
    _, listing, _ = ask(f"{site.base_url}/depeche-des-modeles/")
    links = [item.text for item in ElementTree.fromstring(rss).iterfind("channel/item/link")]
    links += [link.get("href") for link in ElementTree.fromstring(atom).iterfind(f"{ATOM}entry/{ATOM}link")]
    links += [found.text for found in ElementTree.fromstring(sitemap).iter() if found.tag.endswith("}loc")]
    paths = re.findall(r'<h3><a href="([^"]+)"', listing.decode("cp1252"))
    links += [f"{site.base_url}/depeche-des-modeles/{path}" for path in paths]
    assert sorted(links) == sorted(f"{site.base_url}/{answer['page']}" for answer in ANSWERS)
    assert {ask(link)[0] for link in links} == {200}
    assert len(list(ElementTree.fromstring(sitemap).iter(f"{NEWS}title"))) == 4


def test_nothing_served_keeps_a_placeholder(site):
    for path in SITE.rglob("*"):
        if path.is_file():
            status, body, _ = ask(f"{site.base_url}/{path.relative_to(SITE).as_posix()}")
            assert (status, b"{base}" in body) == (200, False)


def test_a_client_that_has_it_is_told_so(site):
    address = f"{site.base_url}/ledger-line/feed.rss"
    _, _, headers = ask(address)
    for sent in ({"If-None-Match": headers["ETag"]}, {"If-None-Match": f'"x", W/{headers["ETag"]}'},
                 {"If-Modified-Since": headers["Last-Modified"]}):  # fmt: skip
        status, body, again = ask(address, **sent)
        assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    for sent in ({"If-None-Match": '"x"', "If-Modified-Since": headers["Last-Modified"]},
                 {"If-Modified-Since": "Mon, 23 Jan 2023 00:00:00 GMT"}, {"If-Modified-Since": "yesterday"},
                 {"If-Modified-Since": "Thu, 99 Jan 99999 99:00:00 GMT"}):  # fmt: skip
        assert ask(address, **sent)[0] == 200


@pytest.mark.parametrize(
    "path",
    ["demo.toml", "../demo.toml", "%2e%2e/demo.toml", "..%2fdemo.toml", "ledger-line/../../demo.toml", "//etc/passwd",
     "/etc/passwd", "ledger-line/..%5c..%5cdemo.toml", "index.html%00.txt", "ledger-line", "//[", "%C3%A9"],
)  # fmt: skip
def test_nothing_outside_the_folder_can_be_read(site, path):
    host, _, port = site.host.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=5)
    connection.putrequest("GET", f"/{path}")  # sent as it stands: nothing on the way tidies it
    connection.endheaders()
    assert connection.getresponse().status in (400, 404)
    connection.close()


def test_head_and_other_methods(site, capsys):
    with urlopen(Request(f"{site.base_url}/robots.txt", method="HEAD")) as answer:
        assert (answer.status, answer.read()) == (200, b"")
        assert int(answer.headers["Content-Length"]) > 0
    host, _, port = site.host.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=5)
    connection.request("POST", "/robots.txt", body=b"x")
    assert connection.getresponse().status == 501
    connection.close()
    assert capsys.readouterr() == ("", "")


def test_the_site_is_gone_when_its_block_ends():
    with SampleSite() as running:
        address = running.base_url
    with pytest.raises(ConnectionError):
        ask(f"{address}/robots.txt")


def test_the_bundled_files_hold_no_link_to_the_world():
    for path in SITE.rglob("*.html"):
        text = path.read_bytes().decode("latin-1")
        assert re.findall(r'(?:href|src|action)="(?:https?:)?//', text) == []


def test_the_readme_of_the_fixtures_counts_rightly():
    text = (ROOT / "fixtures/README.md").read_text("utf-8")
    french = sum(answer["lang"] == "fr" for answer in ANSWERS)
    assert f"{len(ANSWERS)} articles, {len(ANSWERS) - french} in English and {french}" in " ".join(text.split())
    assert Path(ROOT / "fixtures/site").resolve() == SITE.resolve()
