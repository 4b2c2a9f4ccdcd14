"""People's judgements: what they say of deals, kept as what it says of claims, so that every rebuild keeps it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from dealwatch.errors import NotFound, UsageError
from dealwatch.model import Judgement
from dealwatch.store.values import Row, chunks, marks, moment, stamp


def read_judgements(connection: sqlite3.Connection) -> tuple[Judgement, ...]:
    """The judgements that hold, oldest first."""
    found = connection.execute("SELECT * FROM judgements WHERE undone_at IS NULL ORDER BY id").fetchall()
    return tuple(
        Judgement(row["id"], row["verb"], tuple(json.loads(row["claims"])), row["note"], moment(row["made_at"]))
        for row in found
    )


def judgement_rows(connection: sqlite3.Connection) -> list[Row]:
    """Every judgement, newest first: what it says, of which deals as they are now, and whether it was undone."""
    found = connection.execute("SELECT * FROM judgements ORDER BY id DESC").fetchall()
    return [_row(connection, row) for row in found]


def _row(connection: sqlite3.Connection, row: sqlite3.Row) -> Row:
    claims = [str(key) for key in json.loads(row["claims"])]
    names = claims if row["verb"] == "alias" else []
    deals = set[str]()
    for part in chunks([] if names else claims):
        query = f"SELECT DISTINCT deal_id FROM deal_claims WHERE claim_key IN ({marks(len(part))})"
        deals |= {one[0] for one in connection.execute(query, part)}
    return {
        "judgement": row["id"], "verb": row["verb"], "deals": sorted(deals), "names": names,
        "claims": 0 if names else len(claims), "note": row["note"], "made_at": row["made_at"],
        "undone_at": row["undone_at"],
    }  # fmt: skip


def add_judgement(
    connection: sqlite3.Connection, verb: str, claims: Sequence[str], note: str, now: datetime
) -> Judgement:
    """Write a judgement; with its number."""
    query = "INSERT INTO judgements (verb, claims, note, made_at) VALUES (?, ?, ?, ?)"
    cursor = connection.execute(query, (verb, json.dumps(list(claims)), note, stamp(now)))
    return Judgement(cast(int, cursor.lastrowid), verb, tuple(claims), note, now)  # type: ignore[arg-type]


def undo_judgement(connection: sqlite3.Connection, number: int, now: datetime) -> Judgement:
    """Take a judgement back; raises NotFound, UsageError where that was done before."""
    row = connection.execute("SELECT * FROM judgements WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise NotFound(f"no judgement {number}", "`dealwatch judgements` lists them")
    if row["undone_at"]:
        raise UsageError(f"judgement {number} was undone before", "`dealwatch judgements` lists those that hold")
    connection.execute("UPDATE judgements SET undone_at = ? WHERE id = ?", (stamp(now), number))
    return Judgement(row["id"], row["verb"], tuple(json.loads(row["claims"])), row["note"], moment(row["made_at"]))


def blocks_of_claims(connection: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    """The blocks in which some claims stand."""
    found: set[str] = set()
    for part in chunks(sorted(set(keys))):
        query = f"SELECT DISTINCT block FROM claims WHERE key IN ({marks(len(part))})"
        found |= {row[0] for row in connection.execute(query, part)}
    return found


def rename_claims(connection: sqlite3.Connection, heirs: dict[str, str]) -> None:
    """Let judgements speak of the claims that took others' places, as today's parser reads the same articles, too."""
    for row in connection.execute("SELECT id, verb, claims FROM judgements").fetchall():
        claims: list[str] = json.loads(row["claims"])
        new = [heirs[key] for key in claims if key in heirs and heirs[key] not in claims]
        if new and row["verb"] != "alias":
            values = (json.dumps([*claims, *dict.fromkeys(new)]), row["id"])
            connection.execute("UPDATE judgements SET claims = ? WHERE id = ?", values)
