"""``dealwatch companies``: who is met how often, and whom the register should learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from dealwatch.commands.filters import choose
from dealwatch.commands.options import LIMIT, OUTPUT
from dealwatch.commands.session import Session
from dealwatch.present.columns import CANDIDATES, COMPANIES
from dealwatch.store.companies import SORTS, CompanyQuery

EXAMPLE = "dealwatch companies list --kind investor --sort raised_usd"
OPTIONS = (*LIMIT, *OUTPUT)
KINDS = ("ai", "technology", "investor", "bank", "public", "other", "unknown")


def run(
    ctx: typer.Context,
    search: Annotated[str, typer.Option(metavar="NAME", help="Those with this in one of their names.")] = "",
    kind: Annotated[str, typer.Option(metavar="KIND", help=f"Of this kind: {', '.join(KINDS)}.")] = "",
    country: Annotated[str, typer.Option(metavar="CODE", help="Of this country: US, FR, ...")] = "",
    status: Annotated[str, typer.Option(metavar="STATUS", help="curated (in the register) or candidate.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Those of the register that no article names, too.")] = False,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Only what a register lacks: candidates with the row each would get.")
    ] = False,
    sort: Annotated[
        str, typer.Option(metavar="COLUMN", help="The column to sort by; -COLUMN the other way.")
    ] = "deals",
) -> int:
    """List companies with their deals, articles and quotes, those of most deals first."""
    session: Session = ctx.find_root().obj
    sort = sort[:1] + sort[1:].replace("-", "_")
    if sort not in SORTS:  # which the store sorts by, so that --limit reads no more than it shows
        session.given["sort"], sort = sort, "deals"
    session.check(CANDIDATES if suggest else COMPANIES)
    query = CompanyQuery(
        search=search or None, kind=choose(kind, KINDS, "kind") if kind else None, country=country or None,
        status=choose(status, ("curated", "candidate"), "status") if status else None, unmet=every,
        sort=sort, limit=session.limit,
    )  # fmt: skip
    if suggest:
        _show_candidates(session, query)
        return 0
    from dealwatch.present.company import with_raised

    with session.store() as store:
        rows = store.companies(query)
    session.show(with_raised(rows), COMPANIES)
    return 0


def _show_candidates(session: Session, query: CompanyQuery) -> None:
    from dealwatch.companies import load_register
    from dealwatch.companies.proposing import propose

    known = load_register(session.config.register_path)
    with session.store() as store:
        met = store.candidates_met()
        if query.search or query.kind or query.country or query.status:
            chosen = {row["company_id"] for row in store.companies(replace(query, status="candidate", limit=None))}
            met = [one for one in met if one[0] in chosen]
        new = [(key, deals) for key, name, deals in met if known.lookup(name) is None]
        most = session.shown_at_most
        rows = store.candidates(_first(new, most))
    session.show(propose(rows[:most], known), CANDIDATES, of=len(new) if session.text("limit") is None else None)
    if new:
        session.say("put rows under [companies] of a file that `register` names in the configuration's [companies]")


def _first(met: Sequence[tuple[str, int]], most: int | None) -> list[str]:
    """The ids of the first so many, and of all that have as many deals as the last of them: what else is counted
    decides between those.
    """
    least = met[most - 1][1] if most and len(met) > most else 0
    return [key for key, deals in met if deals >= least]
