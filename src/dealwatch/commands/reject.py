"""``dealwatch reject ID``: what its stories tell is no deal."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.judging import judge, keys_of
from dealwatch.commands.options import NOTE
from dealwatch.commands.session import Session

EXAMPLE = 'dealwatch reject d4f2kq7xw3a --note "a hoax"'
OPTIONS = NOTE


def run(
    ctx: typer.Context,
    deal: Annotated[str, typer.Argument(metavar="ID", help="The deal that is none: its id, or its beginning.")],
) -> int:
    """Take out a deal that is none.

    A judgement on what its stories say of it; a story that is yet to come may tell it anew.
    """
    session: Session = ctx.find_root().obj
    judge(session, "reject", keys_of(session, deal)[1])
    return 0
