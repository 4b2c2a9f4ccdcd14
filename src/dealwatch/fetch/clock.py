"""The time that waiting goes by. Tests give one that does not wait."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What turns and rests are measured with."""

    def monotonic(self) -> float:
        """Seconds that only grow."""

    def wait(self, gate: threading.Condition, seconds: float | None) -> None:
        """Let go of a gate until it is notified, for so many seconds at most (None: however long it takes)."""


class SystemClock:
    """Real time."""

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def wait(self, gate: threading.Condition, seconds: float | None) -> None:
        """Let go of a gate until it is notified, for so many seconds at most."""
        gate.wait(seconds)


SYSTEM = SystemClock()
