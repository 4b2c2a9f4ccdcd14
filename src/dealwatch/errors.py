"""The errors a user can meet, as one tree; each knows its exit code and what to do about it.

DealwatchError            1   something failed
├── UsageError            2   an argument or option that cannot be taken
├── ConfigError           2   a configuration that cannot be read
├── SourcesFailed         3   some or all sources or documents failed; the rest is stored
├── NotFound              4   what was asked for is not in the store
├── StoreError            4   no store, a foreign file, a newer schema
├── Locked               75   another run holds the writer lock
├── FetchError            -   one exchange failed: a value in the run's report, never the end of the run
└── ReadError             -   one body could not be read: likewise
"""

from __future__ import annotations

import re

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_SOURCES, EXIT_NOT_FOUND, EXIT_CHANGES, EXIT_LOCKED = 0, 1, 2, 3, 4, 5, 75
EXIT_INTERRUPTED, EXIT_TERMINATED = 130, 143


class DealwatchError(Exception):
    """What went wrong in one line, with the exit code and a hint for the person reading it."""

    exit_code = EXIT_FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[DealwatchError], tuple[str, str]]:
        return type(self), (self.message, self.hint)  # errors cross from the workers: they must pickle


class UsageError(DealwatchError):
    """An argument or option that cannot be taken."""

    exit_code = EXIT_USAGE


class ConfigError(DealwatchError):
    """A configuration that cannot be read; the message names file, line or key."""

    exit_code = EXIT_USAGE


class SourcesFailed(DealwatchError):
    """Some or all sources or documents failed; everything else is stored."""

    exit_code = EXIT_SOURCES


class NotFound(DealwatchError):
    """What was asked for is not in the store."""

    exit_code = EXIT_NOT_FOUND


class StoreError(DealwatchError):
    """A store that is missing, foreign, damaged or newer than this program."""

    exit_code = EXIT_NOT_FOUND


class Locked(DealwatchError):
    """Another run holds the writer lock."""

    exit_code = EXIT_LOCKED


class FetchError(DealwatchError):
    """One exchange with a server failed; the message says how in a few words."""


class ReadError(DealwatchError):
    """One body is not what its source said it is (not a feed, no article in the page)."""


# -- what no error, log or store may hold ----------------------------------------------------------------------------
# Compiled where they are used: most runs say nothing, and every start would pay for them.

_LOGIN = r"([A-Za-z][A-Za-z0-9+.-]{0,20}://)[^\s/?#]{1,300}@"  # up to the last @: a password may hold one
_SECRET = (
    r"(?i)([?&;][a-z0-9_.-]{0,30}(?:token|key|secret|passw(?:or)?d|signature|sig|auth)[a-z0-9_.-]{0,10}=)"
    r"[^&\s#\"']{1,2000}"
)
_HEADER = (
    r"(?i)((?:authorization|cookie|api-key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:(?:bearer|basic)\s{1,3})?)"
    r"[^\s\"']{1,2000}"
)


def hide_secrets(text: str) -> str:
    """The text with logins in addresses, tokens in queries and authorization headers blotted out.

    >>> hide_secrets("no answer from https://ann:pw@news.example/feed?page=2&api_key=s3cret")
    'no answer from https://…@news.example/feed?page=2&api_key=…'
    """
    text = re.sub(_LOGIN, r"\1…@", text)
    return re.sub(_HEADER, r"\1…", re.sub(_SECRET, r"\1…", text))
