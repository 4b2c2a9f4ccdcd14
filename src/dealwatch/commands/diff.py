"""``dealwatch diff``: what changed between two times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from dealwatch.changes import in_order, net
from dealwatch.commands.filters import any_topic
from dealwatch.commands.options import OUTPUT, SORT, Option
from dealwatch.commands.session import Session
from dealwatch.dates import parse_before, parse_since, parse_until
from dealwatch.errors import EXIT_CHANGES, EXIT_OK, UsageError
from dealwatch.present import DIFF, Row
from dealwatch.store import Store

EXAMPLE = "dealwatch diff 2023-01-01 2023-06-30"
OPTIONS = (Option(("--topic",), "ai (the AI industry, unless said otherwise) or any.", "TOPIC"), *SORT, *OUTPUT)
_NAME = "default"  # of the mark that --new-since-last keeps
_BEGINNING = datetime(1000, 1, 1, tzinfo=UTC)  # four digits: the store compares times as text


def run(
    ctx: typer.Context,
    start: Annotated[
        str, typer.Argument(metavar="[FROM]", show_default=False, help="Since then: 7d (the default), 2023-01, ...")
    ] = "",
    end: Annotated[
        str, typer.Argument(metavar="[TO]", show_default=False, help="Up to then, inclusive; now by default.")
    ] = "",
    seen: Annotated[bool, typer.Option("--seen", help="By when this store learnt it, not when it was told.")] = False,
    new: Annotated[bool, typer.Option("--new-since-last", help="What no run with this option has shown yet.")] = False,
    name: Annotated[str, typer.Option(metavar="NAME", help="Keep several such marks apart.")] = _NAME,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 5 when something changed.")] = False,
) -> int:
    """Show what changed between two times: new deals, changed fields, deals called off."""
    session: Session = ctx.find_root().obj
    if new and (start or end):
        raise UsageError("--new-since-last takes no dates", "leave out FROM and TO, or the option")
    if name != _NAME and not new:
        raise UsageError("--name goes with --new-since-last", "it tells the marks of several readers apart")
    until = parse_until(end, session.now) if end else session.now
    if parse_since(start or "7d", session.now) > until:
        raise UsageError(f"{start or '7d'} is later than {end or 'now'}", "write the earlier time first")
    topic = any_topic(session)
    session.check(DIFF)
    with session.store() as store:
        if new:
            rows = _show_new(session, store, name, topic)
        else:
            since = parse_before(start or "7d", session.now)
            rows = _observed(store, since, until, topic) if seen else rows_of(store, since, until, topic)
            session.show(rows, DIFF)
    return EXIT_CHANGES if exit_code and rows else EXIT_OK


def rows_of(store: Store, since: datetime, until: datetime, topic: bool) -> list[Row]:
    """Rows of what changed by the world's clock, of the AI industry's deals or of all: by their histories, and by two
    states of the few whose past is not the beginning of their present.
    """
    lines, (before, after) = store.changes(since, until)
    told = net(lines)
    if before or after:
        from dealwatch.changes import change_rows

        told = in_order([*told, *change_rows(before, after, any_topic=True)])
    if not topic:
        shown = {deal.id for deal in (*before, *after) if deal.ai}
        shown |= store.topical({str(row["deal_id"]) for row in told} - shown, until)
        told = [row for row in told if row["deal_id"] in shown]
    return told


def _observed(store: Store, since: datetime, until: datetime, topic: bool) -> list[Row]:
    from dealwatch.changes import change_rows

    return [*change_rows(*store.states(since, until, clock="observed"), any_topic=topic)]


def _show_new(session: Session, store: Store, name: str, topic: bool) -> list[Row]:
    """Show what was observed since the mark, and set it anew once the rows are out: a run that could not show them
    shows them again. The lock is held meanwhile: what a fetch stored in between would never be shown.
    """
    from dealwatch.changes import change_rows
    from dealwatch.parser import VERSION
    from dealwatch.store.writing import Writer

    with Writer(session.store_path, parser=VERSION, now=session.now) as writer:
        states = store.states(store.mark(name) or _BEGINNING, writer.now, clock="observed")
        rows = change_rows(*states, any_topic=topic)
        session.show(rows, DIFF)
        if not session.closed:
            writer.set_mark(name)
    return rows
