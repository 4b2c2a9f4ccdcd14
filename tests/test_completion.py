"""Completion: rows of typed lines, and the script of the shell that most people have."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dealwatch.__main__ import main
from dealwatch.commands.completion import SHELLS

DATA = Path(__file__).parent / "data/commands"
LINES = tomllib.loads((DATA / "completion.toml").read_text(encoding="utf-8"))["line"]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("completion") / "deals.db"
    assert main(["--db", str(path), "-q", "import", str(DATA / "stories.jsonl")]) == 0
    return path


@pytest.fixture
def complete(db, monkeypatch, capsys):
    """What the program says that a line can become."""
    monkeypatch.setenv("_DEALWATCH_COMPLETE", "1")
    monkeypatch.chdir(db.parent)

    def call(*words: str, store: Path = db) -> list[str]:
        assert main(["--db", str(store), *words]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return [line.partition("\t")[0] for line in out.splitlines()]

    return call


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line["words"]))
def test_a_line_is_completed(complete, line):
    found = complete(*line["words"])
    assert set(line.get("has", ())) <= set(found)
    assert not set(line.get("not", ())) & set(found)


def test_without_a_store_nothing_is_said(complete, tmp_path):
    assert complete("deals", "--company", "c", store=tmp_path / "none.db") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_its_script(shell, capsys):
    assert main(["completion", shell]) == 0
    assert "_DEALWATCH_COMPLETE" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_fills_in_a_name_with_its_blank_escaped(db, tmp_path, capsys):
    assert main(["completion", "bash"]) == 0
    program = tmp_path / "dealwatch"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dealwatch "$@"\n')
    program.chmod(0o755)
    typed = f'COMP_WORDS=("{program}" --db "{db}" deals --company corde); COMP_CWORD=5; _dealwatch'
    script = f'{capsys.readouterr().out}\n{typed}; printf "%s\\n" "${{COMPREPLY[@]}}"'
    env = os.environ | {"XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, env=env, cwd=tmp_path)
    assert done.stdout == "Cordel\\ Data\n"
