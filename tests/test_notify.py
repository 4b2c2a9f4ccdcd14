"""Changes told to a command of the user's: whole lines of JSON, once, and again when the command failed."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealwatch.__main__ import main
from dealwatch.commands.session import Session
from dealwatch.commands.site import SampleSite
from dealwatch.errors import DealwatchError
from dealwatch.notify import run_command

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
KEEP = "import sys; open({file!r}, 'a').write(sys.stdin.read())"


def fetch(config: Path, now: datetime = NOW) -> tuple[int, str]:
    err = io.StringIO()
    return main(["--config", str(config), "fetch", "--force"], Session(io.StringIO(), err, {}, now)), err.getvalue()


def test_a_fetch_tells_its_changes_once(tmp_path: Path) -> None:
    told, config = tmp_path / "told.jsonl", tmp_path / "dealwatch.toml"
    command = json.dumps([sys.executable, "-c", KEEP.format(file=str(told))])
    with SampleSite() as site:
        text = site.config_text(str(tmp_path / "deals.db"))
        failing = json.dumps([sys.executable, "-c", "raise SystemExit(3)"])
        config.write_text(f"{text}\n[notify]\ncommand = {failing}\n", encoding="utf-8")
        code, said = fetch(config)
        assert code == 1
        assert "error: [notify] command: exit code 3" in said
        config.write_text(f"{text}\n[notify]\ncommand = {command}\n", encoding="utf-8")
        assert fetch(config, NOW.replace(hour=13))[0] == 0
        rows = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
        assert len(rows) > 5
        assert {row["change"] for row in rows} >= {"new"}
        assert fetch(config, NOW.replace(hour=14))[0] == 0
        assert len(told.read_text(encoding="utf-8").splitlines()) == len(rows)


def test_a_configuration_that_lies_about_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = tmp_path / "told"
    command = json.dumps([sys.executable, "-c", KEEP.format(file=str(told))])
    with SampleSite() as site:
        text = site.config_text(str(tmp_path / "deals.db"))
        Path("dealwatch.toml").write_text(f"{text}\n[notify]\ncommand = {command}\n", encoding="utf-8")
        err = io.StringIO()
        assert main(["fetch"], Session(io.StringIO(), err, {}, NOW)) == 0
    assert "is not run: name the file by --config" in err.getvalue()
    assert not told.exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["/no/such/program"], "no program"),
        ([sys.executable, "-c", "raise SystemExit(7)"], "exit code 7"),
        ([str(Path(__file__))], "Permission denied"),
    ],
)
def test_a_command_that_fails_is_said(command: list[str], said: str) -> None:
    with pytest.raises(DealwatchError, match=said):
        run_command(command, ["{}"])


def test_nothing_to_tell_runs_nothing() -> None:
    run_command(["/no/such/program"], [])
