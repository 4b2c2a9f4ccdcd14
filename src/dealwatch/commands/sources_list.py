"""``dealwatch sources list``: the sources and how they fare."""

from __future__ import annotations

import typer

from dealwatch.commands.options import OUTPUT, SORT
from dealwatch.commands.session import Session
from dealwatch.errors import hide_secrets
from dealwatch.model import Source
from dealwatch.present import SOURCES, Row

EXAMPLE = "dealwatch sources list --columns name,health,reason"
OPTIONS = (*SORT, *OUTPUT)


def run(ctx: typer.Context) -> int:
    """List the configured sources with their health."""
    session: Session = ctx.find_root().obj
    session.check(SOURCES)
    rows = source_rows(session)
    if not rows:
        session.say("no source is configured; `dealwatch init` writes a configuration with some")
    session.show(rows, SOURCES)
    return 0


def source_rows(session: Session) -> list[Row]:
    """Every configured source as a row of `SOURCES`, with its health."""
    known: dict[str, Row] = {}
    sources = session.config.sources
    if session.store_path.exists():
        with session.store() as store:
            states = store.sources()
            for source in sources:
                known[source.name] = dict(states.get(source.name, {})) | store.source_health(source, session.now)
    return [_row(source, known.get(source.name, {})) for source in sources]


def _health(source: Source, state: Row) -> str:
    if not source.enabled or state.get("disabled_reason"):
        return "disabled"
    if state.get("failures"):
        return "failing"
    if state.get("is_stale"):
        return "stale"
    return "fine" if state.get("last_success_at") else "new"


def _reason(health: str, state: Row) -> object:
    if health == "stale":
        return "selectors.body no longer picks the story: mend it"
    return state.get("disabled_reason") or (state.get("last_error") if state.get("failures") else None)


def _row(source: Source, state: Row) -> Row:
    health = _health(source, state)
    return {
        "name": source.name, "kind": source.kind, "url": hide_secrets(source.url), "lang": source.lang,
        "enabled": source.enabled, "health": health, "every": source.every, "tier": source.tier,
        "last_fetch": state.get("last_fetch_at"), "last_success": state.get("last_success_at"),
        "next_fetch": state.get("next_fetch_at"), "failures": state.get("failures", 0),
        "articles": state.get("articles", 0), "failed_entries": state.get("failed_entries", 0),
        "reason": _reason(health, state), "per_week": state.get("per_week"),
        "full_text_pct": state.get("full_text_pct"),
    }  # fmt: skip
