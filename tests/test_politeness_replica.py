"""Twenty runs in simulated time against servers that judge: every request is held to what the answers before it said.

The judge goes by its own log. It knows nothing of the client: only what each address was told (validators, how long an
answer holds, when to come again, where it moved, that it is gone) and when each host was asked, by the real clock.
"""

import os
import sys
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dealwatch.config import Config, FetchSettings
from dealwatch.fetch import Client
from dealwatch.model import Source
from dealwatch.pipeline import run
from pipeline_site import round_page, rows

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
STEPS = (1, 9, 30, 31, 60, 45, 240, 20, 1440, 26, 120, 2880, 10, 360, 60, 1500, 27, 720, 4320)  # minutes between runs
DELAY, EVERY, DAY = 0.02, 1800, 86_400
SLACK = timedelta(minutes=1)  # after which a source that is due has to have been asked
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
CUT = 599  # stands for a connection that is closed without an answer
NEVER = timedelta(days=9999)
HOSTS = tuple(f"127.0.0.{number}" for number in range(2, 9))
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 and on are loopback on Linux only")


# -- what the addresses answer -----------------------------------------------------------------------------------------


@dataclass
class Paper:
    """One address: its moods in turn, the last one for good, and the form of its validators."""

    moods: tuple[str, ...]
    etag: str = '"{}"'
    changed: str = ""
    caching: tuple[tuple[str, str], ...] = ()
    ttl: int = 0  # minutes, in the feed
    links: tuple[str, ...] = ()
    children: tuple[str, ...] = ()  # of a sitemap's index
    is_child: bool = False
    drips: bool = False  # its body comes long after its header
    moves: bool = False  # its redirect is permanent, and so is all that follows
    version: int = 1
    asked: int = 0

    def mood(self):
        self.asked += 1
        return self.moods[min(self.asked, len(self.moods)) - 1]

    def validators(self):
        forms = (("ETag", self.etag), ("Last-Modified", self.changed))
        return [(name, form.format(self.version)) for name, form in forms if form]

    def body(self, name):
        if self.children:
            places = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in self.children)
            return f'<sitemapindex xmlns="{SITEMAP}">{places}</sitemapindex>'.encode()
        if self.is_child:
            news = f"<n:news><n:title>News told in number {self.version}</n:title></n:news>"
            return (f'<urlset xmlns="{SITEMAP}" xmlns:n="{NEWS}"><url><loc>http://{name}/told-{self.version}</loc>{news}'
                    "</url></urlset>").encode()  # fmt: skip
        ttl = f"<ttl>{self.ttl}</ttl>" if self.ttl else ""
        links = [link.format(self.version) for link in self.links] or [f"http://{name}/story-{self.version}"]
        items = "".join(f"<item><title>News {link}</title><link>{link}</link></item>" for link in links)
        return f'<rss version="2.0"><channel><title>x</title>{ttl}{items}</channel></rss>'.encode()


@dataclass
class Answer:
    status: int
    headers: list = field(default_factory=list)
    body: bytes = b""
    drips: bool = False

    def header(self, name):
        return dict(self.headers).get(name)


def answer_of(paper, place, headers, now):
    """What a paper says in its present mood."""
    word, _, more = paper.mood().partition(" ")
    if word in ("new", "stripped"):
        paper.version += 1
    given = [] if word == "stripped" else paper.validators()
    if word in ("same", "bare", "renamed") and _sent(headers) == dict(given):
        if word == "renamed" and paper.etag:
            paper.etag = paper.etag[:-1] + "'" + paper.etag[-1]
        return Answer(304, [] if word == "bare" else [*paper.validators(), *_caching(paper, now)])
    if word == "cut":
        return Answer(CUT)
    if word.isdecimal():
        kept = [("Location" if word.startswith("3") else "Retry-After", _meant(more, now))] if more else []
        return Answer(int(word), kept)
    if word == "page":
        return Answer(200, [("Content-Type", "text/html")], round_page("Aldermoor AI", "$40 million").encode())
    if word == "text":
        return Answer(200, [("Content-Type", "text/plain")], more.replace("|", "\n").encode())
    return Answer(200, [*given, *_caching(paper, now), ("Content-Type", "application/rss+xml")], paper.body(place),
                  paper.drips)  # fmt: skip


def _caching(paper, now):
    return [(name, _meant(text, now)) for name, text in paper.caching]


def _meant(text, now):
    return format_datetime(now + timedelta(seconds=int(text[5:])), usegmt=True) if text.startswith("date+") else text


# -- the judge ---------------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """What one address has told us so far."""

    validators: dict = field(default_factory=dict)
    max_age: int = 0
    ttl: int = 0
    failures: int = 0
    last: datetime | None = None
    not_before: datetime = START  # it may be asked again
    due: datetime = START  # and has to be
    is_gone: bool = False


class Judge:
    """Holds each request to what was said before it; `breaches` is what it found."""

    def __init__(self, papers):
        self.papers, self.told = papers, defaultdict(Told)
        self.now, self.breaches, self.times = START, [], Counter()
        self.resting, self.active, self.began, self.starts = {}, Counter(), {}, []
        self.robots, self.refusing = set(), set()  # hosts in this run: robots.txt was read; rest was asked for
        self.lock = threading.Lock()

    def begin(self, now):
        """A run begins: the sources that it has to ask."""
        self.now, self.robots, self.refusing = now, set(), set()
        return {
            key for key in self.papers if key[1][1:-4] in SOURCES and not self.told[key].is_gone
            and self.told[key].due <= now and self.resting.get(key[0], START) <= now
        }  # fmt: skip

    def end(self, due):
        """A run has ended: which of the sources it had to ask did it leave out?"""
        for place, path in due:
            if self.told[place, path].last != self.now and place not in self.refusing:
                self.breaches.append(f"{place}{path} at {self.now - START}: due and not asked")

    def arrive(self, place, path, headers, is_kept):
        """A request has come, on a connection that had one before or not: is something wrong with it?"""
        at = time.monotonic()
        with self.lock:
            told = self.told[place, path]
            self.active[place] += 1
            is_found = path.startswith(("/page/", "/child-"))
            wrong = {
                "three at once": self.active[place] > 2,
                "too soon after another": at - self.began.get(place, 0.0) < DELAY,
                "its host rests": self.now < self.resting.get(place, START),
                "what it said still holds": self.now < told.not_before,
                "it is gone for good": told.is_gone,
                "asked twice in a run": told.last == self.now,
                "robots.txt not read": is_found and place not in self.robots,
                "robots.txt forbids it": path.startswith("/page/secret"),
                f"validators are not {told.validators}": _sent(headers) != told.validators,
                "it does not say who it is": not headers.get("User-Agent", "").startswith("dealwatch/"),
            }
            self.breaches += [f"{place}{path} at {self.now - START}: {what}" for what, is_so in wrong.items() if is_so]
            self.began[place], told.last = at, self.now
            self.starts.append((at, path))
            self.times[place, path] += 1
            if path == "/robots.txt":
                self.robots.add(place)
            paper = self.papers.get((place, path), Paper(("404",)))
            answer = answer_of(paper, place, headers, self.now)
            if answer.status == CUT and is_kept:  # as if we had closed it before: the client may ask again
                told.last = None
            else:
                self._take_in(told, place, path, answer, paper)
            return answer

    def leave(self, place):
        """The last of an answer is about to go out."""
        with self.lock:
            self.active[place] -= 1
        return True

    def _take_in(self, told, place, path, answer, paper):
        given = {name: text for name, text in answer.headers if name in ("ETag", "Last-Modified")}
        if answer.status == 200:
            told.validators, told.ttl = given, paper.ttl * 60
        if answer.status == 304:
            told.validators |= given
        if answer.status >= 400:
            self._fail(told, place, path, answer)
        elif path.startswith("/page/") and answer.status == 200:
            told.not_before = self.now + (NEVER if told.failures < 0 else timedelta(days=1))
            told.failures = -1  # it is read a second time, a day later, and that is all
        elif path != "/robots.txt" and not path.startswith("/page/"):
            self._hold(told, path, answer)
        told.is_gone = told.is_gone or paper.moves

    def _hold(self, told, path, answer):
        control = answer.header("Cache-Control") or ""
        if answer.status == 200 or control or answer.header("Expires"):
            told.max_age = _max_age(control, answer.header("Age"), answer.header("Expires"), self.now)
        told.failures = 0
        every = EVERY if path.endswith(".rss") else 0
        told.not_before = self.now + timedelta(seconds=max(told.max_age, told.ttl, every))
        told.due = told.not_before + (SLACK if answer.status in (200, 304) else NEVER)

    def _fail(self, told, place, path, answer):
        told.failures = max(told.failures, 0) + 1
        told.is_gone = answer.status == 410
        first, spread = (900, 1.0) if path.startswith("/page/") else (EVERY, 0.8)
        backoff = min(first * 2 ** (told.failures - 1), DAY)
        if path != "/robots.txt":
            told.not_before = self.now + timedelta(seconds=max(backoff * spread, first))
        told.due = self.now + timedelta(seconds=backoff) + SLACK
        if answer.status in (429, 503) or answer.header("Retry-After"):
            self.refusing.add(place)
        if asked := answer.header("Retry-After"):
            until = self.now + timedelta(seconds=int(asked)) if asked.isdecimal() else _date(asked)
            self.resting[place] = max(until, self.resting.get(place, START))
            told.due = max(told.due, until)


def _sent(headers):
    asked = {"ETag": headers.get("If-None-Match"), "Last-Modified": headers.get("If-Modified-Since")}
    return {name: text for name, text in asked.items() if text is not None}


def _max_age(control, age, expires, now):
    found = [int(part.removeprefix("max-age=")) for part in control.split(", ") if part.startswith("max-age=")]
    if "no-cache" in control or not (found or expires):
        return 0
    seconds = found[0] - int(age or 0) if found else (_date(expires) - now).total_seconds()
    return min(max(seconds, 0), DAY)


def _date(text):
    return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)


class _Handler(BaseHTTPRequestHandler):
    protocol_version, timeout, is_kept = "HTTP/1.1", 5, False

    def do_GET(self):
        judge, place = self.server.judge, self.server.place
        answer = judge.arrive(place, self.path, self.headers, self.is_kept)
        self.is_kept, left = True, False
        try:
            if answer.status == CUT:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, text in answer.headers:
                self.send_header(name, text)
            if answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if answer.drips:
                threading.Event().wait(DELAY * 3)
            left = judge.leave(place)
            self.wfile.write(answer.body)
        except OSError:
            pass
        finally:
            left or judge.leave(place)

    def log_message(self, format, *args):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True


@pytest.fixture
def stand():
    """Servers on addresses of their own, their places ("host:port") and the judge of them all."""
    judge = Judge({})
    servers = [_Server((host, 0), _Handler) for host in HOSTS]
    threads = []
    for server in servers:
        server.judge, server.place = judge, f"{server.server_address[0]}:{server.server_address[1]}"
        threads.append(threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True))
        threads[-1].start()
    yield [server.place for server in servers], judge
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def store(tmp_path):
    """A store in memory where there is a folder there: 250 commits on a busy disk take longer than all the rest."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        yield Path(folder) / "deals.db"


class Inline:
    """The workers' work, done at once: what is read here is harmless."""

    def __init__(self, *, register_path):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def run(self, task, *args, **kwargs):
        return task(*args, **kwargs)


# -- the papers --------------------------------------------------------------------------------------------------------


SAME = ("same", "bare", "same", "renamed", "same", "new")
ROBOTS = "text User-agent: *|Disallow: /page/secret|Crawl-delay: 0.02"


def papers_of(hosts):
    """The addresses by (place, path)."""
    zero, one, two, three, four, five, six = hosts
    web = [f"http://{host}" for host in hosts]
    return {
        (zero, "/weak.rss"): Paper((*SAME, "500", "same", "stripped", "new", *SAME), 'W/"{} a,b--gzip"',
                                   "Tue, 24 Jan 2023 9:30:0{} GMT+1"),
        (zero, "/odd.rss"): Paper(("new", "500", "404", "same", "bare", "cut", "same", *SAME), "é{}x", "hier à {} h ½"),
        (zero, "/dated.rss"): Paper(SAME * 4, "", "Mon,  2 Jan 2023 00:00:0{} +0000"),
        (zero, "/index.xml"): Paper(SAME * 4, children=(f"{web[0]}/child-1.xml", f"{web[0]}/child-2.xml")),
        (zero, "/child-1.xml"): Paper(SAME * 4, 'W/"c{}"', is_child=True),
        (zero, "/child-2.xml"): Paper(("new", "500", "same", "same"), '"d{}"', is_child=True),
        (one, "/slow.rss"): Paper(SAME * 4, caching=(("Cache-Control", "public, max-age=7200"), ("Age", "600"))),
        (one, "/ttl.rss"): Paper(SAME * 4, ttl=90, drips=True),
        (one, "/expires.rss"): Paper(SAME * 4, caching=(("Expires", "date+5400"),)),
        (one, "/archive.rss"): Paper(SAME * 4, caching=(("Cache-Control", "max-age=31536000"),), drips=True),
        (one, "/uncached.rss"): Paper(SAME * 4, caching=(("Cache-Control", "no-cache, max-age=7200"),), drips=True),
        (two, "/busy.rss"): Paper(("new", "429 7200", "same", "503 date+5400", "same", "429", "500 9000", *SAME)),
        (two, "/neighbour.rss"): Paper(SAME * 4),
        (two, "/other.rss"): Paper((*SAME, "503 100000", *SAME)),
        (three, "/moved.rss"): Paper((f"301 {web[3]}/step",), moves=True),
        (three, "/step"): Paper((f"308 {web[4]}/here.rss",), moves=True),
        (four, "/here.rss"): Paper(SAME * 4),
        (three, "/half.rss"): Paper((f"301 {web[3]}/lent",)),
        (three, "/lent"): Paper((f"302 {web[4]}/there.rss",)),
        (four, "/there.rss"): Paper(("new", "same", "429 4000", "same", *SAME)),
        (three, "/lost.rss"): Paper((f"308 {web[4]}/login",)),
        (four, "/login"): Paper(("text Please log in",)),
        (three, "/temp.rss"): Paper((f"307 {web[4]}/warm.rss", f"303 {web[4]}/cold.rss")),
        (four, "/warm.rss"): Paper(("new",)),
        (four, "/cold.rss"): Paper(SAME * 4),
        (four, "/gone.rss"): Paper(("new", "same", "410")),
        (five, "/down.rss"): Paper(("404", "500", "403", "401", "502", "404", "404", "404", "new")),
        (five, "/limited.rss"): Paper(("new", "429", "503", "same", "429 0", "same")),
        (five, "/cross.rss"): Paper(("new",), links=(f"{web[5]}/page/5", f"{web[6]}/page/6")),
        (five, "/robots.txt"): Paper(("503 7200", "429 date+3000", "404")),
        (five, "/page/5"): Paper(("page",)),
        (six, "/pages.rss"): Paper(("new", "same"), links=tuple(f"{web[6]}/page/{name}" for name in
                                                                  ("1", "2", "3", "4", "secret/1"))),
        (six, "/robots.txt"): Paper((ROBOTS,)),
        (six, "/page/1"): Paper(("page",)),
        (six, "/page/2"): Paper(("503 3600", "500", "page")),
        (six, "/page/3"): Paper(("410",)),
        (six, "/page/4"): Paper((f"302 {web[6]}/page/secret/2",)),
        (six, "/page/6"): Paper(("429 date+1800", "page")),
    }  # fmt: skip


SOURCES = ("weak", "odd", "dated", "slow", "ttl", "expires", "archive", "uncached", "busy", "neighbour", "other",
           "moved", "half", "lost", "temp", "gone", "down", "limited", "cross", "pages")  # fmt: skip
ONCE = {"/moved.rss": 1, "/step": 1, "/gone.rss": 3, "/page/3": 1, "/page/5": 2, "/page/1": 2}
WITH_PAGES = ("cross", "pages")


def sources_of(papers):
    found = {path: place for place, path in papers}
    for name in SOURCES:
        url = f"http://{found[f'/{name}.rss']}/{name}.rss"
        yield Source(name, "feed", url, every=EVERY, lang="en", full_text="page" if name in WITH_PAGES else "feed")
    yield Source("index", "sitemap", f"http://{found['/index.xml']}/index.xml", every=EVERY, full_text="feed")


@only_linux
def test_twenty_runs_without_a_breach(stand, store):
    hosts, judge = stand
    judge.papers |= papers_of(hosts)
    config = Config(
        fetch=FetchSettings(timeout=5.0, delay=DELAY, per_host=2, allow_private=tuple(hosts)),
        sources=tuple(sources_of(judge.papers)),
    )
    now = START
    for step in (*STEPS, 0):
        due = judge.begin(now)
        report = run(config, store, now=now, workers=Inline)
        assert not report.unexpected, report
        judge.end(due)
        now += timedelta(minutes=step)
    assert "\n".join(judge.breaches) == ""
    assert all(until >= now.isoformat() for (until,) in rows(store, "SELECT rest_until FROM hosts"))
    times = {path: count for (_, path), count in judge.times.items()}
    assert {path: times[path] for path in ONCE} == ONCE  # what moved or is gone is not asked again
    assert times["/half.rss"] == times["/lent"] == times["/there.rss"] > 9  # what moved for now is asked each time
    assert times["/lost.rss"] > 5  # a permanent redirect to what is no feed moves nothing
    assert 300 < sum(times.values()) < 500


SEEN_BY_THE_JUDGE = [
    # minutes of each request and the validators that it carries, the first mood of the address, what is wrong
    ([(0, {}), (40, {"If-None-Match": '"2"'})], "new", None),
    ([(0, {}), (40, {})], "new", "validators are not"),
    ([(0, {}), (40, {"If-None-Match": "2"})], "new", "validators are not"),
    ([(0, {"If-None-Match": '"2"'})], "new", "validators are not"),
    ([(0, {}), (29, {"If-None-Match": '"2"'})], "new", "what it said still holds"),
    ([(0, {}), (100, {})], "503 7200", "its host rests"),
    ([(0, {}), (49, {})], "503 date+3000", "its host rests"),
    ([(0, {}), (23, {})], "500", "what it said still holds"),
    ([(0, {}), (9999, {})], "410", "it is gone for good"),
    ([(0, {}), (0, {"If-None-Match": '"2"'})], "new", "asked twice in a run"),
    ([], "new", "due and not asked"),
]  # fmt: skip


@pytest.mark.parametrize(("requests", "mood", "wrong"), SEEN_BY_THE_JUDGE)
def test_the_judge_sees_what_is_wrong(requests, mood, wrong):
    judge = Judge({("h", "/weak.rss"): Paper((mood, "same"))})
    due = judge.begin(START)
    for minutes, headers in requests:
        judge.begin(START + timedelta(minutes=minutes))
        judge.began.clear()
        judge.arrive("h", "/weak.rss", {"User-Agent": "dealwatch/1", **headers}, False)
        judge.active.clear()
    judge.end(due if not requests else ())
    assert any(wrong in breach for breach in judge.breaches) if wrong else judge.breaches == []


def test_the_judge_sees_haste():
    judge = Judge({})
    for _ in range(3):
        judge.arrive("h", "/robots.txt", {"User-Agent": "dealwatch/1"}, False)
    assert {breach.partition(": ")[2] for breach in judge.breaches} == {
        "too soon after another", "three at once", "asked twice in a run",
    }  # fmt: skip


@only_linux
def test_the_delay_is_kept_as_the_server_sees_it(stand):
    """Hops and robots.txt count too; the first connection is slow, so its request comes late."""
    (place, *_), judge = stand
    port = place.rpartition(":")[2]
    judge.papers |= {
        (place, "/a.rss"): Paper((f"302 http://slow.example:{port}/b.rss",)),
        (place, "/b.rss"): Paper(("new",), drips=True),
        (place, "/page/1"): Paper((f"301 http://slow.example:{port}/page/2",)),
        (place, "/page/2"): Paper(("page",)),
    }
    found, lock = [], threading.Lock()

    def find(host, port):
        with lock:
            found.append(host)
            is_first = len(found) == 1
        threading.Event().wait(0.15 if is_first else 0.0)
        return (HOSTS[0],)

    settings = FetchSettings(timeout=5.0, delay=0.05, per_host=2, allow_private=(f"slow.example:{port}",))
    with Client(settings, find=find) as client, ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(client.get, f"http://slow.example:{port}/a.rss", limit=9999),
                 pool.submit(client.get_page, f"http://slow.example:{port}/page/1"),
                 pool.submit(client.get, f"http://slow.example:{port}/c.rss", limit=9999)]  # fmt: skip
        assert sorted(str(future.exception()) for future in asked) == ["HTTP 404", "None", "None"]
    paths = [path for _, path in judge.starts]
    assert sorted(paths) == ["/a.rss", "/b.rss", "/c.rss", "/page/1", "/page/2", "/robots.txt"]
    times = [at for at, _ in judge.starts]
    assert min(later - sooner for sooner, later in pairwise(times)) >= 0.05
    assert not [breach for breach in judge.breaches if "three at once" in breach]


@only_linux
def test_pages_of_a_host_that_rests_wait_untried(stand, store):
    (host, *_), judge = stand
    web = f"http://{host}"
    pages = {(host, f"/page/{number}"): Paper(("page",)) for number in (2, 3)}
    judge.papers |= pages | {
        (host, "/a.rss"): Paper(("same",), links=tuple(f"{web}/page/{number}" for number in (1, 2, 3))),
        (host, "/page/1"): Paper(("503 36000", "page")),
    }
    source = Source("a", "feed", f"{web}/a.rss", every=EVERY, lang="en", full_text="page")
    config = Config(fetch=FetchSettings(timeout=5.0, delay=DELAY, allow_private=(host,)), sources=(source,))
    states, outcomes = [], []
    for hours in (0, 2, 9, 11):
        judge.begin(START + timedelta(hours=hours))
        report = run(config, store, now=judge.now, workers=Inline)
        outcomes.append(report.sources[0].outcome)
        states.append(rows(store, "SELECT state, tries FROM entries ORDER BY url"))
    assert judge.breaches == []
    assert outcomes == ["stored", "skipped", "skipped", "stored"]
    assert states == [[("failed", 1), ("pending", 0), ("pending", 0)]] * 3 + [[("stored", 0)] * 3]

@only_linux
@pytest.mark.parametrize("how", [{"force": True}, {"names": ("b",)}])
def test_who_forces_a_fetch_does_not_wake_a_host(stand, store, how):
    (host, *_), judge = stand
    judge.papers |= {(host, "/a.rss"): Paper(("503 7200",)), (host, "/b.rss"): Paper(("new",))}
    sources = [Source(name, "feed", f"http://{host}/{name}.rss", every=EVERY, full_text="feed") for name in "ab"]
    for name, minutes in (("a", 0), ("b", 60)):
        chosen = tuple(source for source in sources if source.name == name)
        config = Config(fetch=FetchSettings(timeout=5.0, delay=DELAY, allow_private=(host,)), sources=chosen)
        judge.begin(START + timedelta(minutes=minutes))
        report = run(config, store, now=judge.now, workers=Inline, **(how if minutes else {}))
        assert [source.name for source in report.failed] == [name]
    assert report.failed[0].error == "host asked for a pause"
    assert [path for _, path in judge.starts] == ["/a.rss"]
