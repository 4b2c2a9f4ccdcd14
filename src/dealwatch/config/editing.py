"""The configuration file changed on disk: one source added, removed or switched, everything else to the byte.

The new text is read whole by the reader of `load_config` before it takes the file's place, and it takes it in one step:
a temporary file in the same folder, synced, renamed. Two edits at once wait for each other.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from dealwatch.config import load_config
from dealwatch.config.blocks import add_block, remove_block, render_block, switch_block
from dealwatch.config.places import default_config_path, find_config
from dealwatch.config.reading import read_config
from dealwatch.config.settings import Config
from dealwatch.errors import ConfigError, NotFound, UsageError
from dealwatch.model import Source

__all__ = ["add_sources", "config_to_edit", "find_sources", "read_draft", "remove_sources", "render_block",
           "switch_sources"]  # fmt: skip

Fields = Mapping[str, object]  # of one [[source]], as the file is to say them


def config_to_edit(option: Path | None, env: Mapping[str, str]) -> Path:
    """The file that an edit is for, there or not: the one that is read, else where `init` would write."""
    named = option or (Path(env["DEALWATCH_CONFIG"]).expanduser() if env.get("DEALWATCH_CONFIG") else None)
    if named is not None:
        return named
    return find_config(None, env) or default_config_path(env)


def add_sources(path: Path, sources: Sequence[Fields], env: Mapping[str, str]) -> Config:
    """The configuration with sources added at its end, once the file holds them; a file that is not there is made."""
    blocks = "\n".join(map(render_block, sources))
    return _edit(path, lambda text: add_block(text, blocks) if blocks else text, env)


def remove_sources(path: Path, names: Sequence[str], env: Mapping[str, str]) -> Config:
    """The configuration without the sources of these names, once the file is; NotFound for a name that it lacks."""

    def change(text: str) -> str:
        for name in names:
            text = remove_block(text, _place(text, name))
        return text

    return _edit(path, change, env)


def switch_sources(path: Path, names: Sequence[str], env: Mapping[str, str], *, on: bool) -> Config:
    """The configuration with these sources enabled, or disabled, once the file says so."""

    def change(text: str) -> str:
        for name in names:
            text = switch_block(text, _place(text, name), on=on)
        return text

    return _edit(path, change, env)


def find_sources(config: Config, names: Sequence[str]) -> tuple[Source, ...]:
    """The sources that names mean, case aside, each once; NotFound, with the nearest name, for one there is not."""
    known = {source.name.casefold(): source for source in config.sources}
    for name in names:
        if name.casefold() not in known:
            raise NotFound(f"no source {name[:100]!r}", _nearest(name, [source.name for source in config.sources]))
    return tuple(known[name] for name in dict.fromkeys(name.casefold() for name in names))


def read_draft(fields: Fields, path: Path, env: Mapping[str, str]) -> Source:
    """The source that fields would be in a configuration at `path`; UsageError where a value cannot be taken."""
    try:
        return read_config({"source": [dict(fields)]}, path, env).sources[0]
    except ConfigError as error:
        raise UsageError(error.message, error.hint) from None


def _nearest(name: str, known: Sequence[str]) -> str:
    import difflib

    folded = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(name.casefold()[:100], list(folded)[:5000], n=1)
    return f"did you mean {folded[near[0]]!r}?" if near else "`dealwatch sources list` shows their names"


def _place(text: str, name: str) -> int:
    sources = tomllib.loads(text.removeprefix("\ufeff")).get("source", [])
    names = [source["name"].strip().casefold() for source in sources]
    if name.casefold() not in names:
        raise NotFound(f"no source {name[:100]!r}", "another run has taken it out of the configuration")
    return names.index(name.casefold())


# -- the file --------------------------------------------------------------------------------------------------------


def _edit(path: Path, change: Callable[[str], str], env: Mapping[str, str]) -> Config:
    """The configuration after a change of its text; ConfigError, and the file as it was, where anything is wrong."""
    target = path.resolve()  # a link stays one: what it points to is changed
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target.parent):
            if target.exists():
                load_config(path, env)  # a broken file is told in one line, and not touched
                if not target.stat().st_mode & 0o222:
                    raise ConfigError(f"{path} is read-only", "make it writable, or name another by --config")
            text = target.read_bytes().decode("utf-8") if target.exists() else ""
            changed = change(text)
            config = _read(changed, path, env)
            if changed != text:
                _replace(target, changed.encode("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or 'cannot be written'}", "name a file you can write") from None
    except UnicodeError:
        raise ConfigError(f"{path}: not UTF-8", "save the file as UTF-8") from None
    return config


def _read(text: str, path: Path, env: Mapping[str, str]) -> Config:
    try:
        return read_config(tomllib.loads(text.removeprefix("\ufeff")), path, env)
    except (ConfigError, tomllib.TOMLDecodeError) as error:
        message, hint = (error.message, error.hint) if isinstance(error, ConfigError) else (str(error), "")
        raise ConfigError(f"{path} is left as it was: {message}", hint) from None


def _replace(target: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        _keep_rights(target, Path(name))
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    with contextlib.suppress(OSError):  # the rename itself, where a folder can be synced
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _keep_rights(target: Path, new: Path) -> None:
    """The file's mode and owner on the new one; a file that was not there gets what the user's umask gives."""
    if not target.exists():
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o666 & ~mask)
        return
    known = target.stat()
    with contextlib.suppress(OSError):  # only root may give a file away
        os.chown(new, known.st_uid, known.st_gid)
    new.chmod(stat.S_IMODE(known.st_mode))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One edit at a time in a folder, where the system has locks; a lock on the folder leaves no file behind."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network folders know no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
