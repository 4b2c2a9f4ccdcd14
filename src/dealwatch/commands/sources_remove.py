"""``dealwatch sources remove``: sources taken out of the configuration."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.session import Session
from dealwatch.commands.switching import config_file
from dealwatch.config.editing import find_sources, remove_sources

EXAMPLE = 'dealwatch sources remove "Le Monde"'
OPTIONS = ()


def run(
    ctx: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="As the configuration calls them.")],
) -> int:
    """Take sources out of the configuration; what they brought stays.

    The [[source]] block goes, with the comment lines right above it; the rest of the file stays to the byte.
    """
    session: Session = ctx.find_root().obj
    path = config_file(session)
    sources = find_sources(session.config, names)
    remove_sources(path, [source.name for source in sources], session.env)
    for source in sources:
        session.say(f"removed {source.name!r} from {path}; its articles stay in the store")
    return 0
