"""Rows of a person's own register file: checked, and joined to the shipped ones that they extend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from difflib import get_close_matches

from dealwatch.companies.rows import Row

KINDS = ("ai", "technology", "investor", "bank", "public", "other")
_LISTS = ("aliases", "people", "shared")
_TEXTS = ("name", "ticker", "domain", "country", "parent", "merged_into", "merged_on")
_FLAGS = ("ai", "translated")
KEYS = ("name", "kind", *_LISTS, *_TEXTS[1:], *_FLAGS, "formerly", "needs_context")


def check_row(key: str, data: Mapping[str, object]) -> None:
    """Raise ValueError for what a row cannot say, with what was probably meant.

    >>> check_row("acme", {"name": "Acme", "alias": ["Acme Labs"]})
    Traceback (most recent call last):
    ValueError: acme: there is no 'alias' (did you mean 'aliases'?)
    """
    for name in data:
        if name not in KEYS:
            near = get_close_matches(name[:60], KEYS, 1, 0.5)
            raise ValueError(f"{key}: there is no {name[:60]!r}" + (f" (did you mean {near[0]!r}?)" if near else ""))
    for name, value in data.items():
        if wanted := _wanted(name, value):
            raise ValueError(f"{key}: {name} wants {wanted}")
    if "name" not in data:
        raise ValueError(f"{key}: a name is wanted")


def _wanted(name: str, value: object) -> str:
    """What a key wants where its value is something else; "" where it is right."""
    if name == "kind":
        return "" if value in KINDS else f"one of {', '.join(KINDS)}"
    if name in _TEXTS:
        return "" if isinstance(value, str) and value.strip() else "a text"
    if name in _FLAGS:
        return "" if isinstance(value, bool) else "true or false"
    if name == "needs_context" and isinstance(value, bool):
        return ""
    if name == "formerly" and isinstance(value, dict):
        return "" if all(isinstance(until, str) for until in value.values()) else "a date for each name"
    texts = isinstance(value, list) and all(isinstance(part, str) and part.strip() for part in value)
    return "" if texts else "a list of texts"


def add_to(shipped: Row, own: Row) -> Row:
    """A person's row of a company that the register has: what it says stands, its names and people are added.

    >>> shipped = Row("meta", "Meta", "technology", ("Meta Platforms",), ticker="META")
    >>> row = add_to(shipped, Row("meta", "Meta", "ai", ("Big F",)))
    >>> row.kind, row.aliases, row.ticker
    ('ai', ('Big F', 'Meta Platforms'), 'META')
    """
    values: dict[str, object] = {}
    for field in fields(Row):
        mine, theirs = getattr(own, field.name), getattr(shipped, field.name)
        if isinstance(mine, tuple):
            values[field.name] = tuple(dict.fromkeys((*mine, *theirs)))
        elif mine is None:
            values[field.name] = theirs
    names = {own.name, *own.formerly, *shipped.formerly}
    others = (*own.aliases, *(shipped.name, *shipped.aliases))
    values["aliases"] = tuple(name for name in dict.fromkeys(others) if name not in names)
    return replace(own, **values)  # type: ignore[arg-type]
