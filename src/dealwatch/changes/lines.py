"""Lines of the deals' histories -> what a stretch of them comes to, in plain rows: no resolver is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

CHANGE_COLUMNS = ("deal_id", "target", "type", "change", "field", "was", "now", "was_source", "now_source", "at")
Row = Mapping[str, object]


def net(lines: Iterable[Row]) -> list[Row]:
    """What the lines of some deals' histories between two times come to, as rows of `CHANGE_COLUMNS`.

    A field that moved twice is one change, one that came back to what it was is none, and a new deal is new and nothing
    else, unless it was called off at once. Lines of one deal are in order.
    """
    deals: dict[object, list[Row]] = {}
    for line in lines:
        deals.setdefault(line["deal_id"], []).append(line)
    return in_order(change for told in deals.values() for change in _net_of_deal(told))


def in_order(changes: Iterable[Row]) -> list[Row]:
    """Changes as they are shown: by time, then deal."""

    def place(row: Row) -> tuple[bool, str, str, str, str]:
        at = row["at"]
        return at is None, str(at), str(row["deal_id"]), str(row["change"]), str(row["field"] or "")

    return sorted(changes, key=place)


def _net_of_deal(lines: list[Row]) -> Iterator[Row]:
    last = {"target": lines[-1]["target"], "type": lines[-1]["type"]}
    status = next((line for line in reversed(lines) if line["field"] == "status"), None)
    called_off = status if status and status["change"] == "called_off" else None
    fresh = next((line for line in lines if line["change"] == "new"), None)
    if fresh:
        yield {**fresh, **last}
        if called_off:
            yield {**called_off, **last, "was": None, "was_source": None}
        return
    moved: dict[object, tuple[Row, Row]] = {}
    for line in lines:
        moved[line["field"]] = (moved.get(line["field"], (line, line))[0], line)
    for first, end in moved.values():
        if _bare(first["was"]) != _bare(end["now"]):
            kind = "called_off" if end is called_off else "changed"
            yield {**end, **last, "was": first["was"], "was_source": first["was_source"], "change": kind}


def _bare(value: object) -> object:
    return frozenset(map(str, value)) if isinstance(value, list | tuple) else value
