"""What holds for every command: help, global options, exit codes, words on stderr, pipes and signals, start-up."""

from __future__ import annotations

import importlib
import inspect
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dealwatch.__main__ import main
from dealwatch.commands.app import COMMANDS
from dealwatch.commands.logs import LOGGER, start_log, stop_log
from dealwatch.commands.session import Session
from dealwatch.commands.words import one_line
from dealwatch.errors import EXIT_INTERRUPTED, EXIT_TERMINATED, hide_secrets

ROWS = tomllib.loads((Path(__file__).parent / "data/commands/lines.toml").read_text(encoding="utf-8"))
PATHS = [(name,) for name, node in COMMANDS.items() if not node.children] + [
    (name, child) for name, node in COMMANDS.items() for child in node.children
]
PROGRAM = [sys.executable, "-m", "dealwatch"]


@pytest.fixture
def clean_env(tmp_path: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DEALWATCH", "XDG"))}
    return kept | {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, with nothing of the user's in sight."""
    for name in ("DEALWATCH_CONFIG", "DEALWATCH_DB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def module_of(path: tuple[str, ...]):
    return importlib.import_module(f"dealwatch.commands.{'import_' if path == ('import',) else '_'.join(path)}")


# -- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_has_help_with_an_example_and_its_line_in_the_list(path, capsys, here):
    module = module_of(path)
    node = COMMANDS[path[0]] if len(path) == 1 else COMMANDS[path[0]].children[path[1]]
    first = inspect.getdoc(module.run).split("\n")[0]
    assert first.startswith(node.help.rstrip("."))
    assert module.EXAMPLE.startswith(f"dealwatch {' '.join(path)}")
    assert main([*path, "--help"]) == 0
    out = capsys.readouterr().out
    assert first.split()[0] in out
    assert "Example: dealwatch" in out
    assert "--debug" not in out  # the global options stand in the help of the program
    assert all(len(line) <= 80 for line in out.splitlines())


def test_the_program_alone_shows_its_help(capsys, here):
    assert main([]) == 0
    out = capsys.readouterr().out
    assert main(["--help"]) == 0
    assert capsys.readouterr().out == out
    assert all(f"  {name} " in out for name in COMMANDS)


def test_help_does_not_depend_on_the_terminal(clean_env, tmp_path):
    def help_at(columns: str) -> str:
        env = clean_env | {"COLUMNS": columns}
        return subprocess.run([*PROGRAM, "deals", "-h"], env=env, capture_output=True, text=True, check=True).stdout

    assert help_at("200") == help_at("50")


def test_version_tells_what_a_report_needs(capsys, here):
    for argv in (["--version"], ["deals", "--version"]):
        assert main(argv) == 0
        assert capsys.readouterr().out.startswith("dealwatch 0.")


# -- what cannot be taken --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS["wrong"], ids=lambda row: " ".join(row["line"])[:40])
def test_a_wrong_line_gives_one_error_line_and_one_hint(row, capsys, here):
    assert main(row["line"]) == row["code"]
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert len(lines) == 1 + ("hint" in row)
    assert lines[0].startswith("error: ")
    assert row["error"] in lines[0]
    if "hint" in row:
        assert lines[1].startswith("hint: ")
        assert row["hint"] in lines[1]


def test_a_line_of_words_has_no_control_bytes_no_secrets_and_an_end():
    assert one_line("a\x1b[31m\nb\x00") == "a[31m b"
    assert len(one_line("x" * 10_000)) < 3000
    for row in ROWS["secret"]:
        assert hide_secrets(row["text"]) == row["shown"]


def test_a_config_error_names_the_file(capsys, here):
    (here / "dealwatch.toml").write_text('[fetch]\ntimeout = "soon"\n')
    assert main(["fetch"]) == 2
    assert "dealwatch.toml" in capsys.readouterr().err
    assert main(["--config", "dealwatch.toml", "--db", "x.db", "deals"]) == 2


def test_a_foreign_file_is_no_store(capsys, here):
    (here / "notes.txt").write_text("hello, this is a text and not a database at all")
    assert main(["--db", "notes.txt", "deals"]) == 4
    assert "notes.txt is not a dealwatch store" in capsys.readouterr().err


def test_global_options_stand_before_or_after_the_command(capsys, here):
    assert main(["--db", "none.db", "deals"]) == main(["deals", "--db", "none.db"]) == 4
    assert capsys.readouterr().err.count("no store at none.db") == 2


def test_the_store_is_looked_for_in_the_order_of_the_design(capsys, here, monkeypatch):
    (here / "dealwatch.toml").write_text('[store]\npath = "configured.db"\n')
    monkeypatch.setenv("DEALWATCH_DB", "named.db")
    places = [(["deals", "--db", "given.db"], "given.db"), (["deals"], "named.db")]
    for argv, name in places:
        assert main(argv) == 4
        assert name in capsys.readouterr().err
    monkeypatch.delenv("DEALWATCH_DB")
    assert main(["deals"]) == 4
    assert "configured.db" in capsys.readouterr().err
    (here / "dealwatch.toml").unlink()
    assert main(["deals"]) == 4
    assert str(here / "data") in capsys.readouterr().err


def test_init_writes_once_and_never_over(capsys, here):
    assert main(["init"]) == 0
    assert (here / "config/dealwatch/config.toml").is_file()
    assert main(["init", "mine.toml"]) == 0
    written = (here / "mine.toml").read_text(encoding="utf-8")
    assert "[[source]]" in written
    capsys.readouterr()
    assert main(["init", "mine.toml"]) == 2
    assert "exists" in capsys.readouterr().err
    assert (here / "mine.toml").read_text(encoding="utf-8") == written


def test_an_unexpected_error_is_one_line_and_its_traceback_is_in_the_log(here):
    def fail(*options: str) -> tuple[int, str]:
        session = Session(io.StringIO(), io.StringIO(), os.environ, now=None)  # no clock: as a bug would have it
        return main([*options, "deals", "--since", "7d"], session), session.err.getvalue()

    code, err = fail("--log", "run.log")
    assert code == 1
    assert err.startswith("error: unexpected AttributeError: ")
    assert "the traceback is in the log" in err.splitlines()[1]
    assert len(err.splitlines()) == 2
    assert "Traceback" in (here / "run.log").read_text()
    code, err = fail("--debug")
    assert code == 1
    assert err.startswith("Traceback")
    assert "Traceback" not in fail()[1]


def test_tracebacks_go_to_the_log_file_and_to_nobody_else_unless_asked_for(here):
    def log(*, verbosity: int = 0, debug: bool = False) -> str:
        stream = io.StringIO()
        start_log(here / "run.log", stream, verbosity, quiet=False, debug=debug)
        try:
            raise ZeroDivisionError("https://ann:pw@news.example \x1b[31m")
        except ZeroDivisionError:
            LOGGER.exception("source %s", "Le Fil\x07")
        stop_log()
        return stream.getvalue()

    assert log() == ""
    assert log(verbosity=1) == "source Le Fil\n"
    assert log(debug=True).startswith("source Le Fil\nTraceback")
    written = (here / "run.log").read_text(encoding="utf-8")
    assert written.count("Traceback") == 3
    assert "ann:pw" not in written
    assert "\x1b" not in written


# -- pipes and signals -----------------------------------------------------------------------------------------------


def test_a_closed_pipe_ends_quietly(clean_env, tmp_path):
    for argv in (["deals", "--help"], ["--version"]):
        with subprocess.Popen([*PROGRAM, *argv], env=clean_env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
            assert run.stdout is not None
            run.stdout.close()  # nobody will read
            assert run.stderr is not None
            assert run.stderr.read() == b""
        assert run.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(("argv", "said"), [("--version", "cannot write the output"), ("--help", "cannot write")])
def test_a_full_disk_is_an_error(argv, said, clean_env):
    with open("/dev/full", "w") as full:
        run = subprocess.run([*PROGRAM, argv], env=clean_env, stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        f"error: {said}: No space left on device", "hint: make room, or write elsewhere"
    ]  # fmt: skip


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_the_caller_closed_are_nothing(closed, clean_env, tmp_path):
    """As some daemons start their jobs: the store must not become standard output."""
    (tmp_path / "story.txt").write_text("Nadir AI raises $5 million\n\nNadir AI has raised $5 million.")
    program = shlex.join([*PROGRAM, "--db", "x.db"])
    line = f"{program} import story.txt {closed} && {program} extract - {closed}"
    run = subprocess.run(["sh", "-c", line], env=clean_env, cwd=tmp_path, capture_output=True, stdin=subprocess.DEVNULL)
    assert b"Traceback" not in run.stderr
    assert b"unexpected" not in run.stderr
    assert run.returncode == 3  # an empty document
    assert (tmp_path / "x.db").read_bytes()[:6] == b"SQLite"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, EXIT_INTERRUPTED), (signal.SIGTERM, EXIT_TERMINATED)])
def test_a_signal_ends_it_with_its_code(number, code, clean_env):
    read, write = os.pipe()  # extract waits for its input, and so the signal finds it at work
    line = [*PROGRAM, "extract", "-"]
    with subprocess.Popen(line, env=clean_env, stdin=read, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        os.close(read)
        os.write(write, b"x")
        _wait_until_reading(run.pid)
        run.send_signal(number)
        _, err = run.communicate(timeout=30)
        os.close(write)
    assert (run.returncode, err) == (code, b"interrupted\n")


def _wait_until_reading(pid: int) -> None:
    """Until the process waits in a read of its input; Linux tells, elsewhere half a minute of polling is the bound."""
    status = Path(f"/proc/{pid}/wchan")
    if not status.exists():
        pytest.skip("no /proc here to see when the program waits")
    for _ in range(1_000_000):
        if "pipe_read" in status.read_text():
            return
    pytest.fail("the program never read its input")


# -- start-up --------------------------------------------------------------------------------------------------------

HEAVY = ("httpx", "feedparser", "trafilatura", "sqlite_utils", "currency_converter", "selectolax", "lxml", "pydantic")


@pytest.mark.parametrize("line", [["deals"], ["deals", "--json", "--company", "X"], ["quotes"], ["articles"], ["diff"],
                                  ["--help"], ["deals", "--help"]], ids=" ".join)  # fmt: skip
def test_reading_loads_nothing_heavy(line, tmp_path, clean_env):
    from datetime import UTC, datetime

    from dealwatch.store.writing import Writer

    db = tmp_path / "deals.db"
    with Writer(db, parser="test", now=datetime.now(UTC)):
        pass
    code = (
        "import json, sys; from dealwatch.__main__ import main; code = main(sys.argv[1:]);"
        "print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "--db", str(db), *line], env=clean_env, capture_output=True, text=True, check=True
    )
    exit_code, loaded = json.loads(run.stderr.splitlines()[-1])
    assert exit_code == 0
    assert [name for name in HEAVY if name in loaded] == []
    assert [name for name in loaded if name.startswith("rich.table")] == []  # a pipe needs no tables
