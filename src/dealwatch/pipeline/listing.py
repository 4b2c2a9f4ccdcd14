"""What a source lists now: its feed, its page of links with the pages after it, its sitemaps, its folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Event

from dealwatch.errors import DealwatchError, FetchError, ReadError
from dealwatch.fetch import Client, Response, SourceState, Validators, after_success, new_state
from dealwatch.fetch.holding import Hold
from dealwatch.model import Entry, Source
from dealwatch.pipeline import tasks
from dealwatch.pipeline.memory import Memory
from dealwatch.pipeline.report import Failure
from dealwatch.pipeline.tasks import Listing
from dealwatch.pipeline.workers import Workers
from dealwatch.store.batch import ChildSitemap

MOST_CHILDREN = 8  # sitemaps of an index that are asked in one turn, the newest first
MOST_PAGES = 5  # of a listing, the first included


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything one source's turn needs."""

    source: Source
    state: SourceState
    memory: Memory
    client: Client
    workers: Workers
    now: datetime
    stop: Event
    since: datetime | None = None
    limit: int | None = None
    force: bool = False
    feed_bytes: int = 10_000_000
    page_bytes: int = 2_000_000
    hold: Hold | None = None  # what it may have in hand


@dataclass(frozen=True, slots=True)
class Listed:
    """The entries that a source lists, what the run has learnt of it, and the parts of it that failed."""

    entries: tuple[Entry, ...]
    state: SourceState
    unchanged: bool = False  # nothing had: then no entries
    children: tuple[ChildSitemap, ...] | None = None
    failures: tuple[Failure, ...] = ()


def list_source(turn: Turn) -> Listed:
    """What a source lists now. Raises FetchError or ReadError where it cannot be asked or read."""
    if turn.source.kind == "folder":
        listing = turn.workers.run(tasks.list_entries, turn.source, _folder_names(turn.source), turn.source.url, {})
        return Listed(listing.entries, after_success(turn.state, turn.source, Response(200, turn.source.url), turn.now))
    if not _is_choice(turn):
        turn = replace(turn, state=with_validators_of(new_state(turn.source), turn.state))
    listed = _list_anew(turn)
    if listed.unchanged:
        return listed
    return replace(listed, state=replace(listed.state, choice=_choice(turn.source, turn.since)))


def _list_anew(turn: Turn) -> Listed:
    state = turn.state
    response = _ask(turn, state.url, Validators(state.etag, state.last_modified, state.given_by), turn.source.headers)
    if _is_same(turn, response, state.body_hash):
        listed = Listed((), after_success(state, turn.source, response, turn.now), unchanged=True)
        return _with_children(turn, listed, _known_children(turn))
    listing = _read(turn, response)
    listed = Listed(listing.entries, after_success(state, turn.source, response, turn.now, listing.ttl or 0))
    if listing.children:
        known = {child.url: child for child in _known_children(turn)}
        return _with_children(turn, listed, [known.get(url, ChildSitemap(url)) for url in listing.children])
    return _with_pages(turn, listed, listing.next_page) if listing.next_page else listed


def with_validators_of(old: SourceState, new: SourceState) -> SourceState:
    """The new state with the old one's validators: the list will come whole again."""
    return replace(
        new, etag=old.etag, last_modified=old.last_modified, given_by=old.given_by, body_hash=old.body_hash,
        choice=old.choice,
    )  # fmt: skip


def _choice(source: Source, since: datetime | None) -> str:
    """What a run takes of a source's list, as a hash: the validators of the list say nothing of the rest."""
    chosen = (source.kind, source.include, source.exclude, source.max_items, sorted(source.selectors.items()))
    return hashlib.sha256(repr((*chosen, bool(since))).encode()).hexdigest()[:16]


def _is_choice(turn: Turn) -> bool:
    """Whether what the list gave was taken as it would be now; a run with `since` wants no more than one without."""
    return turn.state.choice in {_choice(turn.source, None), _choice(turn.source, turn.since)}


def _ask(
    turn: Turn, url: str, known: Validators, headers: Mapping[str, str] | None, *, found: bool = False
) -> Response:
    """The answer of the source's own address, or of one that was `found` on the way: that one asks its robots.txt."""
    asked = Validators() if turn.force else known
    most = turn.page_bytes if turn.source.kind == "html" else turn.feed_bytes  # HTML takes 30 times its bytes to parse
    return turn.client.get(url, limit=most, validators=asked, headers=headers, robots=found, hold=turn.hold)


def _is_same(turn: Turn, response: Response, body_hash: str | None) -> bool:
    return response.not_modified or (response.body_hash == body_hash and not turn.force)


def _read(turn: Turn, response: Response) -> Listing:
    return turn.workers.run(tasks.list_entries, turn.source, response.body, response.url, response.headers)


def _known_children(turn: Turn) -> tuple[ChildSitemap, ...]:
    known = turn.memory.children(turn.source)
    return known if turn.state.choice else tuple(ChildSitemap(child.url) for child in known)


# -- sitemaps of an index ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Children:
    """The sitemaps of an index in one turn: those to ask, those asked, and what they gave."""

    waiting: list[ChildSitemap]
    asked: list[ChildSitemap] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    errors: list[DealwatchError] = field(default_factory=list)
    changed: bool = False


def _with_children(turn: Turn, listed: Listed, children: Sequence[ChildSitemap]) -> Listed:
    """The list with what the index's sitemaps hold: asked though the index is the same, for many never change while
    the sitemaps they name do. One that fails is a failure of its own; where all do, the source has failed.
    """
    if not children:
        return listed
    found = _Children(list(children))
    while found.waiting and len(found.asked) < MOST_CHILDREN and not turn.stop.is_set():
        child = found.waiting.pop(0)
        try:
            found.asked.append(_take_child(turn, child, found))
        except (FetchError, ReadError) as error:
            found.failures.append(Failure(child.url, error.message))
            found.errors.append(error)
            found.asked.append(child)
    if found.errors and len(found.errors) == len(found.asked):
        raise found.errors[0]
    is_kept = listed.unchanged and not found.changed
    return replace(
        listed, entries=tuple(found.entries.values())[: turn.source.max_items], failures=tuple(found.failures),
        unchanged=is_kept, children=None if is_kept else (*found.asked, *found.waiting),
    )  # fmt: skip


def _take_child(turn: Turn, child: ChildSitemap, found: _Children) -> ChildSitemap:
    """The sitemap with what it gave to ask again by; its entries are added, or the sitemaps it names in its turn."""
    known = Validators(child.etag, child.last_modified)
    response = _ask(turn, child.url, known, headers_for(turn.source, child.url), found=True)
    if _is_same(turn, response, child.body_hash):
        given = response.validators
        if response.not_modified:
            given = Validators(given.etag or child.etag, given.last_modified or child.last_modified)
        found.changed = found.changed or (given.etag, given.last_modified) != (child.etag, child.last_modified)
        return replace(child, etag=given.etag, last_modified=given.last_modified)
    listing, found.changed = _read(turn, response), True
    if listing.children:  # an index in an index keeps no validators: what it names must be found again
        seen = {one.url for one in (*found.asked, *found.waiting, child)}
        found.waiting[:0] = [ChildSitemap(url) for url in listing.children if url not in seen]
        return ChildSitemap(child.url)
    for entry in listing.entries:
        found.entries.setdefault(entry.key, entry)
    return ChildSitemap(child.url, response.validators.etag, response.validators.last_modified, response.body_hash)


# -- pages of a listing ------------------------------------------------------------------------------------------------


def _with_pages(turn: Turn, listed: Listed, link: str | None) -> Listed:
    """The list with the entries of the pages after the first, read on while a page brings something new. Where one
    fails, the first comes whole again in the next turn, so that what stood behind it is not lost.
    """
    entries, last, seen = {entry.key: entry for entry in listed.entries}, listed.entries, {turn.state.url}
    failures: list[Failure] = []
    while link and link not in seen and len(seen) < MOST_PAGES and _has_news(turn, last):
        if turn.stop.is_set() or len(entries) >= turn.source.max_items:
            break
        seen.add(link)
        try:
            listing = _read(turn, _ask(turn, link, Validators(), headers_for(turn.source, link), found=True))
        except (FetchError, ReadError) as error:
            failures.append(Failure(link, error.message))
            break
        last, link = listing.entries, listing.next_page
        for entry in last:
            entries.setdefault(entry.key, entry)
    state = with_validators_of(turn.state, listed.state) if failures else listed.state
    most = turn.source.max_items
    return replace(listed, entries=tuple(entries.values())[:most], state=state, failures=tuple(failures))


def _has_news(turn: Turn, entries: Sequence[Entry]) -> bool:
    keys = [entry.key for entry in entries]
    return len(turn.memory.entries(turn.source, keys)) < len(keys)


# -- folders and origins -----------------------------------------------------------------------------------------------


def _folder_names(source: Source) -> bytes:
    folder = Path(source.url)
    try:
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    except OSError as error:
        raise FetchError(f"cannot read {folder}: {error.strerror}") from error
    if not names:
        raise FetchError(f"no folder with pages at {folder}")
    return "\n".join(names).encode("utf-8", "surrogateescape")


def headers_for(source: Source, url: str) -> Mapping[str, str] | None:
    """A source's own headers, which may hold a key: for its own origin, and for no other host, port or scheme."""
    return source.headers if _origin(url) == _origin(source.url) else None


def _origin(url: str) -> tuple[str, str]:
    scheme, _, rest = url.partition("://")
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]
    return scheme.lower(), host.lower()
