"""A folder of saved pages, as a source: what stands in it, what was saved anew, how much of it."""

import gzip
import os
from datetime import timedelta

import pytest

from dealwatch.config import load_config
from dealwatch.model import Source
from dealwatch.pipeline import run
from pipeline_site import FILLER, NOW, Site, page, round_page, rows

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pages/2026/élan").mkdir(parents=True)
    return tmp_path / "pages"


@pytest.fixture
def fetch(tmp_path, folder):
    def fetch(now=NOW, **more):
        with Site() as site:
            config = site.config(Source("saved", "folder", str(folder), **more))
            (report,) = run(config, tmp_path / "x.db", now=now).sources
        assert report.failures == ()
        return report

    return fetch


def test_pages_and_texts_of_every_depth_are_read_and_other_files_are_not(folder, fetch, tmp_path):
    link = '<link rel="canonical" href="https://paper.example/nadir"></head>'
    (folder / "a.html").write_text(round_page("Nadir Robotics", "$10 million").replace("</head>", link))
    (folder / "2026/élan/b c.HTML.gz").write_bytes(gzip.compress(round_page("Sifnos AI", "$20 million").encode()))
    told = ("Pellet raises $30 million", "Pellet has raised $30 million.", "It is new.")
    (folder / "2026/note.txt").write_text("\r\n\r\n".join(told))
    (folder / "2026/photo.jpg").write_bytes(b"\xff\xd8")
    assert fetch().saved.added == 3
    known = rows(tmp_path / "x.db", "SELECT title, url, method FROM articles ORDER BY title")
    assert [(title, url) for title, url, _ in known] == [
        ("Nadir Robotics raises $10 million", "https://paper.example/nadir"), ("Pellet raises $30 million", ""),
        ("Sifnos AI raises $20 million", ""),
    ]  # fmt: skip
    assert rows(tmp_path / "x.db", "SELECT text FROM articles WHERE method = 'text'") == [
        ("Pellet raises $30 million\n\nPellet has raised $30 million.\n\nIt is new.",)
    ]
    assert fetch(NOW + DAY).outcome == "unchanged"


def test_a_page_saved_anew_is_read_anew(folder, fetch, tmp_path):
    link = '<link rel="canonical" href="https://paper.example/nadir"></head>'
    for sum_, at in (("$10 million", NOW), ("$12 million", NOW + DAY)):
        (folder / "a.html").write_text(round_page("Nadir Robotics", sum_).replace("</head>", link))
        os.utime(folder / "a.html", (at.timestamp(), at.timestamp()))
        saved = fetch(at).saved
        assert saved.added + saved.revised == 1
    assert rows(tmp_path / "x.db", "SELECT amount_low, confirmations FROM deals") == [(12 * 10**6, 1)]


def test_a_folder_of_many_pages_is_read_whole(tmp_path, folder, fetch):
    path = tmp_path / "dealwatch.toml"
    path.write_text('[[source]]\nname = "saved"\nkind = "folder"\nurl = "pages"\n')
    (source,) = load_config(path, {}).sources
    for number in range(120):
        (folder / f"{number}.txt").write_text(f"Story {number}\n\n{FILLER[0]}\n\nTold as {number}.")
    assert fetch(max_items=source.max_items).saved.added == 120


def test_a_page_kept_from_us_is_told_by_the_list_until_it_answers(tmp_path):
    with Site() as site:
        told = "Nadir Robotics has raised $10 million from Tamsin Ventures, the company said."
        site.feed("paper", [("shut", "Nadir Robotics raises $10 million", told), ("bare", "Ferries stay in port")])
        for name in ("shut", "bare"):
            site.put(f"/paper/{name}", "no", status=403)
        config, store = site.config(site.source("paper")), tmp_path / "x.db"
        (report,) = run(config, store, now=NOW).sources
        assert (report.saved.added, len(report.failures)) == (1, 2)
        assert rows(store, "SELECT method, (SELECT amount_low FROM deals) FROM articles") == [("summary", 10**7)]
        assert run(config, store, now=NOW + DAY).saved == type(report.saved)()
        site.put("/paper/shut", round_page("Nadir Robotics", "$10 million"))
        assert run(config, store, now=NOW + DAY * 2).saved.revised == 1
        assert rows(store, "SELECT method, confirmations FROM articles, deals") != [("summary", 1)]


def test_a_page_that_robots_are_kept_from_is_told_by_the_list(tmp_path):
    with Site() as site:
        site.put("/robots.txt", "User-agent: *\nDisallow: /paper/")
        site.feed("paper", [("shut", "Nadir Robotics raises $10 million", "Nadir Robotics has raised $10 million.")])
        site.put("/paper/shut", page("No", *FILLER))
        for full_text, count in (("page", 0), ("auto", 1)):
            config = site.config(site.source("paper", full_text=full_text))
            assert run(config, tmp_path / f"{full_text}.db", now=NOW).saved.added == count
