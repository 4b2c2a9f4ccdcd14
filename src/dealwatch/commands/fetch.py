"""``dealwatch fetch``: one run over the sources."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.filters import since_of
from dealwatch.commands.options import Option
from dealwatch.commands.progress import progress_bar
from dealwatch.commands.session import Session
from dealwatch.commands.stopping import stopping
from dealwatch.commands.summary import show_fetch
from dealwatch.commands.telling import tell_changes
from dealwatch.errors import ConfigError
from dealwatch.pipeline import run as run_line

EXAMPLE = "dealwatch fetch --force 'Le Monde'"
OPTIONS = (
    Option(("--since",), "Skip what was published before: 7d, 2023-01-23, ...", "WHEN"),
    Option(("--limit",), "At most so many articles of each source.", "N"),
    Option(("--json",), "Print the summary as JSON."),
)


def run(
    ctx: typer.Context,
    sources: Annotated[
        list[str], typer.Argument(metavar="[SOURCE]...", show_default=False, help="Only these, due or not.")
    ] = [],  # noqa: B006 - typer reads the default and never changes it
    force: Annotated[bool, typer.Option("--force", help="Ask every source, due or not, changed or not.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and store nothing.")] = False,
) -> int:
    """Fetch the sources that are due and store what is new."""
    session: Session = ctx.find_root().obj
    since, limit, config = since_of(session), session.number("limit"), session.config
    if not config.sources:
        where = f"{config.path} has no [[source]]" if config.path else "there is no configuration"
        raise ConfigError(where, "`dealwatch init` writes one with sources in English and French")
    with stopping(session) as stop, progress_bar(session, "fetching") as tell:
        report = run_line(
            config, session.store_path, now=session.now, names=sources, force=force, dry_run=dry_run, since=since,
            limit=limit, progress=tell, stop=stop.event,
        )  # fmt: skip
    code = show_fetch(session, report, dry=dry_run)
    if not dry_run:
        tell_changes(session)
    return stop.code if report.interrupted else code
