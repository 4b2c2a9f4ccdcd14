"""From an address to a source: what it is itself, the feeds its page names, its news sitemap, or selectors for it.

Every candidate is fetched and read as a run would read it; the most useful one wins. Few requests, one after the other:
a page that names 200 feeds is asked for the likeliest five.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import NamedTuple
from urllib.parse import urlsplit

from dealwatch.config import Config
from dealwatch.errors import DealwatchError, FetchError, ReadError
from dealwatch.fetch import Client, HttpError, Refused, Response, Resting, new_state
from dealwatch.model import Entry, Source, SourceKind
from dealwatch.pipeline import tasks
from dealwatch.pipeline.listing import Turn, headers_for, list_source
from dealwatch.pipeline.memory import Memory, kept_rests
from dealwatch.pipeline.report import Failure
from dealwatch.pipeline.workers import Workers
from dealwatch.sources.discover import (
    About,
    FeedLink,
    common_feeds,
    common_sitemaps,
    is_comments,
    is_news_sitemap,
    is_section_of,
    read_about,
    read_robots_sitemaps,
    section_feeds,
    sniff_kind,
)
from dealwatch.sources.links import canonical_link
from dealwatch.sources.propose import is_article_link, misleads, propose_selectors

MOST_FEEDS = 5  # feeds of a page that are asked
MOST_SITEMAPS = 4
_ALL = 10_000  # entries, where they are counted
_DIGIT = re.compile(r"\d")  # a sitemap with a number or a date in its name is one of many: the next has another
_MANY = 20  # entries beyond which more of them make no feed better
_SHUT = (401, 403, 405, 406)  # answers of a page that is kept from programs; a feed beside it is often open

Tell = Callable[[str], None]


class Candidate(NamedTuple):
    """A source that could be, with what it lists now."""

    source: Source  # without a name
    entries: tuple[Entry, ...]  # after include and exclude
    listed: int  # before them
    found: str  # how, in a few words
    about: About = About()
    is_wider: bool = False  # of the whole site, where a section of it was asked for


class Discovery(NamedTuple):
    """What was found at an address: the best candidate first, feeds that were named and not asked, what failed."""

    candidates: tuple[Candidate, ...]
    unasked: tuple[FeedLink, ...] = ()
    failures: tuple[Failure, ...] = ()
    page: About = About()


def discover(
    config: Config, wish: Source, path: Path, *, now: datetime, kind: SourceKind | None = None,
    others: Sequence[str] = (), tell: Tell | None = None,
) -> Discovery:  # fmt: skip
    """What can be read at the address of `wish`, whose other fields hold for every candidate; of one kind if wanted.

    `others` are addresses to try where that one does not answer at all. A host that asked an earlier run on the store
    at `path` for rest has it. Raises FetchError or ReadError where the site cannot be read; a discovery without
    candidates is a site in which nothing was found.
    """
    rests = kept_rests(path)
    with Client(config.fetch, now=now, rests=rests) as client, Workers(register_path=config.register_path) as workers:
        search = _Search(config, wish, client, workers, now, tell or (lambda text: None))
        return search.folder() if wish.kind == "folder" else search.run(kind, others)


class _Step(NamedTuple):
    """One way to look for candidates; a narrow one is enough only where it finds what is of the page asked for."""

    kind: SourceKind
    take: Callable[[], Iterator[Candidate]]
    narrow: bool = False


class _Search:
    """One search: its tools, and what was asked and failed so far."""

    def __init__(
        self, config: Config, wish: Source, client: Client, workers: Workers, now: datetime, tell: Tell
    ) -> None:
        self._config, self._wish, self._client, self._workers = config, wish, client, workers
        self._now, self._tell = now, tell
        self._asked: set[str] = set()
        self._failures: list[Failure] = []
        self._leads: list[Response] = []  # pages where a feed should be
        self._rests = False  # the host asked for a pause: no more guessing

    # -- the line ------------------------------------------------------------------------------------------------------

    def folder(self) -> Discovery:
        entries = self._list_whole(self._wish)
        return Discovery((Candidate(self._wish, entries, len(entries), "a folder of saved pages"),))

    def run(self, kind: SourceKind | None, others: Sequence[str]) -> Discovery:
        try:
            response = self._first((self._wish.url, *others))
        except HttpError as error:
            if error.status not in _SHUT or kind == "html":
                raise
            return self._without_page(error)
        told = self._workers.run(sniff_kind, response.body, response.headers)
        if told != "html" and kind in (None, told):
            return Discovery((self._read(response, told, "the address itself"),))
        if told != "html":
            raise ReadError(f"a {told}, not a page of links", f"leave --kind {kind} out")
        page = self._workers.run(read_about, response.body, response.url, response.headers)
        found = self._search_page(response, page, kind)
        left = tuple(link for link in page.feeds if canonical_link(link.url) not in self._asked)
        return Discovery(tuple(found), left, tuple(self._failures), page)

    def _without_page(self, error: HttpError) -> Discovery:
        """The feeds or sitemap of a site that keeps its pages to itself; the page's own error where it has none."""
        url = self._wish.url
        found = list(self._first_guess((*_of_section(url), *common_feeds(url)), "feed")) or list(self._sitemaps(url))
        if not _told(found, url):
            raise error
        return Discovery(tuple(_told(found, url)), (), tuple(self._failures), About(home=url))

    def _search_page(self, response: Response, page: About, kind: SourceKind | None) -> list[Candidate]:
        """Candidates, the best first: the steps are taken until one gives a good one."""
        url, found = response.url, list[Candidate]()
        steps: tuple[_Step, ...] = (
            _Step("feed", lambda: self._feeds(page, url), narrow=True),
            _Step("feed", self._follow, narrow=True),
            _Step("feed", lambda: self._first_guess(_of_section(url), "feed")),
            _Step("feed", lambda: self._first_guess(common_feeds(url), "feed")),
            _Step("feed", self._follow),
            _Step("sitemap", lambda: self._sitemaps(url), narrow=True),
            _Step("html", lambda: self._listing(response)),
        )
        for step in steps:
            if kind in (None, step.kind):
                found += step.take()
                found.sort(key=lambda candidate: _worth(candidate, url), reverse=True)
            if found and _is_good(found[0], url) and (not step.narrow or _is_of(found[0], url)):
                break
        return _told(found, url)

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _feeds(self, page: About, url: str) -> Iterator[Candidate]:
        def place(link: FeedLink) -> tuple[bool, ...]:
            return is_comments(link), not is_section_of(link.url, url), not link.named

        for link in sorted(page.feeds, key=place)[:MOST_FEEDS]:
            found = "named by the page" if link.named else "linked from the page"
            yield from self._try(link.url, "feed", found)

    def _first_guess(self, addresses: Sequence[str], kind: SourceKind) -> Iterator[Candidate]:
        """The first candidate at one of some addresses that nobody named."""
        for address in addresses:
            before = len(self._failures)
            found = list(self._try(address, kind, "at a common address", robots=True))
            del self._failures[before:]  # a guess that is wrong is no failure
            if found:
                yield from found
                return

    def _follow(self) -> Iterator[Candidate]:
        """The feeds that a page of feeds names: many a site's link "RSS" leads to one."""
        leads, self._leads = self._leads[:2], []
        for lead in leads:
            page = self._workers.run(read_about, lead.body, lead.url, lead.headers)
            for link in page.feeds[:MOST_FEEDS]:
                yield from self._try(link.url, "feed", f"named by {lead.url}")

    def _sitemaps(self, url: str) -> Iterator[Candidate]:
        parts = urlsplit(url)
        robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
        named: tuple[str, ...] = ()
        before = len(self._failures)
        response = self._ask_softly(robots)
        del self._failures[before:]  # a site without a robots.txt is nothing to tell
        if response is not None:
            named = self._workers.run(read_robots_sitemaps, response.body, response.url)
        for address in named[:MOST_SITEMAPS]:
            for candidate in self._try(address, "sitemap", "named by robots.txt"):
                yield candidate
                if _is_good(candidate, url):
                    return
        if not any(map(is_news_sitemap, named)):
            yield from self._first_guess(common_sitemaps(url), "sitemap")

    def _listing(self, response: Response) -> Iterator[Candidate]:
        """The page itself, by the selectors that read it best; asked once more, as a run would, with its robots.txt."""
        proposals = self._workers.run(propose_selectors, response.body, response.url, response.headers)
        if not proposals:
            return
        url = self._own(response.moved_to or self._wish.url, self._wish.url)
        again = self._ask_softly(url, robots=True)
        if again is None:
            return
        for selectors in proposals:
            source = replace(self._wish, kind="html", url=url, selectors=selectors)
            try:
                candidate = self._candidate(source, again, "selectors found in the page")
                if not self._misleads(candidate):
                    yield candidate
                    return
            except (FetchError, ReadError) as error:
                self._failures.append(Failure(url, error.message))

    def _misleads(self, candidate: Candidate) -> bool:
        """Whether the selectors of the boxes would pick something in an article's own page; one is asked for it."""
        selectors = candidate.source.selectors
        if not ("title" in selectors or "date" in selectors) or not candidate.entries:
            return False
        url = candidate.entries[0].url
        page = self._client.get_page(url, headers=headers_for(self._wish, url))
        return self._workers.run(misleads, page.body, page.headers, selectors)

    # -- one candidate -------------------------------------------------------------------------------------------------

    def _first(self, urls: Sequence[str]) -> Response:
        """The answer of the first address that has one; an error status is one, and so is our own refusal to ask."""
        for number, url in enumerate(urls):
            self._wish = replace(self._wish, url=url)
            try:
                return self._ask(url)
            except (HttpError, Refused):
                raise
            except FetchError:
                if number == len(urls) - 1:
                    raise
        raise FetchError("no address")

    def _ask(self, url: str, *, robots: bool = False) -> Response:
        self._tell(f"asking {url}")
        self._asked.add(canonical_link(url))
        headers = headers_for(self._wish, url)
        response = self._client.get(url, limit=self._config.fetch.feed_bytes, headers=headers, robots=robots)
        self._asked.add(canonical_link(response.url))
        return response

    def _ask_softly(self, url: str, *, robots: bool = False) -> Response | None:
        try:
            return self._ask(url, robots=robots)
        except FetchError as error:
            self._rests = self._rests or isinstance(error, Resting) or getattr(error, "status", 0) in (429, 503)
            self._failures.append(Failure(url, error.message))
            return None

    def _try(self, url: str, kind: SourceKind, found: str, *, robots: bool = False) -> Iterator[Candidate]:
        """The candidate at an address, where it is one of that kind; why not goes to the failures."""
        url = self._own(url, self._wish.url)
        if self._rests or canonical_link(url) in self._asked:
            return
        response = self._ask_softly(url, robots=robots)
        if response is None:
            return
        try:
            told = self._workers.run(sniff_kind, response.body, response.headers)
            if told != kind:
                is_lead = told == "html" and kind == "feed" and not urlsplit(response.url).query
                self._leads += [response] if is_lead and urlsplit(response.url).path.strip("/") else []
                raise ReadError(f"not a {kind}")
            candidate = self._read(response, kind, found, url)
        except DealwatchError as error:
            self._failures.append(Failure(url, error.message))
            return
        if candidate.listed:
            yield candidate

    def _read(self, response: Response, kind: SourceKind, found: str, url: str = "") -> Candidate:
        """The candidate that a response is; an index of sitemaps is read on, to its news where it has some."""
        asked = url or self._wish.url
        moved = self._own(response.moved_to, asked) if response.moved_to else asked
        source = replace(self._wish, kind=kind, url=moved)
        return self._candidate(source, response, found)

    def _candidate(self, source: Source, response: Response, found: str) -> Candidate:
        bare = replace(source, include="", exclude="", max_items=_ALL)
        listing = self._list(bare, response)
        if listing.children:
            return self._index(source, listing.children, found)
        is_cut = source.include or source.exclude or len(listing.entries) > source.max_items
        entries = self._list(source, response).entries if is_cut else listing.entries
        about = About()
        if source.kind == "feed":
            about = self._workers.run(read_about, response.body, response.url, response.headers)
        return Candidate(source, entries, len(listing.entries), found, about)

    def _index(self, source: Source, children: Sequence[str], found: str) -> Candidate:
        news = next((url for url in children if is_news_sitemap(url) and not _DIGIT.search(urlsplit(url).path)), None)
        if news is not None and (response := self._ask_softly(self._own(news, source.url))) is not None:
            own = replace(source, url=self._own(news, source.url))
            if not self._list(own, response).children:
                return self._candidate(own, response, found)
        entries = self._list_whole(source)
        return Candidate(source, entries, len(entries), found)

    def _list(self, source: Source, response: Response) -> tasks.Listing:
        return self._workers.run(tasks.list_entries, source, response.body, response.url, response.headers)

    def _list_whole(self, source: Source) -> tuple[Entry, ...]:
        memory = Memory(None, None)
        turn = Turn(source, new_state(source), memory, self._client, self._workers, self._now, Event(),
                    feed_bytes=self._config.fetch.feed_bytes)  # fmt: skip
        return list_source(turn).entries

    def _own(self, url: str, like: str) -> str:
        """An address with the login of the one asked for, where both are of one origin: links never repeat it."""
        one, other = urlsplit(url), urlsplit(like)
        login, at, host = other.netloc.rpartition("@")
        if at and one.netloc == host and one.scheme == other.scheme:
            return one._replace(netloc=f"{login}@{host}").geturl()
        return url


def _told(found: Sequence[Candidate], page: str) -> list[Candidate]:
    """The candidates to show: none of what readers write, each with whether it is of more than was asked for."""
    news = (one for one in found if not is_comments(FeedLink(one.source.url, one.about.title)))
    return [candidate._replace(is_wider=not _is_of(candidate, page)) for candidate in news]


def _of_section(page: str) -> tuple[str, ...]:
    """Where the feed of a page's section could be; an article has none, but that of its comments."""
    root = urlsplit(page)._replace(path="/", query="").geturl()
    return () if is_article_link(page, root) else section_feeds(page)


def _worth(candidate: Candidate, page: str) -> tuple[int | bool, ...]:
    """How useful a candidate is for who asked for a page; compared from the left."""
    dated = sum(entry.published is not None for entry in candidate.entries)
    return (
        _is_good(candidate, page),
        _is_of(candidate, page),
        2 * dated >= len(candidate.entries) or candidate.source.kind == "html",
        canonical_link(candidate.about.home) == canonical_link(page),
        min(candidate.listed, _MANY),
    )


def _is_good(candidate: Candidate, page: str) -> bool:
    """Whether a candidate lists the news: something at all, not what readers write, not every page there is."""
    source, entries = candidate.source, candidate.entries
    if not candidate.listed or is_comments(FeedLink(source.url, candidate.about.title)):
        return False
    return source.kind != "sitemap" or 2 * sum(entry.published is not None for entry in entries) >= len(entries)


def _is_of(candidate: Candidate, page: str) -> bool:
    """Whether a candidate is of the very page that was asked for: its section, or the whole site by its front page."""
    home = candidate.about.home
    return (bool(home) and canonical_link(home) == canonical_link(page)) or is_section_of(candidate.source.url, page)


def find_known(sources: Iterable[Source], url: str) -> Source | None:
    """The source that has an address already, http or https, with a slash at its end or without."""
    key = _key(url)
    return next((source for source in sources if _key(source.url) == key), None)


def _key(url: str) -> str:
    return canonical_link(url).rstrip("/").removeprefix("http://").removeprefix("https://")
