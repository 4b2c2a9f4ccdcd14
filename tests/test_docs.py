"""docs/: every link leads somewhere; every key, table and column is told of; what is generated is what is there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
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


@pytest.mark.parametrize("name", ["configuration.md", "dictionary.md"])
def test_what_is_generated_is_what_the_program_has(name):
    told = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert told == tool.FILES[name](), "run `python tools/docs.py`"
