"""Changes as an Atom feed (RFC 4287), for feed readers: an entry a change, newest first, with ids that stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from dealwatch.present.cells import flatten, to_text
from dealwatch.present.columns import Row
from dealwatch.present.fields import read_time

_NO_XML = re.compile("[\ufffe\uffff]")  # what XML cannot hold and `flatten` lets through
_ID = "dealwatch:changes"


def write_atom(rows: Iterable[Row], now: datetime) -> Iterator[str]:
    """The rows of `diff` as a feed, the newest change first; `now` is when the feed was made."""
    found = sorted(rows, key=lambda row: (_updated(row, now), to_text(row.get("deal_id"))), reverse=True)
    updated = _updated(found[0], now) if found else _stamp(now)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"<title>dealwatch: what changed</title>\n<id>{_urn(_ID)}</id>\n<updated>{updated}</updated>\n"
    yield "<author><name>dealwatch</name></author>\n<generator>dealwatch</generator>\n"
    for row in found:
        yield _entry(row, now)
    yield "</feed>\n"


def _entry(row: Row, now: datetime) -> str:
    said = escape("".join(f"<p>{escape(line)}</p>" for line in _lines(row)))  # HTML as text, which the feed escapes
    kind = f'<category term="{escape(_text(row, "type"), _QUOTE)}"/>' if row.get("type") else ""
    return (
        f"<entry>\n<title>{escape(headline(row))}</title>\n<id>{_urn(_identity(row))}</id>\n"
        f"<updated>{_updated(row, now)}</updated>\n{kind}<content type=\"html\">{said}</content>\n</entry>\n"
    )


_QUOTE = {'"': "&quot;"}
_SHORT = {"ipo": "IPO", "capex": "capital expenditure"}


def headline(row: Row) -> str:
    """What changed, in a line.

    >>> headline({"target": "Cordel", "type": "funding_round", "change": "changed", "field": "round", "was": None,
    ...           "now": "Series B"})
    'Cordel: round Series B (funding round)'
    """
    who = _text(row, "target") or "unnamed"
    kind = _SHORT.get(_text(row, "type")) or _text(row, "type").replace("_", " ")
    if row.get("change") == "new":
        return f"{who}: new {kind}"
    if row.get("change") == "called_off":
        return f"{who}: {kind} called off"
    was, now = _text(row, "was"), _text(row, "now") or "open"
    field = _text(row, "field").replace("_", " ")
    return f"{who}: {field} {f'{was} → {now}' if was else now} ({kind})"


def _lines(row: Row) -> Iterator[str]:
    yield headline(row)
    for side, label in (("was", "before"), ("now", "now")):
        value, source = _text(row, side), _text(row, f"{side}_source")
        if value:
            yield f"{label}: {value}"
        if source:
            yield f"source {label}: {source}" if row.get("was_source") else f"source: {source}"
    yield f"dealwatch deal {_text(row, 'deal_id')}"


def _text(row: Row, key: str) -> str:
    return _NO_XML.sub("", flatten(to_text(row.get(key))))


def _identity(row: Row) -> str:
    return ":".join([_ID, *(_text(row, key) for key in ("deal_id", "change", "field", "was", "now", "at"))])


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def _updated(row: Row, now: datetime) -> str:
    return _stamp(read_time(row.get("at")) or now)


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
