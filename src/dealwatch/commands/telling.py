"""After a fetch: what changed, to the command that the configuration names under ``[notify]``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dealwatch.changes import change_rows
from dealwatch.commands.session import Session
from dealwatch.config.places import LOCAL_NAME
from dealwatch.notify import run_command
from dealwatch.parser import VERSION
from dealwatch.present.cells import dump_json
from dealwatch.store.writing import Writer

MARK = "[notify] command"  # no name that `diff --name` would be given by chance


def tell_changes(session: Session) -> None:
    """Hand the command every change observed since it last took some; its mark moves only when it succeeds.

    Raises DealwatchError where the command fails: the next run tells the same again.
    """
    command, path = session.config.notify_command, session.config.path
    if not command:
        return
    if path == Path(LOCAL_NAME):  # found where the run began: a folder of somebody else's must not choose what runs
        session.warn(f"error: [notify] command in {path} is not run: name the file by --config to allow it")
        return
    with session.store() as store, Writer(session.store_path, parser=VERSION, now=session.now) as writer:
        since = store.mark(MARK)
        if since is None:  # at first only what this run brought; kept, so that a command that fails is told it again
            since = session.now - timedelta(seconds=1)
            writer.set_mark(MARK, since)
        rows = change_rows(*store.states(since, writer.now, clock="observed"), any_topic=False)
        run_command(command, [dump_json(row) for row in rows])
        writer.set_mark(MARK)
