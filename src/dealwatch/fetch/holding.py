"""Leave to have something large in hand: one turn of a run at a time.

Fifty hosts that each send 10 MB at once would take the run to a gigabyte, with the copies that go to the workers. So a
body is read freely up to `LARGE` bytes, and further only with the run's one leave, which its turn keeps until what
came of the body is small again, or stored. Whoever finds the leave taken waits a moment, then hangs up, waits outside
the host's turn (a thread that waited inside could wait for one that waits for that host), and asks again. An exchange
has its deadline, so a body that only drips gives the leave back by then; what a turn does after that ends with
`LONGEST`.
"""

from __future__ import annotations

import threading
import time

from dealwatch.fetch.failures import Refused

LARGE = 400_000  # bytes, sent or unpacked: 19 of 20 feeds and all but a few pages have less
MOMENT = 1.0  # seconds for which an open connection waits: a large body takes about that on its way to its entries
LONGEST = 60.0  # seconds after which a turn takes in hand nothing more


class Leave:
    """The one leave of a run. `close` ends every wait."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._holder: Hold | None = None
        self._closed = False

    def take(self, hold: Hold, seconds: float | None) -> bool:
        """Whether a turn has the leave now, or gets it within so many seconds (None: however long it takes)."""
        with self._free:
            self._free.wait_for(lambda: self._closed or self._holder in (None, hold), seconds)
            if self._closed:
                raise Refused("interrupted")
            if self._holder is None:
                self._holder, hold.since = hold, time.monotonic()
            return self._holder is hold

    def release(self, hold: Hold) -> None:
        """Let the next one have it, if this turn has it."""
        with self._free:
            if self._holder is hold:
                self._holder = None
                self._free.notify_all()

    def close(self) -> None:
        """Refuse everybody."""
        with self._free:
            self._closed = True
            self._free.notify_all()


class Hold:
    """What one turn may have in hand."""

    def __init__(self, leave: Leave) -> None:
        self._leave = leave
        self.since = 0.0

    def try_take(self, seconds: float) -> bool:
        """Whether the turn may have something large in hand, if need be after so many seconds."""
        return self._leave.take(self, seconds)

    def take(self) -> None:
        """Waits until the turn may have something large in hand; not to be called while a host's turn is held."""
        self._leave.take(self, None)

    def is_long(self) -> bool:
        """Whether the turn has had the leave for so long that others should have it."""
        return self.since > 0 and time.monotonic() - self.since > LONGEST

    def release(self) -> bool:
        """Say that there is nothing large in hand any more; whether there was."""
        was_taken, self.since = self.since > 0, 0.0
        self._leave.release(self)
        return was_taken
