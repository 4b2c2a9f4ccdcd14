"""The guarded client: one exchange asked for, one `Response` or one `FetchError` back."""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from urllib.parse import unquote

import httpx

from dealwatch.config import FetchSettings
from dealwatch.config.values import VARIABLE
from dealwatch.errors import FetchError
from dealwatch.fetch.deadline import Deadline
from dealwatch.fetch.failures import HttpError, Refused, TooLarge
from dealwatch.fetch.guard import is_allowed, is_refused, literal
from dealwatch.fetch.inflate import read_body
from dealwatch.fetch.politeness import ROBOTS_BYTES, Robots, Turns
from dealwatch.fetch.response import Response, Validators
from dealwatch.fetch.schedule import retry_seconds
from dealwatch.fetch.transport import GuardedTransport, Resolve, resolve
from dealwatch.fetch.wording import few_words

MOST_HOPS = 5
_PERMANENT, _MOVED = (301, 308), (301, 302, 303, 307, 308)
_OURS = frozenset({"accept", "accept-language", "user-agent"})  # of a source's headers, what other origins may see
_PORTS = {"http": 80, "https": 443}
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request of an exchange: where to, with what, and whether all hops before it were permanent."""

    url: httpx.URL
    headers: Mapping[str, str]
    permanent: bool = True
    number: int = 0


class Client:
    """Fetches under the guard, the deadline and the manners of its settings; share one among the threads of a run.

    `find` and `tls` stand in for the system's name lookup and trust store in tests.
    """

    def __init__(self, settings: FetchSettings, find: Resolve = resolve, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._transport = GuardedTransport(settings, find, tls)
        self._turns = Turns(settings)
        self._robots = Robots(self._get_robots, self._slow_down)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the waiting of all threads and closes the connections."""
        self._turns.close()
        self._transport.close()

    def get(
        self,
        url: str,
        *,
        limit: int,
        validators: Validators | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer to a GET, its redirects followed; a body over `limit` decoded bytes raises `TooLarge`.

        Raises `FetchError` in a few words; `HttpError` carries the status and the seconds of a Retry-After.
        """
        hop = _Hop(_url(_filled("the address", url)), self._request_headers(validators or Validators(), headers or {}))
        return self._follow(hop, limit, robots=False)

    def get_page(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        """The answer for an article's page, if the robots.txt of each host on the way to it lets us ask."""
        hop = _Hop(_url(url), self._request_headers(Validators(), headers or {}))
        return self._follow(hop, self._settings.page_bytes, robots=True)

    def may_fetch(self, url: str) -> bool:
        """Whether the robots.txt of the address's host allows it."""
        return self._robots.refusal(str(_bare(_url(url)))) is None

    def _slow_down(self, origin: str, delay: float) -> None:
        self._turns.slow_down(_place(_url(origin)), delay)

    def _get_robots(self, url: str) -> bytes:
        try:
            return self.get(url, limit=ROBOTS_BYTES).body
        except TooLarge:
            return b""

    def _request_headers(self, validators: Validators, extra: Mapping[str, str]) -> dict[str, str]:
        headers = {"user-agent": self._settings.user_agent, "accept": _ACCEPT}
        headers |= {name.lower(): _filled(f"header {name}", text) for name, text in extra.items()}
        headers["accept-encoding"] = "gzip, deflate"
        if validators.etag:
            headers["if-none-match"] = validators.etag
        if validators.last_modified:
            headers["if-modified-since"] = validators.last_modified
        return headers

    def _follow(self, hop: _Hop, limit: int, *, robots: bool) -> Response:
        deadline = Deadline(self._settings.timeout)  # stands still between two hops: a robots.txt has its own
        while True:
            if robots and (refusal := self._robots.refusal(str(_bare(hop.url)))):
                raise Refused(refusal)
            answer = self._take_hop(hop, deadline, limit)
            if isinstance(answer, Response):
                return answer
            hop = answer

    def _take_hop(self, hop: _Hop, deadline: Deadline, limit: int) -> Response | _Hop:
        place = _place(hop.url)
        self._check(hop.url)
        with self._turns.turn(place), deadline:
            try:
                with few_words(), self._exchange(hop, deadline) as answer:
                    return _next_hop(hop, answer) or _read(hop, answer, limit)
            except HttpError as error:
                if error.status in (429, 503):
                    self._turns.rest(place, error.retry_after if error.retry_after is not None else 60)
                raise

    def _check(self, url: httpx.URL) -> None:
        """An address written as one is refused before any connection: behind a proxy nobody else would look."""
        address = literal(url.host)
        reason = is_refused(address) if address else None
        if address and reason and not is_allowed((address,), _port(url), self._settings.allow_private):
            raise Refused(
                f"address refused ({reason})",
                f'to fetch it all the same: [fetch] allow_private = ["{_place(url)}"]',
            )

    @contextmanager
    def _exchange(self, hop: _Hop, deadline: Deadline) -> Iterator[httpx.Response]:
        headers = [(name.encode("ascii"), text.encode("latin-1", "replace")) for name, text in _sent(hop).items()]
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), deadline.left())
        request = httpx.Request("GET", _bare(hop.url), headers=headers, extensions={"timeout": timeouts})
        answer = self._send(request, deadline)
        try:
            yield answer
        finally:
            answer.close()

    def _send(self, request: httpx.Request, deadline: Deadline) -> httpx.Response:
        """The answer's header; asked again where a kept connection turns out to have been closed meanwhile."""
        for _ in range(3):
            opened = deadline.opened
            try:
                return self._transport.handle_request(request)
            except (httpx.RemoteProtocolError, httpx.ReadError):
                if deadline.opened > opened:  # a connection of its own: the server means it
                    raise
        return self._transport.handle_request(request)


def _filled(what: str, text: str) -> str:
    """A header's text or an address, in which no `${VARIABLE}` of the configuration was left unset."""
    if match := VARIABLE.search(text):
        raise FetchError(f"{what} wants ${match[1]}, not set", f"export {match[1]}=..., or take it out")
    return text


def _bare(url: httpx.URL) -> httpx.URL:
    """A URL without credentials and fragment; parsing is a fifth of a request's work, so only where there is one."""
    return url.copy_with(userinfo=b"", fragment=None) if url.userinfo or url.fragment else url


def _url(url: str) -> httpx.URL:
    """A web address; raises `FetchError` for anything else."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchError("not a web address") from None
    if parsed.scheme not in _PORTS or not parsed.host or not 0 < _port(parsed) < 65536:
        raise FetchError("not a web address", "it must begin with http:// or https://")
    return parsed


def _port(url: httpx.URL) -> int:
    return _PORTS[url.scheme] if url.port is None else url.port


def _place(url: httpx.URL) -> str:
    host = url.host.lower().rstrip(".")
    return f"[{host}]:{_port(url)}" if ":" in host else f"{host}:{_port(url)}"


def _origin(url: httpx.URL) -> tuple[str, str]:
    return url.scheme, _place(url)


def _sent(hop: _Hop) -> Mapping[str, str]:
    if not hop.url.userinfo or "authorization" in hop.headers:
        return hop.headers
    name_and_word = unquote(hop.url.userinfo.decode("ascii", "replace")).encode("utf-8")
    return {**hop.headers, "authorization": f"Basic {base64.b64encode(name_and_word).decode('ascii')}"}


def _next_hop(hop: _Hop, answer: httpx.Response) -> _Hop | None:
    """Where a redirect leads, None where the answer is none; its body is never read."""
    location = answer.headers.get("location")
    if answer.status_code not in _MOVED or not location:
        return None
    if hop.number >= MOST_HOPS:
        raise FetchError("too many redirects")
    try:
        target = _url(str(hop.url.copy_with(fragment=None).join(location)))
    except (httpx.InvalidURL, ValueError, FetchError):
        raise FetchError("redirects to something that is no web address") from None
    headers, same = hop.headers, _origin(target) == _origin(hop.url)
    if not same:
        headers = {name: text for name, text in headers.items() if name in _OURS or name == "accept-encoding"}
    if same and hop.url.userinfo and not target.userinfo:
        target = target.copy_with(userinfo=hop.url.userinfo)
    return _Hop(target, headers, hop.permanent and answer.status_code in _PERMANENT, hop.number + 1)


def _read(hop: _Hop, answer: httpx.Response, limit: int) -> Response:
    """The answer as a value; raises `HttpError` for a status that is no success."""
    headers = _read_headers(answer)
    url = str(_bare(hop.url))
    moved = url if hop.number and hop.permanent else None
    validators = Validators(headers.get("etag"), headers.get("last-modified"))
    if answer.status_code == 304:
        return Response(304, url, headers=headers, not_modified=True, moved_to=moved, validators=validators)
    if answer.status_code not in (200, 203):
        wait = retry_seconds(headers.get("retry-after", ""), datetime.now(UTC))
        raise HttpError(f"HTTP {answer.status_code}", _advice(answer.status_code), answer.status_code, wait)
    if headers.get("content-length", "").isdecimal() and int(headers["content-length"][:18]) > limit:
        raise TooLarge("too large")
    body = read_body(answer.iter_raw(), headers.get("content-encoding", ""), limit)
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    return Response(answer.status_code, url, body, headers, False, moved, validators, digest)


def _read_headers(answer: httpx.Response) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, text in answer.headers.raw:
        key, value = name.decode("latin-1").lower(), text.decode("latin-1")
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


def _advice(status: int) -> str:
    return {
        401: "the source wants headers with a key",
        403: "the host refuses us",
        404: "the address is gone: look for the source's new one",
        410: "the address is gone for good",
    }.get(status, "")
