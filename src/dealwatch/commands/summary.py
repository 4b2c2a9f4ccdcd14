"""What a run came to, for people on stderr and as an object on stdout, and the exit code that follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dealwatch.commands.session import Session
from dealwatch.commands.words import one_line
from dealwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_SOURCES
from dealwatch.pipeline import Failure, RunReport, SourceReport
from dealwatch.present.cells import dump_json

_SHOWN = 20  # failures that are named one by one; all of them are in the JSON summary and the log


def count(number: int, one: str, many: str = "") -> str:
    """"1 article", "3 articles"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _source_object(report: SourceReport) -> dict[str, object]:
    saved = report.saved
    return {
        "name": report.name, "outcome": report.outcome, "entries": report.entries, "added": saved.added,
        "revised": saved.revised, "known": saved.known, "claims": saved.claims, "quotes": saved.quotes,
        "error": report.error, "hint": report.hint or None,
        "failures": [{"name": f.name, "reason": f.reason} for f in report.failures],
        "seconds": round(report.seconds, 3),
    }  # fmt: skip


def show_json(session: Session, report: RunReport) -> None:
    """Print the whole report as one object."""
    saved = report.saved
    session.write([
        dump_json({
            "added": saved.added, "revised": saved.revised, "known": saved.known, "claims": saved.claims,
            "quotes": saved.quotes, "failed_sources": len(report.failed), "interrupted": report.interrupted,
            "seconds": round(report.seconds, 3), "sources": [_source_object(source) for source in report.sources],
            "failures": [{"name": failure.name, "reason": failure.reason} for failure in report.failures],
        }, indent=1), "\n",
    ])  # fmt: skip


def _warn_failures(session: Session, failures: Sequence[Failure]) -> None:
    for failure in failures[:_SHOWN]:
        session.warn(f"error: {failure.name}: {failure.reason}")
    if len(failures) > _SHOWN:
        session.warn(f"error: and {len(failures) - _SHOWN} more")


def _warn_sources(session: Session, failed: Sequence[SourceReport]) -> None:
    """A line for each source that failed, and its hint, which stands once where several share it."""
    said: set[str] = set()
    for source in failed:
        session.warn(f"error: {source.name}: {source.error}")
        if source.hint and source.hint not in said:
            said.add(source.hint)
            session.say(f"hint: {source.hint}")


def _log_pages(report: RunReport) -> None:
    import logging

    log = logging.getLogger("dealwatch")
    for source in report.sources:
        why = f" ({source.error})" if source.error else ""
        entries = count(source.entries, "entry", "entries")
        log.info("%s: %s%s, %s, %.1f s", source.name, source.outcome, why, entries, source.seconds)
        for failure in source.failures:
            log.info("%s: %s: %s", source.name, one_line(failure.name), failure.reason)


def show_fetch(session: Session, report: RunReport, *, dry: bool) -> int:
    """Say which sources failed and what came in; the exit code."""
    _log_pages(report)
    _warn_sources(session, report.failed)
    if session.flag("json"):
        show_json(session, report)
    else:
        session.say(_fetch_line(report, dry=dry))
    if report.unexpected:
        return EXIT_FAILED
    return EXIT_SOURCES if report.failed else EXIT_OK


def _fetch_line(report: RunReport, *, dry: bool) -> str:
    outcomes = Counter(str(source.outcome) for source in report.sources)
    names = (("stored", "read"), ("unchanged", "unchanged"), ("failed", "failed"), ("skipped", "not due"),
             ("left", "not reached"))  # fmt: skip
    parts = ", ".join(f"{outcomes[key]} {word}" for key, word in names if outcomes[key])
    pages = sum(len(source.failures) for source in report.sources)
    missed = f"; {count(pages, 'page')} failed and will be tried again" if pages else ""
    line = f"{count(len(report.sources), 'source')}: {parts or 'none due'}; {_gain(report)}{missed}"
    return f"{line}; nothing stored (dry run)" if dry else f"{line} in {report.seconds:.1f} s"


def _gain(report: RunReport) -> str:
    saved = report.saved
    revised = f", {saved.revised:,} changed" if saved.revised else ""
    told = f"{count(saved.claims, 'claim')}, {count(saved.quotes, 'quote')}"
    return f"{count(saved.added, 'new article')}{revised}, {told}"


def show_import(session: Session, report: RunReport) -> int:
    """Say which documents failed and what came in; the exit code."""
    _log_pages(report)
    _warn_failures(session, report.failures)
    if session.flag("json"):
        show_json(session, report)
    else:
        known = f", {report.saved.known:,} known already" if report.saved.known else ""
        failed = f", {len(report.failures):,} failed" if report.failures else ""
        left = f"; went on after {report.resumed:,} that a stopped import had read" if report.resumed else ""
        session.say(f"{_gain(report)}{known}{failed} in {report.seconds:.1f} s{left}")
    return EXIT_SOURCES if report.failures else EXIT_OK
