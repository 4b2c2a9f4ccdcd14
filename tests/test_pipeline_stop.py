"""A run that is stopped or killed: what it stored is whole, and the next run brings the rest."""

import signal
import subprocess
import sys
from contextlib import suppress
from sqlite3 import OperationalError
from threading import Event, Thread

import pytest

from dealwatch.errors import EXIT_INTERRUPTED, EXIT_LOCKED, EXIT_TERMINATED
from dealwatch.parser import VERSION
from dealwatch.pipeline import run
from dealwatch.store.writing import Writer
from pipeline_site import FILLER, NOW, Site, children, deals, round_page, rows

WAIT = 30  # seconds for a subprocess to come to a point, at most
QUICK = {"quick": ("Cordel Health", "$5 million"), "brisk": ("Quillan Labs", "$9 million")}
SLOW = (("a", "Tarn Robotics", "$12 million"), ("b", "Cordel Health", "$5 million"), ("c", "Orrary AI", "$80 million"))


@pytest.fixture
def site():
    """Two quick papers with a round each, and a slow one whose second page is held."""
    with Site() as site:
        for name, (company, sum_) in QUICK.items():
            site.feed(name, [("a", f"{company} raises {sum_}")])
            site.put(f"/{name}/a", round_page(company, sum_))
        site.feed("slow", [(slug, f"{company} raises {sum_}") for slug, company, sum_ in SLOW])
        for slug, company, sum_ in SLOW:
            site.put(f"/slow/{slug}", round_page(company, sum_, "Halden Capital"))
        yield site


@pytest.fixture
def sources(site):
    return [site.source(name) for name in ("quick", "slow", "brisk")]


@pytest.fixture
def undisturbed(site, sources, tmp_path):
    """The deals of a run that nothing interrupts."""
    path = tmp_path / "undisturbed.db"
    run(site.config(*sources), path, now=NOW)
    site.taken()
    return deals(path)


def check_whole(store):
    assert rows(store, "PRAGMA integrity_check") == [("ok",)]
    lost = """SELECT count(*) FROM entries LEFT JOIN articles ON articles.id = article_id
              WHERE state = 'stored' AND articles.id IS NULL"""
    assert rows(store, lost) == [(0,)]
    lost = "SELECT count(*) FROM deal_claims LEFT JOIN claims ON key = claim_key WHERE key IS NULL"
    assert rows(store, lost) == [(0,)]


def test_stop_ends_a_run_after_what_is_in_hand(site, sources, undisturbed, tmp_path):
    store, stop, reports = tmp_path / "deals.db", Event(), []
    held = site.hold("/slow/b")
    config = site.config(*sources, timeout=WAIT)
    thread = Thread(target=lambda: reports.append(run(config, store, now=NOW, stop=stop)))
    thread.start()
    assert held.asked.wait(WAIT)
    stop.set()
    held.held.set()
    thread.join(WAIT)
    (report,) = reports
    assert report.interrupted
    assert not report.failed
    assert rows(store, "SELECT key, state FROM entries WHERE source = 'slow' ORDER BY key") == [
        ("slow-a", "stored"), ("slow-b", "stored"), ("slow-c", "pending"),
    ]  # fmt: skip
    check_whole(store)
    site.taken()
    assert run(config, store, now=NOW).saved.added >= 1
    assert {"/slow.rss", "/slow/c"} <= set(site.taken())
    assert deals(store) == undisturbed
    assert rows(store, "SELECT count(*) FROM entries WHERE state <> 'stored'") == [(0,)]


def test_an_interrupted_run_loses_no_text_that_only_the_feed_has(site, tmp_path):
    store, stop = tmp_path / "deals.db", Event()
    text = "".join(f"&lt;p&gt;{part}&lt;/p&gt;" for part in ("Cordel Health has raised $5 million.", *FILLER, *FILLER))
    site.feed("whole", [("a", "First", text), ("b", "Second", text.replace("5", "6"))])
    config = site.config(site.source("whole", full_text="feed"))
    stop.set()
    assert run(config, store, now=NOW, stop=stop).interrupted
    assert run(config, store, now=NOW).saved.added == 2
    assert rows(store, "SELECT count(*) FROM articles WHERE length(text) > 300") == [(2,)]


def test_an_error_in_the_main_thread_waits_for_nobody(site, sources, tmp_path):
    held = site.hold("/slow/a")

    def fail(step):
        held.asked.wait(WAIT)
        raise KeyboardInterrupt

    before = children()
    with pytest.raises(KeyboardInterrupt):
        run(site.config(*sources, timeout=WAIT), tmp_path / "deals.db", now=NOW, progress=fail)
    assert not held.held.is_set()  # it came back though an answer was still out
    assert len(children() - before) <= 2  # Python's own two: the forking server and the tracker
    check_whole(tmp_path / "deals.db")
    with Writer(tmp_path / "deals.db", parser=VERSION, now=NOW):
        pass  # the lock is free


# -- through the command line ----------------------------------------------------------------------------------------


@pytest.fixture
def command(site, sources, tmp_path):
    """`dealwatch fetch` in a process of its own, over the three papers."""
    config = tmp_path / "dealwatch.toml"
    config.write_text(site.config_text(*sources, timeout=WAIT), "utf-8")
    started = []

    def start():
        line = [sys.executable, "-m", "dealwatch", "--config", str(config), "--db", str(tmp_path / "deals.db"), "fetch"]
        started.append(subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_for_rows(store, query, count):
    """Nothing, once a query has so many rows; other processes write the store, so it is asked again and again."""
    pause = Event()
    for _ in range(WAIT * 50):
        if store.exists():
            with suppress(OperationalError):  # no table yet, or the writer is committing
                if len(rows(store, query)) >= count:
                    return
        pause.wait(0.02)
    raise AssertionError(f"never came: {query}")


def test_a_killed_fetch_leaves_a_whole_store_and_the_next_finishes(site, command, undisturbed, tmp_path):
    store, held = tmp_path / "deals.db", site.hold("/slow/b")
    process = command()
    assert held.asked.wait(WAIT)
    wait_for_rows(store, "SELECT 1 FROM articles", len(QUICK))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    held.held.set()
    check_whole(store)
    assert sorted(row[0] for row in rows(store, "SELECT source FROM articles")) == sorted(QUICK)
    assert rows(store, "SELECT count(*) FROM sources WHERE name = 'slow'") == [(0,)]
    assert command().wait(WAIT) == 0
    check_whole(store)
    assert deals(store) == undisturbed


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, EXIT_TERMINATED), (signal.SIGINT, EXIT_INTERRUPTED)], ids=["TERM", "INT"]
)
def test_a_signal_stores_the_source_in_hand(site, command, undisturbed, tmp_path, number, code):
    store, held = tmp_path / "deals.db", site.hold("/slow/b")
    process = command()
    assert held.asked.wait(WAIT)
    process.send_signal(number)
    assert "stopping" in process.stderr.readline()
    held.held.set()
    _, said = process.communicate(timeout=WAIT)
    assert process.returncode == code, said
    assert "Traceback" not in said
    check_whole(store)
    kept = rows(store, "SELECT key FROM entries WHERE source = 'slow' AND state = 'stored'")
    assert kept == [("slow-a",), ("slow-b",)]
    assert command().wait(WAIT) == 0
    assert deals(store) == undisturbed


def test_a_second_fetch_is_told_that_another_writes(command, tmp_path):
    with Writer(tmp_path / "deals.db", parser=VERSION, now=NOW):
        process = command()
        out, said = process.communicate(timeout=WAIT)
    assert (process.returncode, out) == (EXIT_LOCKED, "")
    assert said.startswith("error: another run is writing ")
