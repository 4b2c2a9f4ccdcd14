"""What a source lists: an index's sitemaps, asked though the index never changes, and a listing's further pages."""

from datetime import timedelta

import pytest

from dealwatch.pipeline import run
from pipeline_site import FILLER, NOW, dump, page, rows

HOUR = timedelta(hours=1)
NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def put_index(site, path, *children):
    body = "".join(f"<sitemap><loc>{site.url(child)}</loc></sitemap>" for child in children)
    site.put(path, f"<sitemapindex {NEWS}>{body}</sitemapindex>", kind="application/xml")


def put_sitemap(site, path, *stories):
    body = "".join(f"<url><loc>{site.url(f'/news/{story}')}</loc></url>" for story in stories)
    site.put(path, f"<urlset {NEWS}>{body}</urlset>", kind="application/xml")
    put_stories(site, stories)


def put_stories(site, stories):
    for story in stories:
        site.put(f"/news/{story}", page(f"Story {story}", *FILLER, f"Told as number {story}."))


def titles(store):
    return sorted(title for (title,) in rows(store, "SELECT title FROM articles"))


def asked(site):
    return [path for path in site.taken() if not path.startswith("/news/")]


# -- sitemaps of an index ----------------------------------------------------------------------------------------------


@pytest.fixture
def config(site):
    return site.config(site.source("paper", kind="sitemap", url=site.url("/index.xml")))


def test_a_sitemap_that_changes_is_read_though_its_index_never_does(site, store, config):
    put_index(site, "/index.xml", "/a.xml", "/b.xml")
    put_sitemap(site, "/a.xml", "one")
    put_sitemap(site, "/b.xml", "two")
    assert run(config, store, now=NOW).saved.added == 2
    put_sitemap(site, "/b.xml", "two", "three")
    site.taken()
    assert run(config, store, now=NOW + HOUR).saved.added == 1
    assert site.taken() == ["/index.xml", "/a.xml", "/b.xml", "/news/three"]
    assert titles(store) == ["Story one", "Story three", "Story two"]


def test_sitemaps_that_are_the_same_are_asked_by_their_validators_and_nothing_is_written(site, store, config):
    put_index(site, "/index.xml", "/a.xml")
    put_sitemap(site, "/a.xml", "one")
    run(config, store, now=NOW)
    before = dump(store)
    kept = rows(store, "SELECT * FROM child_sitemaps")
    (report,) = run(config, store, now=NOW + HOUR).sources
    assert (report.outcome, report.entries) == ("unchanged", 0)
    assert site.headers("/a.xml")["if-none-match"] == site.answer("/a.xml").etag
    assert dump(store) == before
    assert rows(store, "SELECT * FROM child_sitemaps") == kept


def test_one_failing_sitemap_is_a_failure_of_its_own_and_asked_again(site, store, config):
    put_index(site, "/index.xml", "/a.xml", "/b.xml")
    put_sitemap(site, "/b.xml", "two")
    (report,) = run(config, store, now=NOW).sources
    assert report.outcome == "stored"
    assert [(failure.name, failure.reason) for failure in report.failures] == [(site.url("/a.xml"), "HTTP 404")]
    put_sitemap(site, "/a.xml", "one")
    assert run(config, store, now=NOW + HOUR).saved.added == 1
    assert titles(store) == ["Story one", "Story two"]


def test_a_source_has_failed_where_all_its_sitemaps_have(site, store, config):
    put_index(site, "/index.xml", "/a.xml", "/b.xml")
    (report,) = run(config, store, now=NOW).sources
    assert (report.outcome, report.error) == ("failed", "HTTP 404")


def test_an_index_in_an_index_is_followed_and_a_circle_ends(site, store, config):
    put_index(site, "/index.xml", "/inner.xml", "/b.xml")
    put_index(site, "/inner.xml", "/a.xml", "/inner.xml", "/b.xml")
    put_sitemap(site, "/a.xml", "one")
    put_sitemap(site, "/b.xml", "two")
    assert run(config, store, now=NOW).saved.added == 2
    assert asked(site) == ["/index.xml", "/inner.xml", "/a.xml", "/b.xml"]
    put_sitemap(site, "/a.xml", "one", "three")
    assert run(config, store, now=NOW + HOUR).saved.added == 1


def test_of_many_sitemaps_some_are_asked_in_a_turn(site, store, config):
    put_index(site, "/index.xml", *(f"/{number}.xml" for number in range(30)))
    for number in range(30):
        put_sitemap(site, f"/{number}.xml", f"n{number}")
    assert run(config, store, now=NOW).saved.added == 8
    assert len(asked(site)) == 9


def test_what_a_limit_left_over_of_a_sitemap_comes_with_the_next_run(site, store, config):
    put_index(site, "/index.xml", "/a.xml")
    put_sitemap(site, "/a.xml", "one", "two", "three")
    assert run(config, store, now=NOW, limit=2).saved.added == 2
    assert run(config, store, now=NOW + HOUR).saved.added == 1


# -- pages of a listing ------------------------------------------------------------------------------------------------


@pytest.fixture
def listing(site):
    def put(path, following, *stories):
        links = "".join(f'<h2><a href="/news/{story}">Story {story}</a></h2>' for story in stories)
        older = f'<a class="next" href="{following}">Older</a>' if following else ""
        site.put(path, f"<html><body><main>{links}</main>{older}</body></html>")
        put_stories(site, stories)

    return put


def listed(site, **more):
    chosen = {"links": "h2 a", "next": "a.next"}
    return site.config(site.source("paper", kind="html", url=site.url("/news"), selectors=chosen, **more))


def test_a_listing_is_read_on_while_its_pages_bring_news(site, store, listing):
    listing("/news", "/news?page=2", "six", "five")
    listing("/news?page=2", "/news?page=3", "four", "three")
    listing("/news?page=3", "", "two", "one")
    assert run(listed(site), store, now=NOW).saved.added == 6
    assert [path for path in asked(site) if "page" in path] == ["/news?page=2", "/news?page=3"]
    assert run(listed(site), store, now=NOW + HOUR).sources[0].outcome == "unchanged"
    listing("/news", "/news?page=2", "eight", "seven")
    listing("/news?page=2", "/news?page=3", "six", "five")
    site.taken()
    assert run(listed(site), store, now=NOW + HOUR).saved.added == 2
    assert asked(site) == ["/news", "/news?page=2"]  # which brought nothing new: what stands behind it is known


def test_a_page_that_fails_is_a_failure_of_its_own_and_the_list_is_asked_anew(site, store, listing):
    listing("/news", "/news?page=2", "two")
    (report,) = run(listed(site), store, now=NOW).sources
    assert [(failure.name, failure.reason) for failure in report.failures] == [(site.url("/news?page=2"), "HTTP 404")]
    assert titles(store) == ["Story two"]


@pytest.mark.parametrize(
    ("more", "count"), [({}, 5), ({"max_items": 2}, 2)], ids=["at most five pages", "no more than the source may have"]
)
def test_a_listing_without_end_has_one(site, store, listing, more, count):
    for number in range(1, 9):
        path = "/news" if number == 1 else f"/news?page={number}"
        listing(path, f"/news?page={number + 1}", f"n{number}")
    assert run(listed(site, **more), store, now=NOW).saved.added == count


def test_pages_in_a_ring_are_read_once(site, store, listing):
    listing("/news", "/news?page=2", "two")
    listing("/news?page=2", "/news", "one")
    assert run(listed(site), store, now=NOW).saved.added == 2
    assert asked(site) == ["/news", "/news?page=2"]


# -- many items, one page ----------------------------------------------------------------------------------------------


def test_a_page_that_many_items_link_to_is_asked_once(site, store):
    site.feed("paper", [("round", "One"), ("round", "Two"), ("round?utm_source=rss", "Three")])
    feed = site.answer("/paper.rss")
    feed.body = feed.body.replace(b"<guid>paper-round</guid>", b"<guid>another</guid>", 1)
    site.put("/paper/round", page("One round", *FILLER))
    config = site.config(site.source("paper"))
    assert run(config, store, now=NOW).saved.added == 1
    assert site.taken() == ["/paper.rss", "/paper/round"]
    assert len(rows(store, "SELECT DISTINCT article_id FROM entries WHERE state = 'stored'")) == 1
    assert rows(store, "SELECT count(*) FROM entries") == [(3,)]
    assert run(config, store, now=NOW + 25 * HOUR).saved.known == 1
    assert site.taken() == ["/paper.rss", "/paper/round"]


def test_a_page_that_many_items_link_to_fails_once(site, store):
    site.feed("paper", [("round", "One"), ("round", "Two")])
    (report,) = run(site.config(site.source("paper")), store, now=NOW).sources
    assert len(report.failures) == 1
    assert site.taken() == ["/paper.rss", "/paper/round"]


# -- what a run takes of a list ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [({"max_items": 1}, {}, 2), ({"include": "one"}, {}, 2), ({"exclude": "one"}, {"exclude": "two"}, 1), ({}, {}, 0)],
)
def test_what_the_configuration_takes_anew_of_a_list_comes_though_the_list_is_the_same(
    site, store, before, after, count
):
    site.feed("paper", [(story, f"Story {story}") for story in ("one", "two", "three")])
    for story in ("one", "two", "three"):
        site.put(f"/paper/{story}", page(f"Story {story}", *FILLER, f"Told as {story}."))
    run(site.config(site.source("paper", **before)), store, now=NOW)
    (report,) = run(site.config(site.source("paper", **after)), store, now=NOW + HOUR).sources
    assert report.saved.added == count
    assert (report.outcome == "unchanged") is (not count)
    assert run(site.config(site.source("paper", **after)), store, now=NOW + HOUR).sources[0].outcome == "unchanged"


def test_the_sitemaps_of_an_index_come_anew_too(site, store):
    put_index(site, "/index.xml", "/a.xml")
    put_sitemap(site, "/a.xml", "one", "two")
    facts = {"kind": "sitemap", "url": site.url("/index.xml")}
    assert run(site.config(site.source("paper", exclude="*one", **facts)), store, now=NOW).saved.added == 1
    assert run(site.config(site.source("paper", **facts)), store, now=NOW + HOUR).saved.added == 1


def test_what_since_left_out_comes_with_a_run_without_it(site, store):
    site.feed("paper", [("one", "Story one"), ("two", "Story two")])
    put = {story: page(f"Story {story}", *FILLER, f"Told as {story}.") for story in ("one", "two")}
    for story, body in put.items():
        site.put(f"/paper/{story}", body)
    config, late = site.config(site.source("paper")), NOW.replace(month=2, day=2, hour=10, minute=1)
    assert run(config, store, now=NOW, since=late).saved.added == 1
    assert run(config, store, now=NOW + HOUR, since=late).sources[0].outcome == "unchanged"
    assert run(config, store, now=NOW + HOUR).saved.added == 1
    assert run(config, store, now=NOW + HOUR, since=late).sources[0].outcome == "unchanged"


def test_a_page_without_a_date_in_its_list_is_left_out_by_its_own(site, store):
    put_sitemap(site, "/a.xml", "one")  # its page is of the second of February
    config = site.config(site.source("paper", kind="sitemap", url=site.url("/a.xml")))
    assert run(config, store, now=NOW, since=NOW.replace(day=1)).saved.added == 0
    site.taken()
    assert run(config, store, now=NOW + HOUR, since=NOW.replace(day=1)).sources[0].outcome == "unchanged"
    assert site.taken() == ["/a.xml"]
    assert run(config, store, now=NOW + HOUR).saved.added == 1
