"""The log: a file under ``--log``, stderr under ``-v``; clean lines without secrets."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TextIO

from dealwatch.commands.words import many_lines
from dealwatch.errors import UsageError

LOGGER = logging.getLogger("dealwatch")
_DETAIL = (logging.WARNING, logging.INFO, logging.DEBUG)  # by how often -v was given


class _Lines(logging.Formatter):
    """Times in UTC; nothing that is logged can carry control bytes or secrets."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        return many_lines(super().format(record))


def start_log(file: Path | None, stream: TextIO, verbosity: int, *, quiet: bool) -> None:
    """Send the log where the user wants it; raises UsageError where the file cannot be written."""
    stop_log()
    LOGGER.propagate = False
    LOGGER.setLevel(logging.DEBUG)
    if file is not None:
        try:
            handler: logging.Handler = logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise UsageError(f"--log {file}: {error.strerror}", "name a file that you can write") from None
        handler.setFormatter(_Lines("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
        handler.setLevel(logging.DEBUG if verbosity else logging.INFO)
        LOGGER.addHandler(handler)
    if verbosity and not quiet:
        said = logging.StreamHandler(stream)
        said.setFormatter(_Lines("%(message)s"))
        said.setLevel(_DETAIL[min(verbosity, 2)])
        LOGGER.addHandler(said)
    if not LOGGER.handlers:
        LOGGER.addHandler(logging.NullHandler())  # without one, Python prints warnings itself


def has_file() -> bool:
    """Whether the log goes to a file."""
    return any(isinstance(handler, logging.FileHandler) for handler in LOGGER.handlers)


def stop_log() -> None:
    """Close the log; nothing goes anywhere after it."""
    for handler in list(LOGGER.handlers):
        LOGGER.removeHandler(handler)
        handler.close()
