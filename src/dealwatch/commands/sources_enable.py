"""``dealwatch sources enable``: sources that may be fetched again."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.session import Session
from dealwatch.commands.switching import config_file, forget_failures
from dealwatch.config.editing import find_sources, switch_sources

EXAMPLE = 'dealwatch sources enable "Le Monde"'
OPTIONS = ()


def run(
    ctx: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="As the configuration calls them.")],
) -> int:
    """Let sources be fetched again.

    Sets `enabled = true`, and forgets that a server said the address is gone for good. The next fetch asks them.
    """
    session: Session = ctx.find_root().obj
    path = config_file(session)
    sources = find_sources(session.config, names)
    forget_failures(session, [source.name for source in sources])
    off = [source.name for source in sources if not source.enabled]
    if off:
        switch_sources(path, off, session.env, on=True)
    for source in sources:
        session.say(f"enabled {source.name!r}")
    return 0
