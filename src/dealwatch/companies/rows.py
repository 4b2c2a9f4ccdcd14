"""The values of the register: what it knows of a company, and where a text names one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Keep = Literal["all", "none", "half"]


@dataclass(frozen=True, slots=True)
class Row:
    """What the register knows of one company."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    ai: bool = False
    ticker: str | None = None
    domain: str | None = None
    country: str | None = None
    people: tuple[str, ...] = ()
    parent: str | None = None
    formerly: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()  # of the names before: each with the date until which it was borne
    merged_into: str | None = None  # the id of the company that it goes on in
    merged_on: str | None = None
    shared: tuple[str, ...] = ()  # those of its names that another row bears too
    needs_context: tuple[str, ...] = ()  # those of its names that are also words
    translated: bool = False  # its name differs by language: a text's own form is kept

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it answers to, the register form first."""
        return (self.name, *self.aliases, *self.formerly)


@dataclass(frozen=True, slots=True)
class Match:
    """A known name in a text; not `sure` when the name is also a word and stands alone."""

    start: int
    end: int
    row: Row
    sure: bool = True
