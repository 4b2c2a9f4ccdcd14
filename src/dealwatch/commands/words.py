"""Lines of words for people on stderr and in the log: on one line, without control bytes, without secrets."""

from __future__ import annotations

import re
from typing import TextIO

from dealwatch.present.cells import clean, flatten

# Patterns are compiled where they are used: most runs say nothing, and every start would pay for them.
_LOGIN = r"([A-Za-z][A-Za-z0-9+.-]{0,20}://)[^\s/@]{1,300}@"
_SECRET = (
    r"(?i)([?&;][a-z0-9_.-]{0,30}(?:token|key|secret|passw(?:or)?d|signature|sig|auth)[a-z0-9_.-]{0,10}=)"
    r"[^&\s#\"']{1,2000}"
)
_HEADER = (
    r"(?i)((?:authorization|cookie|api-key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:(?:bearer|basic)\s{1,3})?)"
    r"[^\s\"']{1,2000}"
)
_LONGEST = 2000  # characters of one line of words


def hide_secrets(text: str) -> str:
    """The text with logins in addresses, tokens in queries and authorization headers blotted out.

    >>> hide_secrets("no answer from https://ann:pw@news.example/feed?page=2&api_key=s3cret")
    'no answer from https://…@news.example/feed?page=2&api_key=…'
    """
    text = re.sub(_LOGIN, r"\1…@", text)
    return re.sub(_HEADER, r"\1…", re.sub(_SECRET, r"\1…", text))


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
