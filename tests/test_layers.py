"""The house is one straight line of rooms: a module imports only what stands before it, in functions too."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "dealwatch"
LINE = (
    "model", "errors", "dates", "lang", "companies", "config", "sources", "fetch", "article", "parser", "resolve", "fx",
    "store", "changes", "pipeline", "present", "notify", "commands",
)  # fmt: skip
DOORS = {SOURCE / "__init__.py", SOURCE / "__main__.py"}
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path not in DOORS)
IMPURE = {"config", "lang", "companies", "fetch", "fx", "store", "notify", "pipeline", "commands"}
OUTSIDE = {"socket", "subprocess", "urllib.request", "httpx", "sqlite3", "threading", "multiprocessing", "tempfile"}
LONGEST_FILE, LONGEST_FUNCTION = 600, 60


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Every module that a file imports, at the top or inside a function, `from X import Y` as X.Y."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide their room"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    parts = (name.split(".") for name in imports_of(ast.parse(path.read_text(encoding="utf-8"))))
    return {name[1] for name in parts if name[0] == "dealwatch" and len(name) > 1 and name[1] != "__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_only_rooms_before_its_own(path: Path) -> None:
    own = LINE.index(room_of(path))
    unknown = rooms_imported(path) - set(LINE)
    assert not unknown, f"not a room: {unknown}"
    later = {room for room in rooms_imported(path) if LINE.index(room) > own}
    assert not later, f"{room_of(path)} stands before {later}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_modules_of_a_room_import_each_other_one_way(path: Path) -> None:
    """No circle inside a room: nobody who is imported by this module imports it back, directly or by others."""
    name = "dealwatch." + ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    seen, ahead = set(), _modules_imported(path)
    while ahead:
        module = ahead.pop()
        assert module != name, f"{name} imports itself by a circle"
        if module not in seen:
            seen.add(module)
            ahead |= _modules_imported(_file_of(module))


def _modules_imported(path: Path | None) -> set[str]:
    """The modules of ours that a file imports at its top; those in functions break no circle at import time."""
    if path is None:
        return set()
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in imports_of(node):
                if name.startswith("dealwatch."):
                    found.add(name if _file_of(name) else name.rpartition(".")[0])
    return {name for name in found if name != "dealwatch"}


def _file_of(module: str) -> Path | None:
    base = SOURCE.joinpath(*module.split(".")[1:])
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


PURE = [path for path in MODULES if room_of(path) not in IMPURE]


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_middle_is_pure(path: Path) -> None:
    """Neither network, disk nor clock in the rooms between: values in, values out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    touched = {name for name in imports_of(tree) if name in OUTSIDE or name.split(".")[0] in OUTSIDE}
    assert not touched
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    clocks = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "open", "Path.home"}
    assert not calls & clocks


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{node.name} is too long"


def test_every_package_that_is_imported_is_one_that_we_name() -> None:
    """What another package happens to bring can leave with its next release."""
    project = tomllib.loads((SOURCE.parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (line for name, group in project["optional-dependencies"].items() if name != "dev" for line in group)
    lines = [*project["dependencies"], *extras]
    named = {re.split(r"[<>=\[ ]", line)[0].lower().replace("_", "-") for line in lines}
    imported = {name.split(".")[0] for path in SOURCE.rglob("*.py") for name in imports_of(ast.parse(path.read_text()))}
    found = packages_distributions()
    for module in imported - set(sys.stdlib_module_names) - {"dealwatch"}:
        assert {name.lower().replace("_", "-") for name in found[module]} & named, f"{module} is named nowhere"


def test_no_language_is_named_in_a_condition() -> None:
    """Words and names of languages live in the packs: `if lang == "fr"` is a defect."""
    codes = {"en", "fr", "de", "es", "it", "pt", "nl", "zh", "ja"}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                compared = {c.value for c in ast.walk(node) if isinstance(c, ast.Constant)}
                assert not compared & codes, f"{path.name}:{node.lineno}"
