"""What the store knows that begins as somebody types it, along its indexes: completion must not be waited for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from dealwatch.companies.fold import fold
from dealwatch.errors import NotFound

_MOST = 60  # names that a shell shows without asking
_AFTER = "\U0010ffff"
_LEAST = 4  # letters of an id that may stand for the whole
_NAMED = 6  # ids of those that begin alike which an error names

Found = list[tuple[str, str]]  # a value, and what it is


def find_companies(connection: sqlite3.Connection, begun: str) -> Found:
    """Companies with a name that begins so, accents and case apart, those of deals first."""
    query = (
        "SELECT DISTINCT companies.name, companies.kind FROM aliases JOIN companies ON companies.id = company_id"
        " WHERE fold >= ? AND fold < ?"
        f" ORDER BY EXISTS (SELECT 1 FROM deal_parties WHERE company_id = companies.id) DESC, name LIMIT {_MOST}"
    )
    return _pairs(connection, query, _range(fold(begun)))


def find_speakers(connection: sqlite3.Connection, begun: str) -> Found:
    """People who are quoted and whose full name begins so."""
    query = (
        "SELECT speaker, coalesce(max(speaker_org), '') FROM quotes WHERE speaker_fold >= ? AND speaker_fold < ?"
        f" GROUP BY speaker ORDER BY count(*) DESC LIMIT {_MOST}"
    )
    return _pairs(connection, query, _range(fold(begun)))


def find_deals(connection: sqlite3.Connection, begun: str) -> Found:
    """Ids of deals that begin so, the newest first, with what they are."""
    query = (
        "SELECT deal_id, coalesce(target, '') || ' ' || replace(type, '_', ' ') || ' ' || date FROM deals"
        f" WHERE deal_id >= ? AND deal_id < ? ORDER BY date DESC LIMIT {_MOST}"
    )
    return _pairs(connection, query, _range(begun))


def find_articles(connection: sqlite3.Connection, begun: str) -> Found:
    """Ids of articles that begin so, the newest first, with their titles."""
    query = (
        f"SELECT id, title FROM articles WHERE id >= ? AND id < ? ORDER BY published_at DESC LIMIT {_MOST}"
    )
    return _pairs(connection, query, _range(begun))


def find_sources(connection: sqlite3.Connection, begun: str) -> Found:
    """Sources that brought articles and begin so."""
    low, high = _range(begun)
    return _pairs(connection, f"SELECT name, kind FROM sources WHERE name >= ? AND name < ? LIMIT {_MOST}", (low, high))


_IDS = {
    # An id that a deal had before answers, too: each claim keeps the one that it would give.
    "deal": "SELECT claim_deal_id FROM deal_claims WHERE claim_deal_id >= ? AND claim_deal_id < ?",
    "article": "SELECT id FROM articles WHERE id >= ? AND id < ?",
    "company": "SELECT id FROM companies WHERE id >= ?1 AND id < ?2"
    " UNION SELECT company_id FROM deal_parties WHERE company_id >= ?1 AND company_id < ?2",
}


def whole_id(connection: sqlite3.Connection, kind: str, begun: str) -> str:
    """The one id that begins so; what was given where there is none; NotFound, which names some, where there are
    several.
    """
    if len(begun) < _LEAST:
        return begun
    found = [row[0] for row in connection.execute(f"{_IDS[kind]} ORDER BY 1 LIMIT 1000", _range(begun))]
    if kind == "deal" and (present := [name for name, _ in find_deals(connection, begun)]):
        found = present
    if len(found) < 2 or begun in found:
        return found[0] if len(found) == 1 else begun
    named = ", ".join(found[:_NAMED]) + (", ..." if len(found) > _NAMED else "")
    raise NotFound(f"{begun} is the beginning of several ids", f"which of {named}?")


FINDERS: Mapping[str, Callable[[sqlite3.Connection, str], Found]] = {
    "company": find_companies, "speaker": find_speakers, "deal": find_deals, "article": find_articles,
    "source": find_sources,
}  # fmt: skip


def _range(begun: str) -> tuple[str, str]:
    return begun, begun + _AFTER


def _pairs(connection: sqlite3.Connection, query: str, values: tuple[str, ...]) -> Found:
    return [(str(row[0]), str(row[1])) for row in connection.execute(query, values) if row[0]]
