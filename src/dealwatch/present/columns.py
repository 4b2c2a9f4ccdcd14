"""The keys of every kind of row, in one place: the JSON keys and CSV columns that people build on.

A key keeps its name and meaning once released; new ones go to the end. What a table on a terminal shows is another
matter: a choice of these keys, with the sums of money put together for people (`amount`, `valuation`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dealwatch.errors import UsageError

Row = Mapping[str, object]


class Listing(NamedTuple):  # a tenth of what a frozen dataclass costs at every start
    """One kind of row: its keys in order, and how a table on a terminal shows it."""

    name: str  # of many of them: "deals"
    keys: tuple[str, ...]
    table: tuple[str, ...]  # the columns of a table, in order
    cut: tuple[str, ...] = ()  # columns that are cut short when the terminal is narrow
    spare: tuple[str, ...] = ()  # columns that go, the first first, before those are cut to stumps
    times: tuple[str, ...] = ()  # shown to the minute in a table
    numbers: tuple[str, ...] = ()  # set to the right in a table


LABELS: Mapping[str, str] = {  # heads of a table
    "deal_id": "deal", "article_id": "article", "confirmations": "conf.", "per_week": "a week",
    "full_text_pct": "whole %", "last_success": "last read", "next_fetch": "next due",
}  # fmt: skip

# Sums of money for people, from the keys that hold them for machines: column -> prefix and key of the currency.
MONEY: Mapping[str, tuple[str, str]] = {
    "amount": ("amount", "currency"),
    "valuation": ("valuation", "valuation_currency"),
    "other_amount": ("other_amount", "other_currency"),
}

DEALS = Listing(
    "deals",
    (
        "deal_id", "date", "date_precision", "completed_on", "status", "type", "round", "target", "target_domain",
        "investors", "lead_investors", "amount_low", "amount_high", "amount_scale", "currency", "amount_qualifier",
        "amount_usd", "fx_date", "valuation_low", "valuation_high", "valuation_scale", "valuation_currency",
        "valuation_qualifier", "stake_pct", "confirmations", "sources", "best_source_url", "evidence", "first_seen",
        "last_seen",
    ),
    ("deal_id", "date", "status", "type", "target", "investors", "round", "amount", "valuation", "confirmations"),
    cut=("investors", "target", "sources", "evidence", "best_source_url", "target_domain", "lead_investors"),
    spare=("confirmations", "valuation", "round", "type", "deal_id"),
    times=("first_seen", "last_seen"),
    numbers=("amount", "valuation", "confirmations", "amount_usd", "amount_low", "amount_high", "stake_pct"),
)  # fmt: skip

PARTIES = Listing(
    "parties",
    (
        "deal_id", "role", "lead", "party", "party_id", "party_kind", "party_country", "party_domain", "party_ticker",
        "date", "status", "type", "round", "target", "amount_usd",
    ),
    ("date", "party", "role", "lead", "target", "type", "status", "amount_usd", "deal_id"),
    cut=("party", "target"),
    numbers=("amount_usd",),
)  # fmt: skip

DIFF = Listing(
    "changes",
    ("deal_id", "target", "type", "change", "field", "was", "now", "was_source", "now_source", "at"),
    ("at", "change", "target", "type", "field", "was", "now", "now_source", "deal_id"),
    cut=("target", "was", "now", "was_source", "now_source"),
    spare=("now_source", "deal_id"),
    times=("at",),
)

QUOTES = Listing(
    "quotes",
    (
        "date", "speaker", "speaker_org", "speaker_title", "quote", "kind", "closed", "confidence", "source", "lang",
        "title", "url", "article_id", "start", "end", "speaker_id", "cue",
    ),
    ("date", "speaker", "speaker_org", "quote", "source"),
    cut=("quote", "speaker_org", "speaker_title", "title", "url"),
    spare=("speaker_org", "source"),
    times=("date",),
    numbers=("start", "end", "confidence"),
)  # fmt: skip

ARTICLES = Listing(
    "articles",
    (
        "article_id", "date", "date_precision", "source", "lang", "title", "url", "authors", "revision", "first_seen",
        "method", "characters", "deals", "quotes", "paywalled",
    ),
    ("article_id", "date", "source", "lang", "title", "deals", "quotes"),
    cut=("title", "url", "authors"),
    spare=("quotes", "lang", "source"),
    times=("date", "first_seen"),
    numbers=("revision", "characters", "deals", "quotes"),
)  # fmt: skip

CLAIMS = Listing(
    "claims",
    (
        "claim_key", "article_id", "published_at", "observed_at", "source", "url", "type", "status", "main", "voice",
        "target", "investors", "lead_investors", "amount_low", "amount_high", "amount_scale", "currency",
        "amount_qualifier", "valuation_low", "valuation_high", "valuation_scale", "valuation_currency",
        "valuation_qualifier", "round", "stake_pct", "date", "confidence", "evidence", "parser",
    ),
    ("claim_key", "published_at", "source", "status", "type", "target", "investors", "round", "amount", "valuation"),
    cut=("url", "target", "investors", "evidence"),
    times=("published_at", "observed_at"),
    numbers=("amount", "valuation", "confidence"),
)  # fmt: skip

COMPANIES = Listing(
    "companies",
    (
        "company_id", "name", "kind", "status", "ai", "country", "ticker", "domain", "deals", "articles", "quotes",
        "raised_usd",
    ),
    ("name", "kind", "status", "country", "deals", "raised", "articles", "quotes", "company_id"),
    cut=("name", "domain", "company_id"),
    spare=("company_id", "quotes", "country"),
    numbers=("deals", "articles", "quotes", "raised", "raised_usd"),
)  # fmt: skip

CANDIDATES = Listing(
    "candidates",
    (
        "company_id", "name", "kind", "ai", "deals", "articles", "sources", "quotes", "first_seen", "last_seen", "like",
        "like_id", "row",
    ),
    ("name", "kind", "deals", "articles", "sources", "like", "row"),
    cut=("name", "like", "row"),
    spare=("sources", "kind"),
    times=("first_seen", "last_seen"),
    numbers=("deals", "articles", "sources", "quotes"),
)  # fmt: skip

_SIDE = (
    "deal_id", "date", "status", "round", "investors", "amount_low", "amount_high", "amount_scale", "currency",
    "amount_qualifier", "sources", "evidence", "best_source_url",
)  # fmt: skip
REVIEW = Listing(
    "doubts",
    ("target", "type", "why", *_SIDE, *(f"other_{key}" for key in _SIDE)),
    (
        "target", "why", "deal_id", "date", "amount", "round", "other_deal_id", "other_date", "other_amount",
        "other_round",
    ),
    cut=("target", "why"),
    spare=("round", "other_round"),
    numbers=("amount", "other_amount"),
)

JUDGEMENTS = Listing(
    "judgements",
    ("judgement", "verb", "deals", "names", "claims", "note", "made_at", "undone_at"),
    ("judgement", "made_at", "verb", "deals", "names", "claims", "note", "undone_at"),
    cut=("note", "deals", "names"),
    times=("made_at", "undone_at"),
    numbers=("judgement", "claims"),
)

SOURCES = Listing(
    "sources",
    (
        "name", "kind", "url", "lang", "enabled", "health", "every", "tier", "last_fetch", "last_success", "next_fetch",
        "failures", "articles", "failed_entries", "reason", "per_week", "full_text_pct",
    ),
    (
        "name", "kind", "lang", "health", "last_success", "next_fetch", "failures", "articles", "per_week",
        "full_text_pct", "reason",
    ),
    cut=("reason", "url"),
    spare=("lang", "kind", "full_text_pct", "per_week", "last_success", "next_fetch"),
    times=("last_fetch", "last_success", "next_fetch"),
    numbers=("failures", "articles", "failed_entries", "every", "tier", "per_week", "full_text_pct"),
)  # fmt: skip

PREVIEW = Listing(
    "articles",
    ("date", "date_source", "lang", "title", "method", "characters", "deals", "quotes", "url"),
    ("date", "date_source", "lang", "title", "method", "characters", "deals", "quotes"),
    cut=("title", "url"),
    times=("date",),
    numbers=("characters", "deals", "quotes"),
)

ENTRIES = Listing(
    "entries", ("date", "title", "url"), ("date", "title", "url"), cut=("url", "title"), times=("date",)
)

HITS = Listing(
    "hits",
    (
        "kind", "date", "source", "lang", "title", "speaker", "snippet", "hits", "deal_id", "article_id", "url",
        "score",
    ),
    ("kind", "date", "source", "speaker", "snippet", "deal_id"),
    cut=("snippet", "title", "speaker"),
    spare=("deal_id", "source"),
    times=("date",),
    numbers=("score",),
)  # fmt: skip

_CHECK = ("check", "state", "found", "mend")
CHECKS = Listing("checks", _CHECK, _CHECK, cut=("found", "mend"))

GROUPS = Listing(
    "groups",
    ("group", "deals", "sum_usd", "median_usd", "largest_usd", "largest_deal"),
    ("group", "deals", "sum", "median", "largest", "share"),
    cut=("group", "share"),
    numbers=("deals", "sum", "median", "largest", "sum_usd", "median_usd", "largest_usd"),
)

# One article whole, and its texts: the keys of `article --json`.
ARTICLE = (
    "article_id", "title", "source", "url", "canonical_url", "authors", "lang", "published", "published_at",
    "date_precision", "date_source", "modified_at", "observed_at", "method", "revision", "ai", "paywalled", "text",
)  # fmt: skip
REVISION = ("number", "published_at", "observed_at", "title", "text")

# What a file can hold; an article in a file is whole, so that `import` takes it back.
EXPORTS: Mapping[str, Listing] = {
    "deals": DEALS, "parties": PARTIES, "quotes": QUOTES,
    "articles": ARTICLES._replace(keys=(*ARTICLES.keys, "canonical_url", "published", "fetched", "text")),
    "claims": CLAIMS, "changes": DIFF,
}  # fmt: skip


def choose_columns(listing: Listing, text: str) -> tuple[str, ...]:
    """The columns that ``--columns date,target,amount`` names, in that order; UsageError for one that there is not."""
    from difflib import get_close_matches

    shown = (*listing.table, *(column for column, (prefix, _) in MONEY.items() if f"{prefix}_low" in listing.keys))
    known = tuple(dict.fromkeys((*listing.keys, *shown)))
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for column in chosen:
        if column not in known:
            near = get_close_matches(column[:60], known, 1, 0.5)
            hint = f"did you mean {near[0]}? " if near else ""
            raise UsageError(f"{listing.name} have no column {column[:60]!r}", f"{hint}columns: {', '.join(known)}")
    if not chosen:
        raise UsageError("--columns names no column", f"columns: {', '.join(known)}")
    return chosen
