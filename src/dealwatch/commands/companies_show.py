"""``dealwatch companies show NAME``: all that is known of one company."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dealwatch.commands.app import suggest
from dealwatch.commands.filters import until_of
from dealwatch.commands.options import Option
from dealwatch.commands.session import Session
from dealwatch.errors import NotFound
from dealwatch.present.cells import dump_json
from dealwatch.present.company import company_object, show_company

if TYPE_CHECKING:
    from dealwatch.companies import Register, Row
    from dealwatch.store import Store

EXAMPLE = 'dealwatch companies show "Mistral AI"'
OPTIONS = (
    Option(("--as-of",), "As it was known at that time.", "WHEN"),
    Option(("--limit",), "At most so many quotes.", "N"),
    Option(("--json",), "Print one object."),
)


def run(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The company, by any of its names or its id.")],
) -> int:
    """Show one company: its rounds in order, its investors, what it bought, what its people said."""
    from dealwatch.companies import load_register

    session: Session = ctx.find_root().obj
    as_of = until_of(session, "as_of")
    register = load_register(session.config.register_path)
    with session.store() as store:
        shown = _read(store, register, _find(store, register, name), as_of, session.number("limit"))
    if session.flag("json"):
        session.write([dump_json(shown, indent=1), "\n"])
    else:
        now = as_of or session.now
        session.write([show_company(shown, now=now, width=session.width, color=session.color)])
    return 0


def _find(store: Store, register: Register, name: str) -> str:
    """The id of the company that a name means: the register's word first, then who bears it most; raises NotFound."""
    rows = {row.id: row for row in register.rows}
    known = rows.get(name) or register.lookup(name)
    if known:
        return known.id
    ids = store.company_ids(name)
    if not ids:
        near = suggest(name, [*store.company_names(), *(row.name for row in register.rows)]) or _with_part(store, name)
        raise NotFound(f"no company {name[:60]!r}", near or "`dealwatch companies` lists those that articles named")
    return max(ids, key=lambda one: (sum(count for _, count in _months(store.company(one))), one))


def _with_part(store: Store, part: str) -> str:
    """The company met most that has the words in its name, as a question; "" where none has."""
    from dealwatch.store.companies import CompanyQuery

    found = store.companies(CompanyQuery(search=part[:100], limit=1)) if part.strip() else []
    return f"did you mean {found[0]['name']}?" if found else ""


def _months(told: Mapping[str, object]) -> list[tuple[str, int]]:
    months = told["months"]
    return months if isinstance(months, list) else []


def _read(store: Store, register: Register, key: str, as_of: datetime | None, limit: int | None) -> dict[str, object]:
    from dealwatch.store import DealQuery

    told = store.company(key, as_of)
    row = next((row for row in register.rows if row.id == key), None)
    as_target = store.deals(DealQuery(target=key, any_topic=True, sort="-date"), as_of)
    as_investor = store.deals(DealQuery(investor=key, any_topic=True, sort="-date"), as_of)
    quotes = store.quotes(company=key, until=as_of, limit=limit)
    return company_object({**told, **_curated(row, register)}, as_target, as_investor, quotes)


def _curated(row: Row | None, register: Register) -> dict[str, object]:
    """What the register says of a company; nothing where it does not know it."""
    if row is None:
        return {}
    names = {other.id: other.name for other in register.rows}
    until = dict(row.renamed)
    return {
        "company_id": row.id, "name": row.name, "kind": row.kind, "status": "curated", "ai": row.ai,
        "country": row.country, "ticker": row.ticker, "domain": row.domain, "people": list(row.people),
        "aliases": list(row.aliases), "parent": names.get(row.parent or ""),
        "formerly": [{"name": name, "until": until.get(name)} for name in row.formerly],
        "merged_into": names.get(row.merged_into or ""), "merged_on": row.merged_on,
        "owns": sorted(other.name for other in register.rows if other.parent == row.id),
    }  # fmt: skip
