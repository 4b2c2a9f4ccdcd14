"""A page for people: lines and grids of words. Rich draws it on a terminal; a pipe gets the same without loading rich,
whose tables cost every start 45 ms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from unicodedata import category, east_asian_width

GAP = "  "  # between the columns of a grid
STYLES = {
    "rumoured": "yellow", "announced": "cyan", "completed": "green", "called_off": "red",
    "new": "green", "changed": "yellow", "fine": "green", "failing": "red", "disabled": "dim",
    "warning": "yellow", "failed": "red",
}  # fmt: skip


class Words(NamedTuple):
    """A run of words, each with its style."""

    runs: tuple[tuple[str, str], ...]

    @property
    def plain(self) -> str:
        """The words alone."""
        return "".join(text for text, _ in self.runs)


class Grid(NamedTuple):
    """Lines of cells set in columns."""

    lines: Sequence[tuple[Words, ...]]


Cell = Words | str
Part = Words | Grid
BLANK = Words(())


def words(*runs: str | tuple[str, str]) -> Words:
    """Words with their styles: plain ones, or (text, style)."""
    return Words(tuple((run, "") if isinstance(run, str) else run for run in runs))


def section(name: str, lines: Sequence[tuple[Cell, ...]]) -> list[Part]:
    """A head and the lines under it, after a blank line; nothing where there are no lines."""
    cells = [tuple(cell if isinstance(cell, Words) else words(cell) for cell in line) for line in lines]
    indented = [(words("  "), *line) for line in cells]
    return [BLANK, words((name, "bold underline")), Grid(indented)] if lines else []


def draw_page(parts: Sequence[Part], *, width: int | None, color: bool) -> str:
    """The page as text: in so many columns of a terminal, or as wide as it is where None."""
    if width is not None or color:
        return _draw_richly(parts, width, color)
    return "".join(f"{line.rstrip()}\n" for part in parts for line in _plain(part))


def _plain(part: Part) -> Iterator[str]:
    if isinstance(part, Words):
        yield from part.plain.split("\n")
        return
    widths = [max(map(cells_of, column)) for column in zip(*_texts(part), strict=True)]
    for line in _texts(part):
        yield GAP.join(text + " " * (width - cells_of(text)) for text, width in zip(line, widths, strict=True))


def _texts(grid: Grid) -> Iterable[tuple[str, ...]]:
    return [tuple(cell.plain for cell in line) for line in grid.lines]


def cells_of(text: str) -> int:
    """How many cells of a terminal a text takes: two for wide letters, none for marks on others.

    >>> cells_of("Tōkyō"), cells_of("東京")
    (5, 4)
    """
    if text.isascii():
        return len(text)
    return sum(0 if category(sign) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(sign) in "WF") for sign in text)


def _draw_richly(parts: Sequence[Part], width: int | None, color: bool) -> str:
    from rich.console import Group, RenderableType
    from rich.table import Table
    from rich.text import Text

    from dealwatch.present.table import draw

    drawn: list[RenderableType] = []
    for part in parts:
        if isinstance(part, Words):
            drawn.append(Text.assemble(*part.runs))
            continue
        grid = Table.grid(padding=(0, len(GAP), 0, 0))
        for line in part.lines:
            grid.add_row(*(Text.assemble(*cell.runs) for cell in line))
        drawn.append(grid)
    return draw(Group(*drawn), width=width, color=color)
