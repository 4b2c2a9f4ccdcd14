"""A run over the sources that are due: turns in threads, readings in workers, one transaction a source."""

from __future__ import annotations

import logging
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from threading import Event
from typing import Protocol

from dealwatch.config import Config
from dealwatch.errors import DealwatchError, FetchError, NotFound, ReadError
from dealwatch.fetch import Client, current_state, is_due
from dealwatch.model import Source
from dealwatch.pipeline.fetching import read_entry, take_turn
from dealwatch.pipeline.listing import Turn, list_source
from dealwatch.pipeline.memory import Memory, kept_rests
from dealwatch.pipeline.report import Failure, Preview, Progress, RunReport, SourceReport
from dealwatch.pipeline.workers import Workers, give_back
from dealwatch.store.batch import Batch, Packed

log = logging.getLogger("dealwatch")

Tell = Callable[[Progress], None]


class StartWorkers(Protocol):
    """How a run starts its workers; tests give it slower, quicker or faulty ones."""

    def __call__(self, *, register_path: Path | None) -> Workers: ...


SAMPLE = 5  # entries that a preview reads


def run(
    config: Config, path: Path, *, now: datetime, names: Collection[str] = (), force: bool = False,
    dry_run: bool = False, since: datetime | None = None, limit: int | None = None, progress: Tell | None = None,
    stop: Event | None = None, workers: StartWorkers = Workers,
) -> RunReport:  # fmt: skip
    """Fetch the sources that are due (or those named), store what is new, and say how each one fared.

    `force` asks those not due too, unconditionally; `dry_run` reads and stores nothing; `since` and `limit` narrow the
    entries of each source. `stop` ends the run after the turns in hand, which are stored. Raises NotFound for a name
    that the configuration does not have, Locked while another run writes.
    """
    began, stop = time.monotonic(), stop or Event()
    wanted = _find_sources(config, names) if names else list(config.sources)
    with ExitStack() as stack:
        memory = stack.enter_context(Memory.open(path, now, config, dry_run=dry_run))
        client = stack.enter_context(Client(config.fetch, now=now, rests=memory.rests()))
        states = {source.name: current_state(memory.state(source), source) for source in wanted}
        due = [
            source for source in wanted
            if names or (force and source.enabled)
            or (is_due(states[source.name], source, now) and not client.is_resting(states[source.name].url))
        ]  # fmt: skip
        readers = stack.enter_context(workers(register_path=config.register_path))
        turns = [
            Turn(source, states[source.name], memory, client, readers, now, stop, since, limit, force,
                 config.fetch.feed_bytes, config.fetch.page_bytes, client.hold())
            for source in due
        ]  # fmt: skip
        reports = list(_take_turns(turns, memory, config.fetch.workers, progress))
        memory.save_rests(client.rests())
        reports += [SourceReport(source.name, "skipped") for source in wanted if source not in due]
    places = {source.name: place for place, source in enumerate(wanted)}
    reports.sort(key=lambda report: places[report.name])
    return RunReport(tuple(reports), interrupted=stop.is_set(), seconds=time.monotonic() - began)


def _find_sources(config: Config, names: Collection[str]) -> list[Source]:
    """The sources of these names, in the file's order; how a keyboard composes its letters, and case, do not matter."""
    asked = {_plain(name): name for name in names}
    found = [source for source in config.sources if _plain(source.name) in asked]
    missing = asked.keys() - {_plain(source.name) for source in found}
    if missing:
        name = next(name for plain, name in asked.items() if plain in missing)
        near = get_close_matches(_plain(name), [_plain(source.name) for source in config.sources], 1)
        alike = (source.name for source in config.sources if [_plain(source.name)] == near)
        meant = "".join(f"did you mean {name!r}? " for name in alike)
        raise NotFound(f"no source {name!r}", f"{meant}`dealwatch sources list` shows their names")
    return found


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


def _take_turns(turns: Sequence[Turn], memory: Memory, threads: int, progress: Tell | None) -> Iterator[SourceReport]:
    """A report for each turn, as they end; each is stored as it ends, by this thread alone."""
    articles, is_over = 0, False
    pool = ThreadPoolExecutor(max_workers=max(1, min(threads, len(turns) or 1)))
    try:
        running = {pool.submit(_turn_unless_stopped, turn): turn for turn in turns}
        for done, future in enumerate(as_completed(running), 1):
            turn = running.pop(future)  # what it brought is stored, and not kept until the run ends
            report = _store_turn(turn, future, memory)
            if report.outcome == "failed" or report.failures:  # a host may have asked for rest: a kill must not lose it
                memory.save_rests(turn.client.rests())
            articles += report.saved.added + report.saved.revised
            if progress:
                progress(Progress(done, len(turns), articles, report.name))
            yield report
        is_over = True
    finally:  # nobody stores what the threads still bring after an error: they end by themselves, unwaited for
        pool.shutdown(wait=is_over, cancel_futures=True)


def _turn_unless_stopped(turn: Turn) -> tuple[Batch, tuple[Failure, ...], DealwatchError | None] | None:
    return None if turn.stop.is_set() else take_turn(turn)


_TRACE = "--debug shows its traceback, and --log FILE keeps it; please report it"
_Taken = tuple[Batch, tuple[Failure, ...], DealwatchError | None] | None


def _store_turn(turn: Turn, future: Future[_Taken], memory: Memory) -> SourceReport:
    name = turn.source.name
    try:
        taken = future.result()
        if taken is None:
            return SourceReport(name, "left")
        batch, failures, error = taken
        saved = memory.save(batch)
    except DealwatchError:
        raise  # of the store itself: the run cannot go on
    except Exception:  # the source's boundary: a fault of ours ends this source's turn, not the run
        log.exception("source %s: unexpected error", name)
        return SourceReport(name, "failed", error="unexpected error", hint=_TRACE, unexpected=True)
    finally:
        if turn.hold and turn.hold.release():
            give_back()
    if error:
        return SourceReport(name, "failed", error=error.message, hint=error.hint, seconds=batch.seconds)
    outcome = "unchanged" if batch.fetch_outcome == "unchanged" and not batch.outcomes else "stored"
    return SourceReport(name, outcome, len(batch.outcomes), saved, failures, seconds=batch.seconds)  # type: ignore[arg-type]


def preview_source(config: Config, name: str, path: Path, *, now: datetime, sample: int = SAMPLE) -> Preview:
    """What a fetch of a source would store: its entries, and the first few read whole; nothing is stored. A host that
    asked an earlier run on that store for rest has it.

    Raises NotFound for an unknown name, FetchError or ReadError where the source itself cannot be read.
    """
    (source,) = _find_sources(config, [name])
    documents, failures = [], []
    with ExitStack() as stack:
        client = stack.enter_context(Client(config.fetch, now=now, rests=kept_rests(path)))
        workers = stack.enter_context(Workers(register_path=config.register_path))
        turn = Turn(source, current_state(None, source), Memory(None, None), client, workers, now, Event())
        entries = list_source(turn).entries
        for entry in entries[:sample]:
            try:
                documents.append(replace(Packed([read_entry(turn, entry)[0]])[0], entry=entry))
            except (FetchError, ReadError) as error:
                failures.append(Failure(entry.url, error.message))
    return Preview(source, entries, tuple(documents), tuple(failures))
