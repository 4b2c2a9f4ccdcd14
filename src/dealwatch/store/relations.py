"""How deals belong together: the rounds before a takeover, a round's extensions, the names that a company had."""

from __future__ import annotations

import json
import sqlite3

from dealwatch.model import Deal
from dealwatch.store.values import Row, marks

_ROUNDS = "('funding_round', 'investment')"
_KEYS = ("deal_id", "type", "status", "date", "round", "amount_low", "amount_high", "amount_scale", "currency",
         "amount_qualifier")  # fmt: skip


def relations(connection: sqlite3.Connection, deal: Deal) -> list[Row]:
    """The deals that a deal stands in a relation to, oldest first, each with the relation's name.

    A takeover has the named rounds before it; a named round those before, after, its extensions and its takeover. A
    round without a name (a secondary sale, a stake) stands by itself.
    """
    if deal.target is None or (deal.type == "funding_round" and not deal.round):
        return []
    if deal.type not in ("funding_round", "acquisition"):
        return []
    ids = _ids(connection, deal.target.id)
    query = (
        f"SELECT {', '.join(_KEYS)} FROM deals WHERE target_id IN ({marks(len(ids))}) AND deal_id <> ?"
        " AND (type = 'acquisition' OR (type = 'funding_round' AND round IS NOT NULL)) AND status <> 'called_off'"
        " ORDER BY date, deal_id"
    )
    own = connection.execute("SELECT date FROM deals WHERE deal_id = ?", (deal.id,)).fetchone()
    day = own[0] if own else deal.date or ""
    found = ((dict(row), _relation(deal, day, row)) for row in connection.execute(query, [*ids, deal.id]).fetchall())
    return [{"relation": relation, **row} for row, relation in found if relation]


def _relation(deal: Deal, day: str, other: sqlite3.Row) -> str | None:
    before = other["date"] < day
    if deal.type == "acquisition":
        return "earlier round" if other["type"] == "funding_round" and before else None
    if other["type"] == "acquisition":
        return None if before else "takeover"
    ours, theirs = (str(name).casefold() for name in (deal.round, other["round"]))
    if ours.startswith(f"{theirs} "):
        return "extends"
    if theirs.startswith(f"{ours} "):
        return "extended by"
    return "earlier round" if before else "later round"


def _ids(connection: sqlite3.Connection, company: str) -> list[str]:
    query = "SELECT one FROM kin WHERE kind IN ('same', 'told') AND other = ? UNION SELECT other FROM kin"
    found = connection.execute(f"{query} WHERE kind IN ('same', 'told') AND one = ?", (company, company)).fetchall()
    return sorted({company, *(row[0] for row in found)})


def other_names(connection: sqlite3.Connection, company: str) -> list[Row]:
    """The names that a company had until a day, and the company that it goes on in."""
    ids = _ids(connection, company)
    among = marks(len(ids))
    query = (
        f"SELECT one, other, kind, since FROM kin WHERE (one IN ({among}) OR other IN ({among}))"
        " AND (kind IN ('merged', 'told') OR (kind = 'same' AND since IS NOT NULL))"
    )
    rows = connection.execute(query, ids * 2).fetchall()
    words = {"same": "formerly", "told": "formerly", "merged": "merged into"}
    found: list[Row] = []
    for row in rows:
        gone = row["kind"] == "merged" and row["one"] not in ids  # another one went on in this one
        name = row["one"] if row["kind"] != "merged" or gone else row["other"]
        relation = "took in" if gone else words[row["kind"]]
        found.append({"relation": relation, "name": _name(connection, name), "on": row["since"]})
    for (claims,) in connection.execute("SELECT claims FROM judgements WHERE verb = 'alias' AND undone_at IS NULL"):
        pair = json.loads(claims)
        if company in pair:
            other = pair[1 - pair.index(company)]
            found.append({"relation": "also", "name": _name(connection, other), "on": None})
    return found


def _name(connection: sqlite3.Connection, company: str) -> str:
    row = connection.execute("SELECT name FROM companies WHERE id = ?", (company,)).fetchone()
    return str(row[0]) if row else company
