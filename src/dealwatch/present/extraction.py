"""What the parser saw in one document, as the object that ``extract --json`` prints."""

from __future__ import annotations

from datetime import datetime

from dealwatch.model import Amount, Article, Claim, Company, DatePrecision, Extraction, Money, Quote
from dealwatch.present.cells import to_json

_DAY_LENGTH = {"day": 10, "month": 7, "year": 4}


def show_published(published: datetime | None, precision: DatePrecision | None) -> str | None:
    """The time of publication as precise as it is known: an ISO time with its offset, a day, a month or a year."""
    if published is None:
        return None
    return published.isoformat()[: _DAY_LENGTH.get(precision or "")]


def money_object(money: Money | None) -> dict[str, object] | None:
    """A sum as low, high, currency and qualifier; its scale too where it is vague."""
    if money is None:
        return None
    scale = {"scale": to_json(money.scale)} if money.scale is not None else {}
    low, high = to_json(money.low), to_json(money.high)
    return {"low": low, "high": high, "currency": money.currency, "qualifier": money.qualifier, **scale}


def _company(company: Company) -> dict[str, object]:
    mentions = [{"start": mention.start, "end": mention.end} for mention in company.mentions]
    named = {"id": company.id, "name": company.name, "kind": company.kind, "known": company.known}
    return {**named, "mentions": mentions}


def _amount(amount: Amount) -> dict[str, object]:
    return {
        "text": amount.text, "start": amount.start, "end": amount.end, **(money_object(amount.money) or {}),
        "kind": amount.kind, "currency_source": amount.currency_source, "equivalent_of": amount.equivalent_of,
    }  # fmt: skip


def _quote(quote: Quote) -> dict[str, object]:
    return {
        "text": quote.text, "start": quote.start, "end": quote.end, "speaker": quote.speaker, "kind": quote.kind,
        "speaker_id": quote.speaker_id, "speaker_org": quote.speaker_org, "speaker_title": quote.speaker_title,
        "mention_start": quote.mention_start, "mention_end": quote.mention_end, "cue": quote.cue,
        "closed": quote.closed, "confidence": quote.confidence,
    }  # fmt: skip


def _deal(claim: Claim) -> dict[str, object]:
    evidence = [{"field": part.field, "start": part.start, "end": part.end} for part in claim.evidence]
    return {
        "type": claim.type, "investors": [party.name for party in claim.investors],
        "lead": [party.name for party in claim.lead], "target": claim.target.name if claim.target else None,
        "amount": money_object(claim.amount), "valuation": money_object(claim.valuation), "round": claim.round,
        "stake_pct": claim.stake_pct, "status": claim.status, "date": claim.date, "main": claim.main,
        "confidence": claim.confidence, "evidence": evidence,
    }  # fmt: skip


def _page(article: Article) -> dict[str, object]:
    return {
        "authors": list(article.authors), "canonical_url": article.canonical_url or None,
        "paragraphs": list(article.paragraphs), "method": article.method, "date_source": article.date_source,
        "date_precision": article.date_precision, "paywalled": article.paywalled,
        "modified": article.modified.isoformat() if article.modified else None,
    }  # fmt: skip


def extraction_object(
    id: str,
    extraction: Extraction,
    *,
    precision: DatePrecision | None = None,
    page: Article | None = None,
) -> dict[str, object]:
    """The object of one document, every offset a code point of its `text`; `page` adds what only a web page has."""
    return {
        "id": id, "title": extraction.title, "text": extraction.text, "lang": extraction.lang,
        "published": show_published(extraction.published, precision),
        "companies": [_company(company) for company in extraction.companies],
        "mentioned": [_company(company) for company in extraction.mentioned],
        "amounts": [_amount(amount) for amount in extraction.amounts],
        "quotes": [_quote(quote) for quote in extraction.quotes],
        "deals": [_deal(claim) for claim in extraction.claims], **(_page(page) if page else {}),
    }  # fmt: skip
