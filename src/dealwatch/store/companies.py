"""What the store knows of companies: how often each is met, whom the register lacks, and one company's traces."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from dealwatch.companies.fold import fold
from dealwatch.store.values import Row, marks

# CROSS JOIN: from a company to its deals; SQLite would read all deals for each company.
# Money that came to a company: rounds, and other equity; rumours and what was called off brought none.
_RAISED = "d.type IN ('funding_round', 'investment', 'ipo') AND d.status IN ('announced', 'completed')"
_BACKED = "d.type IN ('funding_round', 'investment', 'debt', 'grant')"
# Of the AI industry by its own row, or by a deal that brought it money.
_OF_AI = (
    "(c.ai OR EXISTS (SELECT 1 FROM deal_parties AS p CROSS JOIN deals AS d ON d.deal_id = p.deal_id"
    " WHERE p.company_id = c.id AND p.role = 'target' AND d.ai = 1))"
)
_COUNTS = (
    " (SELECT count(DISTINCT deal_id) FROM deal_parties WHERE company_id = c.id) AS deals,"
    " (SELECT count(DISTINCT article_id) FROM mentions WHERE company_id = c.id) AS articles,"
    " (SELECT count(*) FROM quotes WHERE speaker_id = c.id) AS quotes"
)
_SORTS = {
    "deals": "deals DESC, articles DESC, name", "articles": "articles DESC, deals DESC, name",
    "quotes": "quotes DESC, deals DESC, name", "name": "name COLLATE NOCASE, company_id",
    "raised_usd": "raised_usd IS NULL, raised_usd DESC, name",
}  # fmt: skip
SORTS = tuple(_SORTS)


@dataclass(frozen=True, slots=True)
class CompanyQuery:
    """Which companies to list; every field narrows, None does not."""

    search: str | None = None  # a part of one of its names
    kind: str | None = None
    country: str | None = None
    status: str | None = None  # curated or candidate
    unmet: bool = False  # those of the register that no article has named, too
    sort: str = "deals"
    limit: int | None = None


def company_rows(connection: sqlite3.Connection, query: CompanyQuery) -> list[Row]:
    """A row a company with its counts: deals it takes part in, articles that name it, quotes of its people."""
    terms: list[tuple[str, Sequence[object]]] = [("1", ())]
    for column, value in (("kind", query.kind), ("country", query.country), ("status", query.status)):
        if value is not None:
            terms.append((f"{column} = ? COLLATE NOCASE", (value,)))
    if query.search is not None:
        part = fold(query.search).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        among = "SELECT company_id FROM aliases WHERE fold LIKE ? ESCAPE '\\'"
        terms.append((f"id IN ({among})", (f"%{part}%",)) if part else ("0", ()))
    if not query.unmet:
        terms.append((
            "(EXISTS (SELECT 1 FROM mentions WHERE company_id = c.id)"
            " OR EXISTS (SELECT 1 FROM deal_parties WHERE company_id = c.id))", (),
        ))  # fmt: skip
    where, values = " AND ".join(term for term, _ in terms), [value for _, group in terms for value in group]
    text = (
        f"SELECT id AS company_id, name, kind, status, ai, country, ticker, domain,{_COUNTS},"
        " (SELECT sum(d.amount_usd) FROM deal_parties AS p CROSS JOIN deals AS d ON d.deal_id = p.deal_id"
        f" WHERE p.company_id = c.id AND p.role = 'target' AND {_RAISED}) AS raised_usd"
        f" FROM companies AS c WHERE {where} ORDER BY {_SORTS[query.sort]}"
    )
    limit = "" if query.limit is None else f" LIMIT {int(query.limit)}"
    return [dict(row) | {"ai": bool(row["ai"])} for row in connection.execute(text + limit, values)]


def candidates_met(connection: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """Id, name and number of deals of the companies that only articles know, those of most deals first."""
    query = (
        "SELECT id, name, (SELECT count(DISTINCT deal_id) FROM deal_parties WHERE company_id = c.id) AS deals"
        " FROM companies AS c WHERE status = 'candidate' AND kind <> 'public'"
        " AND EXISTS (SELECT 1 FROM mentions WHERE company_id = c.id) ORDER BY deals DESC, name"
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def candidate_rows(connection: sqlite3.Connection, ids: Sequence[str]) -> list[Row]:
    """Some of the companies that only articles know, those of most deals, sources and articles first, each with its
    sides.
    """
    query = (
        f"SELECT c.id AS company_id, name, kind, {_OF_AI} AS ai,{_COUNTS}, count(DISTINCT a.source) AS sources,"
        " min(a.published_at) AS first_seen, max(a.published_at) AS last_seen,"
        " (SELECT count(*) FROM deal_parties AS p CROSS JOIN deals AS d ON d.deal_id = p.deal_id"
        f" WHERE p.company_id = c.id AND p.role = 'investor' AND {_BACKED}) AS backed"
        " FROM companies AS c JOIN (SELECT DISTINCT company_id, article_id FROM mentions"
        " WHERE company_id IN (SELECT value FROM json_each(?1))) AS m ON m.company_id = c.id"
        " JOIN articles AS a ON a.id = m.article_id WHERE c.id IN (SELECT value FROM json_each(?1)) GROUP BY c.id"
        " ORDER BY deals DESC, sources DESC, articles DESC, name"
    )
    return [dict(row) | {"ai": bool(row["ai"])} for row in connection.execute(query, (json.dumps(ids),))]


def company_row(connection: sqlite3.Connection, company_id: str) -> Row | None:
    """What the store's own table says of one company; None where it has no row."""
    query = "SELECT id AS company_id, name, kind, status, ai, country, ticker, domain FROM companies WHERE id = ?"
    found = connection.execute(query, (company_id,)).fetchone()
    return dict(found) | {"ai": bool(found["ai"])} if found else None


def company_folds(connection: sqlite3.Connection, company_id: str) -> list[str]:
    """The folds of every name that it answers to, whoever gave it."""
    found = connection.execute("SELECT fold FROM aliases WHERE company_id = ? ORDER BY fold", (company_id,))
    return [row[0] for row in found]


def months_told(connection: sqlite3.Connection, ids: Sequence[str], until: str | None) -> list[tuple[str, int]]:
    """How many articles name the companies, by month of publication, in order."""
    query = (
        "SELECT substr(published_at, 1, 7) AS month, count(*) FROM articles WHERE id IN"
        f" (SELECT article_id FROM mentions WHERE company_id IN ({marks(len(ids))}))"
        f"{' AND published_at <= ?' if until else ''} GROUP BY month ORDER BY month"
    )
    return [(row[0], row[1]) for row in connection.execute(query, [*ids, *([until] if until else [])])]
