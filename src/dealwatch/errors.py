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
