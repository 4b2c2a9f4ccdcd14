"""One company whole: who it is, its rounds in order, who backs it, what it bought and backs, what its people said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from dealwatch.present.cells import flatten, show_time, to_text
from dealwatch.present.columns import Row
from dealwatch.present.formats import read_cell
from dealwatch.present.money import show_number
from dealwatch.present.page import STYLES, Cell, Part, Words, draw_page, section, words

_FAINT = "dim"
_EQUITY = ("funding_round", "investment", "ipo")
_FIRM = ("announced", "completed")  # what a rumour tells, or a deal that failed, brought no money
_MONTHS = 36  # of the line of news: three years
_BLOCKS = "▁▂▃▄▅▆▇█"
_QUOTES = 8  # of a person's screen; `--json` has them all

# The sections: name, the company's side, and the types of deal in it.
_SECTIONS = (
    ("rounds", "target", _EQUITY), ("loans_and_grants", "target", ("debt", "grant")),
    ("sold", "target", ("acquisition",)), ("purchases", "investor", ("acquisition",)),
    ("stakes", "investor", (*_EQUITY, "debt", "grant")),
)  # fmt: skip
_OTHERS = "contracts_and_plans"


def with_raised(rows: Iterable[Row]) -> list[dict[str, object]]:
    """The rows of a listing with `raised`, the sum for people."""
    return [{**row, "raised": _dollars(row.get("raised_usd"))} for row in rows]


def _dollars(value: object) -> str | None:
    return None if value in (None, "") else f"${show_number(Decimal(str(value)))}"


def company_object(
    known: Row, as_target: Sequence[Row], as_investor: Sequence[Row], quotes: Sequence[Row]
) -> dict[str, object]:
    """The company as one object: what is known of it, its deals by what they are to it, its people's quotes.

    `raised_usd` adds up what rounds brought that were announced or completed; deals without a sum add nothing.
    """
    sides = {"target": as_target, "investor": as_investor}
    sections = {name: [row for row in sides[side] if row["type"] in types] for name, side, types in _SECTIONS}
    taken = {row["deal_id"] for rows in sections.values() for row in rows}
    both = {str(row["deal_id"]): row for row in (*as_target, *as_investor) if row["deal_id"] not in taken}
    sections[_OTHERS] = sorted(both.values(), key=lambda row: str(row["date"]))
    firm = [row for row in sections["rounds"] if row["status"] in _FIRM]
    sums = [Decimal(str(row["amount_usd"])) for row in firm if row["amount_usd"] is not None]
    keys = (
        "company_id", "name", "kind", "status", "ai", "country", "ticker", "domain", "people", "aliases", "formerly",
        "parent", "owns", "merged_into", "merged_on",
    )  # fmt: skip
    return {
        **{key: known.get(key) for key in keys}, "raised_usd": sum(sums, Decimal(0)) if sums else None,
        "rounds_with_a_sum": len(sums), "investors": _backers(firm), **sections, "quotes": list(quotes),
        "articles": sum(count for _, count in _months(known)),
        "articles_by_month": [{"month": month, "articles": count} for month, count in _months(known)],
    }  # fmt: skip


def _months(known: Row) -> list[tuple[str, int]]:
    months = known.get("months")
    return [(str(month), int(count)) for month, count in months] if isinstance(months, list) else []


def _names(row: Row, key: str) -> list[str]:
    value = row.get(key)
    return [str(name) for name in value] if isinstance(value, list | tuple) else []


def _backers(rounds: Sequence[Row]) -> list[dict[str, object]]:
    """Who put money in, those of most rounds first: the name, how many rounds, how many it led, since when."""
    times = Counter(name for row in rounds for name in _names(row, "investors"))
    led = Counter(name for row in rounds for name in _names(row, "lead_investors"))
    since = {name: str(row["date"]) for row in reversed(rounds) for name in _names(row, "investors")}
    order = sorted(times, key=lambda name: (-times[name], -led[name], since[name], name))
    return [{"investor": name, "rounds": times[name], "led": led[name], "since": since[name]} for name in order]


# -- for people ------------------------------------------------------------------------------------------------------


def sparkline(counts: Sequence[int]) -> str:
    """Counts as a line of blocks; none is a blank.

    >>> sparkline([0, 1, 2, 4, 8])
    ' ▁▂▄█'
    """
    most = max(counts, default=0)
    return "".join(_BLOCKS[max(0, -(-count * len(_BLOCKS) // most) - 1)] if count else " " for count in counts)


def recent_months(now: datetime, count: int = _MONTHS) -> list[str]:
    """The last so many months up to a time, in order: "2026-03"."""
    last = now.year * 12 + now.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(last - count + 1, last + 1)]


def _rows(value: object) -> list[Mapping[str, object]]:
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return flatten(to_text(value))


def _head(shown: Row) -> Iterator[Words]:
    facts = [shown.get("kind"), shown.get("country"), shown.get("ticker"), shown.get("domain")]
    told = ", ".join(_text(fact) for fact in facts if fact)
    new = "  not in the register" if shown.get("status") == "candidate" else ""
    yield words((_text(shown.get("name")), "bold"), "  ", told, (new, "yellow"))
    before = [
        f"{_text(old.get('name'))} (until {_text(old.get('until'))})" if old.get("until") else _text(old.get("name"))
        for old in _rows(shown.get("formerly"))
    ]
    merged = ", ".join(_text(shown.get(key)) for key in ("merged_into", "merged_on") if shown.get(key))
    for name, value in (
        ("people", ", ".join(_names(shown, "people"))), ("also called", ", ".join(_names(shown, "aliases"))),
        ("formerly", ", ".join(before)), ("belongs to", _text(shown.get("parent"))),
        ("owns", ", ".join(_names(shown, "owns"))), ("went on in", merged),
    ):  # fmt: skip
        if value:
            yield words((f"{name}: ", _FAINT), flatten(value))


def _totals(shown: Row, now: datetime) -> Iterator[Words]:
    raised, rounds = _dollars(shown.get("raised_usd")), len(_rows(shown.get("rounds")))
    if raised:
        counted = f" in {shown.get('rounds_with_a_sum')} of {rounds} rounds told"
        yield words(("raised: ", _FAINT), (raised, "bold"), counted)
    told = {str(row["month"]): int(str(row["articles"])) for row in _rows(shown.get("articles_by_month"))}
    months = recent_months(now)
    if any(month in told for month in months):
        line = sparkline([told.get(month, 0) for month in months])
        after = f" {months[-1]}, {_counted(shown)}"
        yield words(("in the news: ", _FAINT), f"{months[0]} ", (line, "cyan"), after)
    elif told:
        yield words(("in the news: ", _FAINT), f"{_counted(shown)}, the last in {max(told)}")


def _counted(shown: Row) -> str:
    return f"{shown['articles']} article{'s' if shown['articles'] != 1 else ''}"


def _deal_line(row: Row, name: str) -> tuple[Cell, ...]:
    status = str(row.get("status"))
    target = _text(row.get("target"))
    if target == name:
        others = _names(row, "investors")
        leads = set(_names(row, "lead_investors"))
        parties = ", ".join(flatten(f"{one} (lead)" if one in leads else one) for one in others)
        parties = f"from {parties}" if parties else ""
    else:
        parties = target or "nobody named"
    money = " at ".join(_text(part) for part in (read_cell(row, "amount"), read_cell(row, "valuation")) if part)
    kind = _text(row.get("round")) or str(row.get("type")).replace("_", " ")
    said = words((status.replace("_", " "), STYLES.get(status, "")))
    deal = words((str(row.get("deal_id")), _FAINT))
    return str(row.get("date")), kind, words((money, "bold")), said, parties, deal


def _backer_line(one: Row) -> tuple[Cell, ...]:
    rounds = f"{one['rounds']} round{'s' if one['rounds'] != 1 else ''}"
    led, since = f"led {one['led']}" if one["led"] else "", words((str(one["since"]), _FAINT))
    return _text(one["investor"]), rounds, led, since


def _quote_line(quote: Row) -> tuple[Cell, ...]:
    speaker = words((_text(quote.get("speaker")) or "nobody named", "bold"))
    said = words((_text(quote.get("quote")), "italic"))
    return show_time(str(quote.get("date")))[:10], speaker, said, words((_text(quote.get("source")), _FAINT))


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def show_company(shown: Row, *, now: datetime, width: int | None = None, color: bool = False) -> str:
    """The object of `company_object` for people."""
    name = str(shown.get("name"))
    parts: list[Part] = [*_head(shown), *_totals(shown, now)]
    for one in (*(one for one, _, _ in _SECTIONS), _OTHERS):
        parts += section(_title(one), [_deal_line(row, name) for row in _rows(shown.get(one))])
    backers = [_backer_line(one) for one in _rows(shown.get("investors"))]
    parts += section("Investors", backers)
    quotes = _rows(shown.get("quotes"))
    parts += section("Quotes", [_quote_line(quote) for quote in quotes[:_QUOTES]])
    if len(quotes) > _QUOTES:
        parts.append(words((f"  and {len(quotes) - _QUOTES} more quotes: dealwatch quotes --company", _FAINT)))
    if not any(shown.get(key) for key in ("quotes", "articles", _OTHERS, *(one for one, _, _ in _SECTIONS))):
        parts.append(words(("nothing in the store yet", _FAINT)))
    return draw_page(parts, width=width, color=color)
