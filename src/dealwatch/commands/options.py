"""Options that several commands share, declared once as data: where things lie, how output looks, which deals.

A command's own arguments stand in its signature; these groups are added to it by name. What a user gave lands in the
session, so that ``dealwatch --db x deals`` and ``dealwatch deals --db x`` are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import typer
from typer.core import TyperOption

from dealwatch.commands.session import Session


class Option(NamedTuple):
    """One option: its spellings, what its help says, and whether it takes a value, several, or none."""

    names: tuple[str, ...]
    help: str
    metavar: str | None = None  # None: a flag
    many: bool = False  # may be given several times
    counts: bool = False  # a flag that counts how often it is given

    @property
    def key(self) -> str:
        """The name under which the session keeps it."""
        return max(self.names, key=len).lstrip("-").replace("-", "_")


GLOBAL = (
    Option(("--config",), "The configuration file.", "FILE"),
    Option(("--db",), "The store.", "FILE"),
    Option(("-q", "--quiet"), "Say nothing but errors."),
    Option(("-v", "--verbose"), "Say more; twice for everything.", counts=True),
    Option(("--log",), "Write a log to this file.", "FILE"),
    Option(("--no-color",), "No colours."),
    Option(("--debug",), "Show the traceback of an unexpected error."),
)

OUTPUT = (
    Option(("--format",), "table, tsv, csv, json, jsonl or md; a table on a terminal, else tsv.", "FORMAT"),
    Option(("--json",), "Short for --format json."),
    Option(("--csv",), "Short for --format csv."),
    Option(("--columns",), "The columns to show, in this order: date,target,amount.", "NAMES"),
    Option(("--no-headers",), "Leave out the line of column names."),
)

SORT = (Option(("--sort",), "The column to sort by; -COLUMN the other way.", "COLUMN"),)

LIMIT = (Option(("--limit",), "At most so many rows.", "N"),)

NOTE = (
    Option(("--note",), "Why, for those who read the list of judgements.", "TEXT"),
    Option(("--json",), "Print the judgement as one object."),
)

DEALS = (
    Option(("--company",), "With this company on either side, by any of its names.", "NAME"),
    Option(("--investor",), "With this company among the investors.", "NAME"),
    Option(("--target",), "With this company as the target.", "NAME"),
    Option(("--type",), "Of this type: funding_round, investment, acquisition, ipo, debt, ... (again for more).",
           "TYPE", many=True),
    Option(("--status",), "rumoured, announced, completed or called_off (again for more).", "STATUS", many=True),
    Option(("--round",), "Of this round: Seed, \"Series B\", ...", "NAME"),
    Option(("--min",), "Of this amount at least: 500m, 1.5bn; in --currency, else in US dollars.", "SUM"),
    Option(("--max",), "Of this amount at most.", "SUM"),
    Option(("--currency",), "In this currency: USD, EUR, ...", "CODE"),
    Option(("--since",), "Dated then or later: 7d, 2w, yesterday, 2023, 2023-01, 2023-01-23.", "WHEN"),
    Option(("--until",), "Dated then or earlier.", "WHEN"),
    Option(("--as-of",), "As it was known at that time.", "WHEN"),
    Option(("--lang",), "Told in this language: en, fr, ...", "CODE"),
    Option(("--source",), "Told by this source.", "NAME"),
    Option(("--topic",), "ai (the AI industry, unless said otherwise) or any.", "TOPIC"),
)  # fmt: skip

PERIOD = (
    Option(("--since",), "Published then or later: 7d, 2w, yesterday, 2023, 2023-01, 2023-01-23.", "WHEN"),
    Option(("--until",), "Published then or earlier.", "WHEN"),
)

ORIGIN = (
    Option(("--source",), "From this source.", "NAME"),
    Option(("--lang",), "In this language: en, fr, ...", "CODE"),
)


def _is_given(value: object) -> bool:
    return value is not None and value is not False and value != () and value != 0


def _keep(option: Option, ctx: typer.Context, value: object) -> object:
    session = ctx.find_root().obj
    if isinstance(session, Session) and _is_given(value):
        session.given[option.key] = value
    return value


def make_options(group: Sequence[Option], *, hidden: bool = False) -> list[TyperOption]:
    """The options of a group for one command; hidden ones work and stay out of its help."""
    made = []
    for option in group:
        # A name of its own beside the spellings: a command's function may have an argument of the same name.
        spellings = [*option.names, f"given_{option.key}"]
        made.append(
            TyperOption(
                param_decls=spellings, help=option.help, hidden=hidden, expose_value=False, metavar=option.metavar,
                is_flag=option.metavar is None and not option.counts, count=option.counts, multiple=option.many,
                default=False if option.metavar is None and not option.counts else None,
                type=str if option.metavar else int if option.counts else None,
                callback=lambda ctx, param, value, option=option: _keep(option, ctx, value),
            )
        )  # fmt: skip
    return made
