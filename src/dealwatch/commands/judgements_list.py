"""``dealwatch judgements``: what people said of deals."""

from __future__ import annotations

import typer

from dealwatch.commands.options import LIMIT, OUTPUT
from dealwatch.commands.session import Session
from dealwatch.present.columns import JUDGEMENTS

EXAMPLE = "dealwatch judgements list --json"
OPTIONS = (*LIMIT, *OUTPUT)


def run(ctx: typer.Context) -> int:
    """List the judgements, newest first.

    Those that were undone stay in the list, with the time.
    """
    session: Session = ctx.find_root().obj
    session.check(JUDGEMENTS)
    with session.store() as store:
        rows = store.judgement_rows()
    session.show(rows[: session.number("limit")], JUDGEMENTS)
    return 0
