"""``dealwatch import``: articles from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealwatch.commands.options import Option
from dealwatch.commands.progress import progress_bar
from dealwatch.commands.session import Session
from dealwatch.commands.stopping import stopping
from dealwatch.commands.summary import show_import
from dealwatch.pipeline import import_files

EXAMPLE = "dealwatch import stories.jsonl saved-pages/"
OPTIONS = (Option(("--json",), "Print the summary as JSON."),)


def run(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="JSON lines, pages, texts, WARC, folders.")],
    source: Annotated[str, typer.Option(metavar="NAME", help="The source of those that name none.")] = "",
) -> int:
    """Store articles from files, through the same line as fetch.

    A line of JSON holds text (or title and body), and as it has them id, url, source, published, lang, fetched. An
    import that was stopped goes on where it was when it is run again.
    """
    session: Session = ctx.find_root().obj
    with stopping(session) as stop, progress_bar(session, "importing") as tell:
        report = import_files(
            files, session.store_path, config=session.config, now=session.now, progress=tell, stop=stop.event,
            source=source or None,
        )  # fmt: skip
    code = show_import(session, report)
    return stop.code if report.interrupted else code
