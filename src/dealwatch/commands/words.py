"""Lines of words for people on stderr and in the log: on one line, without control bytes, without secrets."""

from __future__ import annotations

from typing import TextIO

from dealwatch.errors import hide_secrets
from dealwatch.present.cells import clean, flatten

_LONGEST = 2000  # characters of one line of words


def one_line(text: str) -> str:
    """The text fit to be said: one line, clean, no secrets, not endless."""
    line = hide_secrets(flatten(text)).strip()
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def many_lines(text: str) -> str:
    """A traceback fit for a log: its lines stay, control bytes and secrets go."""
    return hide_secrets(clean(text))


def say_line(stream: TextIO, text: str) -> None:
    """Write one line of words; nobody reading it is no reason to fail."""
    try:
        stream.write(f"{one_line(text)}\n")
        stream.flush()
    except (OSError, ValueError):
        pass
