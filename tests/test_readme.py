"""The README is a promise: its help is the program's, its example runs, its set-up is two commands."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from dealwatch.__main__ import main

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ dealwatch ((?:[a-z]+ )*)--help\n(.*?)\n```", TEXT, re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command.strip() or "dealwatch" for command, _ in BLOCKS])
def test_help_stands_as_the_program_prints_it(capsys: pytest.CaptureFixture[str], command: str, shown: str) -> None:
    assert main([*command.split(), "--help"]) == 0
    assert capsys.readouterr().out.rstrip() == shown


def test_there_is_help_to_compare() -> None:
    assert len(BLOCKS) >= 2


def test_the_library_example_runs() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert (failed, tried > 0) == (0, True)


def test_two_commands_set_everything_up() -> None:
    commands = re.findall(r"^python -m pip install .*$", TEXT, re.MULTILINE)
    assert commands == [
        "python -m pip install . && dealwatch demo", "python -m pip install -e '.[dev]' && python -m pytest"
    ]  # fmt: skip


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([\w./-]+)\)", TEXT):
        assert (README.parent / target).exists(), target
