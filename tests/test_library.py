"""docs/library.md runs; every public name is typed, documented and the same object wherever it is imported from."""

from __future__ import annotations

import doctest
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import dealwatch
from dealwatch.__main__ import main

ROOT = Path(__file__).parent.parent
HOMES = {"extract": "parser", "Store": "store", "DealQuery": "store", "DealwatchError": "errors"}


def test_the_page_runs_as_it_is_written(tmp_path, monkeypatch):
    assert main(["--db", str(tmp_path / "deals.db"), "-q", "import", str(ROOT / "tools/words/stories.jsonl")]) == 0
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(ROOT / "docs/library.md"), module_relative=False, encoding="utf-8")
    assert failed == 0
    assert tried >= 20


@pytest.mark.parametrize("name", dealwatch.__all__)
def test_every_public_name_is_one_object_documented_and_told_of(name):
    thing = getattr(dealwatch, name)
    home = importlib.import_module(f"dealwatch.{HOMES.get(name, 'model')}")
    assert getattr(home, name) is thing
    assert getattr(importlib.import_module("dealwatch"), name) is thing
    assert inspect.getdoc(thing)
    assert f"`{name}" in (told := (ROOT / "docs/library.md").read_text(encoding="utf-8")) or f"'{name}'" in told


@pytest.mark.parametrize("name", ["extract", "Store"])
def test_public_functions_and_methods_are_typed_and_documented(name):
    thing = getattr(dealwatch, name)
    methods = [thing] if inspect.isfunction(thing) else [
        method for key, method in inspect.getmembers(thing, inspect.isfunction) if not key.startswith("_")
    ]  # fmt: skip
    for method in methods:
        signature = inspect.signature(method)
        assert inspect.getdoc(method), method
        assert signature.return_annotation is not inspect.Signature.empty, method
        for parameter in list(signature.parameters.values())[inspect.isclass(thing) :]:
            assert parameter.annotation is not inspect.Parameter.empty, (method, parameter)
            assert "Any" not in str(parameter.annotation)


def test_the_door_is_the_same_in_any_order_of_imports():
    code = (
        "from dealwatch.parser import extract as inner; from dealwatch import extract as outer, Store;"
        "import dealwatch.store.reading, dealwatch; from dealwatch import *;"
        "assert inner is outer is extract is dealwatch.extract;"
        "assert Store is dealwatch.Store is dealwatch.store.reading.Store;"
        "import dealwatch.parser; assert dealwatch.extract is inner"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_name_that_there_is_not_is_an_attribute_error():
    with pytest.raises(AttributeError, match="extrakt"):
        _ = dealwatch.extrakt
