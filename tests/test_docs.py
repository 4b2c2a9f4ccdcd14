"""docs/: every link leads somewhere; every key, table and column is told of; what is generated is what is there."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dealwatch.lang import codes, load
from test_packs import problems

ROOT = Path(__file__).parent.parent
EXTENDING = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
_SPEC = importlib.util.spec_from_file_location("tools_docs", ROOT / "tools/docs.py")
tool = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tool)


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    heads = re.findall(r"^#{1,6} (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        led = (page.parent / name).resolve() if name else page
        assert led.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(led), f"{page.name}: {target}"


def test_the_readme_links_every_page():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted((ROOT / "docs").glob("*.*")) if f"docs/{page.name}" not in text] == []


def test_every_key_table_and_column_has_its_meaning_and_nothing_is_invented():
    assert tool.gaps() == []


def test_the_counts_of_the_companies_are_the_registers():
    assert tool.companies() == (ROOT / "docs/companies.md").read_text(encoding="utf-8"), "run `python tools/docs.py`"


def test_every_command_is_told_with_its_help_as_the_program_prints_it():
    text = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\$ dealwatch ([a-z ]*)--help\n(.*?)```$", text, re.DOTALL | re.MULTILINE))
    here = {"": tool.run("dealwatch --help")} | {f"{p} ": tool.run(f"dealwatch {p} --help") for p, _ in tool.paths()}
    assert told == here, "run `python tools/docs.py`"
    lines = re.findall(r"^\$ (dealwatch .*)$", text, re.MULTILINE)
    assert len([line for line in lines if not line.endswith("--help")]) >= 12


@pytest.mark.parametrize("name", ["configuration.md", "dictionary.md"])
def test_what_is_generated_is_what_the_program_has(name):
    told = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert told == tool.FILES[name](), "run `python tools/docs.py`"


def test_the_languages_are_those_of_the_packs():
    text = (ROOT / "docs/extraction.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- packs[^\n]*\n\|[^\n]*\n\|[^\n]*\n([^<]*)<!-- end -->", text)
    told = {line.split("|")[1].strip(): [bool(c.strip()) for c in line.split("|")[2:-1]] for line in block.splitlines()}
    sections = ("amounts", "quotes", "names", "deals")
    assert told == {code: [bool(load(code).section(name)) for name in sections] for code in codes()}


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.svg")), ids=lambda page: page.name)
def test_screens_are_small_and_load_nothing(page):
    text = page.read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag.endswith("svg")
    assert len(text) < 40_000
    assert not re.search(r"url\(\s*[\"']?http|@import|<script|href=", text)


def test_the_language_of_extending_keeps_to_the_schema_and_reads_its_story(tmp_path):
    """As a user follows it: the pack put beside the others of a copy."""
    blocks = re.findall(r"```toml\n(# src/dealwatch/lang/da\.toml\n.*?)```", EXTENDING, re.DOTALL)
    assert [list(problems(tomllib.loads(block))) for block in blocks] == [[]]
    unneeded = shutil.ignore_patterns("__pycache__", "site")
    shutil.copytree(ROOT / "src/dealwatch", tmp_path / "dealwatch", ignore=unneeded)
    (tmp_path / "dealwatch/lang/da.toml").write_text(blocks[0], encoding="utf-8")
    code = (
        "from dealwatch import extract; found = extract('Nordlyst rejser 40 millioner kroner\\n\\nVirksomheden Nordlyst"
        " har rejst 40 millioner kroner fra Fjord Ventures, siger selskabet.'); claim = found.claims[0];"
        "print(found.lang, claim.target.name, claim.investors[0].name, claim.amount.low, claim.amount.currency)"
    )
    env = dict(os.environ) | {"PYTHONPATH": str(tmp_path)}
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "da Nordlyst Fjord Ventures 40000000 DKK\n"


def test_the_source_of_extending_is_python_that_reads():
    (block,) = re.findall(r"```python\n(from collections.*?)```", EXTENDING, re.DOTALL)
    names: dict[str, object] = {}
    exec(block, names)
    found = names["read"](None, b"# mine\nhttps://a.example/1\n\nnothing\n", "", {})
    assert [entry.url for entry in found] == ["https://a.example/1"]
