"""What keeps a store for years: copies while runs go on, forgetting what told nothing, checks with their mends."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from claims import claim
from dealwatch.__main__ import main
from dealwatch.errors import Locked, StoreError
from dealwatch.model import Article, Extraction, Quote, Source
from dealwatch.store import DealQuery, Store
from dealwatch.store.batch import Batch, Document
from dealwatch.store.copying import copy_store
from dealwatch.store.writing import Writer

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
OLD = datetime(2023, 5, 1, 9, tzinfo=UTC)
PAPER = Source("Paper", "feed", "https://paper.example/feed")
ANY = DealQuery(any_topic=True)


def story(number: int, at: datetime = OLD, *, deal: bool = False) -> Document:
    """A story with a quote, and a deal if it shall tell one."""
    text = f"Headline {number}\n\n“We are glad,” said Ada Morel of Sifnos{number}."
    quote = Quote(12, 25, text[12:25], "direct", "Ada Morel")
    told_of = {"day": f"{at:%Y-%m-%d}", "target": f"Sifnos{number}", "amount": "5m EUR"}
    claims = (claim(told_of, number),) if deal else ()
    told = Extraction(f"Headline {number}", text, "en", at, quotes=(quote,), claims=claims)
    article = Article(told.title, (), url=f"https://paper.example/{number}", source="Paper", lang="en", published=at)
    return Document(article, told, number, at)


def fill(path: Path, *documents: Document) -> None:
    with Writer(path, parser="1", now=NOW) as writer:
        for one in documents:
            writer.save(Batch(PAPER, (one,)))


def titles(path: Path) -> set[object]:
    with Store(path) as store:
        return {row["title"] for row in store.articles()}


# -- backup ----------------------------------------------------------------------------------------------------------


def test_a_copy_put_back_answers_as_the_store_did(store, tmp_path):
    fill(store, *(story(number, deal=True) for number in range(5)))
    with Store(store) as before:
        deals = before.deals(ANY)
    copy = tmp_path / "copy.db"
    assert copy_store(store, copy) == copy.stat().st_size
    store.unlink()
    shutil.copy(copy, store)
    with Store(store) as after:
        assert after.deals(ANY) == deals
    fill(store, story(9, deal=True))  # and it can be written to
    assert "Headline 9" in titles(store)


def test_a_copy_that_is_taken_while_runs_commit_holds_whole_batches(store, tmp_path):
    fill(store, *(story(number, deal=True) for number in range(30)))
    go, done = threading.Event(), threading.Event()

    def run() -> None:
        go.wait(10)
        fill(store, *(story(number, deal=True) for number in range(30, 60)))
        done.set()

    writer = threading.Thread(target=run)
    writer.start()
    copies = []
    go.set()
    while not done.is_set() or not copies:
        copies.append(tmp_path / f"{len(copies)}.db")
        copy_store(store, copies[-1])
    writer.join(30)
    assert done.is_set()
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        with Store(copy) as found:
            assert len(found.deals(ANY)) == len(found.articles()) >= 30


def test_a_copy_that_commits_keep_starting_anew_waits_for_the_run_to_end(store, tmp_path):
    fill(store, *(story(number) for number in range(10)))
    steps: list[int] = []

    def commit(done: int, total: int) -> None:
        """A run that commits after every step: more pages are left each time."""
        steps.append(total)
        if len(steps) < 40:
            fill(store, *(story(100 * len(steps) + number) for number in range(4)))

    before = len(titles(store))
    copy_store(store, tmp_path / "copy.db", commit)
    assert before <= len(titles(tmp_path / "copy.db")) <= len(titles(store))


def test_a_copy_takes_the_place_of_an_older_one_or_leaves_it(store, tmp_path):
    fill(store, story(1))
    copy = tmp_path / "copy.db"
    copy.write_text("an older copy")
    with pytest.raises(StoreError, match="no store"):
        copy_store(tmp_path / "none.db", copy)
    assert copy.read_text() == "an older copy"
    copy_store(store, copy)
    assert titles(copy) == {"Headline 1"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "deals.db", "deals.db.lock"]


def test_the_store_is_not_copied_onto_itself_nor_where_nothing_can_be_written(store, tmp_path):
    fill(store, story(1))
    link = tmp_path / "link.db"
    os.link(store, link)
    for place, said in ((store, "the store itself"), (link, "the store itself"), (tmp_path / "no" / "x.db", "write")):
        with pytest.raises(StoreError, match=said):
            copy_store(store, place)


# -- prune -----------------------------------------------------------------------------------------------------------


def prune(path: Path, before: datetime) -> dict[str, object]:
    with Writer(path, parser="1", now=NOW) as writer:
        return writer.prune(before, compact=True)


def test_what_is_old_and_told_no_deal_goes_and_claims_stay(store):
    fill(store, story(1), story(2, deal=True), story(3, NOW))
    with Store(store) as before:
        deals, claims = before.deals(ANY), before.claim_rows()
    assert prune(store, NOW - timedelta(days=30)) == {"articles": 1, "texts": 0, "quotes": 1, "fetches": 0}
    assert titles(store) == {"Headline 2", "Headline 3"}
    with Store(store) as after:
        assert (after.deals(ANY), after.claim_rows()) == (deals, claims)
        assert after.damage() == []
        (deal,) = after.resolve()
        assert after.article(deal.claims[0].origin.article_id)["text"]


def test_an_old_text_goes_where_no_claim_cites_it_and_the_present_one_stays(store):
    first, quiet = story(1, deal=True), story(2)
    fill(store, first, quiet)
    edited = [Document(one.article, Extraction(one.extraction.title, f"{one.extraction.text} More.", "en", OLD), 9, NOW)
              for one in (first, quiet)]  # fmt: skip
    fill(store, *edited)
    counts = prune(store, NOW - timedelta(days=30))
    assert (counts["articles"], counts["texts"]) == (0, 1)
    with Store(store) as after:
        told = {row["title"]: after.revisions(str(row["article_id"])) for row in after.articles()}
        assert after.damage() == []
    assert [row["number"] for row in told["Headline 1"]] == [1, 2]  # the first is cited by its claim
    assert [row["number"] for row in told["Headline 2"]] == [2]


def test_pruning_twice_takes_nothing_more(store):
    fill(store, story(1), story(2, deal=True))
    prune(store, NOW - timedelta(days=30))
    assert set(prune(store, NOW - timedelta(days=30)).values()) == {0}


def test_the_command_says_what_would_go_and_takes_it_when_told(store, capsys):
    fill(store, story(1), story(2, deal=True))
    assert main(["--db", str(store), "prune", "--older-than", "1y", "--dry-run"]) == 0
    assert capsys.readouterr().err.startswith("would forget 1 article, 1 quote, 0 texts;")
    assert len(titles(store)) == 2
    assert main(["--db", str(store), "prune", "--older-than", "1y", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 1
    assert len(titles(store)) == 1


@pytest.mark.parametrize("when", ["now", "1h", "2h"])
def test_what_is_hardly_old_is_not_pruned(store, when, capsys):
    fill(store, story(1))
    assert main(["--db", str(store), "prune", "--older-than", when]) == 2
    assert "too near" in capsys.readouterr().err


def test_a_store_that_a_run_writes_to_is_not_pruned(store):
    fill(store, story(1))
    with Writer(store, parser="1", now=NOW), pytest.raises(Locked):
        prune(store, NOW)


# -- doctor ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def doctor(tmp_path, monkeypatch, capsys):
    """Runs `doctor` in an empty folder: the exit code, and the state and the mend of every check by its name."""
    monkeypatch.chdir(tmp_path)
    for name in ("DEALWATCH_CONFIG", "DEALWATCH_DB", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy",
                 "ALL_PROXY", "all_proxy"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def call(*argv: str) -> tuple[int, dict[str, dict[str, str]]]:
        code = main(["doctor", "--json", *argv])
        return code, {row["check"]: row for row in json.loads(capsys.readouterr().out)}

    return call


def test_all_is_fine_with_a_sound_store_and_a_source(doctor, store, tmp_path):
    fill(store, story(1, deal=True))
    config = tmp_path / "dealwatch.toml"
    config.write_text('[[source]]\nname = "Paper"\nkind = "feed"\nurl = "https://paper.example/feed"\n')
    code, found = doctor("--db", str(store))
    assert {name: row for name, row in found.items() if row["state"] != "fine"} == {}
    assert code == 0
    assert "1 articles" in found["store"]["found"]


def test_without_configuration_and_store_it_says_what_to_do(doctor, tmp_path):
    code, found = doctor("--db", str(tmp_path / "none.db"))
    assert code == 0
    assert (found["config"]["state"], found["config"]["mend"]) == ("warning", "run `dealwatch init`")
    assert "dealwatch fetch" in found["store"]["mend"]


def test_a_damaged_store_fails_with_its_mend(doctor, store):
    fill(store, *(story(number, deal=True) for number in range(40)))
    data = bytearray(store.read_bytes())
    data[8192:20000] = b"\xff" * 11808
    store.write_bytes(data)
    code, found = doctor("--db", str(store))
    assert code == 1
    assert found["store"]["state"] == "failed"
    assert found["store"]["mend"]


@pytest.mark.parametrize(("text", "said"), [("not toml", "TOML"), ("[fetch]\nworkerz = 3\n", "workers")])
def test_a_configuration_that_cannot_be_read_fails_with_its_mend(doctor, store, tmp_path, text, said):
    (tmp_path / "dealwatch.toml").write_text(text)
    code, found = doctor("--db", str(store))
    assert code == 1
    assert found["config"]["state"] == "failed"
    assert said in found["config"]["mend"] + found["config"]["found"]


def test_a_clock_behind_the_store_fails(doctor, store):
    with Writer(store, parser="1", now=datetime(2099, 1, 1, tzinfo=UTC)) as writer:
        writer.save(Batch(PAPER, (Document(story(1).article, story(1).extraction, 1, None),)))
    code, found = doctor("--db", str(store))
    assert (code, found["clock"]["state"]) == (1, "failed")


def test_a_proxy_of_the_environment_that_is_not_followed_is_told(doctor, store, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    code, found = doctor("--db", str(store))
    assert (code, found["proxy"]["state"]) == (0, "warning")
    assert "[fetch]" in found["proxy"]["mend"]
