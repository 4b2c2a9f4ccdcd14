"""The sides of deals, a row a side: for those who count by investor."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import cast

from dealwatch.store.values import Row, chunks, marks

_SHARED = ("date", "status", "type", "round", "target", "amount_usd")


def party_rows(connection: sqlite3.Connection, deals: Sequence[Row], schema: str) -> list[Row]:
    """A row a side of each deal row: role (target or investor), whether it led, the company and what is known of it."""
    companies = _companies(connection, [str(deal["deal_id"]) for deal in deals], schema)
    return [row for deal in deals for row in _sides(deal, companies)]


def _companies(
    connection: sqlite3.Connection, ids: Sequence[str], schema: str
) -> dict[tuple[str, str], sqlite3.Row]:
    """What is known of each party, by deal and name; of several ids for one name the register's."""
    found: dict[tuple[str, str], sqlite3.Row] = {}
    for some in chunks(ids):
        query = (
            "SELECT deal_id, p.name AS party, company_id, kind, country, domain, ticker"
            f" FROM {schema}.deal_parties AS p LEFT JOIN main.companies AS c ON c.id = company_id"
            f" WHERE deal_id IN ({marks(len(some))}) ORDER BY c.status = 'curated', company_id DESC"
        )
        found |= {(row["deal_id"], row["party"]): row for row in connection.execute(query, some)}
    return found


def _sides(deal: Row, companies: dict[tuple[str, str], sqlite3.Row]) -> Iterator[Row]:
    leads = cast(list[str], deal["lead_investors"])
    sides = [("target", deal["target"])] if deal["target"] else []
    sides += [("investor", name) for name in cast(list[str], deal["investors"])]
    for role, name in sides:
        known = companies.get((str(deal["deal_id"]), str(name)))
        yield {
            "deal_id": deal["deal_id"], "role": role, "lead": role == "investor" and name in leads, "party": name,
            "party_id": known["company_id"] if known else None, "party_kind": known["kind"] if known else None,
            "party_country": known["country"] if known else None, "party_domain": known["domain"] if known else None,
            "party_ticker": known["ticker"] if known else None, **{key: deal[key] for key in _SHARED},
        }  # fmt: skip
