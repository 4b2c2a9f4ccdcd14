"""docs/notebook.ipynb: its cells run in their order, on an export of invented stories."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from dealwatch.__main__ import main

ROOT = Path(__file__).parent.parent
NOTEBOOK = json.loads((ROOT / "docs/notebook.ipynb").read_text(encoding="utf-8"))
CELLS = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


def run_cell(source: str, names: dict[str, object]) -> object:
    """What the last expression of a cell gives, as a notebook shows it."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def test_the_cells_run_in_their_order(tmp_path, monkeypatch, capsys):
    for package in ("pandas", "polars", "pyarrow"):
        pytest.importorskip(package)
    db = ["--db", str(tmp_path / "deals.db"), "-q"]
    assert main([*db, "import", str(ROOT / "tools/words/stories.jsonl")]) == 0
    for what in ("deals", "parties"):
        file = str(tmp_path / f"{what}.parquet")
        assert main([*db, "export", file, "--what", what, "--topic", "any"]) == 0
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    shown = [run_cell(source, names) for source in CELLS]
    assert len(shown) >= 6
    assert str(names["deals"].dtypes["date"]).startswith("datetime64")
    assert names["by_year"]["count"].sum() == len(names["deals"]) == len(names["frame"]) == 3
    assert set(names["often"].index) == {"Microsoft", "Tolmer Capital", "Orrell Capital"}
    assert "3 of 3 deals" in capsys.readouterr().out


def test_it_holds_no_outputs_that_could_be_stale():
    assert [cell for cell in NOTEBOOK["cells"] if cell.get("outputs")] == []
    assert NOTEBOOK["nbformat"] == 4
