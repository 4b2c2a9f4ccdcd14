"""``dealwatch merge A B``: two deals are one."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.judging import judge, keys_of
from dealwatch.commands.options import NOTE
from dealwatch.commands.session import Session
from dealwatch.errors import UsageError

EXAMPLE = 'dealwatch merge d4f2kq7xw3a dqz5t2mb6yc --note "the same round in two languages"'
OPTIONS = NOTE


def run(
    ctx: typer.Context,
    deals: Annotated[
        list[str], typer.Argument(metavar="A B...", help="The deals that are one, by their ids or beginnings of them.")
    ],
) -> int:
    """Make deals one that the stories leave apart.

    A judgement on their stories, kept through every rebuild and reparse. The deal goes by the id of the earliest; the
    others' ids lead to it. `judgements undo` takes it back.
    """
    session: Session = ctx.find_root().obj
    found = [keys_of(session, deal) for deal in dict.fromkeys(deals)]
    if len({keys[0] for keys in found}) < 2:
        raise UsageError("one deal cannot be merged with itself", "name two deals by their ids")
    judge(session, "merge", [key for keys in found for key in keys[1]])
    return 0
