"""One source's turn: list, choose what is new, read it. What comes back is a batch; nothing is stored here."""

from __future__ import annotations

import hashlib
import logging
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from dealwatch.errors import DealwatchError, FetchError, ReadError
from dealwatch.fetch import HttpError, Refused, Resting, after_failure
from dealwatch.fetch.holding import LARGE
from dealwatch.model import Entry, Source
from dealwatch.pipeline import tasks
from dealwatch.pipeline.files import read_bytes
from dealwatch.pipeline.listing import Listed, Turn, headers_for, list_source, with_validators_of
from dealwatch.pipeline.report import Failure
from dealwatch.sources import canonical_link
from dealwatch.store.batch import Batch, EntryOutcome, EntryState, Packed, weigh
from dealwatch.store.writing import entry_hash, is_front

log = logging.getLogger("dealwatch")

REREAD = timedelta(days=1)  # a page is read once more after a day: most edits come within hours
RETRY = timedelta(minutes=15)  # after a page's first failure; doubled each time, up to a day
MOST_WEIGHT = 8_000_000  # bytes of unpacked documents that one turn brings: 100 stories of 20,000 characters
_SHUT = (401, 402, 403, 451)  # what a page that is there answers to those it does not want to read it
MOST_TRIES = 8  # a page that failed so often is given up


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entry to read in this turn, and how often it failed before."""

    entry: Entry
    tries: int = 0
    again: bool = False  # the second reading, a day after the first
    is_alone: bool = True  # False: its link is no address of its own
    hash: str | None = None  # of the entry as it was listed: what the store gives back lacks summary and content


def take_turn(turn: Turn) -> tuple[Batch, tuple[Failure, ...], DealwatchError | None]:
    """The batch that a source's turn brings, the pages that failed, and why the source itself failed, if it did."""
    began = time.monotonic()
    try:
        listed = list_source(turn)
    except (FetchError, ReadError) as error:
        state = after_failure(turn.state, turn.source, error, turn.now, random.random())
        taken = time.monotonic() - began
        batch = Batch(turn.source, state=state, fetch_outcome="failed", seconds=taken, error=error.message)
        return batch, (), copy(error)  # its frames have the body in hand, and it is kept until it is reported
    chosen = list(choose(turn, listed.entries))
    if turn.hold and sum(_weight(choice.entry) for choice in chosen) <= LARGE:
        turn.hold.release()
    documents, outcomes, failures = _read_chosen(turn, chosen[: turn.limit])
    if len(documents) < len(chosen):
        listed = _ask_again(turn, listed, chosen, outcomes)
    is_same = listed.unchanged or (turn.source.kind == "folder" and not chosen)
    outcome, taken = "unchanged" if is_same else "read", time.monotonic() - began
    batch = Batch(turn.source, Packed(documents), outcomes, listed.state, listed.children, outcome, taken)
    return batch, (*listed.failures, *failures), None


def _ask_again(turn: Turn, listed: Listed, chosen: Sequence[Chosen], outcomes: Sequence[EntryOutcome]) -> Listed:
    """The list without its new validators where it must be seen again: it was not read to its end, or an entry failed
    whose text stands nowhere but in it. A 304 would hide those for good. A list that was not read to its end is due as
    soon as its answer's max-age and ttl let us.
    """
    stopped = any(outcome.state == "pending" and not outcome.error for outcome in outcomes)
    only_here = any(outcome.next_try_at and not _has_page(turn.source) for outcome in outcomes)
    if not (stopped or only_here or len(outcomes) < len(chosen)):
        return listed
    state = with_validators_of(turn.state, listed.state)
    if stopped:
        state = replace(state, next_fetch_at=turn.now + timedelta(seconds=max(state.max_age, state.ttl)))
    return replace(listed, state=state, children=None)


# -- choosing --------------------------------------------------------------------------------------------------------


def choose(turn: Turn, entries: Sequence[Entry]) -> Iterator[Chosen]:
    """What to read: new and changed entries, and those that are due again though the source did not change."""
    known, links = turn.memory.entries(turn.source, [entry.key for entry in entries]), Counter(e.url for e in entries)
    listed = {entry.key for entry in entries}
    due = [
        Chosen(old.entry, old.tries, old.state == "stored", hash=old.hash)
        for key, old in (turn.memory.due(turn.source, turn.now) if _has_page(turn.source) else {}).items()
        if key not in listed
    ]
    fresh = [
        replace(choice, is_alone=links[entry.url] == 1 and not is_front(entry.url))
        for entry in entries
        if (choice := _choose_listed(turn, entry, known.get(entry.key)))
    ]
    for choice in (*fresh, *due):
        published = choice.entry.published
        if not (turn.since and published and published < turn.since):
            yield choice


def _has_page(source: Source) -> bool:
    """Whether an entry can be read by its address alone, without the list that told of it."""
    return source.full_text != "feed"


def _choose_listed(turn: Turn, entry: Entry, known: EntryState | None) -> Chosen | None:
    told = _told(turn, entry)
    if known is None or known.hash != told:
        return Chosen(entry, hash=told)
    due = known.next_try_at is not None and known.next_try_at <= turn.now
    due = due or (known.state == "skipped" and turn.since is None)
    return Chosen(entry, known.tries, known.state == "stored", hash=told) if due else None


def _told(turn: Turn, entry: Entry) -> str:
    """What an entry says, as a hash; of a saved page its size and the time of its saving belong to that."""
    told = entry_hash(entry)
    if turn.source.kind != "folder":
        return told
    try:
        found = Path(entry.url).stat()
    except OSError:
        return told
    return hashlib.sha256(f"{told} {found.st_mtime_ns} {found.st_size}".encode()).hexdigest()[:32]


# -- reading ---------------------------------------------------------------------------------------------------------


def _read_chosen(
    turn: Turn, chosen: Sequence[Chosen]
) -> tuple[list[bytes], tuple[EntryOutcome, ...], tuple[Failure, ...]]:
    """The documents, packed; what became of each entry; and the failures. What is left when the run is to stop, or
    when the source brings more text than one turn may have in hand, is pending: the next run reads on.
    """
    documents: list[bytes] = []
    outcomes: list[EntryOutcome] = []
    failures: list[Failure] = []
    packed = weight = 0
    pages: dict[str, EntryOutcome] = {}  # what became of a page, by its address: many items may link to one
    for choice in chosen:
        known, place = choice.hash or entry_hash(choice.entry), canonical_link(choice.entry.url)
        if place in pages:
            outcomes.append(_like(choice, pages[place], known))
            continue
        if turn.stop.is_set() or weight > MOST_WEIGHT or (turn.hold and turn.hold.is_long()):
            outcomes.append(EntryOutcome(_bare(choice.entry), "pending", next_try_at=turn.now, hash=known))
            continue
        try:
            document, from_page = read_entry(turn, choice.entry, is_alone=choice.is_alone)
        except (FetchError, ReadError) as error:
            failures.append(Failure(choice.entry.url or choice.entry.key, error.message))
            outcomes.append(_failed(turn, choice, error))
            if choice.entry.url:
                pages[place] = outcomes[-1]
            if said := _said_by_list(turn, choice, error):
                documents.append(said)
            continue
        if _is_before(turn, choice.entry, document):
            outcomes.append(EntryOutcome(_bare(choice.entry), "skipped", hash=known))
            continue
        documents.append(document)
        packed, weight = packed + len(document), weight + weigh(document)
        if turn.hold and packed > LARGE:
            turn.hold.take()
        again = turn.now + REREAD if from_page and not choice.again else None
        outcomes.append(EntryOutcome(_bare(choice.entry), "stored", next_try_at=again, hash=known))
        if from_page:
            pages[place] = outcomes[-1]
    return documents, tuple(outcomes), tuple(failures)


def _is_before(turn: Turn, entry: Entry, document: bytes) -> bool:
    """Whether the page of an entry without a date says that it is older than what the run is to take."""
    if turn.since is None or entry.published:
        return False
    (found,) = Packed([document])
    return found.article.published is not None and found.article.published < turn.since


def _said_by_list(turn: Turn, choice: Chosen, error: DealwatchError) -> bytes | None:
    """What the list itself says of a story whose page is kept from us (robots.txt, a login, a wall): its headline and
    summary, until the page answers. They often hold the deal.
    """
    entry = choice.entry
    is_shut = isinstance(error, Refused) or (isinstance(error, HttpError) and error.status in _SHUT)
    is_asked = turn.source.full_text == "auto" and choice.is_alone and not isinstance(error, Resting)
    if not (is_shut and is_asked and entry.title and entry.summary):
        return None
    try:
        return turn.workers.run(tasks.pack_entry_document, entry, turn.source, if_whole=False)
    except ReadError:
        return None


def _like(choice: Chosen, page: EntryOutcome, known: str) -> EntryOutcome:
    """The outcome of an entry whose page was read for another one in this turn: that one reads it again, too."""
    later = page.next_try_at if page.state != "stored" else None
    return replace(page, entry=_bare(choice.entry), hash=known, next_try_at=later, like=page.entry.key)


def _weight(entry: Entry) -> int:
    return len(entry.summary) + len(entry.content)


def _bare(entry: Entry) -> Entry:
    """An entry without the texts that were read: they would wait with it for the store."""
    return replace(entry, summary="", content="")


def _failed(turn: Turn, choice: Chosen, error: DealwatchError) -> EntryOutcome:
    known = choice.hash or entry_hash(choice.entry)
    if isinstance(error, Resting):  # it was not asked: that is no try
        later = turn.now + timedelta(seconds=error.retry_after)
        return EntryOutcome(_bare(choice.entry), "pending", error=error.message, next_try_at=later, hash=known)
    tries = choice.tries + 1
    wait = min(RETRY * 2 ** (tries - 1), timedelta(days=1))
    is_over = tries >= MOST_TRIES or not choice.entry.url  # no page: asked again if it changes
    is_gone = isinstance(error, HttpError) and error.status == 410
    again = None if is_over or is_gone else turn.now + wait
    return EntryOutcome(_bare(choice.entry), "failed", error=error.message, next_try_at=again, hash=known)


def read_entry(turn: Turn, entry: Entry, *, is_alone: bool = True) -> tuple[bytes, bool]:
    """The packed document of an entry, and whether its page was read for it (else the feed held it whole).

    An item without a web address has no page: what the feed says is all there is. A feed whose items all link to its
    front page would make revisions of one article of them: an item that the feed holds whole and that is not alone at
    its link is told apart by its key. Whether it holds it whole is for a worker to say: that, too, parses HTML.
    """
    source = turn.source
    if source.kind == "folder":
        body = read_bytes(Path(entry.url))
        return turn.workers.run(tasks.pack_saved_document, body, source, entry), False
    is_all = not entry.url or source.full_text == "feed"
    if is_all or (source.full_text == "auto" and entry.content):
        own = entry if is_alone or not entry.url else replace(entry, url=f"{entry.url}#{quote(entry.key, safe='')}")
        packed = turn.workers.run(tasks.pack_entry_document, own, source, if_whole=not is_all)
        if packed is not None:
            return packed, False
    response = turn.client.get_page(entry.url, headers=headers_for(source, entry.url), hold=turn.hold)
    kind = response.headers.get("content-type")
    task = tasks.pack_page_document
    return turn.workers.run(task, response.body, response.url, kind, source, entry, entry.url), True
