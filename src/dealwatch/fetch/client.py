"""The guarded client: one exchange asked for, one `Response` or one `FetchError` back."""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import TracebackType
from urllib.parse import unquote

import httpx

from dealwatch.config import FetchSettings
from dealwatch.config.values import VARIABLE
from dealwatch.errors import FetchError
from dealwatch.fetch.clock import SYSTEM, Clock
from dealwatch.fetch.deadline import Deadline
from dealwatch.fetch.failures import HttpError, Refused, TooLarge
from dealwatch.fetch.guard import is_allowed, is_local_name, is_refused, literal
from dealwatch.fetch.holding import LARGE, MOMENT, Hold, Leave
from dealwatch.fetch.inflate import read_body
from dealwatch.fetch.politeness import Slot, Turns
from dealwatch.fetch.response import Response, Validators, mark_address
from dealwatch.fetch.robots import ROBOTS_BYTES, Robots
from dealwatch.fetch.schedule import retry_seconds
from dealwatch.fetch.transport import GuardedTransport, Resolve, resolve
from dealwatch.fetch.wording import few_words

MOST_HOPS = 5
LEAST_REST = 60  # seconds after a 429 or 503 that does not say how many
_PERMANENT, _MOVED = (301, 308), (301, 302, 303, 307, 308)
_OURS = frozenset({"accept", "accept-language", "user-agent"})  # of a source's headers, what other origins may see
_PORTS = {"http": 80, "https": 443}
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"
_NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request of an exchange: where to, with what, and whether all hops before it were permanent."""

    url: httpx.URL
    headers: Mapping[str, str]
    validators: Validators = _NO_VALIDATORS
    permanent: bool = True
    number: int = 0
    limit: int = 0
    is_cut: bool = False  # a body over the limit is cut there instead of refused
    hold: Hold | None = None  # of the turn that asks: no large body without its leave


class _Stale(Exception):
    """A kept connection turned out to have been closed meanwhile."""


class _Large(Exception):
    """A large body, and the leave to read it is another turn's just now."""


class Client:
    """Fetches under the guard, the deadline and the manners of its settings; share one among the threads of a run.

    `find`, `tls` and `clock` stand in for the system's name lookup, trust store and time in tests. `now` is the time
    at the start and `rests` what `Client.rests` said at the end of earlier runs.
    """

    def __init__(
        self, settings: FetchSettings, find: Resolve = resolve, tls: ssl.SSLContext | None = None, *,
        clock: Clock = SYSTEM, now: datetime | None = None, rests: Mapping[str, datetime] | None = None,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._transport = GuardedTransport(settings, find, tls)
        self._leave = Leave()
        self._turns = Turns(settings, clock, now, rests)
        self._robots = Robots(self._get_robots, self._slow_down)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the waiting of all threads and closes the connections."""
        self._leave.close()
        self._turns.close()
        self._transport.close()

    def hold(self) -> Hold:
        """What a turn gives to each of its requests, and releases when nothing large is left of their bodies."""
        return Hold(self._leave)

    def rests(self) -> dict[str, datetime]:
        """The hosts ("host:port") that may not be asked now, and until when; the next run wants to know."""
        return self._turns.rests()

    def is_resting(self, url: str) -> bool:
        """Whether the host of an address asked for rest, so that to ask it now would only be refused."""
        try:
            return self._turns.is_resting(_place(_url(url)))
        except FetchError:  # a folder has no host
            return False

    def get(
        self,
        url: str,
        *,
        limit: int,
        validators: Validators | None = None,
        headers: Mapping[str, str] | None = None,
        robots: bool = False,
        hold: Hold | None = None,
    ) -> Response:
        """The answer to a GET, its redirects followed; a body over `limit` decoded bytes raises `TooLarge`.

        `robots` for an address that the user did not write down himself: the robots.txt of each host on the way to it
        must let us ask. Raises `FetchError` in a few words; `HttpError` carries the status and the seconds of a
        Retry-After.
        """
        hop = _Hop(
            _url(_filled("the address", url)), self._request_headers(headers or {}), validators or Validators(),
            limit=limit, hold=hold,
        )  # fmt: skip
        return self._follow(hop, robots=robots)

    def get_page(
        self, url: str, *, headers: Mapping[str, str] | None = None, hold: Hold | None = None
    ) -> Response:
        """The answer for an article's page, if the robots.txt of each host on the way to it lets us ask. What is longer
        than `page_bytes` is cut there: the story of such a page stands before its scripts and comments.
        """
        headers, most = self._request_headers(headers or {}), self._settings.page_bytes
        return self._follow(_Hop(_url(url), headers, limit=most, is_cut=True, hold=hold), robots=True)

    def _slow_down(self, origin: str, delay: float) -> None:
        self._turns.slow_down(_place(_url(origin)), delay)

    def _get_robots(self, url: str) -> bytes:
        headers = self._request_headers({}) | {"accept": "text/plain, */*;q=0.5", "accept-encoding": "identity"}
        return self._follow(_Hop(_url(url), headers, limit=ROBOTS_BYTES, is_cut=True), robots=False).body

    def _request_headers(self, extra: Mapping[str, str]) -> dict[str, str]:
        headers = {"user-agent": self._settings.user_agent, "accept": _ACCEPT}
        headers |= {name.lower(): _filled(f"header {name}", text) for name, text in extra.items()}
        headers["accept-encoding"] = "gzip, deflate"
        return headers

    def _follow(self, hop: _Hop, *, robots: bool) -> Response:
        deadline = Deadline(self._settings.timeout)  # stands still between two hops: a robots.txt has its own
        while True:
            if robots and (refusal := self._robots.refusal(str(_bare(hop.url)))):
                raise Refused(refusal)
            answer = self._take_hop(hop, deadline)
            if isinstance(answer, Response):
                return answer
            hop = answer

    def _take_hop(self, hop: _Hop, deadline: Deadline) -> Response | _Hop:
        """What a host says, asked again where a kept connection was gone: that is a request, and takes a turn."""
        self._check(hop.url)
        for _ in range(4):
            try:
                return self._ask(hop, deadline)
            except _Stale:
                continue
            except _Large:
                assert hop.hold
                hop.hold.take()
        raise FetchError("closed without an answer")

    def _ask(self, hop: _Hop, deadline: Deadline) -> Response | _Hop:
        place = _place(hop.url)
        with self._turns.turn(place) as slot, deadline:
            try:
                with few_words(), self._exchange(hop, deadline, slot) as answer:
                    return _next_hop(hop, answer) or _read(hop, answer, self._turns.time())
            except HttpError as error:
                wait = LEAST_REST if error.retry_after is None and error.status in (429, 503) else error.retry_after
                self._turns.rest(place, wait or 0)
                raise

    def _check(self, url: httpx.URL) -> None:
        """An address written as one is refused before any connection. Behind a proxy nobody else would look, and a
        name that only this network knows is refused likewise: the proxy would find its own.
        """
        address = literal(url.host)
        reason = is_refused(address) if address else None
        if self._settings.proxy and not address and is_local_name(url.host):
            reason = "local name"
        if reason and not is_allowed((address or url.host,), _port(url), self._settings.allow_private):
            raise Refused(
                f"address refused ({reason})",
                f'to fetch it all the same: [fetch] allow_private = ["{_place(url)}"]',
            )

    @contextmanager
    def _exchange(self, hop: _Hop, deadline: Deadline, slot: Slot) -> Iterator[httpx.Response]:
        headers = [(name.encode("ascii"), text.encode("latin-1", "replace")) for name, text in _sent(hop).items()]
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), deadline.left())
        request = httpx.Request("GET", _bare(hop.url), headers=headers, extensions={"timeout": timeouts})
        opened, deadline.sent = deadline.opened, slot.sent
        try:
            answer = self._transport.handle_request(request)
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            if deadline.opened > opened:  # a connection of its own: the server means it
                raise
            raise _Stale from error
        try:
            slot.answered()
            yield answer
        finally:
            answer.close()


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
        host = parsed.host  # "xn--.example" fails only here
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchError("not a web address") from None
    escaped = "%" in host and ":" not in host  # a proxy may read "%31" as "1"
    if parsed.scheme not in _PORTS or not host or escaped or not 0 < _port(parsed) < 65536:
        raise FetchError("not a web address", "it must begin with http:// or https://")
    return parsed


def _port(url: httpx.URL) -> int:
    return _PORTS[url.scheme] if url.port is None else url.port


def _place(url: httpx.URL) -> str:
    host = literal(url.host) or url.host.lower().rstrip(".")
    return f"[{host}]:{_port(url)}" if ":" in host else f"{host}:{_port(url)}"


def _origin(url: httpx.URL) -> tuple[str, str]:
    return url.scheme, _place(url)


def _sent(hop: _Hop) -> Mapping[str, str]:
    headers = dict(hop.headers) | _conditions(hop)
    if hop.url.userinfo and "authorization" not in headers:
        name_and_word = unquote(hop.url.userinfo.decode("ascii", "replace")).encode("utf-8")
        headers["authorization"] = f"Basic {base64.b64encode(name_and_word).decode('ascii')}"
    return headers


def _conditions(hop: _Hop) -> dict[str, str]:
    """The validators, verbatim, where this hop's address is the one that gave them."""
    known = hop.validators
    if known.given_by is not None and known.given_by != mark_address(str(_bare(hop.url))):
        return {}
    asked = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
    return {name: text for name, text in asked.items() if text}


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
    headers, known, same = hop.headers, hop.validators, _origin(target) == _origin(hop.url)
    if not same:
        known = known if known.given_by else Validators()
        headers = {name: text for name, text in headers.items() if name in _OURS or name == "accept-encoding"}
    if same and hop.url.userinfo and not target.userinfo:
        target = target.copy_with(userinfo=hop.url.userinfo)
    permanent = hop.permanent and answer.status_code in _PERMANENT
    return replace(
        hop, url=target, headers=headers, validators=known, permanent=permanent, number=hop.number + 1
    )


def _read(hop: _Hop, answer: httpx.Response, now: datetime) -> Response:
    """The answer as a value; raises `HttpError` for a status that is no success."""
    headers = _read_headers(answer)
    url = str(_bare(hop.url))
    moved = url if hop.number and hop.permanent else None
    validators = _validators(headers, url)
    if answer.status_code == 304 and _conditions(hop):
        return Response(304, url, headers=headers, not_modified=True, moved_to=moved, validators=validators, at=now)
    if answer.status_code not in (200, 203):
        wait = retry_seconds(headers.get("retry-after", ""), now, headers.get("date"))
        raise HttpError(f"HTTP {answer.status_code}", _advice(answer.status_code), answer.status_code, wait)
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:18]) > hop.limit and not hop.is_cut:
        raise TooLarge("too large")
    grow = partial(_grow, hop.hold)
    if length.isdecimal() and int(length[:18]) > LARGE:
        grow()
    body = read_body(answer.iter_raw(), headers.get("content-encoding", ""), hop.limit, cut=hop.is_cut, grow=grow)
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    return Response(answer.status_code, url, body, headers, False, moved, validators, digest, now)


def _grow(hold: Hold | None) -> None:
    if hold and not hold.try_take(MOMENT):
        raise _Large


def _validators(headers: Mapping[str, str], url: str) -> Validators:
    etag, changed = headers.get("etag") or None, headers.get("last-modified") or None
    return Validators(etag, changed, mark_address(url)) if etag or changed else Validators()


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
