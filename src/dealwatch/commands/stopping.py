"""A first Ctrl-C (or SIGTERM) ends a run after what is in hand, which is stored; a second one ends it at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, current_thread, main_thread
from types import FrameType

from dealwatch.commands.session import Session
from dealwatch.errors import EXIT_INTERRUPTED, EXIT_TERMINATED

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Stop:
    """Whether the run is to end, and the exit code that says by what."""

    event: Event = field(default_factory=Event)
    code: int = EXIT_INTERRUPTED


@contextmanager
def stopping(session: Session) -> Iterator[Stop]:
    """A `Stop` that the signals set while the block runs; before and after it they are what they were."""
    stop = Stop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.event.is_set():
            os._exit(stop.code)  # a turn may wait for its server a while yet; what is not stored is fetched again
        stop.code = EXIT_TERMINATED if number == signal.SIGTERM else EXIT_INTERRUPTED
        stop.event.set()
        session.say("stopping after what is in hand; once more ends it at once")

    if current_thread() is not main_thread():  # only there may a handler be set
        yield stop
        return
    try:
        for number in _SIGNALS:
            signal.signal(number, handle)
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
