"""The errors of httpx, httpcore, TLS and sockets in few words."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from dealwatch.errors import FetchError
from dealwatch.fetch.failures import TimedOut

_BY_NUMBER = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.ENETUNREACH: "network unreachable",
    errno.EHOSTUNREACH: "host unreachable",
    errno.ENETDOWN: "network unreachable",
}


@contextmanager
def few_words() -> Iterator[None]:
    """Any error of httpx, TLS or the socket as a `FetchError` of a few words, without an address in them."""
    try:
        yield
    except httpx.TimeoutException:
        raise TimedOut("timed out") from None
    except (httpx.HTTPError, httpx.StreamError, ssl.SSLError, OSError) as error:
        raise FetchError(_say(error)) from error
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise FetchError("not a web address") from None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 10:
        yield error
        error, seen = error.__cause__ or error.__context__, seen + 1


def _say(error: BaseException) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"certificate not trusted ({cause.verify_message or 'unknown'})"
        if isinstance(cause, ssl.SSLError):
            return "TLS failed"
        if isinstance(cause, OSError) and cause.errno in _BY_NUMBER:
            return _BY_NUMBER[cause.errno]
    if isinstance(error, httpx.RemoteProtocolError):
        return _protocol_words(str(error))
    if isinstance(error, httpx.ProxyError):
        return "proxy refused"
    return "connection failed" if isinstance(error, httpx.ConnectError) else "connection lost"


def _protocol_words(said: str) -> str:
    if "without sending a response" in said:
        return "closed without an answer"
    return "body cut short" if "complete message body" in said else "not HTTP"


