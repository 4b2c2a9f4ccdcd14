"""The keys of every kind of row, in one place: the JSON keys and CSV columns that people build on.

A key keeps its name and meaning once released; new ones go to the end. What a table on a terminal shows is another
matter: a choice of these keys, with the sums of money put together for people (`amount`, `valuation`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dealwatch.errors import UsageError

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Listing:
    """One kind of row: its keys in order, and how a table on a terminal shows it."""

    name: str  # of many of them: "deals"
    keys: tuple[str, ...]
    table: tuple[str, ...]  # the columns of a table, in order
    cut: tuple[str, ...] = ()  # columns that give way when the terminal is narrow
    times: tuple[str, ...] = ()  # shown to the minute in a table
    numbers: tuple[str, ...] = ()  # set to the right in a table


LABELS: Mapping[str, str] = {"deal_id": "deal", "article_id": "article", "confirmations": "conf."}  # heads of a table

# Sums of money for people, from the keys that hold them for machines: column -> prefix and key of the currency.
MONEY: Mapping[str, tuple[str, str]] = {
    "amount": ("amount", "currency"),
    "valuation": ("valuation", "valuation_currency"),
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
    times=("first_seen", "last_seen"),
    numbers=("amount", "valuation", "confirmations", "amount_usd", "amount_low", "amount_high", "stake_pct"),
)  # fmt: skip

DIFF = Listing(
    "changes",
    ("deal_id", "target", "type", "change", "field", "was", "now", "was_source", "now_source", "at"),
    ("at", "change", "target", "type", "field", "was", "now", "now_source", "deal_id"),
    cut=("target", "was", "now", "was_source", "now_source"),
    times=("at",),
)

QUOTES = Listing(
    "quotes",
    (
        "published", "speaker", "speaker_title", "speaker_org", "speaker_id", "kind", "text", "cue", "title", "source",
        "url", "lang", "article_id", "start", "end", "closed", "confidence",
    ),
    ("published", "speaker", "speaker_org", "text", "source"),
    cut=("text", "speaker_org", "speaker_title", "title", "url"),
    times=("published",),
    numbers=("start", "end", "confidence"),
)  # fmt: skip

ARTICLES = Listing(
    "articles",
    (
        "article_id", "published", "date_precision", "source", "lang", "title", "authors", "url", "canonical_url",
        "fetched", "ai", "claims", "quotes", "revisions",
    ),
    ("article_id", "published", "source", "lang", "title", "claims", "quotes"),
    cut=("title", "url", "canonical_url", "authors"),
    times=("published", "fetched"),
    numbers=("claims", "quotes", "revisions"),
)  # fmt: skip

CLAIMS = Listing(
    "claims",
    (
        "claim", "deal_id", "article_id", "published_at", "observed_at", "source", "url", "title", "lang", "main",
        "voice", "type", "status", "date", "round", "target", "investors", "lead_investors", "amount_low",
        "amount_high", "amount_scale", "currency", "amount_qualifier", "valuation_low", "valuation_high",
        "valuation_scale", "valuation_currency", "valuation_qualifier", "stake_pct", "confidence", "evidence",
    ),
    ("claim", "published_at", "source", "status", "type", "target", "investors", "round", "amount", "valuation"),
    cut=("title", "url", "target", "investors", "evidence"),
    times=("published_at", "observed_at"),
    numbers=("amount", "valuation", "confidence"),
)  # fmt: skip

SOURCES = Listing(
    "sources",
    (
        "name", "kind", "url", "lang", "enabled", "health", "every", "tier", "last_fetch", "last_status", "next_fetch",
        "failures", "entries", "articles", "reason",
    ),
    ("name", "kind", "lang", "health", "last_fetch", "next_fetch", "failures", "articles", "reason"),
    cut=("reason", "url"),
    times=("last_fetch", "next_fetch"),
    numbers=("failures", "entries", "articles", "every", "tier"),
)  # fmt: skip

LISTINGS: Mapping[str, Listing] = {
    "deals": DEALS, "quotes": QUOTES, "articles": ARTICLES, "claims": CLAIMS, "changes": DIFF,
}  # fmt: skip


def choose_columns(listing: Listing, text: str) -> tuple[str, ...]:
    """The columns that ``--columns date,target,amount`` names, in that order; UsageError for one that there is not."""
    from difflib import get_close_matches

    known = (*listing.keys, *(column for column, (prefix, _) in MONEY.items() if f"{prefix}_low" in listing.keys))
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for column in chosen:
        if column not in known:
            near = get_close_matches(column[:60], known, 1, 0.5)
            hint = f"did you mean {near[0]}? " if near else ""
            raise UsageError(f"{listing.name} have no column {column[:60]!r}", f"{hint}columns: {', '.join(known)}")
    if not chosen:
        raise UsageError("--columns names no column", f"columns: {', '.join(known)}")
    return chosen
