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
_RANKED = 15_000  # of the texts that hold a word the latest so many are ranked: 60 ms, where "AI" stands in every story
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

    The best first, across kinds: the score is a row's rank as a share of the best of its kind, from 1 down.
    """
    found: list[Row] = []
    for kind in KINDS:
        if kind in query.kinds:
            found += _scored(_of_kind(connection, kind, query), kind)
    return sorted(found, key=lambda row: -float(str(row["score"])))[: query.limit]


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
    index = _INDEX[kind]
    edge = connection.execute(f"SELECT rowid FROM {index}(?) ORDER BY rowid DESC LIMIT 1 OFFSET {_RANKED}", (words,))
    floor = (edge.fetchone() or (0,))[0]
    statement = f"SELECT {_ARTICLE}, {_FROM_INDEX[kind]} MATCH ? AND {index}.rowid > ?{terms} ORDER BY rank LIMIT ?"
    return [dict(row) for row in connection.execute(statement, (words, floor, *values, query.limit))]


_INDEX = {"deal": "claims_index", "quote": "quotes_index", "article": "articles_index"}


_KEYS = ("date", "source", "lang", "title", "speaker", "deal_id", "article_id", "url")
_ARTICLE = "a.published_at AS date, a.source, a.lang, a.title, a.id AS article_id, a.url"
_JOINS = {
    "deal": "JOIN claims ON claims.id = claims_index.rowid JOIN articles a ON a.id = claims.article_id"
    " JOIN deal_claims ON claim_key = claims.key",
    "quote": "JOIN quotes ON quotes.id = quotes_index.rowid JOIN articles a ON a.id = quotes.article_id",
    "article": "JOIN article_numbers ON number = articles_index.rowid"
    " JOIN articles a ON a.id = article_numbers.article_id",
}
_FROM_INDEX = {
    "deal": f"deal_id, NULL AS speaker, snippet(claims_index, 0, {_SNIPPET}) AS snippet, bm25(claims_index) AS rank"
    f" FROM claims_index {_JOINS['deal']} WHERE claims.superseded_at IS NULL AND claims_index",
    "quote": f"NULL AS deal_id, quotes.speaker AS speaker, snippet(quotes_index, 0, {_SNIPPET}) AS snippet,"
    f" bm25(quotes_index, 1.0, 2.0) AS rank FROM quotes_index {_JOINS['quote']} WHERE quotes_index",
    "article": f"NULL AS deal_id, NULL AS speaker, snippet(articles_index, 1, {_SNIPPET}) AS snippet,"
    f" bm25(articles_index, 5.0, 1.0) AS rank FROM articles_index {_JOINS['article']} WHERE articles_index",
}


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
