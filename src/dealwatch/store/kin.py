"""Which names and which blocks belong together, as the store keeps it for those who read without a register.

`same` is a former name's id or another spelling's, and the company's; `parent` a subsidiary and who owns it; `merged` a
company and its heir; `block` two blocks that an article's names join.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from dealwatch.companies.fold import company_id
from dealwatch.model import Claim, Judgement
from dealwatch.resolve import Names, first_word, parties_of
from dealwatch.store.values import chunks, marks

if TYPE_CHECKING:
    from dealwatch.companies import Register

Kin = tuple[str, str, str, str]  # one, other, kind, and since when ("" where that is not known)


def names_of(connection: sqlite3.Connection, judgements: Iterable[Judgement] = ()) -> Names:
    """The names of companies that are one, and the houses they belong to, with the aliases that people gave."""
    same, parents = dict[str, str](), dict[str, str]()
    for one, other, kind in connection.execute("SELECT one, other, kind FROM kin WHERE kind IN ('same', 'parent')"):
        (same if kind == "same" else parents)[one] = other
    return Names(same, parents).with_judgements(judgements)


def register_kin(register: Register) -> set[Kin]:
    """What a register says of its companies' names and houses. Names that are words stand for nobody else."""
    ids = {row.id for row in register.rows}
    found: set[Kin] = set()
    for row in register.rows:
        until = dict(row.renamed)
        for name in row.names:
            if name not in row.needs_context and name not in row.shared and company_id(name) not in ids | {""}:
                found.add((company_id(name), row.id, "same", until.get(name, "")))
        found |= {(row.id, row.parent, "parent", "")} if row.parent and row.parent != row.id else set()
        found |= {(row.id, row.merged_into, "merged", row.merged_on or "")} if row.merged_into else set()
    return found


def replace_register_kin(connection: sqlite3.Connection, register: Register) -> set[str]:
    """Keep what a register says in place of what the last one said; the blocks whose names changed."""
    kinds = "('same', 'parent', 'merged')"
    query = f"SELECT one, other, kind, coalesce(since, '') FROM kin WHERE kind IN {kinds}"
    known = {tuple(row) for row in connection.execute(query)}
    told: dict[tuple[str, str], Kin] = {}
    for row in sorted(register_kin(register)):
        told.setdefault((row[0], row[2]), row)  # one meaning for a name
    wanted = set(told.values())
    gone = [row[:3] for row in sorted(known - wanted)]
    connection.executemany("DELETE FROM kin WHERE one = ? AND other = ? AND kind = ?", gone)
    new = [(*row[:3], row[3] or None) for row in sorted(wanted - known)]
    connection.executemany("INSERT INTO kin (one, other, kind, since) VALUES (?, ?, ?, ?)", new)
    changed = known ^ wanted
    return {first_word(name) for one, other, kind, _ in changed if kind != "merged" for name in (one, other)}


def join_blocks(connection: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Remember that an article's names join two blocks."""
    rows = [tuple(sorted(pair)) for pair in pairs]
    connection.executemany("INSERT OR IGNORE INTO kin (one, other, kind) VALUES (?, ?, 'block')", rows)


def keep_told_names(connection: sqlite3.Connection, claim: Claim, day: str) -> None:
    """Remember the altogether other names that an article gives its claim's parties ("Orelis, formerly Lumisel")."""
    rows = [
        (form, party.id, day)
        for party in parties_of(claim) for form in party.forms if first_word(form) != first_word(party.id)
    ]  # fmt: skip
    connection.executemany("INSERT OR IGNORE INTO kin (one, other, kind, since) VALUES (?, ?, 'told', ?)", rows)


def name_links(names: Names) -> dict[str, set[str]]:
    """The blocks that other names of one company join to a block."""
    found: dict[str, set[str]] = {}
    for old in names.same:
        one, other = first_word(old), first_word(names.present(old))
        if one != other:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found


def joined_blocks(
    connection: sqlite3.Connection, blocks: Iterable[str], links: Mapping[str, Collection[str]]
) -> set[str]:
    """The blocks, and all that names (`name_links`) or articles join to them."""
    found, ahead = set[str](), set(blocks)
    while ahead:
        found |= ahead
        near = {other for block in ahead for other in links.get(block, ())}
        for part in chunks(sorted(ahead)):
            for column, other in (("one", "other"), ("other", "one")):
                query = f"SELECT {other} FROM kin WHERE kind = 'block' AND {column} IN ({marks(len(part))})"
                near |= {row[0] for row in connection.execute(query, part)}
        ahead = near - found
    return found
