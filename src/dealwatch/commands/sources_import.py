"""``dealwatch sources import``: the feeds of an OPML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealwatch.commands.session import Session
from dealwatch.commands.summary import count
from dealwatch.commands.switching import new_config
from dealwatch.config.editing import add_sources, read_draft
from dealwatch.errors import ReadError, UsageError
from dealwatch.sources.opml import LARGEST, Fields, read_opml

EXAMPLE = "dealwatch sources import feeds.opml"
OPTIONS = ()


def run(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As a feed reader exports it.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be added and write nothing.")] = False,
) -> int:
    """Add the feeds of an OPML file.

    Feeds that are configured already, or stand there twice, are counted and left out. Nothing is fetched:
    `dealwatch sources test` tries one.
    """
    session: Session = ctx.find_root().obj
    path, config = new_config(session)
    try:
        with file.expanduser().open("rb") as handle:
            read = read_opml(handle.read(LARGEST + 1), config.sources)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", "name an OPML file") from None
    except ReadError as error:
        raise UsageError(f"{file}: {error.message}", error.hint or "a feed reader exports OPML") from None
    kept = [fields for fields in read.sources if _is_good(session, fields, path)]
    if kept and not dry_run:
        add_sources(path, kept, session.env)
    for fields in kept if dry_run or session.verbosity else ():
        session.say(f"{fields['name']}: {fields['url']}")
    left = {"twice or known": read.duplicates, "no web address": read.refused, "broken": len(read.sources) - len(kept)}
    told = ", ".join(f"{number} {why}" for why, number in left.items() if number)
    verb = "would be added" if dry_run else "added"
    session.say(f"{count(len(kept), 'source')} {verb} to {path}{f'; left out: {told}' if told else ''}")
    return 0


def _is_good(session: Session, fields: Fields, path: Path) -> bool:
    try:
        read_draft(fields, path, session.env)
    except UsageError as error:
        session.warn(f"left out: {error.message}")
        return False
    return True
