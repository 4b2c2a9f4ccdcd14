"""How often a host is asked: turns and rests.

The delay between two requests counts from the moment the host is known to have seen the first one: when its answer
begins. Counted from when we let a request go, a slow connection and a quick one after it would reach the host together.
"""

from __future__ import annotations

import math
import threading
import weakref
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dealwatch.config import FetchSettings
from dealwatch.fetch.clock import SYSTEM, Clock
from dealwatch.fetch.failures import Refused, Resting

MOST_CONNECTIONS, LEAST_DELAY = 2, 1.0  # to a public host, whatever the settings say
LONGEST_REST = 86_400  # seconds of a Retry-After that are believed
SHORT_REST = 2.0  # seconds of a rest that are waited for: what asks for more is refused
LONGEST_CRAWL_DELAY = 10.0
SETTING_OUT = 30.0  # seconds from the start of a program to its first request, at most
PATIENCE = 2.0  # seconds after which a request that nothing answers no longer holds up the next one

_seen: MutableMapping[Clock, dict[str, float]] = weakref.WeakKeyDictionary()  # when this process last asked each host


@dataclass(slots=True)
class _Host:
    delay: float
    most: int
    gate: threading.Condition = field(default_factory=threading.Condition)
    busy: int = 0  # turns under way
    is_opening: bool = False  # a turn was given whose request is not sent yet
    unanswered: int = 0  # requests that were sent
    next_at: float = 0.0
    rest_until: float = 0.0


class Slot:
    """One turn: told when its request was sent, and when the answer began."""

    def __init__(self, host: _Host, clock: Clock) -> None:
        self._host, self._clock = host, clock
        self._is_open = self._is_sent = self._is_answered = False
        host.busy += 1
        if host.delay:
            self._is_open = host.is_opening = True

    def sent(self) -> None:
        """The request is on its way: the next one waits for its answer, but not for ever."""
        host = self._host
        if not self._is_open or self._is_answered:
            return
        with host.gate:
            if not self._is_sent:
                self._is_sent, host.is_opening = True, False
                host.unanswered += 1
            host.next_at = self._clock.monotonic() + host.delay + PATIENCE
            host.gate.notify_all()

    def answered(self) -> None:
        """The host has seen the request: the delay until the next one counts from now."""
        host = self._host
        if not self._is_open or self._is_answered:
            return
        with host.gate:
            self._is_answered, next_at = True, self._clock.monotonic() + host.delay
            if self._is_sent:
                host.unanswered -= 1
            else:
                host.is_opening = False  # it came to nothing before it was sent
            host.next_at = max(host.next_at, next_at) if host.unanswered else next_at
            host.gate.notify_all()

    def end(self) -> None:
        """The exchange is over, however it ended."""
        self.answered()
        with self._host.gate:
            self._host.busy -= 1
            self._host.gate.notify_all()


def _time_now(now: datetime | None) -> datetime:
    """The time, where what a run began with is only moments old: two runs in a row differ in how long they take until
    here, and a rest of a second would be short by that. A `now` of another time stays as it is.
    """
    real = datetime.now(UTC)
    return real if now is None or 0 <= (real - now).total_seconds() < SETTING_OUT else now


class Turns:
    """Who may speak to which host when; one for a run, safe to share between threads.

    `rests` says which hosts ("host:port") asked earlier runs for rest, and until when; `now` is the time at the start.
    """

    def __init__(
        self, settings: FetchSettings, clock: Clock = SYSTEM, now: datetime | None = None,
        rests: Mapping[str, datetime] | None = None,
    ) -> None:  # fmt: skip
        self._settings, self._clock = settings, clock
        self._now, self._began = _time_now(now), clock.monotonic()
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()
        self._is_closing = False
        self._seen = _seen.setdefault(clock, {})
        for place, until in (rests or {}).items():
            self.rest(place, (until - self._now).total_seconds())

    def close(self) -> None:
        """Ends every wait; those who waited are refused."""
        self._is_closing = True
        with self._lock:
            hosts = list(self._hosts.values())
        for host in hosts:
            with host.gate:
                host.gate.notify_all()

    def time(self) -> datetime:
        """The time it is: what has passed since the start, added to it."""
        return self._now + timedelta(seconds=self._clock.monotonic() - self._began)

    @contextmanager
    def turn(self, place: str) -> Iterator[Slot]:
        """Waits until a host ("host:port") may be asked, and holds one of its connections meanwhile.

        Raises `Resting` where the host asked for rest, `Refused` once we are closing.
        """
        host = self._host(place)
        with host.gate:
            while (wait := self._wait(host)) is None or wait > 0:
                self._clock.wait(host.gate, wait)
            slot = Slot(host, self._clock)
        try:
            yield slot
        finally:
            slot.end()
            if host.delay:
                self._seen[place] = self._clock.monotonic()

    def _wait(self, host: _Host) -> float | None:
        """Seconds until a turn may be given; None: until somebody else's has come further."""
        if self._is_closing:
            raise Refused("interrupted")
        now = self._clock.monotonic()
        left = host.rest_until - now
        if left > SHORT_REST:
            raise Resting("host asked for a pause", retry_after=math.ceil(left))
        if host.busy >= host.most or host.is_opening:
            return None
        return max(left, host.next_at - now, 0.0)

    def rest(self, place: str, seconds: float) -> None:
        """The host asked for rest: until it is over, its turns are refused instead of waited for."""
        host = self._host(place)
        host.rest_until = max(host.rest_until, self._clock.monotonic() + min(seconds, LONGEST_REST))

    def is_resting(self, place: str) -> bool:
        """Whether a turn at the host would be refused."""
        return self._host(place).rest_until - self._clock.monotonic() > SHORT_REST

    def rests(self) -> dict[str, datetime]:
        """The hosts that may not be asked now, and until when: those that asked for rest, and those just asked."""
        with self._lock:
            hosts = list(self._hosts.items())
        time, now = self.time(), self._clock.monotonic()
        until = {place: max(host.rest_until, host.next_at) - now for place, host in hosts}
        return {place: time + timedelta(seconds=seconds) for place, seconds in until.items() if seconds > 0}

    def slow_down(self, place: str, delay: float) -> None:
        """The host asked for more time between requests (Crawl-delay)."""
        host = self._host(place)
        with host.gate:
            more = min(delay, LONGEST_CRAWL_DELAY) - host.delay
            if more > 0:
                host.delay += more
                host.next_at += more  # also after the request that told it

    def _host(self, place: str) -> _Host:
        with self._lock:
            if place not in self._hosts:
                ours = place in self._settings.allow_private
                most = self._settings.per_host if ours else min(self._settings.per_host, MOST_CONNECTIONS)
                delay = self._settings.delay if ours else max(self._settings.delay, LEAST_DELAY)
                host = self._hosts[place] = _Host(delay, most)
                if (seen := self._seen.get(place)) is not None:
                    host.next_at = seen + delay
            return self._hosts[place]
