"""A run over sources on loopback: what is stored, what is asked again, and that one bad source is only itself."""

import json
import socket
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from dealwatch.commands.site import SampleSite
from dealwatch.config import load_config
from dealwatch.errors import Locked, NotFound, StoreError
from dealwatch.fetch import Resting
from dealwatch.model import Source
from dealwatch.parser import VERSION
from dealwatch.pipeline import preview_source, run
from dealwatch.pipeline.workers import Workers
from dealwatch.store.writing import Writer
from pipeline_site import FILLER, NOW, Site, deals, dump, page, round_page, rows

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def by_name(report):
    return {source.name: source for source in report.sources}


def entry_row(store, key):
    (row,) = rows(store, "SELECT state, tries, next_try_at, error FROM entries WHERE key = ?", key)
    return row


# -- the sample site -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample site fetched once: its configuration, its store and the report."""
    folder = tmp_path_factory.mktemp("sample")
    with SampleSite() as site:
        (folder / "dealwatch.toml").write_text(site.config_text(str(folder / "deals.db")), "utf-8")
        config = load_config(folder / "dealwatch.toml", {})
        yield config, config.store_path, run(config, config.store_path, now=NOW)


def test_first_run_stores_all_four_sources(sample):
    config, store, report = sample
    assert [source.outcome for source in report.sources] == ["stored"] * 4
    assert not report.failed
    assert not report.unexpected
    assert not [failure for source in report.sources for failure in source.failures]
    assert report.saved.added == rows(store, "SELECT count(*) FROM articles")[0][0] == 25
    assert rows(store, "SELECT count(*) FROM entries WHERE state <> 'stored'") == [(0,)]
    assert {name for (name,) in rows(store, "SELECT DISTINCT source FROM articles")} == {s.name for s in config.sources}


@pytest.mark.parametrize(("later", "force"), [(MINUTE, True), (HOUR, False)], ids=["forced", "due again"])
def test_second_run_writes_nothing_but_the_schedule(sample, later, force):
    config, store, _ = sample
    before = dump(store)
    report = run(config, store, now=NOW + later, force=force)
    assert {source.outcome for source in report.sources} <= {"stored", "unchanged"}
    assert report.saved.added == report.saved.revised == report.saved.known == 0
    assert dump(store) == before


def test_a_source_that_is_not_due_is_skipped(sample):
    config, store, _ = sample
    before = dump(store, ("sources", "fetches"))
    report = run(config, store, now=NOW + HOUR + MINUTE)
    assert [source.outcome for source in report.sources] == ["skipped"] * 4
    assert dump(store, ("sources", "fetches")) == before


# -- what is asked again ---------------------------------------------------------------------------------------------


def test_a_page_is_read_once_more_after_a_day(site, store):
    site.feed("paper", [("a", "Cordel raises $5m"), ("b", "Quillan raises $9m")])
    site.put("/paper/a", round_page("Cordel Health", "$5 million"))
    site.put("/paper/b", round_page("Quillan Labs", "$9 million"))
    config = site.config(site.source("paper"))
    run(config, store, now=NOW)
    assert sorted(site.taken()) == ["/paper.rss", "/paper/a", "/paper/b"]
    asked = []
    for later in (HOUR, 23 * HOUR, DAY + MINUTE, DAY + HOUR, 3 * DAY):
        run(config, store, now=NOW + later)
        asked.append(sorted(site.taken()))
    only = ["/paper.rss"]
    assert asked == [only, only, ["/paper.rss", "/paper/a", "/paper/b"], only, only]


def test_a_changed_entry_is_read_again_and_an_edit_becomes_a_revision(site, store):
    site.feed("paper", [("a", "Cordel raises $5m")])
    site.put("/paper/a", round_page("Cordel Health", "$5 million"))
    config = site.config(site.source("paper"))
    run(config, store, now=NOW)
    site.feed("paper", [("a", "Cordel raises $7m")])
    site.put("/paper/a", round_page("Cordel Health", "$7 million"))
    site.taken()
    report = run(config, store, now=NOW + HOUR)
    assert site.taken() == ["/paper.rss", "/paper/a"]
    assert (report.saved.added, report.saved.revised) == (0, 1)
    claims = rows(store, "SELECT amount_low, revision, published_until, observed_until FROM claims ORDER BY revision")
    assert claims == [(5_000_000, 1, "2026-03-01T13:00:00Z", "2026-03-01T13:00:00Z"), (7_000_000, 2, None, None)]
    assert rows(store, "SELECT number FROM revisions ORDER BY number") == [(1,), (2,)]
    assert [row[7] for row in deals(store)] == [7_000_000]


def test_a_failed_page_is_tried_again_with_backoff_though_its_feed_is_unchanged(site, store):
    site.feed("paper", [("a", "Cordel raises $5m", "A summary."), ("b", "Quillan raises $9m", "Another.")])
    site.put("/paper/a", round_page("Cordel Health", "$5 million"))
    site.put("/paper/b", "no", status=500)
    config = site.config(site.source("paper"))
    (first,) = run(config, store, now=NOW).sources
    assert first.outcome == "stored"
    assert [(f.name, f.reason) for f in first.failures] == [(site.url("/paper/b"), "HTTP 500")]
    assert entry_row(store, "paper-b") == ("failed", 1, "2026-03-01T12:15:00Z", "HTTP 500")
    site.taken()
    steps = []
    for later in (5, 16, 30, 47):
        run(config, store, now=NOW + later * MINUTE)
        steps.append((site.taken(), entry_row(store, "paper-b")[:3]))
    again = ["/paper.rss", "/paper/b"]
    assert steps == [
        (["/paper.rss"], ("failed", 1, "2026-03-01T12:15:00Z")),
        (again, ("failed", 2, "2026-03-01T12:46:00Z")),
        (["/paper.rss"], ("failed", 2, "2026-03-01T12:46:00Z")),
        (again, ("failed", 3, "2026-03-01T13:47:00Z")),
    ]
    site.put("/paper/b", round_page("Quillan Labs", "$9 million"))
    assert run(config, store, now=NOW + 2 * HOUR).saved.added == 1
    assert entry_row(store, "paper-b")[0::3] == ("stored", None)
    site.taken()
    site.feed("paper", [("a", "Cordel raises $5m", "A summary."), ("b", "Quillan raises $9m", "Another."),
                        ("c", "Third", "New.")])  # fmt: skip
    site.put("/paper/c", page("Third", *FILLER))
    run(config, store, now=NOW + 3 * HOUR)
    assert site.taken() == ["/paper.rss", "/paper/c"]  # what the retry stored is known by the hash of its entry


def test_a_page_that_failed_eight_times_is_given_up_until_its_entry_changes(site, store):
    site.feed("paper", [("b", "Quillan raises $9m")])
    config = site.config(site.source("paper"))
    for turn in range(10):
        run(config, store, now=NOW + turn * DAY)
    assert site.taken().count("/paper/b") == 8
    assert entry_row(store, "paper-b") == ("failed", 8, None, "HTTP 404")
    site.feed("paper", [("b", "Quillan raises $10m")])
    run(config, store, now=NOW + 11 * DAY)
    assert entry_row(store, "paper-b")[:3] == ("failed", 1, "2026-03-12T12:15:00Z")


def test_entries_left_by_a_limit_come_with_the_next_run(site, store):
    site.feed("paper", [(letter, f"Story {letter}") for letter in "abc"])
    for letter in "abc":
        site.put(f"/paper/{letter}", page(f"Story {letter}", *FILLER, f"Told for the {letter} time."))
    config = site.config(site.source("paper"))
    assert run(config, store, now=NOW, limit=2).saved.added == 2
    assert run(config, store, now=NOW + HOUR).saved.added == 1


# -- sources that fail -----------------------------------------------------------------------------------------------


def test_each_failing_source_is_reported_and_all_others_are_stored(site, store):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refused = f"127.0.0.1:{closed.getsockname()[1]}"
    for name in ("good", "fine"):
        site.feed(name, [("a", f"Story of {name}")])
        site.put(f"/{name}/a", page(f"Story of {name}", *FILLER, f"As {name} told it."))
    site.put("/page.rss", page("A page", *FILLER))
    site.feed("silent", [("a", "Nothing")])
    site.hold("/silent.rss")
    sources = [
        site.source("good"), Source("refused", "feed", f"http://{refused}/feed"), site.source("gone"),
        site.source("page"), site.source("silent"), Source("inside", "feed", "http://127.0.0.2:9/feed"),
        Source("nowhere", "folder", str(store.parent / "nowhere")), site.source("fine"),
    ]  # fmt: skip
    config = site.config(*sources)
    config = replace(config, fetch=replace(config.fetch, allow_private=(site.host, refused)))
    report = run(config, store, now=NOW)
    said = {source.name: source.error for source in report.failed}
    assert said == {
        "refused": "connection refused", "gone": "HTTP 404", "page": said["page"], "silent": "timed out",
        "inside": "address refused (loopback)", "nowhere": f"no folder with pages at {store.parent / 'nowhere'}",
    }  # fmt: skip
    assert "feed" in said["page"]
    assert not report.unexpected
    assert all("\n" not in error for error in said.values())
    assert by_name(report)["good"].saved.added == by_name(report)["fine"].saved.added == 1
    assert rows(store, "SELECT name FROM sources WHERE failures = 1 ORDER BY name") == [(n,) for n in sorted(said)]
    later = by_name(run(config, store, now=NOW + timedelta(seconds=30)))
    assert {name for name, source in later.items() if source.outcome == "skipped"} == set(said)


class Buggy(Workers):
    """Workers with a fault of ours: they cannot read one page."""

    def run(self, task, *args, **kwargs):
        if any(isinstance(arg, str) and arg.endswith("/bad/a") for arg in args):
            raise ZeroDivisionError("a bug")
        return super().run(task, *args, **kwargs)


def test_a_bug_fails_its_source_alone(site, store, caplog):
    for name in ("bad", "good"):
        site.feed(name, [("a", f"Story of {name}")])
        site.put(f"/{name}/a", page(f"Story of {name}", *FILLER, f"As {name} told it."))
    report = run(site.config(site.source("bad"), site.source("good")), store, now=NOW, workers=Buggy)
    bad, good = by_name(report)["bad"], by_name(report)["good"]
    assert (bad.outcome, bad.unexpected, bad.error) == ("failed", True, "unexpected error")
    assert (good.outcome, good.saved.added, report.unexpected) == ("stored", 1, True)
    assert "ZeroDivisionError: a bug" in caplog.text
    assert rows(store, "SELECT source FROM articles") == [("good",)]


def test_items_that_all_link_to_the_front_page_are_articles_of_their_own(site, store):
    site.feed("root", [("a", "One", "Some words."), ("b", "Two", "Some other words.")])
    front = site.answer("/root.rss").body.replace(b"/root/a<", b"/<").replace(b"/root/b<", b"/<")
    site.put("/root.rss", front, kind="application/rss+xml")
    config = site.config(site.source("root", full_text="feed"))
    assert run(config, store, now=NOW).saved.added == 2
    links = rows(store, "SELECT url FROM articles ORDER BY url")
    assert links == [(site.url("/#root-a"),), (site.url("/#root-b"),)]
    assert run(config, store, now=NOW + HOUR, force=True).saved.revised == 0


def test_an_item_whose_link_is_no_web_address_has_no_page_and_is_asked_for_once(site, store):
    site.feed("odd", [("a", "Cordel Health raises $5m", "Cordel Health raised $5 million."), ("b", ""),
                      ("c", "A page", "Words.")])  # fmt: skip
    links = ((b"/odd/a<", b"javascript:alert(1)<"), (b"/odd/b<", b"file:///etc/passwd<"))
    body = site.answer("/odd.rss").body
    for path, link in links:
        body = body.replace(site.url("").encode() + path, link)
    site.put("/odd.rss", body, kind="application/rss+xml")
    site.put("/odd/c", round_page("Quillan Labs", "$9 million"))
    config = site.config(site.source("odd"))
    (odd,) = run(config, store, now=NOW).sources
    assert (odd.saved.added, [failure.name for failure in odd.failures]) == (2, ["odd-b"])
    assert sorted(rows(store, "SELECT url FROM articles")) == [("",), (site.url("/odd/c"),)]
    assert entry_row(store, "odd-b")[:3] == ("failed", 1, None)
    assert run(config, store, now=NOW + HOUR, force=True).sources[0].failures == ()


def test_pages_that_call_the_front_page_their_own_are_articles_of_their_own(site, store):
    site.feed("paper", [("a", "First"), ("b", "Second")])
    for slug, title in (("a", "First"), ("b", "Second")):
        body = page(title, *FILLER, f"This is the {title.lower()} of two.")
        site.put(f"/paper/{slug}", body.replace("</head>", '<link rel="canonical" href="/"></head>'))
    report = run(site.config(site.source("paper")), store, now=NOW)
    assert (report.saved.added, report.saved.revised) == (2, 0)


def test_half_a_sign_in_an_item_costs_nothing_else(site, store):
    item = {"id": "a\ud83d", "url": site.url("/paper/\ud83d"), "title": "T \ud83d", "summary": "\udc00",
            "content_html": "<p>" + "Words \ud83d of the harbour. " * 60, "authors": [{"name": "\ud83d"}]}  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [item, {"id": "b", "title": "Two"}]}
    site.put("/paper.rss", json.dumps(feed), kind="application/feed+json")
    (paper,) = run(site.config(site.source("paper", full_text="feed")), store, now=NOW).sources
    assert (paper.outcome, paper.saved.added, paper.failures) == ("stored", 2, ())


def test_a_page_built_to_hang_is_that_pages_failure(site, store):
    site.feed("paper", [("a", "Hostile"), ("b", "Story")])
    attributes = " ".join(f"a{number}=''" for number in range(80_000))
    site.put("/paper/a", f"<!doctype html><html><body><p {attributes}>Words.</p></body></html>")
    site.put("/paper/b", page("Story", *FILLER))
    report = run(site.config(site.source("paper")), store, now=NOW, workers=partial(Workers, deadline=1.0))
    (paper,) = report.sources
    assert (paper.outcome, paper.saved.added, [f.name for f in paper.failures]) == ("stored", 1, [site.url("/paper/a")])
    assert report.seconds < 5


# -- the rest of a run -----------------------------------------------------------------------------------------------


def test_a_dry_run_reads_all_and_leaves_no_file(site, store):
    site.feed("paper", [("a", "Cordel raises $5m")])
    site.put("/paper/a", round_page("Cordel Health", "$5 million"))
    report = run(site.config(site.source("paper")), store, now=NOW, dry_run=True)
    assert (report.saved.added, report.saved.claims) == (1, 1)
    assert list(store.parent.iterdir()) == []


def test_a_dry_run_on_a_store_reads_only_what_is_new(site, store):
    site.feed("paper", [("a", "Cordel raises $5m")])
    site.put("/paper/a", round_page("Cordel Health", "$5 million"))
    config = site.config(site.source("paper"))
    run(config, store, now=NOW)
    site.feed("paper", [("a", "Cordel raises $5m"), ("b", "Quillan raises $9m")])
    site.put("/paper/b", round_page("Quillan Labs", "$9 million"))
    before = store.read_bytes()
    site.taken()
    assert run(config, store, now=NOW + HOUR, dry_run=True).saved.added == 1
    assert site.taken() == ["/paper.rss", "/paper/b"]
    assert store.read_bytes() == before


def test_what_was_published_before_a_day_is_left(site, store):
    site.feed("paper", [("a", "First"), ("b", "Second")])  # at 10:00 and at 10:01
    site.put("/paper/b", page("Second", *FILLER))
    config = site.config(site.source("paper"))
    report = run(config, store, now=NOW, since=datetime(2026, 2, 2, 10, 1, tzinfo=UTC))
    assert (report.saved.added, site.taken()) == (1, ["/paper.rss", "/paper/b"])


def test_a_store_that_cannot_be_written_ends_the_run_in_one_line(site, store):
    site.feed("paper", [("a", "Cordel raises $5m")])
    site.put("/paper/a", round_page("Cordel Health", "$5 million"))
    config = site.config(site.source("paper"))
    with Writer(store, parser=VERSION, now=NOW):
        pass
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("DROP TABLE quotes")
    with pytest.raises(StoreError, match=r"cannot write .*: no such table: (main\.)?quotes"):
        run(config, store, now=NOW)
    assert rows(store, "SELECT count(*) FROM articles") == [(0,)]


def test_a_preview_reads_a_source_and_stores_nothing(site, store):
    site.feed("paper", [("a", "Cordel raises $5m"), ("b", "Gone")])
    site.put("/paper/a", round_page("Cordel Health", "$5 million"))
    preview = preview_source(site.config(site.source("paper")), "paper", store, now=NOW)
    assert [entry.key for entry in preview.entries] == ["paper-a", "paper-b"]
    assert [document.article.title for document in preview.documents] == ["Cordel Health raises $5 million"]
    assert [failure.reason for failure in preview.failures] == ["HTTP 404"]
    assert not store.exists()


def test_a_preview_lets_a_host_rest_that_asked_a_run_for_it(site, store):
    config = site.config(site.source("paper"))
    site.put("/paper.rss", "busy", status=503)
    assert run(config, store, now=NOW).failed
    site.taken()
    with pytest.raises(Resting):
        preview_source(config, "paper", store, now=NOW)
    assert site.taken() == []


def test_a_second_writer_is_locked_out(site, store):
    config = site.config(site.source("paper"))
    with Writer(store, parser=VERSION, now=NOW), pytest.raises(Locked) as caught:
        run(config, store, now=NOW)
    assert caught.value.exit_code == 75
    assert run(config, store, now=NOW).failed  # and none afterwards


def test_an_unknown_name_is_said_before_anything_is_asked(site, store):
    with pytest.raises(NotFound, match="no source 'papr'"):
        run(site.config(site.source("paper")), store, now=NOW, names=["papr"])
    assert (site.taken(), store.exists()) == ([], False)


def test_a_source_s_headers_go_to_its_own_origin_and_no_further(site, store):
    """They may hold a key, and an index or a feed names whatever host it likes."""

    def sitemap(*urls):
        places = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'

    with Site() as other:
        children = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in (site.url("/a.xml"), other.url("/b.xml")))
        site.put("/index.xml", f"<sitemapindex>{children}</sitemapindex>")
        site.put("/a.xml", sitemap(site.url("/own"), other.url("/theirs")))
        other.put("/b.xml", sitemap())
        site.put("/own", page("Own", *FILLER))
        other.put("/theirs", page("Theirs", *FILLER))
        url = site.url("/index.xml").replace("://", "://ann:word@")
        source = site.source("paper", kind="sitemap", url=url, headers={"X-Key": "s3cret"})
        config = site.config(source)
        config = replace(config, fetch=replace(config.fetch, allow_private=(site.host, other.host)))
        assert run(config, store, now=NOW).saved.added == 2
        assert [site.headers(path).get("x-key") for path in ("/index.xml", "/a.xml", "/own")] == ["s3cret"] * 3
        assert [other.headers(path).get("x-key") for path in ("/b.xml", "/theirs")] == [None] * 2


def test_a_folder_of_saved_pages_is_a_source(tmp_path, store):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_text(round_page("Cordel Health", "$5 million"), "utf-8")
    (folder / "b.html").write_text("<html></html>", "utf-8")
    (folder / "c.html").symlink_to(folder / "nowhere.html")
    source = Source("saved", "folder", str(folder), every=0, lang="en")
    with Site() as site:
        config = site.config(source)
    (report,) = run(config, store, now=NOW).sources
    assert (report.outcome, report.saved.added, [f.name[-6:] for f in report.failures]) == ("stored", 1, ["b.html"])
    assert run(config, store, now=NOW + HOUR).saved.added == 0
