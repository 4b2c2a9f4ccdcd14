"""``dealwatch export FILE``: deals, parties, quotes, articles, claims or changes for a spreadsheet or a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from typing import Annotated

import typer

from dealwatch.commands.app import suggest
from dealwatch.commands.diff import rows_of
from dealwatch.commands.filters import (
    any_topic,
    choose,
    deal_query,
    say_unknown_names,
    say_unknown_words,
    since_of,
    until_of,
)
from dealwatch.commands.options import DEALS, LIMIT, SORT, Option
from dealwatch.commands.session import Session
from dealwatch.commands.summary import count
from dealwatch.commands.whole import fill_whole
from dealwatch.dates import parse_before
from dealwatch.errors import UsageError
from dealwatch.present import EXPORTS, Listing, Row
from dealwatch.present.columns import choose_columns
from dealwatch.present.files import ENDINGS, EXTRAS, Making, Sheet, fill_file
from dealwatch.store import Store

EXAMPLE = "dealwatch export deals.xlsx --since 2023"
OPTIONS = (
    *DEALS, *SORT, *LIMIT, Option(("--columns",), "The columns to write, in this order.", "NAMES"),
    Option(("--format",), "csv, tsv, jsonl, xlsx, parquet or atom; else as FILE ends.", "FORMAT"),
)  # fmt: skip
_ONE = {"parties": "party"}
_BEGINNING = datetime(1000, 1, 1, tzinfo=UTC)  # four digits: the store compares times as text


def run(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="Ending in .csv, .tsv, .jsonl, .xlsx, .parquet or .atom; - is stdout."),
    ],
    what: Annotated[
        str, typer.Option(metavar="ROWS", show_default=False, help="deals (the default), parties, quotes, articles,"
                          " claims or changes (all that an .atom feed holds).")
    ] = "",
    excel: Annotated[bool, typer.Option("--excel", help="CSV that Excel opens as UTF-8: with a byte order mark.")]
    = False,
) -> int:
    """Write deals (or parties, quotes, articles, claims, changes) to a file, whole or not at all.

    An .xlsx of deals has a sheet each for the deals, their parties, and the quotes from their stories.
    """
    session: Session = ctx.find_root().obj
    making = Making(_format(session, file), session.now, excel)
    kind = choose(what or ("changes" if making.format == "atom" else "deals"), tuple(EXPORTS), "kind of rows")
    _refuse(session, kind, making)
    session.sorted((), EXPORTS[kind])  # a wrong column is said before anything is read
    sheets = _sheets(session, kind, making)
    if file == "-":
        _print(session, sheets, making)
    else:
        fill_whole(file, lambda handle: fill_file(sheets, making, handle))
        told = [count(len(sheet.rows), _ONE.get(sheet.listing.name, sheet.listing.name[:-1]), sheet.listing.name)
                for sheet in sheets]  # fmt: skip
        session.say(f"wrote {', '.join(told)} to {file}")
    return 0


def _print(session: Session, sheets: Sequence[Sheet], making: Making) -> None:
    buffer = BytesIO()
    fill_file(sheets, making, buffer)
    if making.format in EXTRAS:  # and no text
        session.write_bytes(buffer.getvalue())
    else:
        session.write([buffer.getvalue().decode()])


def _format(session: Session, file: str) -> str:
    named = session.text("format")
    if named is not None:
        return choose(named, tuple(ENDINGS.values()), "format")
    if file == "-":
        return "csv"
    for ending, format in ENDINGS.items():
        if file.lower().endswith(ending):
            return format
    near = suggest(f".{file.rpartition('.')[2].lower()}", tuple(ENDINGS))
    hint = f"{near} name a file that ends in {', '.join(ENDINGS)}".strip()
    raise UsageError(f"cannot tell the format of {file[-100:]!r}", hint)


def _sheets(session: Session, kind: str, making: Making) -> list[Sheet]:
    listing = EXPORTS[kind]
    columns = _columns(session, listing)
    with session.store() as store:
        if kind in ("deals", "parties"):
            say_unknown_names(session, store, "company", "investor", "target")
        rows = _READERS[kind](session, store)
        if kind != "deals":  # which the store sorts, and with them the sheet of their parties
            rows = [*session.sorted(rows, listing)]
        if not rows:
            say_unknown_words(session, store)
        sheets = [Sheet(listing, rows, columns)]
        if kind == "deals" and making.format == "xlsx" and session.text("columns") is None:
            quotes = store.quotes(deals={str(row["deal_id"]) for row in rows})
            sheets += [Sheet(EXPORTS["parties"], _parties(session, store, _sort(session)), EXPORTS["parties"].keys),
                       Sheet(EXPORTS["quotes"], [*quotes], EXPORTS["quotes"].keys)]  # fmt: skip
    return sheets


def _columns(session: Session, listing: Listing) -> Sequence[str]:
    named = session.text("columns")
    return choose_columns(listing, named) if named is not None else listing.keys


# -- what each kind of rows can be narrowed by -----------------------------------------------------------------------

# Filters that the rows have of their own. By all others they are narrowed to those of the deals that are chosen so.
_OWN: Mapping[str, frozenset[str]] = {
    "deals": frozenset(option.key for option in DEALS),
    "parties": frozenset(option.key for option in DEALS),
    "quotes": frozenset({"company", "since", "until", "source", "lang"}),
    "articles": frozenset({"company", "since", "until", "source", "lang", "topic"}),
    "claims": frozenset(),
    "changes": frozenset({"since", "until", "topic"}),
}


def _chosen_deals(session: Session, store: Store, kind: str) -> set[str] | None:
    """The ids of the deals by which rows are narrowed; None where no filter asks for that."""
    own = _OWN[kind]
    asked = {option.key for option in DEALS if option.key in session.given} - own - {"as_of"}
    if any_topic(session):
        asked -= {"topic"}
    if not asked:
        return None
    say_unknown_names(session, store, *(key for key in ("company", "investor", "target") if key in asked))
    query = deal_query(session)
    query = replace(
        query, limit=None, company=None if "company" in own else query.company,
        since=None if "since" in own else query.since, until=None if "until" in own else query.until,
        source=None if "source" in own else query.source, lang=None if "lang" in own else query.lang,
    )  # fmt: skip
    return {str(row["deal_id"]) for row in store.deals(query, until_of(session, "as_of"))}


def _until(session: Session) -> datetime | None:
    """The end of what is told: --until, and --as-of where that is earlier."""
    ends = [end for end in (until_of(session), until_of(session, "as_of")) if end]
    return min(ends, default=None)


def _refuse(session: Session, kind: str, making: Making) -> None:
    """UsageError for what cannot be meant, or cannot be made here, before anything is read for it."""
    if making.format == "atom" and kind != "changes":
        raise UsageError(f"an Atom feed holds changes, not {kind}", "leave out --what, or write another format")
    if making.excel and making.format not in ("csv", "tsv"):
        raise UsageError(f"--excel goes with CSV, not {making.format}", "leave out --excel")
    if making.format in EXTRAS and find_spec(EXTRAS[making.format]) is None:
        raise UsageError(f"{making.format} needs {EXTRAS[making.format]}, which is not installed",
                         f"pip install 'dealwatch[{making.format}]'")  # fmt: skip


def _deals(session: Session, store: Store) -> list[Row]:
    return [*store.deals(deal_query(session, sort=_sort(session)), until_of(session, "as_of"))]


def _sort(session: Session) -> str:
    return session.text("sort") or "date"


def _parties(session: Session, store: Store, sort: str = "") -> list[Row]:
    """The parties of the deals in an order of the deals; of all where the parties themselves are to be sorted."""
    query = deal_query(session, sort=sort or "date")
    return [*store.parties(query if sort else replace(query, limit=session.limit), until_of(session, "as_of"))]


def _quotes(session: Session, store: Store) -> list[Row]:
    return [*store.quotes(
        company=session.text("company"), since=since_of(session), until=_until(session),
        source=session.text("source"), lang=session.text("lang"), limit=session.limit,
        deals=_chosen_deals(session, store, "quotes"),
    )]  # fmt: skip


def _articles(session: Session, store: Store) -> list[Row]:
    any_article = session.text("topic") is None or any_topic(session)
    return [*store.articles(
        company=session.text("company"), since=since_of(session), until=_until(session), any_topic=any_article,
        source=session.text("source"), lang=session.text("lang"), limit=session.limit, whole=True,
        deals=_chosen_deals(session, store, "articles"),
    )]  # fmt: skip


def _claims(session: Session, store: Store) -> list[Row]:
    chosen, as_of = _chosen_deals(session, store, "claims"), until_of(session, "as_of")
    return [*store.claim_rows(limit=session.limit, deals=chosen, as_of=as_of)]


def _changes(session: Session, store: Store) -> list[Row]:
    named = session.text("since")
    since = parse_before(named, session.now) if named else _BEGINNING  # as `diff` reads it: that day's changes are in
    rows = rows_of(store, since, _until(session) or session.now, any_topic(session))
    chosen = _chosen_deals(session, store, "changes")
    return [row for row in rows if chosen is None or row["deal_id"] in chosen][: session.limit]


_READERS: Mapping[str, Callable[[Session, Store], list[Row]]] = {
    "deals": _deals, "parties": _parties, "quotes": _quotes, "articles": _articles, "claims": _claims,
    "changes": _changes,
}  # fmt: skip
