"""``dealwatch sources disable``: sources put to rest."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.session import Session
from dealwatch.commands.switching import config_file
from dealwatch.config.editing import find_sources, switch_sources

EXAMPLE = 'dealwatch sources disable "Le Monde"'
OPTIONS = ()


def run(
    ctx: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="As the configuration calls them.")],
) -> int:
    """Put sources to rest; what they brought stays.

    Sets `enabled = false`; `sources enable` takes it back.
    """
    session: Session = ctx.find_root().obj
    path = config_file(session)
    sources = find_sources(session.config, names)
    on = [source.name for source in sources if source.enabled]
    if on:
        switch_sources(path, on, session.env, on=False)
    for source in sources:
        session.say(f"disabled {source.name!r}")
    return 0
