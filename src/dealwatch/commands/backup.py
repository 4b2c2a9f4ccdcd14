"""``dealwatch backup FILE``: a copy of the store that is whole, whatever runs meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealwatch.commands.session import Session
from dealwatch.store.copying import copy_store

EXAMPLE = "dealwatch backup ~/backups/dealwatch.db"
OPTIONS = ()


def run(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where the copy goes; an older one there is replaced.")],
) -> int:
    """Write a consistent copy of the store while runs go on.

    The copy is one checked SQLite file, put in place once it is whole. To restore it, copy it back.
    """
    session: Session = ctx.find_root().obj
    size = copy_store(session.store_path, Path(file).expanduser())
    session.say(f"wrote {size / 1e6:,.1f} MB to {file}; to restore it, copy it to {session.store_path}")
    return 0
