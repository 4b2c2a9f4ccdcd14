"""Full text: articles, quotes and the sentences of deals, best first, by FTS5; any text a person types is safe."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from dealwatch.store.values import Row, marks, stamp

KINDS = ("deal", "quote", "article")
MOST = 20  # of each kind, unless told otherwise
# Of the texts that hold all the words the latest so many, parted by the number of words, are ranked: 40 ms of each kind
# where "AI" stands in every one of 100,000 stories.
_RANKED = 10_000
# A phrase in marks, or a word that a "*" may end: everything else is text. A closing mark may be missing.
_TOKEN = re.compile(r'"([^"]{1,200})"?|(\S{1,200})')
_MOST_TOKENS = 16
_LETTER = re.compile(r"\w")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")  # scripts without blanks: no index cuts their words
_OPEN, _CLOSE = "\x02", "\x03"  # round a hit in a snippet: no stored text holds them
_SNIPPET = "char(2), char(3), '…', 24"


class SearchQuery(NamedTuple):
    """What to search for, and where."""

    words: str
    kinds: tuple[str, ...] = KINDS
    company: tuple[str, ...] | None = None  # ids: in articles that name one of them
    since: datetime | None = None  # by publication, both ends inclusive
    until: datetime | None = None
    source: str | None = None
    lang: str | None = None
    limit: int = MOST
    sort: str = ""  # a column, "-" before it turns the order round; the best first where it is ""


def match_of(words: str) -> str:
    """The words as FTS5 takes them: all of them, in any order; "a phrase" as it stands, begun* as a beginning.

    >>> match_of('AI-industry OR "series b" levé*')
    '"AI-industry" "OR" "series b" "levé"*'
    >>> match_of('"unbalanced')
    '"unbalanced"'
    """
    return " ".join(_quoted(words))


def condition(words: str, table: str) -> tuple[str, tuple[str, ...]]:
    """The condition, with its values, that a row of `quotes` or `articles` holds all the words; one that nothing meets
    where there is no word among them.
    """
    if _UNSPACED.search(words):
        parts = words.split()[:_MOST_TOKENS]
        return " AND ".join(f"instr(lower({_WHOLE[table]}), lower(?)) > 0" for _ in parts), tuple(parts)
    return _AMONG[table], (match_of(words) or '""',)


_WHOLE = {"quotes": "quotes.text", "articles": "title || char(10) || articles.text"}
_AMONG = {
    "quotes": "quotes.id IN (SELECT rowid FROM quotes_index('{text} : (' || ? || ')'))",
    "articles": "articles.id IN (SELECT article_id FROM article_numbers WHERE number IN"
    " (SELECT rowid FROM articles_index(?)))",
}


def _quoted(words: str) -> Iterator[str]:
    for phrase, word in _TOKEN.findall(words.replace("\0", " "))[:_MOST_TOKENS]:
        text, begun = phrase or word.rstrip("*"), word.endswith("*")
        if _LETTER.search(text):
            doubled = text.replace('"', '""')
            yield f'"{doubled}"{"*" if begun else ""}'


def search(connection: sqlite3.Connection, query: SearchQuery) -> list[Row]:
    """Rows with kind, date, source, lang, title, speaker, snippet, its `hits`, deal_id, article_id, url and score.

    The best first, across kinds: the score is a row's rank as a share of the best of its kind, from 1 down. Where
    `sort` names a column, so many rows of each kind as it puts first, for the caller to put in order.
    """
    found: list[Row] = []
    for kind in KINDS:
        if kind in query.kinds:
            found += _scored(_of_kind(connection, kind, query), kind)
    found.sort(key=lambda row: -float(str(row["score"])))
    return found if query.sort else found[: query.limit]


def _scored(rows: Sequence[Row], kind: str) -> Iterator[Row]:
    best = min((float(str(row["rank"])) for row in rows), default=0.0)
    for row in rows:
        snippet, hits = _parted(str(row["snippet"] or ""))
        score = round(float(str(row["rank"])) / best, 3) if best else 1.0
        yield {"kind": kind, **{key: row[key] for key in _KEYS}, "snippet": snippet, "hits": hits, "score": score}


def _parted(marked: str) -> tuple[str, list[list[int]]]:
    """A snippet on one line without its marks, and where they stood: start and end of each hit."""
    text, hits = "", []
    for number, part in enumerate(re.split(f"[{_OPEN}{_CLOSE}]", re.sub(r"\s{1,99}", " ", marked))):
        if number % 2:
            hits.append([len(text), len(text) + len(part)])
        text += part
    return text, hits


def _of_kind(connection: sqlite3.Connection, kind: str, query: SearchQuery) -> list[Row]:
    words = match_of(query.words)
    terms, values = _terms(query)
    if not words:
        return []
    if _UNSPACED.search(query.words):
        return _scan(connection, kind, query, terms, values)
    index, ranked = _INDEX[kind], _RANKED // len(list(_quoted(query.words)))
    edge = connection.execute(f"SELECT rowid FROM {index}(?) ORDER BY rowid DESC LIMIT 1 OFFSET {ranked}", (words,))
    order = _order(kind, query.sort)
    floor = 0 if order else (edge.fetchone() or (0,))[0]
    among, given = f"{index} MATCH ? AND {index}.rowid > ?{_LIVE[kind]}{terms}", [words, floor, *values]
    if order:
        found = f"SELECT {index}.rowid FROM {index} {_JOINS[kind]} WHERE {among} ORDER BY {order} LIMIT ?"
        ids = [row[0] for row in connection.execute(found, (*given, query.limit))]
        among, given = f"{index} MATCH ? AND {index}.rowid IN ({marks(len(ids))})", [words, *ids]
    # The index gives its rows in order of their rank, and so no more of them are looked at than are shown.
    statement = (
        f"SELECT {_ARTICLE}, {_SHOWN[kind]}, {index}.rank AS rank FROM {index} {_JOINS[kind]}"
        f" WHERE {among} AND rank MATCH '{_WEIGHTS[kind]}' ORDER BY {index}.rank LIMIT ?"
    )
    return [dict(row) for row in connection.execute(statement, (*given, query.limit))]


def _order(kind: str, sort: str) -> str:
    """The order of the rows to be taken, where another column than the rank decides; "" where it does."""
    name = sort.removeprefix("-")
    column = {"speaker": "quotes.speaker"}.get(name) if kind == "quote" else None
    column = column or ("deal_id" if (kind, name) == ("deal", "deal_id") else _ORDERS.get(name))
    if column is None:
        return ""
    way = "DESC" if (name == "date") != sort.startswith("-") else "ASC"
    return f"{column} IS NULL, {column} COLLATE NOCASE {way}"


_ORDERS = {"date": "a.published_at", "source": "a.source", "lang": "a.lang", "title": "a.title", "article_id": "a.id",
           "url": "a.url"}  # fmt: skip


_INDEX = {"deal": "claims_index", "quote": "quotes_index", "article": "articles_index"}


_KEYS = ("date", "source", "lang", "title", "speaker", "deal_id", "article_id", "url")
_ARTICLE = "a.published_at AS date, a.source, a.lang, a.title, a.id AS article_id, a.url"
# CROSS JOIN: from the index to the rest.
_JOINS = {
    "deal": "CROSS JOIN claims ON claims.id = claims_index.rowid CROSS JOIN articles a ON a.id = claims.article_id"
    " CROSS JOIN deal_claims ON claim_key = claims.key",
    "quote": "CROSS JOIN quotes ON quotes.id = quotes_index.rowid CROSS JOIN articles a ON a.id = quotes.article_id",
    "article": "CROSS JOIN article_numbers ON number = articles_index.rowid"
    " CROSS JOIN articles a ON a.id = article_numbers.article_id",
}
_SHOWN = {
    "deal": f"deal_id, NULL AS speaker, snippet(claims_index, 0, {_SNIPPET}) AS snippet",
    "quote": f"NULL AS deal_id, quotes.speaker AS speaker, snippet(quotes_index, 0, {_SNIPPET}) AS snippet",
    "article": f"NULL AS deal_id, NULL AS speaker, snippet(articles_index, 1, {_SNIPPET}) AS snippet",
}
_WEIGHTS = {"deal": "bm25(1.0)", "quote": "bm25(1.0, 2.0)", "article": "bm25(5.0, 1.0)"}  # of an index's columns
_LIVE = {"deal": " AND claims.superseded_at IS NULL", "quote": "", "article": ""}


def _terms(query: SearchQuery) -> tuple[str, list[object]]:
    """The conditions beside the words, and their values."""
    terms: str = ""
    values: list[object] = []
    for sign, at in ((">=", query.since), ("<=", query.until)):
        if at is not None:
            terms, values = f"{terms} AND a.published_at {sign} ?", [*values, stamp(at)]
    for column, value in (("source", query.source), ("lang", query.lang)):
        if value is not None:
            terms, values = f"{terms} AND a.{column} = ? COLLATE NOCASE", [*values, value]
    if query.company is not None:
        among = f"SELECT article_id FROM mentions WHERE company_id IN ({marks(len(query.company))})"
        terms, values = f"{terms} AND a.id IN ({among})", [*values, *query.company]
    return terms, values


# -- scripts without blanks, whose words no index cuts ----------------------------------------------------------------

_AROUND = 40  # characters of a snippet on either side of its first hit
_FOUND = {
    "deal": f"deal_id, NULL AS speaker, sentence AS found FROM claims_index {_JOINS['deal']}"
    " WHERE claims.superseded_at IS NULL",
    "quote": "NULL AS deal_id, quotes.speaker AS speaker, quotes.text AS found FROM quotes"
    " JOIN articles a ON a.id = quotes.article_id WHERE 1",
    "article": "NULL AS deal_id, NULL AS speaker, a.title || char(10) || a.text AS found FROM articles a WHERE 1",
}


def _scan(
    connection: sqlite3.Connection, kind: str, query: SearchQuery, terms: str, values: Sequence[object]
) -> list[Row]:
    """What holds all the words, the newest first, read from the texts themselves."""
    words = [phrase or word.rstrip("*") for phrase, word in _TOKEN.findall(query.words)[:_MOST_TOKENS]]
    held = "".join(" AND instr(lower(found), lower(?)) > 0" for _ in words)
    statement = f"SELECT {_ARTICLE}, {_FOUND[kind]}{terms}"
    statement = f"SELECT * FROM ({statement}) WHERE 1{held} ORDER BY date DESC LIMIT ?"
    rows = connection.execute(statement, (*values, *words, query.limit))
    return [dict(row) | {"snippet": _cut(row["found"], words), "rank": -1.0} for row in rows]


def _cut(text: str, words: Sequence[str]) -> str:
    at = max(0, text.lower().find(words[0].lower()))
    start, end = max(0, at - _AROUND), at + len(words[0]) + _AROUND
    hit = f"{_OPEN}{text[at : at + len(words[0])]}{_CLOSE}"
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return f"{before}{text[start:at]}{hit}{text[at + len(words[0]) : end]}{after}"
