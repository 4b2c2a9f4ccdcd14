"""docs/sources.md is followed as it is written: what it shows comes out."""

import io
import os
import re
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from dealwatch.__main__ import main
from dealwatch.commands.session import Session
from dealwatch.config.reading import read_config

TEXT = (Path(__file__).parent.parent / "docs/sources.md").read_text(encoding="utf-8")


def run(line: str) -> str:
    """What a command prints; one of ours runs in this process."""
    if not line.startswith("dealwatch "):
        return subprocess.run(line, shell=True, check=True, capture_output=True, text=True).stdout
    session = Session(io.StringIO(), io.StringIO(), os.environ, datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert main(line.split()[1:], session) == 0, session.err.getvalue()
    return session.out.getvalue()


def test_the_session_runs_as_it_is_written(tmp_path, monkeypatch):
    for name in ("DEALWATCH_CONFIG", "DEALWATCH_DB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (session,) = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    shown = re.split(r"^\$ (.*)\n", session, flags=re.MULTILINE)[1:]
    assert len(shown) >= 20
    for line, printed in zip(shown[::2], shown[1::2], strict=True):
        out = run(line)
        assert not printed or out == printed, line


def test_the_block_it_shows_is_a_configuration():
    (block,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert len(read_config(tomllib.loads(block), Path("c.toml"), {}).sources) == 1


def test_every_command_it_names_is_there():
    for line in re.findall(r"^dealwatch ((?:sources )?[a-z]+)", TEXT, re.MULTILINE):
        run(f"dealwatch {line} --help")
