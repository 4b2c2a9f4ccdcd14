"""A progress bar on stderr, where a person is watching."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dealwatch.commands.session import Session
from dealwatch.pipeline import Progress

Tell = Callable[[Progress], None]


@contextmanager
def progress_bar(session: Session, what: str) -> Iterator[Tell | None]:
    """What to tell of each step, or None where nobody is watching: then the run is silent until its summary."""
    if session.flag("quiet") or not session.err.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    console = Console(file=session.err, no_color=session.flag("no_color"), highlight=False, markup=False, emoji=False)
    found = TextColumn("{task.fields[articles]} articles", markup=False)
    columns = (TextColumn(what, markup=False), BarColumn(), MofNCompleteColumn(), found)
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None, articles=0)
        yield lambda step: bar.update(task, total=step.total or None, completed=step.done, articles=step.articles)
