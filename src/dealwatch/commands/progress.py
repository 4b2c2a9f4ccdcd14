"""A progress bar on stderr, where a person is watching."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dealwatch.commands.session import Session
from dealwatch.commands.words import one_line
from dealwatch.pipeline import Progress

Tell = Callable[[Progress], None]
_NAME = 30  # letters of a source's name that leave room for the bar


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
    said = TextColumn("{task.fields[said]}", markup=False)
    with Bar(TextColumn(what, markup=False), BarColumn(), MofNCompleteColumn(), said, console=console,
             transient=True) as bar:  # fmt: skip
        task = bar.add_task(what, total=None, said="")
        yield lambda step: bar.update(task, total=step.total or None, completed=step.done, said=describe(step))


def describe(step: Progress) -> str:
    """What is left of a run, and what it has found.

    >>> describe(Progress(done=41, total=53, articles=1, name="Le Monde"))
    '12 left, 1 article, last Le Monde'
    """
    left = f"{step.total - step.done:,} left, " if step.total else ""
    last = f", last {one_line(step.name)[:_NAME]}" if step.name else ""
    return f"{left}{step.articles:,} article{'' if step.articles == 1 else 's'}{last}"
