"""Every language pack keeps to the schema: known sections and keys, their types, lower case, no word told twice."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from dealwatch.lang import UNKNOWN, currencies

ROOT = Path(__file__).parents[1]
PACKS = sorted((ROOT / "src" / "dealwatch" / "lang").glob("*.toml"))
SCHEMA = tomllib.loads((Path(__file__).parent / "data" / "lang" / "schema.toml").read_text(encoding="utf-8"))
TABLES = {name: set(row["keys"]) for row in SCHEMA.pop("tables") for name in row["names"]}
FREE = {"zones"}  # names of places: any key
KINDS = ("before", "after", "close", "next")
CODES = {code for path in PACKS for code in currencies(path.stem).get("names", {})} | {"EUR", "BTC", "$"}
SIMPLE = {"int": int, "bool": bool, "float": (int, float), "text": str, "rows": list, "table": dict}


def of_type(value: Any, kind: str) -> bool:
    """Whether a value is what the schema calls it."""
    inner, _, key = kind.partition(" by ")
    if key:
        keys_fit = isinstance(value, dict) and all(key == "word" or name == name.lower() for name in value)
        return keys_fit and all(of_type(item, inner) for item in value.values())
    if kind in SIMPLE:
        return isinstance(value, SIMPLE[kind]) and (kind == "bool" or not isinstance(value, bool))
    low = kind == "lower words"
    return isinstance(value, list) and all(isinstance(one, str) and (not low or one == one.lower()) for one in value)


def problems(pack: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a pack, each with the section and the key it stands in."""
    for section, table in pack.items():
        if section == "name" or section in FREE:
            continue
        if section not in SCHEMA:
            yield f"[{section}]: no such section"
            continue
        for key, value in table.items():
            kind = SCHEMA[section].get(key)
            if kind is None:
                yield f"[{section}] {key}: no such key"
            elif not of_type(value, kind):
                yield f"[{section}] {key}: not {kind}"
            elif isinstance(value, dict) and not set(value) <= TABLES.get(f"{section}.{key}", set(value)):
                yield f"[{section}.{key}]: no such key"
            yield from (f"[{section}] {key}: {word!r} twice" for word in twice(value))
    yield from contradictions(pack)


def twice(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from twice(item)
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield from sorted({item for item in value if value.count(item) > 1})


def contradictions(pack: dict[str, Any]) -> Iterator[str]:
    """The words that a pack takes for two things of which one would never be read."""
    money, kinds = pack.get("amounts", {}), pack.get("kinds", {})
    rivals = [(f"amounts.{key}", money.get(key, {})) for key in ("hedges", "hedges_after")]
    for name, table in rivals + [(f"kinds.{place}", kinds.get(place, {})) for place in KINDS]:
        for one, other in combinations(table, 2):
            yield from (f"[{name}] {one}, {other}: {word!r} in both" for word in {*table[one]} & {*table[other]})
    names = {key: set(money.get(key, ())) for key in ("currencies", "subunits", "glued_subunits", "never", "scales")}
    for one, other in combinations(names, 2):
        yield from (f"[amounts] {one}, {other}: {word!r} in both" for word in names[one] & names[other])
    for key in ("currencies", "subunits", "marks", "prefixes"):
        strange = {code for code in money.get(key, {}).values() if code not in CODES}
        yield from (f"[amounts.{key}]: no such currency {code!r}" for code in strange)


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.name)
def test_packs_keep_to_the_schema(path: Path) -> None:
    found = list(problems(tomllib.loads(path.read_text(encoding="utf-8"))))
    assert found == [], f"{path.name}: what stands in a pack is told by tests/data/lang/schema.toml"


def test_every_key_is_read_by_some_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "dealwatch").rglob("*.py"))
    said = set(re.findall(r"[\"']([a-z_]+)[\"']", code))
    unread = set()
    for section, table in SCHEMA.items():
        for key in table:
            first, _, last = key.rpartition("_")
            made = first and (f"}}_{last}" in code or f"{first}_{{" in code)  # f"{kind}_types", f"titles_{sex}"
            if key not in said and not made:
                unread.add(f"[{section}] {key}")
    assert unread == set()


@pytest.mark.parametrize(
    ("pack", "problem"),
    [
        ("[amunts]\nlink = []", "[amunts]: no such section"),
        ("[amounts]\nlinks = []", "[amounts] links: no such key"),
        ("[amounts]\nlink = 'of'", "[amounts] link: not lower words"),
        ("[amounts]\nlink = ['Of']", "[amounts] link: not lower words"),
        ("[amounts]\nlink = ['of', 'in', 'of']", "[amounts] link: 'of' twice"),
        ("[amounts]\nscales = { Million = 6 }", "[amounts] scales: not int by lower word"),
        ("[amounts]\nscales = { million = '6' }", "[amounts] scales: not int by lower word"),
        ("[amounts.hedges]\nmost = ['up to']", "[amounts.hedges]: no such key"),
        ("[amounts.hedges]\nat_most = ['to']\napprox = ['to']", "[amounts.hedges] at_most, approx: 'to' in both"),
        ("[amounts.currencies]\neuro = 'EURO'", "[amounts.currencies]: no such currency 'EURO'"),
        ("[amounts]\nnever = ['mark']\ncurrencies = { mark = 'BAM' }", "[amounts] currencies, never: 'mark' in both"),
        ("[kinds.before]\ntag = ['paid']\ncost = ['paid']", "[kinds.before] tag, cost: 'paid' in both"),
        ("[quotes]\ntrusting = 'yes'", "[quotes] trusting: not bool"),
    ],
)
def test_what_is_wrong_is_told(pack: str, problem: str) -> None:
    assert list(problems(tomllib.loads(pack))) == [problem]


def test_the_bare_pack_names_what_any_language_needs() -> None:
    assert UNKNOWN in {path.stem for path in PACKS}
