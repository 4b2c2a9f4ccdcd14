"""Fetch, demo and the sources, run as a person runs them, against the sample site on loopback."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from dealwatch.__main__ import main
from dealwatch.commands.session import Session
from dealwatch.commands.site import SampleSite
from dealwatch.store.writing import Writer


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DEALWATCH_CONFIG", "DEALWATCH_DB", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def site():
    with SampleSite() as running:
        yield running


@pytest.fixture
def config(here: Path, site: SampleSite) -> Path:
    path = here / "dealwatch.toml"
    path.write_text(site.config_text(str(here / "deals.db")), encoding="utf-8")
    return path


def run(*argv: str, terminal: bool = False) -> tuple[int, str, str]:
    make = Terminal if terminal else io.StringIO
    session = Session(make(), io.StringIO(), os.environ, datetime.now(UTC))
    code = main(argv, session)
    return code, session.out.getvalue(), session.err.getvalue()


def test_fetch_stores_and_a_second_one_adds_nothing(config):
    code, out, err = run("fetch")
    assert (code, out) == (0, "")
    assert err.startswith("4 sources: 4 read; ")
    articles = json.loads(run("articles", "--json")[1])
    assert len(articles) >= 16
    code, _, err = run("fetch")
    assert "4 not due" in err
    code, out, err = run("fetch", "--force", "--json")
    assert (code, json.loads(out)["added"], err) == (0, 0, "")
    assert json.loads(run("articles", "--json")[1]) == articles


def test_a_login_or_key_in_an_address_stays_out_of_the_store(here, site):
    """The configuration holds it; the store, of which copies are handed on, tells it by a hash."""

    def write(key: str, word: str) -> None:
        address = f"{site.base_url}/capital-and-code/feed.atom?token={key}".replace("://", f"://ann:{word}@")
        (here / "dealwatch.toml").write_text(
            f'[store]\npath = "deals.db"\n[fetch]\ndelay = 0\nallow_private = ["{site.host}"]\n'
            f'[[source]]\nname = "Capital"\nurl = "{address}"\n'
        )

    write("s3cret-key", "p@ss-word")
    code, out, err = run("-v", "--log", "run.log", "fetch", "--json")
    assert (code, json.loads(out)["sources"][0]["outcome"]) == (0, "stored")
    told = out + err + run("sources", "list", "--json")[1] + Path("run.log").read_text()
    for secret in ("s3cret-key", "p@ss-word", "ss-word"):
        assert secret not in told
        assert secret.encode() not in Path("deals.db").read_bytes()
    assert "1 not due" in run("fetch")[2]  # known again
    write("an0ther-key", "p@ss-word")
    assert "1 read" in run("fetch")[2]  # another address: asked anew


def test_quiet_is_silent_when_all_is_fine(config):
    assert run("-q", "fetch", "--limit", "1") == (0, "", "")


def test_a_dry_run_stores_nothing(config, here):
    code, _, err = run("fetch", "--dry-run", "--limit", "1", "The Ledger Line")
    assert code == 0
    assert "nothing stored" in err
    assert not (here / "deals.db").exists()


def test_one_failing_source_is_one_line_and_the_rest_is_stored(config):
    with socket.socket() as unused:  # bound and not listening: refuses
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
        text = config.read_text(encoding="utf-8").replace("allow_private = [", f'allow_private = ["{host}", ')
        config.write_text(f'{text}\n[[source]]\nname = "Gone"\nurl = "http://{host}/feed"\n', encoding="utf-8")
        code, _, err = run("fetch")
    assert code == 3
    assert [line for line in err.splitlines() if line.startswith("error: Gone: ")] == err.splitlines()[:1]
    assert json.loads(run("articles", "--json")[1])
    health = {row["name"]: row for row in json.loads(run("sources", "list", "--json")[1])}
    assert health["Gone"]["health"] == "failing"
    assert health["Gone"]["reason"]
    assert health["The Ledger Line"]["health"] == "fine"


def test_a_second_writer_is_turned_away(config, here):
    with Writer(here / "deals.db", parser="test", now=datetime.now(UTC)):
        code, _, err = run("fetch")
    assert code == 75
    assert err.startswith("error: another run is writing")


def test_the_log_has_the_run(config, here):
    assert run("fetch", "--limit", "1", "--log", "run.log")[0] == 0
    assert "The Ledger Line: stored" in (here / "run.log").read_text(encoding="utf-8")


def test_sources_list_before_and_test_without_storing(config, here):
    rows = json.loads(run("sources", "list", "--json")[1])
    assert [row["health"] for row in rows] == ["new"] * 4
    code, out, err = run("sources", "test", "La Dépêche des Modèles", "--json")
    assert code == 0
    assert all(row["title"] and row["lang"] == "fr" for row in json.loads(out))
    assert "listed" in err
    assert not (here / "deals.db").exists()


def test_extract_reads_an_address_through_the_guarded_client(config, site, here):
    assert run("fetch", "The Ledger Line")[0] == 0
    url = json.loads(run("articles", "--json")[1])[0]["url"]
    code, out, err = run("extract", url, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["id"], found["lang"]) == (url, "en")
    config.unlink()
    (here / "story.txt").write_text("Nadir AI has raised $5 million.")
    code, out, err = run("extract", url, "story.txt", "--jsonl")
    assert (code, [json.loads(line)["id"] for line in out.splitlines()]) == (3, ["story.txt"])
    assert [line.partition(":")[0] for line in err.splitlines()] == ["error", "hint"]


def test_a_register_that_is_none_is_said_once(here):
    (here / "story.txt").write_text("Nadir AI has raised $5 million.")
    (here / "register.toml").write_text("x = [")
    code, out, err = run("extract", "story.txt", "story.txt", "--register", "register.toml")
    assert (code, out) == (2, "")
    assert err.count("error:") == 1


def test_extract_reads_its_standard_input(here):
    for given in (b"Cordel has raised $5 million.", b'{"id": "x", "text": "Cordel has raised $5 million."}\n'):
        line = [sys.executable, "-m", "dealwatch", "extract", "-", "--jsonl"]
        found = json.loads(subprocess.run(line, input=given, capture_output=True, check=True).stdout)
        assert found["amounts"][0]["low"] == 5_000_000


def test_demo_shows_every_face_and_keeps_what_it_was_told_to(here):
    code, out, err = run("demo", "--keep", "kept")
    assert code == 0
    for line in ("fetch", "deals", "deal d", "diff 2", "quotes"):
        assert f"$ dealwatch {line}" in out
    assert "OpenAI" in out
    assert "$10" in out
    assert "kept" in err
    assert {path.name for path in (here / "kept").iterdir()} >= {"dealwatch.toml", "deals.db"}
    assert json.loads(run("--config", "kept/dealwatch.toml", "deals", "--json")[1])
    assert run("demo", "--keep", "kept")[0] == 2


def test_a_terminal_gets_a_table_in_its_width_with_colours_and_is_told_of_the_cut(here):
    lines = [
        json.dumps({"text": f"AI start-up Cordel{n} raises ${n} million\n\nCordel{n} has raised ${n} million."})
        for n in range(1, 61)
    ]
    (here / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run("--db", "x.db", "import", "many.jsonl")[0] == 0
    code, out, err = run("--db", "x.db", "articles", terminal=True)
    assert code == 0
    assert len(out.splitlines()) == 51
    assert err == "50 of 60 articles shown; --limit 60 shows all\n"
    assert "\x1b[1m" in out
    assert "\x1b" not in run("--db", "x.db", "articles", "--no-color", terminal=True)[1]
    out = run("--db", "x.db", "articles", "--limit", "60", "--no-color", terminal=True)[1]
    assert len(out.splitlines()) == 61
    assert all(len(line) <= 100 for line in out.splitlines())
    assert run("--db", "x.db", "articles", "--until", "2001", terminal=True)[1:] == ("", "no articles\n")


@pytest.mark.parametrize(("quiet", "shown"), [([], True), (["--quiet"], False)])
def test_a_watched_fetch_shows_the_sources_left_and_the_articles_found(config, quiet, shown):
    session = Session(io.StringIO(), Terminal(), os.environ, datetime.now(UTC))
    assert main([*quiet, "fetch"], session) == 0
    said = session.err.getvalue()
    assert ("0 left, 25 articles" in said) is shown
    assert bool(said) is shown


class Hanging(ThreadingHTTPServer):
    """A server that answers when it is released, and says when it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked, self.released = Event(), Event()
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.set()
        self.server.released.wait(30)
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("twice", [False, True])
def test_a_signal_ends_a_fetch_after_the_turn_in_hand_and_a_second_one_at_once(here, number, code, twice):
    with Hanging() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        (here / "dealwatch.toml").write_text(
            f'[store]\npath = "x.db"\n[fetch]\nallow_private = ["{host}"]\n'
            f'[[source]]\nname = "Slow"\nurl = "http://{host}/feed"\n'
        )
        line = [sys.executable, "-m", "dealwatch", "fetch"]
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert server.asked.wait(30)
            process.send_signal(number)
            assert process.stderr is not None
            said = process.stderr.readline()
            if twice:
                process.send_signal(number)
                process.wait(10)  # though the server still holds its answer
            server.released.set()
            process.wait(30)
        server.shutdown()
    assert process.returncode == code
    assert said == "stopping after what is in hand; once more ends it at once\n"
    assert run("articles")[0] == 0


def test_the_sources_are_told_in_the_files_order_and_a_hint_once(here, site):
    def source(name: str, path: str, **more: str) -> str:
        lines = "".join(f'{key} = "{text}"\n' for key, text in more.items())
        return f'[[source]]\nname = "{name}"\nurl = "{site.base_url}{path}"\n{lines}'

    sources = [source("Zoé", "/", lang="en"), source("Agnès", "/"), source("Élan", "/capital-and-code/feed.atom")]
    (here / "dealwatch.toml").write_text(
        f'[store]\npath = "x.db"\n[fetch]\ndelay = 0\nallow_private = ["{site.host}"]\n{"".join(sources)}', "utf-8"
    )
    code, out, err = run("fetch", "--json")
    found = json.loads(out)["sources"]
    assert (code, [one["name"] for one in found]) == (3, ["Zoé", "Agnès", "Élan"])
    assert found[0]["hint"]
    lines = err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["error", "hint", "error"]
    assert run("fetch", "--force", "E\u0301LAN")[0] == 0  # as another keyboard composes it
    assert run("sources", "test", "élan")[0] == 0
    assert run("-q", "fetch", "Agnès")[2].splitlines() == [lines[2]]


def test_a_name_that_is_nearly_right_is_guessed(config):
    code, out, err = run("fetch", "The Leger Line")
    assert (code, out) == (4, "")
    assert err.splitlines() == [
        "error: no source 'The Leger Line'",
        "hint: did you mean 'The Ledger Line'? `dealwatch sources list` shows their names",
    ]
