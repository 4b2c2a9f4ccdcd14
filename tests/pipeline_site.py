"""A small newspaper on loopback whose every answer a test can set: a body, a status, silence until it lets go."""

import hashlib
import json
import os
import sqlite3
import threading
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from dealwatch.config import Config, FetchSettings
from dealwatch.model import Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HELD = 20  # seconds that a held answer waits at most
STORED = ("articles", "revisions", "amounts", "quotes", "mentions", "claims", "deals", "deal_parties", "deal_claims",
          "entries", "companies", "aliases", "rates", "meta")  # fmt: skip


@dataclass
class Answer:
    """What one path answers with; `held` keeps the client waiting until it is set."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""
    held: threading.Event | None = None
    asked: threading.Event = field(default_factory=threading.Event)

    @property
    def etag(self):
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class _Handler(BaseHTTPRequestHandler):
    timeout = 5

    def do_GET(self):
        answer = self.server.answers.get(self.path, Answer(b"not here", status=404))
        self.server.asked.append(self.path)
        self.server.headers[self.path] = dict(self.headers)
        answer.asked.set()
        if answer.held:
            answer.held.wait(HELD)
        try:
            self._send(answer)
        except OSError:  # the client has gone
            pass

    def _send(self, answer):
        same = answer.status == 200 and self.headers.get("If-None-Match") == answer.etag
        self.send_response(304 if same else answer.status)
        self.send_header("ETag", answer.etag)
        if answer.location:
            self.send_header("Location", answer.location)
        self.send_header("Content-Type", answer.kind)
        if not same:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if not same:
            self.wfile.write(answer.body)

    def log_message(self, format, *args):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


class Site:
    """The newspaper while the `with` block runs. `asked` lists the paths in order of asking."""

    def __enter__(self):
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.answers, self._server.asked, self._server.headers = {}, [], {}
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error):
        for answer in self._server.answers.values():
            if answer.held:
                answer.held.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path):
        return f"http://{self.host}{path}"

    def put(self, path, body, **more):
        answer = Answer(body if isinstance(body, bytes) else body.encode(), **more)
        self._server.answers[path] = answer
        return answer

    def answer(self, path):
        return self._server.answers[path]

    def hold(self, path):
        """The answer of a path, held from now on until its event is set."""
        answer = self._server.answers[path]
        answer.held = threading.Event()
        answer.asked.clear()
        return answer

    def headers(self, path):
        """The headers of the last request for a path."""
        return self._server.headers[path]

    def taken(self):
        """The paths asked for since the last call, robots.txt left out."""
        asked, self._server.asked[:] = [path for path in self._server.asked if path != "/robots.txt"], []
        return asked

    # -- papers ------------------------------------------------------------------------------------------------------

    def feed(self, name, stories, **more):
        """A feed at /NAME.rss of (slug, title[, summary]) whose pages stand at /NAME/SLUG."""
        items = "".join(
            f"<item><title>{story[1]}</title><link>{self.url(f'/{name}/{story[0]}')}</link>"
            f"<guid>{name}-{story[0]}</guid><pubDate>Mon, 02 Feb 2026 10:0{place}:00 GMT</pubDate>"
            f"<description>{story[2] if len(story) > 2 else ''}</description></item>"
            for place, story in enumerate(stories)
        )
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
        return self.put(f"/{name}.rss", body, kind="application/rss+xml", **more)

    def source(self, name, **more):
        facts = {"name": name, "kind": "feed", "url": self.url(f"/{name}.rss"), "every": 0, "lang": "en"}
        return Source(**facts | more)

    def config(self, *sources, timeout=1.0):
        return Config(fetch=FetchSettings(timeout=timeout, delay=0.0, per_host=16, allow_private=(self.host,)),
                      sources=sources)  # fmt: skip

    def config_text(self, *sources, timeout=1.0):
        """The same as a file's text."""
        tables = "".join(map(_table, sources))
        return f'[fetch]\ntimeout = {timeout}\ndelay = 0\nper_host = 16\nallow_private = ["{self.host}"]\n{tables}'


def _table(source):
    lines = [f"{key} = {json.dumps(getattr(source, key))}" for key in ("name", "kind", "url", "every", "full_text")]
    lines += [f'lang = "{source.lang}"'] if source.lang else []
    chosen = "".join(f"{key} = {json.dumps(text)}\n" for key, text in source.selectors.items())
    return "\n[[source]]\n" + "\n".join(lines) + "\n" + (f"[source.selectors]\n{chosen}" if chosen else "")


def page(title, *paragraphs):
    """A plain page that tells a story."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta property="article:published_time" content="2026-02-02T10:00:00Z"></head>
<body><article><h1>{title}</h1>{body}</article></body></html>"""


FILLER = (
    "The company, which builds artificial intelligence for hospitals, did not say how it would spend the money, and "
    "its offices in the old harbour stayed dark on Monday evening while its staff celebrated elsewhere.",
    "Analysts had expected a deal of this kind since the autumn, when the first reports of talks appeared in the "
    "press and the company began to hire people who know how large contracts are written.",
)


def round_page(company, sum_, investor="Tamsin Ventures"):
    """A page that tells one funding round."""
    return page(
        f"{company} raises {sum_}",
        f"{company} has raised {sum_} in a Series A round led by {investor}, the company said on Monday.", *FILLER,
    )  # fmt: skip


# -- looking into a store --------------------------------------------------------------------------------------------


def rows(path, query, *values):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query, values).fetchall()


def dump(path, tables=STORED):
    """Every row of what a run stores, the schedule (`sources`, `fetches`) left out."""
    with closing(sqlite3.connect(path)) as connection:
        return {name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in tables}


def deals(path):
    """What the store says of the deals, without what says when this store learnt it."""
    chosen = "deal_id, date, status, type, round, target, investors, amount_low, currency, confirmations, sources"
    return rows(path, f"SELECT {chosen} FROM deals ORDER BY deal_id")


def children(pid=None):
    """The processes below one, by pid; read from /proc, so none where there is none."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it may have ended meanwhile
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found, below = set(), {pid or os.getpid()}
    while below:
        below = {child for child, parent in parents.items() if parent in below} - found
        found |= below
    return found
