"""The configuration file that the commands on sources change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwatch.commands.session import Session
from dealwatch.config import Config, load_config
from dealwatch.config.editing import config_to_edit
from dealwatch.errors import ConfigError


def config_file(session: Session) -> Path:
    """The configuration that is read, which must be there; ConfigError, with what to do, where there is none."""
    path = session.config.path
    if path is None:
        raise ConfigError("there is no configuration", "`dealwatch sources add ADDRESS` or `dealwatch init` writes one")
    return path


def new_config(session: Session) -> tuple[Path, Config]:
    """The file that a new source goes to, there or not, and what it says by now."""
    given = session.text("config")
    path = config_to_edit(Path(given).expanduser() if given else None, session.env)
    return path, load_config(path if path.exists() else None, session.env)

def forget_failures(session: Session, names: Sequence[str]) -> None:
    """Clear what the store holds against sources; before anything is written, since another run may hold its lock."""
    if not session.store_path.exists():
        return
    with session.store() as store:
        known = store.sources()
    held = [name for name in names if known.get(name, {}).get("disabled_reason") or known.get(name, {}).get("failures")]
    if held:
        from dealwatch.parser import VERSION  # what writes is imported where there is something to write
        from dealwatch.store.writing import Writer

        with Writer(session.store_path, parser=VERSION, now=session.now) as writer:
            for name in held:
                writer.enable_source(name)
