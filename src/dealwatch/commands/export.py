"""``dealwatch export FILE``: deals, quotes, articles, claims or changes for a spreadsheet or a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer

from dealwatch.changes import change_rows
from dealwatch.commands.filters import any_topic, choose, deal_query, since_of, until_of
from dealwatch.commands.options import DEALS, LIMIT, Option
from dealwatch.commands.session import Session
from dealwatch.commands.summary import count
from dealwatch.commands.whole import write_whole
from dealwatch.dates import parse_before
from dealwatch.errors import UsageError
from dealwatch.present import EXPORTS, Look, Row, pieces
from dealwatch.present.columns import choose_columns
from dealwatch.store import Store

EXAMPLE = "dealwatch export deals.csv --since 2023"
OPTIONS = (*DEALS, *LIMIT, Option(("--columns",), "The columns to write, in this order.", "NAMES"))
ENDINGS = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl"}
_BEGINNING = datetime(1000, 1, 1, tzinfo=UTC)  # four digits: the store compares times as text


def run(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Ending in .csv, .tsv or .jsonl; - is stdout, as CSV.")],
    what: Annotated[str, typer.Option(metavar="ROWS", help="deals, quotes, articles, claims or changes.")] = "deals",
) -> int:
    """Write deals (or quotes, articles, claims, changes) to a file, whole or not at all."""
    session: Session = ctx.find_root().obj
    kind, format = choose(what, tuple(EXPORTS), "kind of rows"), _format(file)
    _refuse(session, kind)
    listing, named = EXPORTS[kind], session.text("columns")
    columns = choose_columns(listing, named) if named is not None else None
    with session.store() as store:
        rows = _READERS[kind](session, store)
    parts = pieces(rows, listing, format, Look(columns, safe=True))
    if file == "-":
        session.write(parts)
    else:
        write_whole(file, parts)
        session.say(f"wrote {count(len(rows), listing.name[:-1])} to {file}")
    return 0


def _format(file: str) -> str:
    if file == "-":
        return "csv"
    for ending, format in ENDINGS.items():
        if file.lower().endswith(ending):
            return format
    raise UsageError(f"cannot tell the format of {file!r}", f"name a file that ends in {', '.join(ENDINGS)}")


# -- what each kind of rows can be narrowed by -----------------------------------------------------------------------

_TAKES: Mapping[str, frozenset[str]] = {
    "deals": frozenset(option.key for option in DEALS),
    "quotes": frozenset({"company", "since", "until", "source", "lang"}),
    "articles": frozenset({"company", "since", "until", "source", "lang", "topic"}),
    "claims": frozenset(),
    "changes": frozenset({"since", "until", "topic"}),
}


def _refuse(session: Session, kind: str) -> None:
    """UsageError for a filter that the rows cannot be narrowed by: silence would export what was not meant."""
    for option in DEALS:
        if option.key in session.given and option.key not in _TAKES[kind]:
            takes = ", ".join(f"--{key}" for key in sorted(_TAKES[kind])) or "no filter but --limit"
            raise UsageError(f"{option.names[0]} does not apply to {kind}", f"{kind} take {takes}")


def _deals(session: Session, store: Store) -> list[Row]:
    return [*store.deals(deal_query(session), until_of(session, "as_of"))]


def _quotes(session: Session, store: Store) -> list[Row]:
    return [*store.quotes(
        company=session.text("company"), since=since_of(session), until=until_of(session),
        source=session.text("source"), lang=session.text("lang"), limit=session.number("limit"),
    )]  # fmt: skip


def _articles(session: Session, store: Store) -> list[Row]:
    any_article = session.text("topic") is None or any_topic(session)
    return [*store.articles(
        company=session.text("company"), since=since_of(session), until=until_of(session), any_topic=any_article,
        source=session.text("source"), lang=session.text("lang"), limit=session.number("limit"), whole=True,
    )]  # fmt: skip


def _claims(session: Session, store: Store) -> list[Row]:
    return [*store.claim_rows(limit=session.number("limit"))]


def _changes(session: Session, store: Store) -> list[Row]:
    named = session.text("since")
    since = parse_before(named, session.now) if named else _BEGINNING  # as `diff` reads it: that day's changes are in
    states = store.states(since, until_of(session) or session.now)
    return change_rows(*states, any_topic=any_topic(session))[: session.number("limit")]


_READERS: Mapping[str, Callable[[Session, Store], list[Row]]] = {
    "deals": _deals, "quotes": _quotes, "articles": _articles, "claims": _claims, "changes": _changes,
}  # fmt: skip
