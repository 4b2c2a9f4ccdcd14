"""What a host may be asked for: its robots.txt (RFC 9309), for every address that the user did not write down."""

from __future__ import annotations

import codecs
import re
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from dealwatch.errors import FetchError
from dealwatch.fetch.failures import HttpError, Refused

ROBOTS_BYTES = 500_000  # what RFC 9309 asks to read at least; what comes after is not read
AGENT = "dealwatch"  # the product token that a robots.txt addresses
_AGENT_LINES = ("user-agent", "useragent", "user agent")
_TOKEN = re.compile(r"[a-z_-]{0,100}")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

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
            text = _decode(self._read(f"{origin}/robots.txt"))
        except HttpError as error:
            missing = 400 <= error.status < 500 and error.status != 429
            refusal = None if missing else f"robots.txt cannot be read ({error.message})"
            return lambda url: refusal
        except Refused:
            raise  # no exchange was begun: what refused it, and the hint, are its own
        except FetchError as error:
            refusal = f"robots.txt cannot be read ({error.message})"
            return lambda url: refusal
        rules = Protego.parse("\n".join(map(_narrow, text.splitlines())))
        self._slow_down(origin, rules.crawl_delay(AGENT) or 0.0)
        return lambda url: None if rules.can_fetch(url, AGENT) else "refused by robots.txt"


def _decode(body: bytes) -> str:
    """The text of a robots.txt; a line that the cap cut through is left out, for half a rule is another rule."""
    if len(body) >= ROBOTS_BYTES:
        body = body[:ROBOTS_BYTES].rpartition(b"\n")[0]
    return body.decode("utf-16" if body.startswith(_WIDE) else "utf-8-sig", "replace")


def _narrow(line: str) -> str:
    """The line, or whether it speaks of us, of all or of somebody else. Protego gives each rule to each agent named
    above it, which takes minutes where thousands are named, and "dealwatch/1.0" is not us to it.
    """
    words = " ".join(line.lower().split())
    start = next((start for start in _AGENT_LINES if words.startswith(start)), None)
    if start is None:
        return line
    name = words[len(start) :].lstrip(" :").partition("#")[0].strip()
    if not name or name.startswith("*"):
        return f"User-agent: {name[:1]}"
    token = _TOKEN.match(name)
    return f"User-agent: {AGENT if token and token[0] == AGENT else 'other'}"
