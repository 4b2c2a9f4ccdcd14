"""docs/companies.md is followed as it is written, and its counts are the register's."""

from __future__ import annotations

import io
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dealwatch.__main__ import main
from dealwatch.commands.session import Session
from dealwatch.companies import load_register
from dealwatch.companies.owning import KEYS, KINDS

TEXT = (Path(__file__).parent.parent / "docs/companies.md").read_text(encoding="utf-8")


def counts() -> Iterator[str]:
    """The lines of the table, a kind each, and all."""
    rows = load_register().rows
    for kind in (*KINDS, "all"):
        some = [row for row in rows if kind in (row.kind, "all")]
        eastern = sum(any(re.search("[⺀-鿿ァ-ヺ]", name) for name in row.names) for row in some)
        people, listed = sum(bool(row.people) for row in some), sum(bool(row.ticker) for row in some)
        yield f"| {kind} | {len(some):,} | {people:,} | {listed:,} | {eastern:,} |"


def test_the_counts_are_the_registers() -> None:
    (block,) = re.findall(r"<!-- counts[^\n]*\n\|[^\n]*\n\|[^\n]*\n([^<]*)<!-- end -->", TEXT)
    assert block.splitlines() == list(counts())


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
