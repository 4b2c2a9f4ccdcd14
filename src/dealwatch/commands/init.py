"""``dealwatch init``: a commented configuration to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealwatch.commands.session import Session
from dealwatch.config import default_config_path, write_example

EXAMPLE = "dealwatch init dealwatch.toml"
OPTIONS = ()


def run(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="[FILE]", show_default=False, help="Where to write it.")] = "",
) -> int:
    """Write a commented configuration with sources in English and French.

    Without FILE it goes where dealwatch looks for it; a file that is there is never overwritten.
    """
    session: Session = ctx.find_root().obj
    named = file or session.text("config")
    path = Path(named).expanduser() if named else default_config_path(session.env)
    write_example(path)
    session.say(f"wrote {path}; edit it, then run `dealwatch fetch`")
    return 0
