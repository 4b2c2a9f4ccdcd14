"""A file written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from dealwatch.errors import DealwatchError


def write_whole(file: str, parts: Iterable[str]) -> None:
    """Write the parts in UTF-8, as `fill_whole` does."""
    fill_whole(file, lambda handle: handle.writelines(part.encode() for part in parts))


def fill_whole(file: str, fill: Callable[[BinaryIO], object]) -> None:
    """Have a new file filled beside the old one, and put it in its place once it is safe on disk.

    A link keeps pointing where it did, and the file keeps the rights it had. Raises DealwatchError in one line.
    """
    path = Path(os.path.realpath(Path(file).expanduser()))
    try:
        if path.exists() and not path.is_file():  # /dev/stdout, a named pipe: nothing to replace
            with path.open("wb") as handle:
                fill(handle)
            return
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            _fill(descriptor, path, fill)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        _settle(path.parent)
    except OSError as error:
        raise DealwatchError(f"cannot write {file}: {error.strerror}", "name a file that you can write") from None


def _fill(descriptor: int, path: Path, fill: Callable[[BinaryIO], object]) -> None:
    with open(descriptor, "w+b") as handle:
        fill(handle)
        handle.flush()
        os.fsync(handle.fileno())
        if os.name == "posix":
            os.fchmod(handle.fileno(), _rights(path))


def _rights(path: Path) -> int:
    """The rights of the file that is replaced; for a new one what the user's mask leaves of 0666."""
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _settle(folder: Path) -> None:
    """The new name safe on disk too, where a folder can be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
