"""What an article's address shows later: an edit, or less than the story, which takes nothing away; and other names."""

import json
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from dealwatch.pipeline import run
from dealwatch.store.batch import Saved
from pipeline_site import FILLER, NOW, dump, page, round_page, rows

DAY = timedelta(days=1, minutes=1)
ROWS = tomllib.loads((Path(__file__).parent / "data/pipeline/later.toml").read_text(encoding="utf-8"))["later"]
PATH = "/paper/nadir-raises"
CONTENT = ("articles", "revisions", "amounts", "quotes", "mentions", "claims", "deals")


@pytest.fixture
def config(site):
    site.feed("paper", [("nadir-raises", "Nadir Robotics raises $10 million")])
    site.put(PATH, round_page("Nadir Robotics", "$10 million"))
    return site.config(site.source("paper"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_a_page_shown_later_is_an_edit_or_takes_nothing_away(site, store, config, row):
    run(config, store, now=NOW)
    before = dump(store, CONTENT)
    told = [part for text in row["paragraphs"] for part in (FILLER if text == "FILLER" else [text])]
    body = page(row["title"], *told).replace("</head>", row.get("head", "") + "</head>")
    site.put(PATH, body)
    saved = run(config, store, now=NOW + DAY).saved
    assert (saved.known, saved.revised) == ((1, 0) if row["kept"] else (0, 1))
    assert (dump(store, CONTENT) == before) is row["kept"]


@pytest.mark.parametrize("there", ["/", "/?from=paper", "/paper/"])
def test_a_story_that_leads_to_a_front_page_stays_and_is_tried_again(site, store, config, there):
    site.put("/", page("The paper", *FILLER, "Nadir Robotics raises $10 million"))
    site.put("/?from=paper", site.answer("/").body)
    site.put("/paper/", page("The paper: business", *FILLER, "Nadir Robotics raises $10 million"))
    run(config, store, now=NOW)
    before = dump(store, CONTENT)
    site.put(PATH, "", status=302, location=there)
    (report,) = run(config, store, now=NOW + DAY).sources
    assert [failure.reason for failure in report.failures] == ["its address leads to a front page by now"]
    assert dump(store, CONTENT) == before
    assert rows(store, "SELECT state, tries FROM entries") == [("failed", 1)]


def test_a_stub_is_followed_by_the_whole_text(site, store, config):
    row = ROWS[0]
    whole = site.answer(PATH)
    site.put(PATH, page(row["title"], *row["paragraphs"]).replace("</head>", row["head"] + "</head>"))
    run(config, store, now=NOW)
    assert rows(store, "SELECT paywalled FROM articles") == [(1,)]
    site.put(PATH, whole.body)
    assert run(config, store, now=NOW + DAY).saved.revised == 1
    assert rows(store, "SELECT paywalled, target, amount_low FROM articles, deals") == [(0, "Nadir Robotics", 10**7)]


def test_a_first_reading_that_went_astray_is_followed_by_the_story(site, store, config):
    whole = site.answer(PATH)
    site.put(PATH, page("Votre vie privée", *[text.replace("company", "partner") for text in FILLER] * 4))
    run(config, store, now=NOW)
    site.put(PATH, whole.body)
    assert run(config, store, now=NOW + DAY).saved.revised == 1
    assert len(rows(store, "SELECT 1 FROM deals")) == 1


def test_another_canonical_address_does_not_make_another_article(site, store, config):
    def put(sum_, address):
        link = f'<link rel="canonical" href="{site.url(address)}"></head>'
        site.put(PATH, round_page("Nadir Robotics", sum_).replace("</head>", link))

    put("$10 million", "/stories/1")
    run(config, store, now=NOW)
    put("$12 million", "/archive/nadir")
    assert run(config, store, now=NOW + DAY).saved.revised == 1
    assert rows(store, "SELECT confirmations, amount_low FROM deals") == [(1, 12 * 10**6)]


def test_an_entry_that_comes_to_mean_another_story_is_another_article(site, store, config):
    site.put(PATH, round_page("Nadir Robotics", "$10 million"))
    run(config, store, now=NOW)
    site.feed("paper", [("nadir-raises", "Ferries stay in port")])  # the same guid and address: "today's story"
    link = f'<link rel="canonical" href="{site.url("/stories/2")}"></head>'
    site.put(PATH, page("Ferries stay in port", *FILLER).replace("</head>", link))
    assert run(config, store, now=NOW + DAY).saved.added == 1


def test_spellings_of_one_address_are_one_article(site, store):
    sources = []
    for place, path in enumerate(["a", "a?utm_source=rss", "a?fbclid=7&utm_medium=x"]):
        site.put(f"/paper/{path}", round_page("Nadir Robotics", "$10 million"))
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": f"/paper/{path}"}]}
        site.put(f"/{place}.json", json.dumps(feed))
        sources.append(site.source(f"paper {place}", url=site.url(f"/{place}.json")))
    saved = run(site.config(*sources), store, now=NOW).saved
    assert (saved.added, saved.known) == (1, 2)


def test_a_dry_run_counts_what_it_would_store(site, store, config):
    run(config, store, now=NOW)
    assert run(config, store, now=NOW + DAY, dry_run=True).saved == Saved(known=1)
    site.put(PATH, round_page("Nadir Robotics", "$12 million"))
    before = store.read_bytes()
    assert run(config, store, now=NOW + DAY, dry_run=True).saved == Saved(revised=1, claims=1)
    assert store.read_bytes() == before


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_the_deals_of_one_article_from_two_sources_name_the_same_one_in_any_order(site, store, config, names):
    for name in names:
        source = site.source(name, url=site.url("/paper.rss"))
        run(site.config(source), store, now=NOW)
    assert rows(store, "SELECT sources, (SELECT source FROM articles) FROM deals") == [('["a"]', "a")]
