"""``dealwatch sources export``: the sources as an OPML file."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.session import Session
from dealwatch.commands.summary import count
from dealwatch.commands.whole import write_whole
from dealwatch.sources.opml import why_left_out, write_opml

EXAMPLE = "dealwatch sources export feeds.opml"
OPTIONS = ()


def run(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help='Where to write it; "-" for standard output.')],
) -> int:
    """Write the sources to an OPML file.

    Feed readers read its feeds; `sources import` reads listings and sitemaps too. Folders, headers, and sources with a
    login or a key in their address are left out.
    """
    session: Session = ctx.find_root().obj
    sources = session.config.sources
    for source in sources:
        if why := why_left_out(source):
            session.warn(f"left out: {source.name}: {why}")
        elif source.headers:
            session.warn(f"{source.name}: written without its headers")
    text = write_opml(sources, session.now)
    if file == "-":
        session.write([text])
    else:
        write_whole(file, [text])
        session.say(f"wrote {count(sum(why_left_out(source) is None for source in sources), 'source')} to {file}")
    return 0
