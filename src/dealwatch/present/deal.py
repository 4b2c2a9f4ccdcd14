"""One deal whole: its facts with the sentences they stand on, its history, its claims and the quotes about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dealwatch.changes import CHANGE_COLUMNS
from dealwatch.model import Change, Claim, Deal, Money
from dealwatch.present.cells import flatten, show_time, to_text
from dealwatch.present.columns import Row
from dealwatch.present.extraction import money_object
from dealwatch.present.formats import read_cell
from dealwatch.present.reasons import explain_change, say_reasons
from dealwatch.present.table import STYLES, draw

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


def _head(shown: Row) -> Text:
    investors, target = _text(shown.get("investors")), _text(shown.get("target"))
    status = str(shown.get("status"))
    parties = " → ".join(part for part in (investors, target) if part) or "nobody named"
    facts = [_text(read_cell(shown, key)) for key in ("amount", "round", "date")]
    return Text.assemble(
        (_text(shown.get("deal_id")), _FAINT), "  ", (parties, "bold"),
        ("".join(f", {fact}" for fact in facts if fact), "bold"), "  ",
        (status.replace("_", " "), STYLES.get(status, "")), f" {_text(shown.get('type')).replace('_', ' ')}",
    )  # fmt: skip


def _grid(lines: Sequence[tuple[Text | str, ...]]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for line in lines:
        grid.add_row("  ", *(cell if isinstance(cell, Text) else Text(cell) for cell in line))
    return grid


def _fact_lines(shown: Row) -> list[tuple[Text | str, ...]]:
    """A line a fact; the same sentence of the same story is not printed twice on end, but with a ditto mark."""
    lines: list[tuple[Text | str, ...]] = []
    before = None
    for fact in _rows(shown.get("facts")):
        told = Text(_text(fact.get("sentence")), style="italic")
        if told.plain:
            told.append(f"  {_text(fact.get('source'))}, {_time(fact)}", style="dim not italic")
        name, value = str(fact["field"]).replace("_", " "), _text(fact["value"])
        own_word = value.replace("_", " ") if name in ("type", "status") else value
        lines.append((name, own_word, Text("〃", style=_FAINT) if told.plain and told == before else told))
        before = told
    return lines


def _time(row: Row, key: str = "published_at") -> str:
    value = row.get(key)
    return show_time(value) if isinstance(value, str | datetime) else ""


def _change_line(change: Row, first: Row) -> tuple[Text | str, ...]:
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
    sentence = Text(_text(change.get("sentence")), style="italic")
    source = Text(", ".join(filter(None, parts)), style=_FAINT)
    return _time(change, "at"), Text(what, style=STYLES.get(kind, "")), source, sentence


def _quote_line(quote: Row) -> tuple[Text | str, ...]:
    return _time(quote, "date")[:10], Text(_text(quote.get("speaker")) or "nobody named", style="bold"), Text(
        _text(quote.get("quote")), style="italic")  # fmt: skip


def _claim_line(claim: Row) -> tuple[Text | str, ...]:
    told = ", ".join(
        part for part in (
            _text(claim.get("status")).replace("_", " "), _text(claim.get("amount")), _text(claim.get("investors")),
            _text(claim.get("round")), _text(claim.get("date")), "" if claim.get("main") else "as background",
        ) if part
    )  # fmt: skip
    title = Text(_text(claim.get("title")), style=_FAINT)
    why = Text(_text(claim.get("why")), style="green")
    return _time(claim), _text(claim.get("source")), str(claim.get("voice")), told, why, title


def _relation_line(row: Row) -> tuple[Text | str, ...]:
    facts = [_text(read_cell(row, key)).replace("_", " ") for key in ("type", "round", "amount", "status")]
    return _text(row.get("relation")), _text(row.get("date")), ", ".join(filter(None, facts)), Text(
        _text(row.get("deal_id")), style=_FAINT)  # fmt: skip


def _name_line(row: Row) -> tuple[Text | str, ...]:
    return _text(row.get("relation")), _text(row.get("name")), _text(row.get("on"))


def _section(name: str, lines: Sequence[tuple[Text | str, ...]]) -> list[RenderableType]:
    return [Text(), Text(name, style="bold underline"), _grid(lines)] if lines else []


def show_deal(shown: Row, *, explain: bool = False, width: int | None = None, color: bool = False) -> str:
    """The object of `deal_object` for people; `explain` adds every claim and why it tells this deal."""
    parts: list[RenderableType] = [_head(shown)]
    first = next(iter(_rows(shown.get("claims"))), {})
    parts += _section("Facts", _fact_lines(shown))
    parts += _section("History", [_change_line(change, first) for change in _rows(shown.get("history"))])
    if refused := shown.get("refused_on"):
        parts += [Text(), Text(f"The bid was turned down on {_text(refused)}", style="yellow")]
    parts += _section("Belongs to it", [_relation_line(row) for row in _rows(shown.get("relations"))])
    parts += _section("Names of the target", [_name_line(row) for row in _rows(shown.get("target_names"))])
    parts += _section("Quotes", [_quote_line(quote) for quote in _rows(shown.get("quotes"))])
    if explain:
        parts += _section("Claims", [_claim_line(claim) for claim in _rows(shown.get("claims"))])
    if doubts := shown.get("doubts"):
        parts += [Text(), Text(f"Perhaps the same deal as {_text(doubts)}", style="yellow")]
    return draw(Group(*parts), width=width, color=color)
