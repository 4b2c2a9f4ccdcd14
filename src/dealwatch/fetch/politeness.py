"""How often a host is asked, and for what: turns, rests, robots.txt."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dealwatch.config import FetchSettings
from dealwatch.errors import FetchError
from dealwatch.fetch.failures import HttpError, Refused, Resting

MOST_CONNECTIONS, LEAST_DELAY = 2, 1.0  # to a public host, whatever the settings say
LONGEST_REST = 86_400  # seconds of a Retry-After that are believed
LONGEST_CRAWL_DELAY = 10.0
ROBOTS_BYTES = 500_000  # what RFC 9309 asks to read at least
AGENT = "dealwatch"  # the product token that a robots.txt addresses


@dataclass(slots=True)
class _Host:
    delay: float
    free: threading.BoundedSemaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    rest_until: float = 0.0


class Turns:
    """Who may speak to which host when; one for a run, safe to share between threads."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def close(self) -> None:
        """Ends every wait; those who waited are refused."""
        self._closing.set()

    @contextmanager
    def turn(self, place: str) -> Iterator[None]:
        """Waits until a host ("host:port") may be asked, and holds one of its connections meanwhile."""
        host = self._host(place)
        self._check(host)
        with host.free:
            self._wait(host)
            yield

    def rest(self, place: str, seconds: float) -> None:
        """The host asked for rest: until it is over, its turns are refused instead of waited for."""
        host = self._host(place)
        host.rest_until = max(host.rest_until, time.monotonic() + min(seconds, LONGEST_REST))

    def slow_down(self, place: str, delay: float) -> None:
        """The host asked for more time between requests (Crawl-delay)."""
        host = self._host(place)
        host.delay = max(host.delay, min(delay, LONGEST_CRAWL_DELAY))

    def _host(self, place: str) -> _Host:
        with self._lock:
            if place not in self._hosts:
                ours = place in self._settings.allow_private
                most = self._settings.per_host if ours else min(self._settings.per_host, MOST_CONNECTIONS)
                delay = self._settings.delay if ours else max(self._settings.delay, LEAST_DELAY)
                self._hosts[place] = _Host(delay, threading.BoundedSemaphore(most))
            return self._hosts[place]

    def _check(self, host: _Host) -> None:
        left = host.rest_until - time.monotonic()
        if left > 0:
            raise Resting("host asked for a pause", retry_after=math.ceil(left))

    def _wait(self, host: _Host) -> None:
        with host.lock:
            now = time.monotonic()
            start = max(now, host.next_at)
            host.next_at = start + host.delay
        if start > now:
            self._closing.wait(start - now)
        if self._closing.is_set():
            raise Refused("interrupted")
        self._check(host)


Rules = Callable[[str], str | None]  # address -> why not


class Robots:
    """What each host's robots.txt allows; read once a run, by the function given."""

    def __init__(self, read: Callable[[str], bytes], slow_down: Callable[[str, float], None]) -> None:
        self._read = read
        self._slow_down = slow_down
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def refusal(self, url: str) -> str | None:
        """Why an address may not be fetched, None where it may. A robots.txt that fails (5xx, no connection) refuses
        everything (RFC 9309); one that is not there (4xx) refuses nothing. Raises `Refused` where its host is.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:  # the second thread waits for the first one's answer
            if origin not in self._rules:
                self._rules[origin] = self._load(origin)
        return self._rules[origin](url)

    def _load(self, origin: str) -> Rules:
        from protego import Protego

        try:
            text = self._read(f"{origin}/robots.txt").decode("utf-8", "replace")
        except HttpError as error:
            missing = 400 <= error.status < 500 and error.status != 429
            refusal = None if missing else f"robots.txt cannot be read ({error.message})"
            return lambda url: refusal
        except Refused:
            raise  # no exchange was begun: what refused it, and the hint, are its own
        except FetchError as error:
            refusal = f"robots.txt cannot be read ({error.message})"
            return lambda url: refusal
        rules = Protego.parse(text)
        self._slow_down(origin, rules.crawl_delay(AGENT) or 0.0)
        return lambda url: None if rules.can_fetch(url, AGENT) else "refused by robots.txt"
