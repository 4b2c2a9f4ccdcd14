"""Reading: plain sqlite3, read-only, every row fetched before it is shown.

A listing needs SQL alone; what needs the claims themselves, and the resolver with them, is in `claims` and loaded when
it is asked for.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from dealwatch.companies.fold import fold
from dealwatch.errors import NotFound, UsageError
from dealwatch.store.connection import connect_reader
from dealwatch.store.values import Clock, Row, chunks, marks, moment, number, stamp

if TYPE_CHECKING:
    from dealwatch.model import Claim, Deal, Judgement, Source
    from dealwatch.resolve import Names
    from dealwatch.store.claims import Claims
    from dealwatch.store.companies import CompanyQuery
    from dealwatch.store.searching import SearchQuery

DEAL_COLUMNS = (
    "deal_id", "date", "date_precision", "completed_on", "status", "type", "round", "target", "target_domain",
    "investors", "lead_investors", "amount_low", "amount_high", "amount_scale", "currency", "amount_qualifier",
    "amount_usd", "fx_date", "valuation_low", "valuation_high", "valuation_scale", "valuation_currency",
    "valuation_qualifier", "stake_pct", "confirmations", "sources", "best_source_url", "evidence", "first_seen",
    "last_seen",
)  # fmt: skip
# What an import needs of an article, as it reads it: a day where only the day of publication is known.
_WHOLE = (
    "canonical_url, CASE date_precision WHEN 'day' THEN substr(published, 1, 10) ELSE published END AS published,"
    " observed_at AS fetched, text"
)
# The last word of a speaker's name, as the index `quotes_surname` has it.
_SURNAME = "substr(speaker_fold, length(rtrim(speaker_fold, replace(speaker_fold, ' ', ''))) + 1)"
_MOST_KIN = 200  # ids by which one company is looked for
_LISTS = {"investors", "lead_investors", "sources", "authors"}
# What is sorted by: columns of numbers and times the largest and latest first, those of text from A to Z.
_FALLING = {
    "date", "completed_on", "amount_low", "amount_high", "amount_scale", "amount_usd", "fx_date", "valuation_low",
    "valuation_high", "valuation_scale", "stake_pct", "confirmations", "first_seen", "last_seen",
}  # fmt: skip
_SORTS = {name: f"{name} COLLATE NOCASE" for name in DEAL_COLUMNS} | {name: name for name in _FALLING} | {
    "amount": "amount_usd", "valuation": "coalesce(valuation_high, valuation_low)",
    **{name: f"nullif({name}, '[]') COLLATE NOCASE" for name in ("investors", "lead_investors", "sources")},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DealQuery:
    """Which deals to list; every field narrows, None and () do not."""

    company: str | None = None  # on either side, by any alias
    investor: str | None = None
    target: str | None = None
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    round: str | None = None
    currency: str | None = None
    minimum: Decimal | None = None  # in `currency`, else in US dollars
    maximum: Decimal | None = None
    since: date | None = None  # by the deal's date, both ends inclusive
    until: date | None = None
    lang: str | None = None
    source: str | None = None
    any_topic: bool = False  # False: AI-industry deals only
    review: bool = False  # only deals that the resolver doubts
    sort: str = "date"  # a column; "-" before it turns the order round (dates and sums: newest, largest first)
    limit: int | None = None


class Store:
    """The reading side of a store. Use as a context manager.

    Raises StoreError when the file is missing, foreign, damaged, newer or older.
    """

    def __init__(self, path: Path) -> None:
        self._connection = connect_reader(path)
        self.path = path

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self._connection.execute(query, values).fetchall()

    # -- companies ---------------------------------------------------------------------------------------------------

    def company_ids(self, name: str) -> tuple[str, ...]:
        """The ids that a name may mean: by id, name or any alias; () when nothing in the store is called so."""
        query = "SELECT company_id FROM aliases WHERE fold = ? UNION SELECT id FROM companies WHERE id = ?"
        found = {row[0] for row in self._rows(query, (fold(name), name))}
        return tuple(sorted(self._with_kin(found)))

    def _with_kin(self, ids: set[str]) -> set[str]:
        """Ids of companies, and those that mean the same: names before and after, heirs, aliases that people gave."""
        given = self._rows("SELECT claims FROM judgements WHERE verb = 'alias' AND undone_at IS NULL")
        pairs = [json.loads(row[0]) for row in given]
        ahead, found = ids, set[str]()
        while ahead:
            found |= ahead
            near = {other for pair in pairs for other in pair if ahead & set(pair)}
            for column, other in (("one", "other"), ("other", "one")):
                kinds = "kind IN ('same', 'merged', 'told')"
                query = f"SELECT {other} FROM kin WHERE {kinds} AND {column} IN ({marks(len(ahead))})"
                near |= {row[0] for row in self._rows(query, sorted(ahead))}
            ahead = near - found if len(found) < _MOST_KIN else set()
        return found

    def speaker_names(self) -> list[str]:
        """The names of all who are quoted, for suggestions."""
        query = "SELECT DISTINCT speaker FROM quotes WHERE speaker IS NOT NULL ORDER BY 1"
        return [row[0] for row in self._rows(query)]

    def company_names(self) -> list[str]:
        """The names of all companies that a deal or a quote is about, for suggestions and completion."""
        query = "SELECT DISTINCT name FROM deal_parties UNION SELECT DISTINCT speaker_org FROM quotes ORDER BY 1"
        return [row[0] for row in self._rows(query) if row[0]]

    def words(self, kind: str) -> list[str]:
        """The values that a filter can have in this store, for suggestions: of source, lang, currency or round."""
        queries = {
            "source": "SELECT name FROM sources UNION SELECT DISTINCT source FROM articles",
            "lang": "SELECT DISTINCT lang FROM articles", "currency": "SELECT DISTINCT currency FROM deals",
            "round": "SELECT DISTINCT round FROM deals",
        }  # fmt: skip
        return sorted(row[0] for row in self._rows(queries[kind]) if row[0])

    def whole_id(self, kind: Literal["deal", "article", "company"], begun: str) -> str:
        """The one id that begins so, four letters at least; what was given where there is none. NotFound where there
        are several: the hint names them.
        """
        from dealwatch.store.completing import whole_id

        return whole_id(self._connection, kind, begun)

    def companies(self, query: CompanyQuery) -> list[Row]:
        """Companies with how often each is met: in deals, in articles, in quotes of its people."""
        from dealwatch.store.companies import company_rows

        return company_rows(self._connection, query)

    def candidates_met(self) -> list[tuple[str, str, int]]:
        """Id, name and deals of the companies that articles named and no register knows, those of most deals first."""
        from dealwatch.store.companies import candidates_met

        return candidates_met(self._connection)

    def candidates(self, ids: Sequence[str]) -> list[Row]:
        """Some of those companies with their counts, those met most first."""
        from dealwatch.store.companies import candidate_rows

        return candidate_rows(self._connection, ids)

    def company(self, company_id: str, until: datetime | None = None) -> Row:
        """What the store has of one company: its row where there is one, its names' folds, articles by month."""
        from dealwatch.store.companies import company_folds, company_row, months_told

        at = stamp(until) if until else None
        return {
            **(company_row(self._connection, company_id) or {}), "folds": company_folds(self._connection, company_id),
            "months": months_told(self._connection, (company_id,), at),
        }  # fmt: skip

    def complete(self, kind: str, begun: str) -> list[tuple[str, str]]:
        """What the store knows that begins so, with what it is: a company, speaker, deal, article or source."""
        from dealwatch.store.completing import FINDERS

        return FINDERS[kind](self._connection, begun)

    # -- deals -------------------------------------------------------------------------------------------------------

    def deals(self, query: DealQuery = DealQuery(), as_of: datetime | None = None) -> list[Row]:
        """Rows of `DEAL_COLUMNS`, sorted; as known at a time of the world's clock where `as_of` is given."""
        with self._schema(as_of) as schema:
            return self._deals(query, schema)

    def parties(self, query: DealQuery = DealQuery(), as_of: datetime | None = None) -> list[Row]:
        """Who is on which side of the deals that `deals` gives, in its order: the target first, then the investors."""
        from dealwatch.store.parties import party_rows

        with self._schema(as_of) as schema:
            return party_rows(self._connection, self._deals(query, schema), schema)

    def _schema(self, as_of: datetime | None) -> AbstractContextManager[str]:
        return self._claims.past(as_of) if as_of else nullcontext("main")

    def _deals(self, query: DealQuery, schema: str) -> list[Row]:
        where, values = self._conditions(query, schema)
        order = _order_by(query.sort)
        limit = "" if query.limit is None else " LIMIT ?"
        found = self._rows(
            "SELECT *, (SELECT domain FROM main.companies WHERE id = target_id) AS target_domain"
            f" FROM {schema}.deals AS deals WHERE {where} ORDER BY {order}{limit}",
            values if query.limit is None else [*values, query.limit],
        )
        return [_deal_row(row) for row in found]

    def _conditions(self, query: DealQuery, schema: str) -> tuple[str, list[object]]:
        terms: list[tuple[str, Sequence[object]]] = [("1", ())]
        if not query.any_topic:
            terms.append(("ai = 1", ()))
        for name, roles in (
            (query.company, ("investor", "lead", "target")), (query.investor, ("investor", "lead")),
            (query.target, ("target",)),
        ):  # fmt: skip
            if name is not None:
                terms.append(self._party_condition(name, roles, schema))
        for column, chosen in (("type", query.types), ("status", query.statuses)):
            if chosen:
                terms.append((f"{column} IN ({marks(len(chosen))})", chosen))
        for column, value in (("round", query.round), ("currency", query.currency)):
            if value is not None:
                terms.append((f"{column} = ? COLLATE NOCASE", (value,)))
        sum_column = "coalesce(amount_high, amount_low)" if query.currency else "amount_usd"
        for sign, bound in ((">=", query.minimum), ("<=", query.maximum)):
            if bound is not None:
                terms.append((f"{sum_column} {sign} ?", (number(bound),)))
        for sign, day in ((">=", query.since), ("<=", query.until)):
            if day is not None:
                terms.append((f"date {sign} ?", (day.isoformat(),)))
        for column, value in (("langs", query.lang), ("sources", query.source)):
            if value is not None:
                terms.append((f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value = ? COLLATE NOCASE)", (value,)))
        if query.review:
            terms.append((f"EXISTS (SELECT 1 FROM {schema}.doubts AS d WHERE d.deal_id = deals.deal_id)", ()))
        return " AND ".join(term for term, _ in terms), [value for _, values in terms for value in values]

    def _party_condition(self, name: str, roles: tuple[str, ...], schema: str) -> tuple[str, Sequence[object]]:
        ids = self.company_ids(name)
        if not ids:
            return "0", ()
        return (
            f"deals.deal_id IN (SELECT deal_id FROM {schema}.deal_parties WHERE company_id IN ({marks(len(ids))})"
            f" AND role IN ({marks(len(roles))}))",
            (*ids, *roles),
        )

    # -- claims and the past -----------------------------------------------------------------------------------------

    @cached_property
    def _claims(self) -> Claims:
        from dealwatch.store.claims import Claims  # the resolver, 40 ms: a plain listing does without

        return Claims(self._connection)

    def claims(
        self, until: datetime | None = None, *, clock: Clock = "published", blocks: Collection[str] | None = None
    ) -> list[Claim]:
        """The claims that held at a time of a clock (now, when None), of some blocks or of all."""
        return self._claims.claims(until, clock=clock, blocks=blocks)

    def resolve(
        self, until: datetime | None = None, *, clock: Clock = "published", blocks: Collection[str] | None = None
    ) -> tuple[Deal, ...]:
        """The deals of some blocks (or all) from the claims that held at a time of a clock."""
        return self._claims.resolve(until, clock=clock, blocks=blocks)

    def states(
        self, since: datetime, until: datetime, *, clock: Clock = "published"
    ) -> tuple[tuple[Deal, ...], tuple[Deal, ...]]:
        """The deals before and after, of the blocks that a claim touched in between."""
        return self._claims.states(since, until, clock=clock)

    def changes(
        self, since: datetime, until: datetime
    ) -> tuple[list[Row], tuple[tuple[Deal, ...], tuple[Deal, ...]]]:
        """What was told in a stretch of the world's clock: lines of the deals' histories, as they are kept; and, for
        the few deals whose past is not the beginning of their present, their states before and after.
        """
        from dealwatch.store.histories import read_line

        query = "SELECT * FROM deal_changes WHERE at > ? AND at <= ? ORDER BY deal_id, place"
        found = self._rows(query, (stamp(since), stamp(until)))
        if not self._is_unsettled(since):
            return [read_line(row) for row in found], ((), ())
        apart = self._claims.unsettled(since)
        before, after = (self._claims.resolve(at, blocks=apart) for at in (since, until))
        return [read_line(row) for row in found if row["block"] not in apart], (before, after)

    def _is_unsettled(self, since: datetime) -> bool:
        """Whether the past of some deals may not be the beginning of their present."""
        edited = "SELECT 1 FROM claims WHERE published_until > ? AND superseded_at IS NULL"
        merged = "SELECT 1 FROM judgements WHERE verb = 'merge' AND undone_at IS NULL"
        return bool(self._rows(f"SELECT EXISTS ({edited}) OR EXISTS ({merged})", (stamp(since),))[0][0])

    def topical(self, deals: Collection[str], at: datetime) -> set[str]:
        """Those of some deals that were known, by a time, to be of the AI industry."""
        found: set[str] = set()
        for part in chunks(sorted(deals)):
            query = f"SELECT deal_id FROM deals WHERE deal_id IN ({marks(len(part))}) AND ai_at <= ?"
            found |= {row[0] for row in self._rows(query, [*part, stamp(at)])}
        return found

    def deal(self, deal_id: str, as_of: datetime | None = None) -> Deal:
        """One deal with its claims, by its id or by one that it had before; raises NotFound."""
        return self._claims.deal(deal_id, as_of)

    def edited_claims(self, deal: Deal, as_of: datetime | None = None) -> list[tuple[Claim, datetime]]:
        """What the articles of a deal told before they were edited: each claim with the time until which it held."""
        return self._claims.edited(deal, as_of)

    def deal_row(self, deal: Deal) -> Row:
        """A deal, as known at any time, as a row of `DEAL_COLUMNS`."""
        row = self._claims.deal_row(deal)
        domain = self._rows("SELECT domain FROM companies WHERE id = ?", (row["target_id"],))
        return _deal_row(row | {"target_domain": domain[0][0] if domain else None})

    def usd(self, currency: str, day: date) -> Decimal | None:
        """US dollars for one unit of a currency on a day, as the writer kept it."""
        return self._claims.usd(currency, day)

    def judgements(self) -> tuple[Judgement, ...]:
        """The judgements that hold, oldest first."""
        return self._claims.judgements()

    def names(self) -> Names:
        """Which names of companies mean one, aliases that people gave included."""
        return self._claims.names

    def judgement_rows(self) -> list[Row]:
        """Every judgement, newest first: what it says, of which deals, and whether it was undone."""
        from dealwatch.store.judging import judgement_rows

        return judgement_rows(self._connection)

    def review(self, query: DealQuery, as_of: datetime | None = None) -> list[Row]:
        """Pairs of deals that the resolver doubts to be two, each pair once, with the two sides."""
        from dealwatch.store.reviewing import review_rows

        return review_rows(self._connection, {str(row["deal_id"]): row for row in self.deals(query, as_of)})

    def relations(self, deal: Deal) -> list[Row]:
        """The deals before and after that belong to a deal: rounds of its target, its takeover, extensions."""
        from dealwatch.store.relations import relations

        return relations(self._connection, deal)

    def other_names(self, company: str) -> list[Row]:
        """The names that a company had or goes on in: each with its relation and, where it is known, the day."""
        from dealwatch.store.relations import other_names

        return other_names(self._connection, company)

    def mark(self, name: str) -> datetime | None:
        """The time up to which everything has been shown under a name; None when nothing has."""
        found = self._rows("SELECT observed_at FROM marks WHERE name = ?", (name,))
        return moment(found[0][0]) if found else None

    def search(self, query: SearchQuery) -> list[Row]:
        """What holds the words, the best first: deals by their sentences, quotes and articles."""
        from dealwatch.store.searching import search

        return search(self._connection, query)

    # -- articles, quotes, sources -----------------------------------------------------------------------------------

    def quotes(
        self, *, speaker: str | None = None, company: str | None = None, about: str | Deal | None = None,
        search: str | None = None, since: datetime | None = None, until: datetime | None = None,
        source: str | None = None, lang: str | None = None, limit: int | None = None,
        deals: Collection[str] | None = None,
    ) -> list[Row]:  # fmt: skip
        """Quotes, newest first: by speaker (full name or surname), by the company they speak for, on a deal.

        `deals` are ids of the deals as they now are, from whose stories the quotes shall be.
        """
        terms: list[tuple[str, Sequence[object]]] = [("1", ())]
        if speaker is not None:
            either = f"(speaker_fold = ? OR ({_SURNAME} = ? AND speaker_fold LIKE ? ESCAPE '\\'))"
            terms.append((either, _speaker_values(fold(speaker))))
        if company is not None:
            ids = self.company_ids(company)
            terms.append((f"speaker_id IN ({marks(len(ids))})", ids))
        if about is not None:
            terms.append(self._about(about))
        if deals is not None:
            terms.append(_told_term(deals, "quotes.article_id"))
        if search is not None:
            terms.append(_search_term(search, "quotes"))
        terms += _article_terms(since, until, source, lang, "quotes")
        query = (
            "SELECT articles.published_at AS date, speaker, speaker_org, speaker_title, quotes.text AS quote,"
            " quotes.kind, closed, confidence, articles.source AS source, articles.lang AS lang,"
            ' articles.title AS title, url, article_id, start, "end", speaker_id, cue'
            " FROM quotes JOIN articles ON articles.id = article_id"
        )
        found = self._select(query, terms, "quotes.published_at DESC, article_id, start", limit)
        return [row | {"closed": bool(row["closed"])} for row in found]

    def _about(self, about: str | Deal) -> tuple[str, Sequence[object]]:
        """The condition that a quote stands in a story of a deal, or in one that names a company; raises NotFound."""
        companies = self.company_ids(about) if isinstance(about, str) else ()
        if companies:
            among = f"SELECT article_id FROM mentions WHERE company_id IN ({marks(len(companies))})"
            return f"quotes.article_id IN ({among})", companies
        try:
            deal = self.deal(self.whole_id("deal", about)) if isinstance(about, str) else about
        except NotFound as error:
            hint = "`dealwatch deals --topic any` lists the ids of deals and the names of companies"
            raise NotFound(f"no deal or company {about}", hint) from error
        ids = tuple({c.origin.article_id for c in deal.claims if c.origin})
        return f"quotes.article_id IN ({marks(len(ids))})", ids

    def articles(
        self, *, company: str | None = None, search: str | None = None, since: datetime | None = None,
        until: datetime | None = None, source: str | None = None, lang: str | None = None, any_topic: bool = True,
        limit: int | None = None, whole: bool = False, deals: Collection[str] | None = None,
    ) -> list[Row]:  # fmt: skip
        """Articles, newest first, with how many claims and quotes each holds; `whole` adds what an import needs.

        `deals` are ids of the deals as they now are, which the articles shall tell.
        """
        terms: list[tuple[str, Sequence[object]]] = [("1", ())]
        if company is not None:
            ids = self.company_ids(company)
            among = f"SELECT article_id FROM mentions WHERE company_id IN ({marks(len(ids))})"
            terms.append((f"articles.id IN ({among})", ids))
        if search is not None:
            terms.append(_search_term(search, "articles"))
        if not any_topic:
            terms.append(("ai = 1", ()))
        if deals is not None:
            terms.append(_told_term(deals, "articles.id"))
        terms += _article_terms(since, until, source, lang, "articles")
        query = (
            "SELECT id AS article_id, published_at AS date, date_precision, source, lang, title, url, authors,"
            " revision, observed_at AS first_seen, method, length(text) AS characters, paywalled,"
            " (SELECT count(*) FROM claims WHERE article_id = articles.id AND published_until IS NULL"
            " AND superseded_at IS NULL) AS deals,"
            " (SELECT count(*) FROM quotes WHERE article_id = articles.id) AS quotes"
        )
        query += f", {_WHOLE} FROM articles" if whole else " FROM articles"
        found = self._select(query, terms, "published_at DESC, id", limit)
        return [
            row | {"authors": json.loads(str(row["authors"])), "paywalled": bool(row["paywalled"])} for row in found
        ]

    def article(self, article_id: str) -> Row:
        """One article whole, with its text; raises NotFound."""
        found = self._rows("SELECT * FROM articles WHERE id = ?", (article_id,))
        if not found:
            raise NotFound(f"no article {article_id}", "`dealwatch articles` lists their ids")
        row = dict(found[0])
        return row | {
            "authors": json.loads(row["authors"]), "ai": bool(row["ai"]), "paywalled": bool(row["paywalled"]),
        }  # fmt: skip

    def revisions(self, article_id: str) -> list[Row]:
        """Every text that an article has had, oldest first."""
        query = (
            "SELECT r.article_id, number, r.title, CASE number WHEN a.revision THEN a.text ELSE r.text END AS text,"
            " r.text_hash, r.published_at, r.observed_at FROM revisions AS r JOIN articles AS a ON a.id = article_id"
            " WHERE article_id = ? ORDER BY number"
        )
        return [dict(row) for row in self._rows(query, (article_id,))]

    def claim_rows(
        self, *, limit: int | None = None, deals: Collection[str] | None = None, as_of: datetime | None = None
    ) -> list[Row]:
        """Every claim that holds, or held at a time, for export, oldest first, with its article's source and address;
        of some deals as they now are, or of all.
        """
        return self._claims.rows(limit, deals, as_of)

    def sources(self) -> dict[str, Row]:
        """What the store knows of each source it has fetched, by name, with counts of its articles."""
        query = (
            "SELECT sources.*, (SELECT count(*) FROM articles WHERE articles.source = sources.name) AS articles,"
            " (SELECT count(*) FROM entries WHERE entries.source = sources.name AND state = 'failed') AS failed_entries"
            " FROM sources ORDER BY name"
        )
        return {row["name"]: dict(row) for row in self._rows(query)}

    def source_health(self, source: Source, now: datetime) -> Row:
        """What a source brought lately: articles a week, the percentage read whole, whether its selectors are stale."""
        from dealwatch.store.health import source_health

        return source_health(self._connection, source, now)

    def counts(self) -> Row:
        """How many articles, claims, deals and quotes the store holds."""
        tables = ("articles", "claims", "deals", "quotes")
        return {name: self._rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables}

    def schema_version(self) -> int:
        """The version of the file's schema."""
        return int(self._rows("PRAGMA user_version")[0][0])

    def damage(self) -> list[str]:
        """What SQLite finds wrong in the file, a line each; none for a sound one."""
        told = [str(row[0]) for row in self._rows("PRAGMA integrity_check(20)")]
        broken = [f"{row[0]} names a missing row of {row[2]}" for row in self._rows("PRAGMA foreign_key_check")[:20]]
        return ([] if told == ["ok"] else told) + broken

    def last_observed(self) -> datetime | None:
        """The latest time at which the store learnt something; None of an empty one."""
        found = self._rows("SELECT max(observed_at) FROM articles")[0][0]
        return moment(found) if found else None

    def count_old(self, before: datetime) -> Row:
        """What `Writer.prune` would take: articles without a claim, older texts of others, quotes, rows of fetches."""
        from dealwatch.store.pruning import count_old

        return count_old(self._connection, before)

    def _select(
        self, query: str, terms: Sequence[tuple[str, Sequence[object]]], order: str, limit: int | None
    ) -> list[Row]:
        where = " AND ".join(term for term, _ in terms)
        values = [value for _, group in terms for value in group]
        text = f"{query} WHERE {where} ORDER BY {order}"
        return [dict(row) for row in self._rows(text if limit is None else f"{text} LIMIT {int(limit)}", values)]


def _order_by(sort: str) -> str:
    name = sort.removeprefix("-").replace("-", "_")
    if name not in _SORTS:
        from difflib import get_close_matches

        near = "".join(f"did you mean {guess}? " for guess in get_close_matches(name[:60], _SORTS, 1, 0.6))
        known = ", ".join(sorted(_SORTS))
        raise UsageError(f"cannot sort by {name[:60]!r}", f"{near}one of {known}; a '-' before it turns it round")
    falls = name in _FALLING or name in ("amount", "valuation")
    descending = falls != sort.startswith("-")
    way, column = "DESC" if descending else "ASC", _SORTS[name]
    if name == "date":  # never null, and so read along its index
        return f"date {way}, deal_id {way}"
    return f"{column} IS NULL, {column} {way}, deal_id"


def _deal_row(row: sqlite3.Row | Row) -> Row:
    return {key: json.loads(str(row[key])) if key in _LISTS else row[key] for key in DEAL_COLUMNS}


def _article_terms(
    since: datetime | None, until: datetime | None, source: str | None, lang: str | None, table: str
) -> list[tuple[str, Sequence[object]]]:
    terms: list[tuple[str, Sequence[object]]] = []
    for sign, at in ((">=", since), ("<=", until)):
        if at is not None:
            terms.append((f"{table}.published_at {sign} ?", (stamp(at),)))
    for column, value in (("source", source), ("lang", lang)):
        if value is not None:
            terms.append((f"articles.{column} = ? COLLATE NOCASE", (value,)))
    return terms


def _told_term(deals: Collection[str], column: str) -> tuple[str, Sequence[object]]:
    """The condition that an article tells one of some deals: as one text, since a statement takes no hundred thousand
    parameters.
    """
    told = "SELECT claims.article_id FROM deal_claims JOIN claims ON claims.key = deal_claims.claim_key"
    among = f"{told} WHERE deal_claims.deal_id IN (SELECT value FROM json_each(?))"
    return f"{column} IN ({among})", (json.dumps(sorted(deals)),)


def _search_term(words: str, table: str) -> tuple[str, Sequence[object]]:
    """The condition that a quote's text, or an article, holds all the words."""
    from dealwatch.store.searching import condition

    return condition(words, table)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _speaker_values(folded: str) -> tuple[str, str, str]:
    return folded, folded.rpartition(" ")[2], f"% {_escaped(folded)}"
