"""``dealwatch diff``: what changed between two times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from dealwatch.changes import change_row, compare
from dealwatch.commands.filters import any_topic
from dealwatch.commands.options import OUTPUT, Option
from dealwatch.commands.session import Session
from dealwatch.dates import parse_before, parse_since, parse_until
from dealwatch.errors import EXIT_CHANGES, EXIT_OK, UsageError
from dealwatch.present import DIFF
from dealwatch.store import Clock

EXAMPLE = "dealwatch diff 2023-01-01 2023-06-30"
OPTIONS = (Option(("--topic",), "ai (the AI industry, unless said otherwise) or any.", "TOPIC"), *OUTPUT)
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
    name: Annotated[str, typer.Option(metavar="NAME", help="Keep several such marks apart.")] = "default",
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 5 when something changed.")] = False,
) -> int:
    """Show what changed between two times: new deals, changed fields, deals called off."""
    session: Session = ctx.find_root().obj
    if new and (start or end):
        raise UsageError("--new-since-last takes no dates", "leave out FROM and TO, or the option")
    topic, until = any_topic(session), parse_until(end, session.now) if end else session.now
    since = parse_before(start or "7d", session.now)
    if parse_since(start or "7d", session.now) > until:
        raise UsageError(f"{start or '7d'} is later than {end or 'now'}", "write the earlier time first")
    clock: Clock = "observed" if seen or new else "published"
    session.check(DIFF)
    with session.store() as store:
        if new:
            since = store.mark(name) or _BEGINNING
        before, after = store.states(since, until, clock=clock)
    shown = tuple(deal for deal in after if topic or deal.ai)
    rows = [change_row(change) for change in compare(before, shown)]
    session.show(rows, DIFF)
    if new and not session.closed:
        _remember(session, name)
    return EXIT_CHANGES if exit_code and rows else EXIT_OK


def _remember(session: Session, name: str) -> None:
    """Keep the mark; after the rows are out, so that a run that could not show them shows them again."""
    from dealwatch.parser import VERSION
    from dealwatch.store.writing import Writer

    with Writer(session.store_path, parser=VERSION, now=session.now) as writer:
        writer.set_mark(name)
