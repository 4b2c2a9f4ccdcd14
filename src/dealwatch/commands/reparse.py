"""``dealwatch reparse``: today's parser over all stored text."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.options import OUTPUT
from dealwatch.commands.progress import progress_bar
from dealwatch.commands.session import Session
from dealwatch.commands.stopping import stopping
from dealwatch.commands.summary import count
from dealwatch.errors import EXIT_SOURCES
from dealwatch.pipeline.reparsing import Rows, reparse
from dealwatch.present import DIFF, Look, pieces
from dealwatch.present.columns import choose_columns

EXAMPLE = "dealwatch reparse --dry-run"
OPTIONS = OUTPUT


def run(
    ctx: typer.Context,
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Texts that this parser read, too: for a new register.")] = False,
) -> int:
    """Read all stored text again with today's parser.

    What changes in the deals is shown before it is committed, batch by batch. Judgements hold, and both times of every
    claim stay as they were. A run that is stopped goes on where it was.
    """
    session: Session = ctx.find_root().obj
    session.check(DIFF)
    with session.store():  # a store that is not there is not made
        pass
    shown: list[Rows] = []
    whole = session.chosen_format() in ("table", "json", "md")  # they need all their rows at once

    def show(rows: Rows) -> None:
        if whole or not rows:
            shown.append(rows)
        else:
            named = session.text("columns")
            columns = choose_columns(DIFF, named) if named is not None else None
            headers = not (any(shown) or session.flag("no_headers"))
            session.write(pieces(rows, DIFF, session.chosen_format(), Look(columns, headers=headers)))
            shown.append(rows)

    with stopping(session) as stop, progress_bar(session, "reading again") as tell:
        report = reparse(
            session.store_path, config=session.config, now=session.now, show=show, dry=dry, every=every, progress=tell,
            stop=stop.event,
        )  # fmt: skip
    if whole or not any(shown):
        session.show([row for rows in shown for row in rows], DIFF)
    verb = "would change" if dry else "changed"
    session.say(
        f"{count(report.articles, 'article')} read again in {report.seconds:.1f} s: {count(report.claims, 'claim')} and"
        f" {count(report.changes, 'thing')} in the deals {verb}"
    )
    for failure in report.failures:
        session.warn(f"{failure.name}: {failure.reason}")
    if report.interrupted:
        return stop.code
    return EXIT_SOURCES if report.failures else 0
