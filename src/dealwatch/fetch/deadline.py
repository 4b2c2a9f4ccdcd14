"""One deadline for an exchange: name lookup, connection, TLS, header, body and redirects, turns excluded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from dealwatch.fetch.failures import TimedOut


class Deadline:
    """A span of seconds that runs only inside its `with` blocks; in them it is the thread's current deadline."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._end = 0.0
        self.opened = 0  # connections opened under it
        self.sent: Callable[[], None] = lambda: None  # told of each piece of a request that is on its way

    def __enter__(self) -> Deadline:
        self._end = time.monotonic() + self._left
        _current.deadline = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left = self._end - time.monotonic()
        _current.deadline = None

    def left(self) -> float:
        """Seconds until it passes; raises `TimedOut` once it has."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimedOut("timed out")
        return left


class _Current(threading.local):
    deadline: Deadline | None = None


_current = _Current()


def note_opened() -> None:
    """Count a connection for this thread's current deadline."""
    if _current.deadline is not None:
        _current.deadline.opened += 1


def note_sent() -> None:
    """Tell this thread's current exchange that a piece of its request was sent."""
    if _current.deadline is not None:
        _current.deadline.sent()


def seconds_left() -> float:
    """Seconds until this thread's current deadline; raises `TimedOut` once it has passed.

    The pool hands connections from thread to thread, so a stream cannot know its deadline: the thread that reads does.
    """
    deadline = _current.deadline
    if deadline is None:
        raise TimedOut("no exchange under way")
    return deadline.left()
