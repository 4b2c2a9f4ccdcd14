"""The network under httpx: resolves, checks, connects to the very address it checked, and keeps the deadline."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import httpcore
import httpx

from dealwatch.config import FetchSettings
from dealwatch.errors import FetchError
from dealwatch.fetch.deadline import note_opened, note_sent, seconds_left
from dealwatch.fetch.failures import Refused, TimedOut
from dealwatch.fetch.guard import is_allowed, is_refused, literal
from dealwatch.fetch.pools import Pools

Resolve = Callable[[str, int], Sequence[str]]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
KEEP_ALIVE = 5.0  # seconds that an idle connection is kept
_NOT_FOUND = "host not found"


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, in the order of the system's preference, none twice."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(row[4][0]) for row in found))


class _Lookup:
    """One lookup in a thread of its own: a name that hangs holds up nobody else, and dies with the process."""

    def __init__(self, find: Resolve, host: str, port: int) -> None:
        self._found: Sequence[str] = ()
        self._error: OSError | UnicodeError | None = None
        self._done = threading.Event()
        threading.Thread(target=self._run, args=(find, host, port), daemon=True, name="lookup").start()

    def _run(self, find: Resolve, host: str, port: int) -> None:
        try:
            self._found = find(host, port)
        except (OSError, UnicodeError) as error:  # an over-long label is a UnicodeError
            self._error = error
        finally:
            self._done.set()

    def wait(self, seconds: float) -> Sequence[str]:
        """The addresses; raises `FetchError` where there are none or they are late."""
        if not self._done.wait(seconds):
            raise TimedOut("timed out looking up the host")
        if self._error is not None or not self._found:
            raise FetchError(_NOT_FOUND)
        return self._found


class GuardedStream(httpcore.NetworkStream):
    """A connection on which every wait ends at the deadline of the thread that waits."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, seconds_left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, seconds_left())
        if buffer:
            note_sent()

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return GuardedStream(self._inner.start_tls(ssl_context, server_hostname, seconds_left()))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses only."""

    def __init__(self, allow_private: Sequence[str], find: Resolve = resolve) -> None:
        self._allow = tuple(allow_private)
        self._find = find
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        note_opened()
        addresses = self._checked(host, port)
        for place, address in enumerate(addresses, 1):
            share = seconds_left() / (len(addresses) - place + 1)  # a silent first address leaves time for the next
            try:
                return GuardedStream(self._inner.connect_tcp(address, port, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(addresses):
                    raise
        raise FetchError(_NOT_FOUND)

    def _checked(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host that may be spoken to; raises `Refused` where none may."""
        address = literal(host)
        found = (address,) if address else _Lookup(self._find, host, port).wait(seconds_left())
        reasons = {one: is_refused(one) for one in found}
        good = [one for one in found if not reasons[one] or is_allowed((host, one), port, self._allow)]
        if not good:
            reason = next(iter(reasons.values()))
            raise Refused(
                f"address refused ({reason})", f'to fetch it all the same: [fetch] allow_private = ["{host}:{port}"]'
            )
        return good


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport, its private pool replaced by ours on our backend (hence the pin of httpx)."""

    def __init__(self, settings: FetchSettings, find: Resolve = resolve, tls: ssl.SSLContext | None = None) -> None:
        context = tls or httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        make = partial(_pool, settings, find, context)
        self._pool = Pools(make, max(settings.workers, 16), KEEP_ALIVE)  # type: ignore[assignment]


def _pool(settings: FetchSettings, find: Resolve, context: ssl.SSLContext) -> httpcore.ConnectionPool:
    """A pool for one host, without a bound of its own: how many may speak to a host is settled by whose turn it is."""
    allowed = settings.allow_private
    if settings.proxy is None:
        return httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=None,
            keepalive_expiry=KEEP_ALIVE,
            network_backend=GuardedBackend(allowed, find),
        )
    proxy = httpx.Proxy(settings.proxy)
    place = f"{proxy.url.host}:{proxy.url.port or (443 if proxy.url.scheme == 'https' else 80)}".lower()
    return httpcore.HTTPProxy(
        proxy_url=str(proxy.url),
        proxy_auth=proxy.raw_auth,
        ssl_context=context,
        max_connections=None,
        keepalive_expiry=KEEP_ALIVE,
        network_backend=GuardedBackend((*allowed, place), find),  # the user named it: it may be private
    )
