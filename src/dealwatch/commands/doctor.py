"""``dealwatch doctor``: whether everything that dealwatch stands on is sound, and the mend where it is not."""

from __future__ import annotations

import typer

from dealwatch.commands.options import OUTPUT
from dealwatch.commands.session import Session
from dealwatch.errors import EXIT_FAILED, EXIT_OK
from dealwatch.present.columns import CHECKS

EXAMPLE = "dealwatch doctor"
OPTIONS = OUTPUT


def run(ctx: typer.Context) -> int:
    """Check configuration, store, register, sources, SQLite, clock and proxies, each with the mend.

    Exits with 1 when something fails; what only deserves a look is a warning.
    """
    from dealwatch.commands.checks import run_checks

    session: Session = ctx.find_root().obj
    session.check(CHECKS)
    rows = [check._asdict() for check in run_checks(session)]
    session.show(rows, CHECKS)
    return EXIT_FAILED if any(row["state"] == "failed" for row in rows) else EXIT_OK
