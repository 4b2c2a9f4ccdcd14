"""The log: a file under ``--log``, stderr under ``-v`` and ``--debug``; clean lines without secrets."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TextIO

from dealwatch.commands.words import many_lines
from dealwatch.errors import UsageError

LOGGER = logging.getLogger("dealwatch")
_DETAIL = (logging.CRITICAL, logging.INFO, logging.DEBUG)  # said on stderr, by how often -v was given


class _Lines(logging.Formatter):
    """Times in UTC; nothing that is logged can carry control bytes or secrets; tracebacks only where wanted."""

    converter = staticmethod(time.gmtime)

    def __init__(self, line: str, *, traces: bool) -> None:
        super().__init__(line, "%Y-%m-%dT%H:%M:%S")
        self._traces = traces

    def formatException(self, ei: object) -> str:
        return super().formatException(ei) if self._traces else ""  # type: ignore[arg-type]

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler's, kept by logging for all
        return many_lines(super().format(record)).rstrip("\n")


def start_log(file: Path | None, stream: TextIO, verbosity: int, *, quiet: bool, debug: bool) -> None:
    """Send the log where the user wants it; raises UsageError where the file cannot be written."""
    stop_log()
    LOGGER.propagate = False
    LOGGER.setLevel(logging.DEBUG)
    LOGGER.addHandler(logging.NullHandler())  # without one, Python itself prints what is logged
    if file is not None:
        _add(_open(file), "%(asctime)sZ %(levelname)s %(message)s", logging.DEBUG if verbosity else logging.INFO, True)
    if debug or (verbosity and not quiet):
        level = min(_DETAIL[min(verbosity, 2)], logging.ERROR if debug else logging.CRITICAL)
        _add(logging.StreamHandler(stream), "%(message)s", level, debug)


def _open(file: Path) -> logging.Handler:
    try:
        return logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"--log {file}: {error.strerror}", "name a file that you can write") from None


def _add(handler: logging.Handler, line: str, level: int, traces: bool) -> None:
    handler.setFormatter(_Lines(line, traces=traces))
    handler.setLevel(level)
    LOGGER.addHandler(handler)


def has_file() -> bool:
    """Whether the log goes to a file."""
    return any(isinstance(handler, logging.FileHandler) for handler in LOGGER.handlers)


def stop_log() -> None:
    """Close the log; nothing goes anywhere after it."""
    for handler in list(LOGGER.handlers):
        LOGGER.removeHandler(handler)
        handler.close()
