"""Values to rows and back: the one place that knows both the model and the columns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from dealwatch.model import Claim, Deal, Evidence, Money, Origin, Party
from dealwatch.resolve import deal_id, told_day
from dealwatch.store.values import Row, decimal, moment, number, stamp

UsdRate = Callable[[str, date], tuple[Decimal, date] | None]

CLAIM_SELECT = """
SELECT claims.*, articles.source AS source, articles.url AS url, articles.title AS title, articles.tier AS tier,
       articles.lang AS lang, articles.simhash AS simhash
FROM claims JOIN articles ON articles.id = claims.article_id
"""


def money_columns(money: Money | None, prefix: str, currency: str) -> Row:
    """The five columns of a sum, all null where there is none."""
    return {
        f"{prefix}_low": number(money.low) if money else None,
        f"{prefix}_high": number(money.high) if money else None,
        f"{prefix}_scale": number(money.scale) if money else None,
        currency: money.currency if money else None,
        f"{prefix}_qualifier": money.qualifier if money else None,
    }


def _money(row: sqlite3.Row, prefix: str, currency: str) -> Money | None:
    if row[f"{prefix}_qualifier"] is None:
        return None
    low, high, scale = (decimal(row[f"{prefix}_{part}"]) for part in ("low", "high", "scale"))
    return Money(low, high, row[currency], row[f"{prefix}_qualifier"], scale)


def parties_json(parties: Sequence[Party]) -> str:
    return json.dumps([[party.id, party.name, *party.forms] for party in parties], ensure_ascii=False)


def _parties(text: str) -> tuple[Party, ...]:
    return tuple(Party(item[0], item[1], tuple(item[2:])) for item in json.loads(text))


def claim_row(claim: Claim, block: str, revision: int, parser: str) -> Row:
    """A claim as a row of ``claims``; it must have its key and origin."""
    origin = cast(Origin, claim.origin)
    evidence = [[e.field, e.start, e.end, e.sentence] for e in claim.evidence]
    return {
        "key": claim.key, "article_id": origin.article_id, "revision": revision, "block": block, "type": claim.type,
        "status": claim.status, "main": int(claim.main), "voice": claim.voice,
        "target": parties_json([claim.target]) if claim.target else None, "investors": parties_json(claim.investors),
        "lead": parties_json(claim.lead), **money_columns(claim.amount, "amount", "currency"),
        **money_columns(claim.valuation, "valuation", "valuation_currency"), "round": claim.round,
        "stake_pct": claim.stake_pct, "date": claim.date, "ai": int(claim.ai), "confidence": claim.confidence,
        "evidence": json.dumps(evidence, ensure_ascii=False), "parser": parser,
        "published_at": stamp(origin.published_at), "observed_at": stamp(origin.observed_at),
    }  # fmt: skip


def claim_of(row: sqlite3.Row) -> Claim:
    """The claim of a row selected by `CLAIM_SELECT`."""
    origin = Origin(
        row["article_id"], row["source"], row["url"], row["title"], moment(row["published_at"]),
        moment(row["observed_at"]), row["tier"], row["lang"], row["simhash"] & 0xFFFF_FFFF_FFFF_FFFF,
    )  # fmt: skip
    return Claim(
        type=row["type"], status=row["status"], investors=_parties(row["investors"]), lead=_parties(row["lead"]),
        target=_parties(row["target"])[0] if row["target"] else None, amount=_money(row, "amount", "currency"),
        valuation=_money(row, "valuation", "valuation_currency"), round=row["round"], stake_pct=row["stake_pct"],
        date=row["date"], main=bool(row["main"]), voice=row["voice"], ai=bool(row["ai"]), confidence=row["confidence"],
        evidence=tuple(Evidence(*item) for item in json.loads(row["evidence"])), key=row["key"], origin=origin,
    )  # fmt: skip


# -- deals -----------------------------------------------------------------------------------------------------------

_PRECISION = {10: "day", 7: "month", 4: "year"}


def _date_columns(deal: Deal) -> Row:
    """The deal's day with its precision; "reported" where no story dates it: the day of the first report."""
    if deal.date:
        return {"date": (deal.date + "-01-01")[:10], "date_precision": _PRECISION[len(deal.date)]}
    first = next((c for c in deal.claims if c.main), deal.claims[0])
    return {"date": stamp(cast(Origin, first.origin).published_at)[:10], "date_precision": "reported"}


def _usd_columns(deal: Deal, rate: UsdRate) -> Row:
    money = deal.amount
    middle = money.middle if money else None
    if money is None or middle is None or money.currency is None:
        return {"amount_usd": None, "fx_date": None}
    stands_on = next(c for c in deal.claims if c.key == deal.support["amount"])
    found = rate(money.currency, told_day(stands_on))
    if found is None:
        return {"amount_usd": None, "fx_date": None}
    fx_date = None if money.currency == "USD" else found[1].isoformat()
    return {"amount_usd": number(round(middle * found[0], 2)), "fx_date": fx_date}


def best_claim(deal: Deal) -> Claim:
    """The claim to show for a deal: news that tells its present status and its sum, by the best voice, the first."""

    def rank(claim: Claim) -> tuple[bool, bool, bool, int]:
        voice = ("party", "press", "unnamed").index(claim.voice)
        return not claim.main, claim.status != deal.status, bool(deal.amount) and not claim.amount, voice

    return min(deal.claims, key=rank)


def evidence_sentence(claim: Claim, *fields: str) -> str:
    """The sentence that a claim's slot was read from: the first of these fields that has one, else any."""
    by_field = {e.field: e.sentence for e in reversed(claim.evidence) if e.sentence}
    return next((by_field[name] for name in fields if name in by_field), next(iter(by_field.values()), ""))


def deal_row(deal: Deal, block: str, rate: UsdRate, grouped: str = "") -> Row:
    """A deal as a row of ``deals``."""
    best, origins = best_claim(deal), [cast(Origin, c.origin) for c in deal.claims]
    seen = sorted(stamp(origin.observed_at) for origin in origins)
    return {
        "deal_id": deal.id, "block": block, **_date_columns(deal), "completed_on": deal.completed_on,
        "status": deal.status, "type": deal.type, "round": deal.round,
        "target_id": deal.target.id if deal.target else None, "target": deal.target.name if deal.target else None,
        "investors": json.dumps([p.name for p in deal.investors], ensure_ascii=False),
        "lead_investors": json.dumps([p.name for p in deal.lead], ensure_ascii=False),
        **money_columns(deal.amount, "amount", "currency"), **_usd_columns(deal, rate),
        **money_columns(deal.valuation, "valuation", "valuation_currency"), "stake_pct": deal.stake_pct,
        "confirmations": deal.confirmations,
        "sources": json.dumps(list(dict.fromkeys(o.source for o in origins)), ensure_ascii=False),
        "langs": json.dumps(sorted({o.lang or "" for o in origins})), "best_source_url": cast(Origin, best.origin).url,
        "evidence": evidence_sentence(best, "amount", "type", "target"), "first_seen": seen[0], "last_seen": seen[-1],
        "ai": int(deal.ai),
        "ai_at": next((stamp(o.published_at) for c, o in zip(deal.claims, origins, strict=True) if c.ai), None),
        "first_at": stamp(origins[0].published_at), "last_at": stamp(origins[-1].published_at),
        "refused_on": deal.refused_on, "grouped": grouped,
    }  # fmt: skip


def parties_told(told: Claim | Deal) -> dict[tuple[str, str], str]:
    """The names of a claim's or deal's parties, by id and role."""
    sides = (("investor", told.investors), ("lead", told.lead), ("target", (told.target,)))
    return {(party.id, role): party.name for role, parties in sides for party in parties if party}


def parties_of_deal(deal: Deal) -> dict[tuple[str, str], str]:
    """The names of a deal's parties by role and every id that a claim has for them; the deal's own word is the last."""
    found: dict[tuple[str, str], str] = {}
    for claim in deal.claims:
        found |= parties_told(claim)
    return found | parties_told(deal)


def party_rows(deal_id: str, parties: Mapping[tuple[str, str], str]) -> list[Row]:
    """A deal's parties as rows of ``deal_parties``."""
    return [{"deal_id": deal_id, "company_id": i, "role": r, "name": n} for (i, r), n in parties.items()]


def deal_claim_rows(deal: Deal, claims: Iterable[Claim]) -> list[Row]:
    """Which claims the deal was read from; each also answers to the id it would give, so that old ids redirect."""
    return [{"claim_key": c.key, "deal_id": deal.id, "claim_deal_id": deal_id(c.key),
             "why": json.dumps(deal.reasons.get(c.key, ()), ensure_ascii=False)} for c in claims]  # fmt: skip
