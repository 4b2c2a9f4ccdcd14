"""Adding and managing sources, run as a person runs it, against a site on loopback."""

from __future__ import annotations

import base64
import io
import json
import os
import pty
import signal
import subprocess
import sys
import threading
import tomllib
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dealwatch.__main__ import main
from dealwatch.commands.asking import confirm
from dealwatch.commands.session import Session
from dealwatch.commands.sources_add import read_address
from dealwatch.config import load_config
from dealwatch.errors import UsageError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATOM = '<link rel="alternate" type="application/atom+xml" title="{title}" href="{href}">'
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


class _Handler(BaseHTTPRequestHandler):
    timeout = 5

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.server.answers.get(self.path, (404, {}, b"not here"))
        try:
            self.send_response(status)
            for name, text in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the client has read enough
            pass

    def log_message(self, format: str, *args: object) -> None:
        pass


class Site:
    """A site whose answers a test sets; `paths` lists what was asked since the last call."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self.host = f"127.0.0.1:{server.server_address[1]}"
        self.url = f"http://{self.host}"

    def clear(self) -> None:
        self._server.answers, self._server.asked = {}, []

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        headers = {name.replace("_", "-"): text for name, text in headers.items()}
        self._server.answers[path] = (status, headers, body.encode() if isinstance(body, str) else body)

    def paths(self) -> list[str]:
        asked, self._server.asked = self._server.asked, []
        return [path for path, _ in asked]

    def headers_of(self, path: str) -> list[dict[str, str]]:
        return [headers for asked, headers in self._server.asked if asked == path]

    def feed(self, path: str, title: str, *names: str, home: str = "/", **headers: str) -> None:
        """An RSS feed with one dated story a name."""
        items = "".join(
            f"<item><title>{name} raises money for its new machines</title><link>{self.url}/story/{name}</link>"
            f"<pubDate>Mon, {number + 1:02} Feb 2026 08:00:00 GMT</pubDate><description>Short.</description></item>"
            for number, name in enumerate(names)
        )
        body = f"<rss version='2.0'><channel><title>{title}</title><link>{self.url}{home}</link>{items}</channel></rss>"
        self.put(path, body, **headers)


@pytest.fixture(scope="module")
def running():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Site(server)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site(running: Site) -> Site:
    running.clear()
    return running


@pytest.fixture
def here(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DEALWATCH_CONFIG", "DEALWATCH_DB", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    text = f'# Mine.\n[store]\npath = "deals.db"\n\n[fetch]\ndelay = 0\nallow_private = ["{site.host}"]\n'
    Path("dealwatch.toml").write_text(text, encoding="utf-8")
    return tmp_path


def run(*argv: str, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    session = Session(io.StringIO(), io.StringIO(), {**os.environ, **(env or {})}, NOW)
    code = main(argv, session)
    return code, session.out.getvalue(), session.err.getvalue()


def sources(path: str = "dealwatch.toml") -> list[dict[str, object]]:
    return tomllib.loads(Path(path).read_text(encoding="utf-8")).get("source", [])


def only() -> dict[str, object]:
    """The one source that the configuration has, which the reader takes."""
    (source,) = sources()
    assert len(load_config(Path("dealwatch.toml"), {}).sources) == 1
    return source


# -- what an address can be --------------------------------------------------------------------------------------------


def test_a_feed_is_shown_then_written_down(here, site):
    before = Path("dealwatch.toml").read_text()
    site.feed("/rss", "The Ledger", "a", "b", "c", "d", "e", "f", Content_Type="application/rss+xml")
    code, out, err = run("sources", "add", f"{site.url}/rss", "--tier", "1", "--every", "2h", "--country", "CA")
    assert code == 0
    rows = [line.split("\t") for line in out.splitlines()]
    assert rows[0] == ["date", "title", "url"]
    assert len(rows) == 6
    assert rows[1] == ["2026-02-01T08:00:00+00:00", "a raises money for its new machines", f"{site.url}/story/a"]
    block = (
        f'[[source]]\nname = "The Ledger"\nkind = "feed"\nurl = "{site.url}/rss"\nlang = "en"\ncountry = "CA"\n'
        'every = "2h"\ntier = 1\n'
    )
    assert block in err
    assert "6 entries listed, 6 dated" in err
    assert Path("dealwatch.toml").read_text() == f"{before}\n{block}"
    assert site.paths() == ["/rss"]
    assert json.loads(run("sources", "list", "--json")[1])[0]["name"] == "The Ledger"


def test_json_feeds_and_sitemaps_are_known_by_what_they_hold(here, site):
    site.put("/a", json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Notes", "items": [
        {"id": "1", "url": f"{site.url}/1", "title": "One", "date_published": "2026-02-01T08:00:00Z"}]}))  # fmt: skip
    told = "<n:news><n:publication_date>2026-02-02</n:publication_date><n:title>Two</n:title></n:news>"
    entry = f"<url><loc>{site.url}/2</loc>{told}</url>"
    news = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="{NEWS}">{entry}</urlset>'
    site.put("/b", news)
    names = ("posts", "news-sitemap", "pages")
    index = "".join(f"<sitemap><loc>{site.url}/{name}.xml</loc></sitemap>" for name in names)
    site.put("/c", f"<sitemapindex>{index}</sitemapindex>")
    site.put("/news-sitemap.xml", news)
    for path in ("a", "b", "c"):
        assert run("sources", "add", f"{site.url}/{path}", "--name", path)[0] == 0
    assert [(source["kind"], source["url"]) for source in sources()] == [
        ("feed", f"{site.url}/a"), ("sitemap", f"{site.url}/b"), ("sitemap", f"{site.url}/news-sitemap.xml"),
    ]  # fmt: skip


def test_a_page_names_its_feed_which_is_not_that_of_comments(here, site):
    site.put("/", "<title>The Ledger | Home</title>" + ATOM.format(title="Comments", href="/comments/feed/")
             + ATOM.format(title="Short", href="/short.xml") + ATOM.format(title="All", href="/all.xml"))  # fmt: skip
    site.feed("/comments/feed/", "Comments on The Ledger", *"abcdefgh")
    site.feed("/short.xml", "The Ledger", "a")
    site.feed("/all.xml", "The Ledger", *"abcdef")
    code, _, err = run("sources", "add", site.url)
    assert (code, only()["url"], only()["name"]) == (0, f"{site.url}/all.xml", "The Ledger")
    assert f"also: {site.url}/short.xml (named by the page): 1 entry listed" in err


def test_the_section_asked_for_comes_before_the_whole_site(here, site):
    site.put("/ai/", "<html>" + ATOM.format(title="All", href="/feed.xml"))
    site.feed("/feed.xml", "The Ledger", *"abcdefgh")
    site.feed("/ai/feed/", "The Ledger: AI", *"ab", home="/ai/")
    assert run("sources", "add", f"{site.url}/ai/")[0] == 0
    assert only()["url"] == f"{site.url}/ai/feed/"


def test_a_feed_of_the_whole_site_is_taken_and_said(here, site):
    site.put("/ai/", "<html>" + ATOM.format(title="All", href="/feed.xml"))
    site.feed("/feed.xml", "The Ledger", *"abcdefgh")
    code, _, err = run("sources", "add", f"{site.url}/ai/")
    assert (code, only()["url"]) == (0, f"{site.url}/feed.xml")
    assert "it is of the whole site; --kind html" in err


def test_links_count_on_a_base_and_in_any_charset(here, site):
    site.put("/", '<base href="/v1/"><title>L’Écho</title><a href="flux/rss.xml">Flux</a>'.encode("cp1252"))
    site.feed("/v1/flux/rss.xml", "", "a", "b")
    assert run("sources", "add", site.url)[0] == 0
    assert (only()["url"], only()["name"]) == (f"{site.url}/v1/flux/rss.xml", "L’Écho")


def test_a_link_to_a_page_of_feeds_is_followed_once(here, site):
    site.put("/", '<html><a href="/rss">Our feeds</a>')
    site.put("/rss", '<html><a href="/xml/all.rss">All</a><a href="/xml/sport.rss">Sport</a>')
    site.feed("/xml/all.rss", "All", *"abcd")
    site.feed("/xml/sport.rss", "Sport", "e")
    assert run("sources", "add", site.url)[0] == 0
    assert only()["url"] == f"{site.url}/xml/all.rss"


def test_common_addresses_are_tried_where_a_page_names_none(here, site):
    site.put("/", "<html><p>Nothing here")
    site.put("/feed", "<html><p>We have no such page")  # said with 200, as many do
    site.feed("/rss.xml", "Found", "a")
    code, _, err = run("sources", "add", site.url)
    assert (code, only()["url"]) == (0, f"{site.url}/rss.xml")
    assert "at a common address" in err
    assert len(site.paths()) <= 6


def test_robots_forbids_to_guess(here, site):
    site.put("/", "<html><p>Nothing here")
    site.put("/robots.txt", "User-agent: *\nDisallow: /rss.xml\n", Content_Type="text/plain")
    site.feed("/rss.xml", "Hidden", "a")
    assert run("sources", "add", site.url)[0] == 4
    assert "/rss.xml" not in site.paths()


def test_the_news_sitemap_of_robots_is_next(here, site):
    dated = f"<url><loc>{site.url}/1</loc><n:news><n:publication_date>2026-02-02</n:publication_date></n:news></url>"
    robots = "".join(f"Sitemap: {site.url}/map-{number}.xml\n" for number in range(1000))
    site.put("/", "<title>The Ledger</title><p>Nothing here")
    site.put("/robots.txt", f"{robots}# {'x' * 400_000}\nSitemap: {site.url}/news.xml\n# {'x' * 500_000}\n")
    site.put("/news.xml", f'<urlset xmlns:n="{NEWS}">{dated}</urlset>')
    assert run("sources", "add", site.url)[0] == 0
    assert (only()["kind"], only()["url"], only()["name"]) == ("sitemap", f"{site.url}/news.xml", "The Ledger")


def test_a_page_of_headlines_gets_selectors(here, site):
    row = '<h2><a href="/2026/0{0}/story-of-the-day">A story of the {0}. day</a></h2><p>…'
    rows = "".join(row.format(number) for number in range(1, 7))
    nav = '<nav><a href="/x-y-z-1">About us all</a></nav>'
    site.put("/news", f'<html lang="en"><title>Newsroom</title>{nav}{rows}')
    code, out, err = run("sources", "add", f"{site.url}/news")
    assert (code, len(out.splitlines())) == (0, 6)
    source = only()
    assert (source["kind"], source["name"], source["selectors"]) == ("html", "Newsroom", {"links": "h2 a"})
    assert 'links = "h2 a"' in err
    code, _, err = run("sources", "test", "Newsroom")
    assert "6 entries listed" in err


@pytest.mark.parametrize("related", [False, True], ids=["alone", "with-related"])
def test_a_box_gives_no_title_to_articles_that_show_boxes(related, here, site):
    """`title` and `date` count in an article's page, too: there a box tells of another story."""
    row = '<a class="card" href="/news/tale-{0}"><h3>Story number {0} is here</h3><p class="date">{0} March 2026</p>'
    cards = "".join(f"{row.format(number)}And some words more of it.</a>" for number in range(1, 7))
    site.put("/news", f"<html><title>Newsroom</title>{cards}")
    for number in range(1, 7):
        site.put(f"/news/tale-{number}", f"<html><title>Story</title><p>Words.</p>{cards if related else ''}")
    assert run("sources", "add", f"{site.url}/news")[0] == 0
    keys = {"links", "title", "date"} if not related else {"links"}
    assert set(only()["selectors"]) == keys
    assert only()["selectors"]["links"] == ("a.card" if not related else "a.card h3")
    (first, *_) = run("sources", "test", "Newsroom", "--columns", "url", "--no-headers")[1].splitlines()
    assert first == f"{site.url}/news/tale-1"


def test_of_a_page_with_two_hundred_feeds_few_are_asked(here, site):
    site.put("/", "<html>" + "".join(ATOM.format(title=f"F{n}", href=f"/f{n}.xml") for n in range(200)))
    for number in range(200):
        site.feed(f"/f{number}.xml", f"F{number}", "a")
    code, _, err = run("sources", "add", site.url)
    assert (code, len(site.paths())) == (0, 6)
    assert "and 85 feeds more" in err


def test_a_page_of_ten_megabytes_is_read_by_its_beginning(here, site):
    site.put("/", "<html>" + ATOM.format(title="All", href="/all.xml") + "<p>x</p>" * 1_200_000)
    site.feed("/all.xml", "All", "a")
    assert run("sources", "add", site.url)[0] == 0
    site.put("/big", "x" * 11_000_000)
    code, _, err = run("sources", "add", f"{site.url}/big")
    assert (code, "too large" in err) == (3, True)


def test_a_permanent_redirect_is_written_down_a_temporary_one_is_not(here, site):
    site.feed("/new", "Moved", "a")
    site.put("/old", "", 301, Location="/new")
    site.put("/go", "", 302, Location="/new")
    assert run("sources", "add", f"{site.url}/go", "--name", "Go")[0] == 0
    assert run("sources", "add", f"{site.url}/old", "--name", "Old")[0] == 0
    assert [source["url"] for source in sources()] == [f"{site.url}/go", f"{site.url}/new"]


def test_an_address_without_scheme_is_http_where_nobody_speaks_https(here, site):
    site.feed("/f", "Plain", "a")
    assert run("sources", "add", f"{site.host}/f")[0] == 0
    assert only()["url"] == f"{site.url}/f"


def test_an_article_leads_to_its_site_not_to_its_comments(here, site):
    path = "/2026/02/orrin-buys-tessel-for-two-billion/"
    site.put(path, "<html>" + ATOM.format(title="", href=f"{path}feed/") + ATOM.format(title="", href="/feed/"))
    site.feed(f"{path}feed/", "Commentaires sur : Orrin", *"abcdef", home=path)
    site.feed("/feed/", "The Ledger", "a")
    assert run("sources", "add", f"{site.url}{path}")[0] == 0
    assert only()["url"] == f"{site.url}/feed/"


def test_a_feed_of_comments_is_added_only_by_its_own_address(here, site):
    site.put("/", "<html>" + ATOM.format(title="", href="/comments/feed/"))
    site.feed("/comments/feed/", "Comments on The Ledger", *"ab")
    assert run("sources", "add", site.url)[0] == 4
    assert run("sources", "add", f"{site.url}/comments/feed/")[0] == 0


def test_complaints_of_a_server_before_a_feed_are_borne(here, site):
    site.feed("/f", "Late", "a", "b")
    status, headers, body = site._server.answers["/f"]
    site._server.answers["/f"] = (status, headers, b"<br />\n<b>Warning</b>: cannot modify header<br />\n" + body)
    assert run("sources", "add", f"{site.url}/f")[0] == 0
    assert (only()["kind"], only()["name"]) == ("feed", "Late")


def test_a_source_that_was_taken_out_begins_anew(here, site):
    site.feed("/f", "Back", "a")
    run("sources", "add", f"{site.url}/f")
    site.put("/f", "", 410)
    run("fetch")
    run("sources", "remove", "Back")
    site.feed("/f", "Back", "a")
    assert run("sources", "add", f"{site.url}/f")[0] == 0
    assert json.loads(run("sources", "list", "--json")[1])[0]["health"] != "disabled"


def test_a_folder_of_saved_pages(here):
    (here / "pages").mkdir()
    (here / "pages" / "one.html").write_text("<title>One</title>")
    assert run("sources", "add", "pages")[0] == 0
    assert (only()["kind"], only()["name"], only()["url"]) == ("folder", "pages", str((here / "pages").resolve()))


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("lemonde.fr", ("https://lemonde.fr", "http://lemonde.fr")),
        (" HTTP://x.example/a ", ("HTTP://x.example/a",)),
        ("feed:https://x.example/rss", ("https://x.example/rss",)),
        ("localhost:8080/feed", ("https://localhost:8080/feed", "http://localhost:8080/feed")),
    ],
)
def test_an_address_needs_no_scheme(text, urls):
    first, others = read_address(text)
    assert (first, *others) == urls


@pytest.mark.parametrize(
    "text", ["", "./gone", "/gone/away", "~/gone-away", "ftp://x.example/", "file:///etc/passwd", "mailto:a@b.example"]
)
def test_what_is_no_address_is_a_usage_error(text):
    with pytest.raises(UsageError):
        read_address(text)


# -- what goes wrong ---------------------------------------------------------------------------------------------------


def test_a_site_that_cannot_be_read_is_exit_3_and_one_without_news_exit_4(here, site):
    before = Path("dealwatch.toml").read_text()
    site.put("/empty", "<html><p>Nothing")
    site.put("/broken", "<rss><channel", Content_Type="application/rss+xml")
    told = {}
    for address in (f"{site.url}/gone", f"{site.url}/empty", "10.1.2.3", "127.0.0.1:9"):
        code, out, err = run("sources", "add", address)
        told[address] = code
        assert out == ""
        assert [line.partition(": ")[0] for line in err.splitlines()] == ["error", "hint"]
    assert list(told.values()) == [3, 4, 3, 3]
    assert 'allow_private = ["10.1.2.3:443"]' in run("sources", "add", "10.1.2.3")[2]
    assert Path("dealwatch.toml").read_text() == before


def test_a_page_that_is_kept_from_programs_may_have_an_open_feed(here, site):
    site.put("/", "no robots", 403)
    assert run("sources", "add", site.url)[0] == 3
    site.feed("/feed", "Open", "a")
    assert run("sources", "add", site.url)[0] == 0


def test_a_host_that_asks_for_a_pause_gets_it(here, site):
    site.put("/", "<html><p>Nothing")
    site.put("/feed", "slow down", 429, Retry_After="60")
    assert run("sources", "add", site.url)[0] == 4
    assert [path for path in site.paths() if path != "/robots.txt"] == ["/", "/feed"]


def test_what_is_configured_already_is_refused(here, site):
    site.put("/", "<html>" + ATOM.format(title="", href="/feed.xml"))
    site.feed("/feed.xml", "Once", "a")
    assert run("sources", "add", site.url)[0] == 0
    text = Path("dealwatch.toml").read_text()
    for address in (site.url, f"{site.url}/feed.xml", f"{site.url}/feed.xml/?utm_source=x#top"):
        code, _, err = run("sources", "add", address)
        assert (code, "is configured already, as 'Once'" in err) == (2, True)
    site.feed("/other.xml", "Once", "a")
    code, _, err = run("sources", "add", f"{site.url}/other.xml", "--name", "once")
    assert (code, "a source 'once' is configured already" in err) == (2, True)
    assert Path("dealwatch.toml").read_text() == text
    assert run("sources", "add", f"{site.url}/other.xml")[0] == 0
    assert sources()[-1]["name"] == "Once 2"


@pytest.mark.parametrize(
    "options",
    [["--tier", "9"], ["--every", "soon"], ["--lang", "English"], ["--name", "a\nb"], ["--kind", "podcast"],
     ["--header", "no colon"], ["--full-text", "maybe"], ["--max-items", "0"], ["--format", "xml"]],
)  # fmt: skip
def test_a_wrong_option_is_a_usage_error_before_anything_is_asked(options, here, site):
    code, out, err = run("sources", "add", site.url, *options)
    assert (code, out, len(err.splitlines())) == (2, "", 2)
    assert options[0].lstrip("-") in err
    assert site.paths() == []


@pytest.mark.parametrize(
    "address", ["xn--.example", "https://[::1", "x" * 3000, "https://x.example:99999/", "~nobody/x y"]
)
def test_a_strange_address_is_an_error_in_two_lines_at_most(address, here):
    code, out, err = run("sources", "add", address)
    assert (code in (2, 3), out) == (True, "")
    assert err.startswith("error: ")
    assert len(err.splitlines()) <= 2


def test_a_secret_in_a_path_is_refused_with_the_mend(here):
    code, _, err = run("sources", "add", "https://x.example/${HOME}/feed")
    assert (code, "https://user:${PASS}@host/" in err) == (2, False)  # hidden like any login
    assert "could not be kept secret" in err
    assert "in headers" in err


@pytest.mark.parametrize("name", ['Say "AI"', "L’Œil d’Éire 日本", "a'b\\c", "[[source]]", "# no"])
def test_a_name_may_be_anything_on_one_line(name, here, site):
    site.feed("/f", "x", "a")
    assert run("sources", "add", f"{site.url}/f", "--name", name)[0] == 0
    assert only()["name"] == name
    assert run("sources", "disable", name)[0] == 0
    assert run("sources", "remove", name)[0] == 0
    assert sources() == []


def test_a_dry_run_writes_nothing_and_a_broken_configuration_stays(here, site):
    site.feed("/f", "x", "a")
    before = Path("dealwatch.toml").read_text()
    code, out, err = run("sources", "add", f"{site.url}/f", "--dry-run", "--json")
    assert (code, len(json.loads(out)), "nothing written" in err) == (0, 1, True)
    assert Path("dealwatch.toml").read_text() == before
    Path("dealwatch.toml").write_text("[[source]\n")
    code, _, err = run("sources", "add", f"{site.url}/f")
    assert (code, len(err.splitlines())) == (2, 2)
    assert Path("dealwatch.toml").read_text() == "[[source]\n"


def test_without_a_configuration_one_is_made_where_init_would(here, site):
    Path("dealwatch.toml").unlink()
    (here / "pages").mkdir()
    (here / "pages" / "one.html").write_text("<title>One</title>")
    assert run("sources", "add", "pages")[0] == 0
    assert len(sources("config/dealwatch/config.toml")) == 1
    assert run("--config", "mine.toml", "sources", "add", "pages")[0] == 0
    assert len(sources("mine.toml")) == 1
    assert run("sources", "remove", "pages")[0] == 0
    assert Path("config/dealwatch/config.toml").read_text() == ""


# -- at a terminal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code", "written"), [(b"\n", 0, True), (b"\x03", 130, False)], ids=["enter", "ctrl-c"]
)
def test_a_terminal_is_asked(typed, code, written, here):
    (here / "pages").mkdir()
    (here / "pages" / "one.html").write_text("<title>One</title>")
    ours, theirs = pty.openpty()
    argv = [sys.executable, "-m", "dealwatch", "sources", "add", "pages"]
    with subprocess.Popen(argv, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                          preexec_fn=_own_terminal) as program:  # fmt: skip
        os.close(theirs)
        said = b""
        while b"[Y/n]" not in said:
            said += os.read(ours, 10_000)
        assert b"one.html" in said
        assert b'kind = "folder"' in said
        os.write(ours, typed)
        assert program.wait(20) == code
    os.close(ours)
    assert bool(sources()) is written


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "said"), [("", False), ("\n", True), ("Y\n", True), (" yes \n", True), ("n\n", False), ("what?\n", False)]
)
def test_only_yes_and_enter_are_yes(typed, said):
    session = Session(io.StringIO(), Terminal(), {}, NOW)
    assert confirm(session, "write it?", Terminal(typed)) is said
    assert confirm(session, "write it?", io.StringIO(typed)) is True  # a pipe: nobody is there to ask


def _own_terminal() -> None:
    """Make the terminal on standard input that of the new session, so that its Ctrl-C is a signal."""
    import fcntl
    import termios

    signal.signal(signal.SIGINT, signal.default_int_handler)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


# -- secrets -----------------------------------------------------------------------------------------------------------


def test_logins_and_headers_from_the_environment_reach_their_host_and_nothing_else(here, site):
    site.put("/", "<html>" + ATOM.format(title="", href="/feed.xml"))
    site.feed("/feed.xml", "Closed", "a")
    site.put("/story/a", "<title>A story</title><p>" + "Words of a story that is long enough to be read. " * 20)
    env = {"PASS": "hunter2/ü", "TOKEN": "t0psecret"}
    address = site.url.replace("://", "://ann:${PASS}@")
    code, out, err = run("sources", "add", address, "--header", "X-Key: ${TOKEN}", env=env)
    assert code == 0
    assert only()["url"] == f"{address}/feed.xml"
    assert only()["headers"] == {"X-Key": "${TOKEN}"}
    expected = f"Basic {base64.b64encode('ann:hunter2/ü'.encode()).decode()}"
    assert [(h["authorization"], h["x-key"]) for h in site.headers_of("/feed.xml")] == [(expected, "t0psecret")]
    told = out + err
    for argv in (["-v", "--log", "run.log", "fetch"], ["sources", "list", "--json"], ["sources", "test", "Closed"],
                 ["sources", "export", "-"], ["sources", "add", address], ["sources", "disable", "Closed"],
                 ["sources", "enable", "Closed"]):  # fmt: skip
        code, out, err = run(*argv, env=env)
        told += out + err
    told += Path("run.log").read_text() + Path("dealwatch.toml").read_text()
    kept = Path("deals.db").read_bytes()
    for secret in ("hunter2", "hunter2%2F", "t0psecret", base64.b64encode(b"ann:hunter2").decode()[:12]):
        assert secret not in told
        assert secret.encode() not in kept


def test_a_variable_that_is_not_set_is_said_by_its_name(here, site):
    code, _, err = run("sources", "add", site.url.replace("://", "://ann:${NOT_SET_HERE}@"))
    assert (code, "the address wants $NOT_SET_HERE, not set" in err) == (3, True)
    assert site.paths() == []


def test_a_key_goes_to_no_other_host(here, site):
    other = site.url.replace("127.0.0.1", "localhost")
    host = other.removeprefix("http://")
    text = Path("dealwatch.toml").read_text().replace("allow_private = [", f'allow_private = ["{host}", ')
    Path("dealwatch.toml").write_text(text)
    site.put("/", "<html>" + ATOM.format(title="", href=f"{other}/feed.xml"))
    site.feed("/feed.xml", "Elsewhere", "a")
    address = site.url.replace("://", "://ann:word@")
    assert run("sources", "add", address, "--header", "X-Key: k", "--yes")[0] == 0
    assert only()["url"] == f"{other}/feed.xml"
    (headers,) = site.headers_of("/feed.xml")
    assert not {"authorization", "x-key"} & {name.lower() for name in headers}


# -- what a source's keys do -------------------------------------------------------------------------------------------


def test_every_key_of_a_source_does_what_it_says(here, site):
    site.feed("/feed.xml", "Keys", "orrin", "vireo", "podcast-one", "halden", "tessel")
    page = "<html lang='en'><title>{0} raises money</title><article><p>{1}</p></article>"
    for name in ("orrin", "vireo", "podcast-one", "halden", "tessel"):
        words = f"{name.title()} raised $20 million from its old investors, as it said. " * 15
        site.put(f"/story/{name}", page.format(name.title(), words))
    add = ["sources", "add", f"{site.url}/feed.xml", "--lang", "fr", "--tier", "3", "--max-items", "2", "--exclude"]
    more = ["*podcast*", "--include", "RAISES", "--exclude", "orrin", "--full-text", "page", "--every", "1d"]
    code, out, err = run(*add, *more)
    assert code == 0
    assert [line.rpartition("/")[2] for line in out.splitlines()[1:]] == ["halden", "tessel"]  # the newest two
    assert "5 entries listed, 2 wanted" in err
    assert run("fetch")[0] == 0
    found = json.loads(run("articles", "--json")[1])
    assert {article["url"].rpartition("/")[2] for article in found} == {"halden", "tessel"}
    assert all(article["characters"] > 500 for article in found)  # of the page, not of the feed
    assert {article["lang"] for article in found} == {"fr"}
    assert "1 not due" in run("fetch")[2]
    (row,) = json.loads(run("sources", "list", "--json")[1])
    assert (row["tier"], row["every"], row["next_fetch"]) == (3, 86_400, "2026-03-02T12:00:00Z")
    site.paths()
    text = Path("dealwatch.toml").read_text().replace('full_text = "page"', 'full_text = "feed"')
    Path("dealwatch.toml").write_text(text.replace("max_items = 2", "max_items = 9"))
    assert run("fetch", "--force")[0] == 0
    assert site.paths() == ["/feed.xml"]  # the feed's own words: no page is asked for


# -- enable, disable, remove -------------------------------------------------------------------------------------------


def test_a_source_that_is_gone_for_good_is_enabled_again(here, site):
    site.feed("/feed.xml", "Back", "a")
    run("sources", "add", f"{site.url}/feed.xml")
    site.put("/feed.xml", "", 410)
    assert run("fetch")[0] == 3
    (row,) = json.loads(run("sources", "list", "--json")[1])
    assert row["health"] == "disabled"
    site.feed("/feed.xml", "Back", "a")
    assert "1 not due" in run("fetch")[2]
    text = Path("dealwatch.toml").read_text()
    code, _, err = run("sources", "enable", "back")
    assert (code, err) == (0, "enabled 'Back'\n")
    assert Path("dealwatch.toml").read_text() == text
    (row,) = json.loads(run("sources", "list", "--json")[1])
    assert (row["failures"], row["next_fetch"], row["reason"]) == (0, None, None)
    run("fetch")
    assert "/feed.xml" in site.paths()


def test_several_sources_are_switched_and_removed_at_once_or_none(here, site):
    for name in "abc":
        site.feed(f"/{name}", name.upper(), "x")
        run("sources", "add", f"{site.url}/{name}")
    assert run("sources", "disable", "a", "C")[0] == 0
    assert [source.get("enabled", True) for source in sources()] == [False, True, False]
    assert run("sources", "disable", "A")[0] == 0  # as it was
    assert run("sources", "enable", "A", "C", "A")[0] == 0
    text = Path("dealwatch.toml").read_text()
    for verb in ("enable", "disable", "remove"):
        code, _, err = run("sources", verb, "A", "Bb")
        assert (code, err) == (4, "error: no source 'Bb'\nhint: did you mean 'B'?\n")
        assert Path("dealwatch.toml").read_text() == text
    assert run("sources", "remove", "A", "b")[0] == 0
    assert [source["name"] for source in sources()] == ["C"]
    assert run("sources", "remove")[0] == 2


def test_without_a_configuration_there_is_nothing_to_switch(here):
    Path("dealwatch.toml").unlink()
    code, _, err = run("sources", "disable", "A")
    assert (code, err.splitlines()[0]) == (2, "error: there is no configuration")


def test_what_a_removed_source_brought_stays(here, site):
    (here / "pages").mkdir()
    text = "<title>Orrin raises money</title><p>" + "Orrin raised $20 million from Halden Ventures, it said. " * 20
    (here / "pages" / "one.html").write_text(text)
    run("sources", "add", "pages", "--name", "Saved")
    assert run("fetch")[0] == 0
    before = run("articles", "--json")[1]
    assert len(json.loads(before)) == 1
    assert run("sources", "remove", "Saved")[0] == 0
    assert run("articles", "--json")[1] == before


# -- OPML --------------------------------------------------------------------------------------------------------------


def test_sources_go_out_and_come_in_as_opml(here, site):
    site.feed("/a", "A & B", "x")
    run("sources", "add", f"{site.url}/a")
    before = sources()
    code, _, err = run("sources", "export", "out.opml")
    assert (code, err) == (0, "wrote 1 source to out.opml\n")
    assert run("sources", "export", "-")[1] == Path("out.opml").read_text()
    code, _, err = run("sources", "import", "out.opml")
    assert (code, err) == (0, "0 sources added to dealwatch.toml; left out: 1 twice or known\n")
    run("sources", "remove", "A & B")
    assert run("sources", "import", "out.opml", "--dry-run")[0] == 0
    assert sources() == []
    assert run("sources", "import", "out.opml")[0] == 0
    assert sources() == before


def test_a_hostile_or_missing_file_is_a_usage_error(here):
    Path("bad.opml").write_text('<!DOCTYPE o [<!ENTITY a "b">]><opml>&a;</opml>')
    for name in ("bad.opml", "gone.opml", "."):
        code, out, err = run("sources", "import", name)
        assert (code, out, len(err.splitlines())) == (2, "", 2)
    assert sources() == []


def test_a_folder_is_not_exported_and_said(here):
    (here / "pages").mkdir()
    (here / "pages" / "one.html").write_text("<title>One</title>")
    run("sources", "add", "pages")
    code, out, err = run("sources", "export", "-")
    assert (code, "<outline" in out, err) == (0, False, "left out: pages: a folder of this machine\n")
