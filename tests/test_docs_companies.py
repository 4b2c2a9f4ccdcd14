"""docs/companies.md is followed as it is written."""

from __future__ import annotations

import io
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from dealwatch.__main__ import main
from dealwatch.commands.session import Session
from dealwatch.companies import load_register
from dealwatch.companies.owning import KEYS

TEXT = (Path(__file__).parent.parent / "docs/companies.md").read_text(encoding="utf-8")


def test_every_field_is_told() -> None:
    told = set(re.findall(r"^\| (`.*?) \|", TEXT, re.MULTILINE))
    assert set(KEYS) <= {name for cell in told for name in re.findall(r"`(\w+)`", cell)}


def test_the_rows_it_shows_are_a_register(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path / "my-companies.toml"
    path.write_text(blocks[1], encoding="utf-8")
    register = load_register(path)
    assert register.lookup("BRV").id == "brevane"
    assert register.lookup("OAI").domain == "openai.com"


def run(line: str) -> str:
    """What a command prints; one of ours runs in this process."""
    if not line.startswith("dealwatch "):
        return subprocess.run(line, shell=True, check=True, capture_output=True, text=True).stdout
    session = Session(io.StringIO(), io.StringIO(), os.environ, datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert main(line.split()[1:], session) == 0, session.err.getvalue()
    return session.out.getvalue()


def test_the_session_runs_as_it_is_written(tmp_path, monkeypatch) -> None:
    for name in ("DEALWATCH_CONFIG", "DEALWATCH_DB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    (session,) = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    shown = re.split(r"^\$ (.*)\n", session, flags=re.MULTILINE)[1:]
    for line, printed in zip(shown[::2], shown[1::2], strict=True):
        out, told = ([part.rstrip() for part in text.splitlines()] for text in (run(line), printed))
        assert out == told, line
