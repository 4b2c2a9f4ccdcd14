"""The bundled sample site on loopback: three invented newspapers for the demo and the tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Thread
from types import TracebackType
from urllib.parse import unquote, urlsplit

_TYPES = {
    ".html": "text/html",  # without a charset: the pages name their own, and not all of them rightly
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
}
_CHANGED = 1772000000  # 2026-02-25: all files changed then, as a packed resource has no date of its own
_SECONDS = 5  # that a client may keep a thread waiting


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    content_type: str
    etag: str


def _walk(folder: Traversable, prefix: str = "/") -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _walk(item, f"{prefix}{item.name}/")
        else:
            yield prefix + item.name, item.read_bytes()


def _read_files(base_url: str) -> dict[str, _File]:
    """Every file of the site by its path, `{base}` filled in; a folder answers with its index."""
    found: dict[str, _File] = {}
    for path, raw in _walk(files("dealwatch") / "data" / "site"):
        body = raw.replace(b"{base}", base_url.encode())
        suffix = path[path.rfind(".") :]
        content_type = _TYPES.get(suffix, "application/octet-stream")
        found[path] = _File(body, content_type, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
        if path.endswith("/index.html"):
            found[path.removesuffix("index.html")] = found[path]
    return found


def _fill(template: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        template = template.replace(f"{{{name}}}", value)
    return template


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the answers under way, each of which ends by its deadline
    request_queue_size = 64
    files: Mapping[str, _File] = {}


class _Handler(BaseHTTPRequestHandler):
    """Answers from the files read at the start, and from nothing else: no path of a request meets the disk."""

    timeout = _SECONDS
    server: _Server

    def do_GET(self) -> None:
        """The file asked for, 304 where the client has it."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """The same without the body."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the demo's output is its own."""

    def _answer(self, *, with_body: bool) -> None:
        try:
            file = self.server.files.get(unquote(urlsplit(self.path).path))
        except ValueError:  # "//[": no address
            file = None
        if file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        unchanged = self._has(file)
        self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus.OK)
        self.send_header("ETag", file.etag)
        self.send_header("Last-Modified", formatdate(_CHANGED, usegmt=True))
        if not unchanged:
            self.send_header("Content-Type", file.content_type)
            self.send_header("Content-Length", str(len(file.body)))
        self.end_headers()
        if with_body and not unchanged:
            self.wfile.write(file.body)

    def _has(self, file: _File) -> bool:
        """True where the client's validators hold; its ETag decides alone where it sends one."""
        if tags := self.headers.get("If-None-Match"):
            return tags.strip() == "*" or file.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        try:
            return parsedate_to_datetime(self.headers.get("If-Modified-Since", "")).timestamp() >= _CHANGED
        except ValueError:
            return False


class SampleSite:
    """The sample site while the `with` block runs, at `base_url` on 127.0.0.1.

    >>> from urllib.request import urlopen
    >>> with SampleSite() as site, urlopen(f"{site.base_url}/robots.txt") as answer:
    ...     answer.status
    200
    """

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.base_url = f"http://{self.host}"
        self._server.files = _read_files(self.base_url)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> SampleSite:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def config_text(self, store: str) -> str:
        """The demo's configuration for this site, its articles to be kept in the file `store`."""
        template = (files("dealwatch") / "data" / "demo.toml").read_text("utf-8")
        quoted = json.dumps(store, ensure_ascii=False)[1:-1]  # what JSON escapes, TOML reads alike
        return _fill(template, {"base": self.base_url, "host": self.host, "store": quoted})
