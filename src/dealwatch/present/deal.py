"""One deal whole: its facts with the sentences they stand on, its history, its claims and the quotes about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from dealwatch.changes import CHANGE_COLUMNS
from dealwatch.model import Change, Claim, Deal, Money
from dealwatch.present.cells import flatten, show_time, to_text
from dealwatch.present.columns import Row
from dealwatch.present.extraction import money_object
from dealwatch.present.formats import read_cell
from dealwatch.present.page import BLANK, STYLES, Cell, Part, Words, draw_page, section, words
from dealwatch.present.reasons import explain_change, say_reasons

# Fact, the deal's field it stands in, and the name of its evidence in a claim.
_FACTS = (
    ("type", "type", "type"), ("target", "target", "target"), ("investors", "investors", "investor"),
    ("lead_investors", "lead", "lead"), ("amount", "amount", "amount"), ("valuation", "valuation", "valuation"),
    ("round", "round", "round"), ("stake_pct", "stake_pct", "stake_pct"), ("status", "status", "status"),
    ("date", "date", "date"),
)  # fmt: skip
_FAINT = "dim"


def _value(deal: Deal, field: str) -> object:
    value = getattr(deal, field)
    if isinstance(value, Money):
        return money_object(value)
    if isinstance(value, tuple):
        return [party.name for party in value]
    return getattr(value, "name", value)


def _sentence(claim: Claim, slot: str) -> str | None:
    return next((part.sentence for part in claim.evidence if part.field == slot and part.sentence), None)


def _standing(deal: Deal, field: str, slot: str) -> Claim:
    """The claim that a fact stands on: the one the resolver chose, else the first that gives a sentence for it."""
    chosen = next((claim for claim in deal.claims if claim.key == deal.support.get(field)), None)
    return chosen or next((claim for claim in deal.claims if _sentence(claim, slot)), deal.claims[0])


def _place(claim: Claim) -> dict[str, object]:
    origin = claim.origin
    if origin is None:
        return {}
    return {
        "source": origin.source, "published_at": origin.published_at, "title": origin.title, "url": origin.url,
        "article_id": origin.article_id,
    }  # fmt: skip


def _facts(deal: Deal) -> Iterator[dict[str, object]]:
    for name, field, slot in _FACTS:
        value = _value(deal, field)
        if value not in (None, []):
            claim = _standing(deal, field, slot)
            yield {"field": name, "value": value, "sentence": _sentence(claim, slot), **_place(claim)}


def _claim(claim: Claim) -> dict[str, object]:
    evidence = [{"field": e.field, "start": e.start, "end": e.end, "sentence": e.sentence} for e in claim.evidence]
    return {
        "claim_key": claim.key, **_place(claim), "main": claim.main, "voice": claim.voice, "type": claim.type,
        "status": claim.status, "target": claim.target.name if claim.target else None,
        "investors": [party.name for party in claim.investors], "lead_investors": [party.name for party in claim.lead],
        "amount": money_object(claim.amount), "valuation": money_object(claim.valuation), "round": claim.round,
        "stake_pct": claim.stake_pct, "date": claim.date, "confidence": claim.confidence, "evidence": evidence,
    }  # fmt: skip


def history_rows(deal: Deal, changes: Iterable[Change], edited: Iterable[Claim] = ()) -> list[Row]:
    """The lines of a deal's history: rows of `diff`, each with the sentence that brought it and why it was believed."""
    claims = {claim.key: claim for claim in (*edited, *deal.claims)}
    rows: list[Row] = []
    for change in changes:
        row = {key: getattr(change, key) for key in CHANGE_COLUMNS}
        for side in ("was", "now"):
            row[side] = money_object(row[side]) if isinstance(row[side], Money) else row[side]
        rows.append({**row, **explain_change(change, claims)})
    return rows


def deal_object(
    row: Row, deal: Deal, history: Sequence[Row], quotes: Sequence[Row], relations: Sequence[Row] = (),
    names: Sequence[Row] = (),
) -> dict[str, object]:  # fmt: skip
    """The deal as one object: the row of `deals`, facts, history, quotes, claims, doubts, and what belongs to it."""
    reasons = {key: [say_reasons(codes)] for key, codes in deal.reasons.items()}
    return {
        **row, "facts": list(_facts(deal)), "history": list(history), "quotes": list(quotes),
        "claims": [{**_claim(claim), "why": reasons.get(claim.key, [None])[0]} for claim in deal.claims],
        "doubts": list(deal.doubts), "refused_on": deal.refused_on, "relations": list(relations),
        "target_names": list(names),
    }  # fmt: skip


# -- for people ------------------------------------------------------------------------------------------------------


def _rows(value: object) -> list[Mapping[str, object]]:
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return flatten(to_text(value))


def _head(shown: Row) -> Words:
    investors, target = _text(shown.get("investors")), _text(shown.get("target"))
    status = str(shown.get("status"))
    parties = " → ".join(part for part in (investors, target) if part) or "nobody named"
    facts = [_text(read_cell(shown, key)) for key in ("amount", "round", "date")]
    return words(
        (_text(shown.get("deal_id")), _FAINT), "  ", (parties, "bold"),
        ("".join(f", {fact}" for fact in facts if fact), "bold"), "  ",
        (status.replace("_", " "), STYLES.get(status, "")), f" {_text(shown.get('type')).replace('_', ' ')}",
    )  # fmt: skip


def _fact_lines(shown: Row) -> list[tuple[Cell, ...]]:
    """A line a fact; the same sentence of the same story is not printed twice on end, but with a ditto mark."""
    lines: list[tuple[Cell, ...]] = []
    before = None
    for fact in _rows(shown.get("facts")):
        sentence = _text(fact.get("sentence"))
        place = f"  {_text(fact.get('source'))}, {_time(fact)}"
        told = words((sentence, "italic"), (place, _FAINT)) if sentence else BLANK
        name, value = str(fact["field"]).replace("_", " "), _text(fact["value"])
        own_word = value.replace("_", " ") if name in ("type", "status") else value
        lines.append((name, own_word, words(("〃", _FAINT)) if sentence and told == before else told))
        before = told
    return lines


def _time(row: Row, key: str = "published_at") -> str:
    value = row.get(key)
    return show_time(value) if isinstance(value, str | datetime) else ""


def _change_line(change: Row, first: Row) -> tuple[Cell, ...]:
    """A line of the history; the first tells what the earliest claim, `first`, told."""
    kind = str(change.get("change"))
    if kind == "changed":
        what = f"{_text(change.get('field')).replace('_', ' ')}: {_text(change.get('was')) or '(none)'} → " + (
            _text(change.get("now")) or "(none)"
        )
    else:
        told = [_text(first.get(key)) for key in ("status", "amount", "round")]
        what = ", ".join(filter(None, ("first told", *told))) if kind == "new" else kind.replace("_", " ")
    parts = [_text(change.get(key)) for key in ("now_source", "why")]
    sentence = words((_text(change.get("sentence")), "italic"))
    source = words((", ".join(filter(None, parts)), _FAINT))
    return _time(change, "at"), words((what, STYLES.get(kind, ""))), source, sentence


def _quote_line(quote: Row) -> tuple[Cell, ...]:
    speaker = words((_text(quote.get("speaker")) or "nobody named", "bold"))
    return _time(quote, "date")[:10], speaker, words((_text(quote.get("quote")), "italic"))


def _claim_line(claim: Row) -> tuple[Cell, ...]:
    told = ", ".join(
        part for part in (
            _text(claim.get("status")).replace("_", " "), _text(claim.get("amount")), _text(claim.get("investors")),
            _text(claim.get("round")), _text(claim.get("date")), "" if claim.get("main") else "as background",
        ) if part
    )  # fmt: skip
    title = words((_text(claim.get("title")), _FAINT))
    why = words((_text(claim.get("why")), "green"))
    return _time(claim), _text(claim.get("source")), str(claim.get("voice")), told, why, title


def _relation_line(row: Row) -> tuple[Cell, ...]:
    facts = [_text(read_cell(row, key)).replace("_", " ") for key in ("type", "round", "amount", "status")]
    return _text(row.get("relation")), _text(row.get("date")), ", ".join(filter(None, facts)), words(
        (_text(row.get("deal_id")), _FAINT))  # fmt: skip


def _name_line(row: Row) -> tuple[Cell, ...]:
    return _text(row.get("relation")), _text(row.get("name")), _text(row.get("on"))


def show_deal(shown: Row, *, explain: bool = False, width: int | None = None, color: bool = False) -> str:
    """The object of `deal_object` for people; `explain` adds every claim and why it tells this deal."""
    parts: list[Part] = [_head(shown)]
    first = next(iter(_rows(shown.get("claims"))), {})
    parts += section("Facts", _fact_lines(shown))
    parts += section("History", [_change_line(change, first) for change in _rows(shown.get("history"))])
    if refused := shown.get("refused_on"):
        parts += [BLANK, words((f"The bid was turned down on {_text(refused)}", "yellow"))]
    parts += section("Belongs to it", [_relation_line(row) for row in _rows(shown.get("relations"))])
    parts += section("Names of the target", [_name_line(row) for row in _rows(shown.get("target_names"))])
    parts += section("Quotes", [_quote_line(quote) for quote in _rows(shown.get("quotes"))])
    if explain:
        parts += section("Claims", [_claim_line(claim) for claim in _rows(shown.get("claims"))])
    if doubts := shown.get("doubts"):
        parts += [BLANK, words((f"Perhaps the same deal as {_text(doubts)}", "yellow"))]
    return draw_page(parts, width=width, color=color)
