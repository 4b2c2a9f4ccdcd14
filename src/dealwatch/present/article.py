"""One article as it was read, and how its text changed, for people."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff

from rich.console import Group
from rich.text import Text

from dealwatch.present.cells import clean, flatten, show_time, to_text
from dealwatch.present.columns import Row
from dealwatch.present.table import draw


def _head(article: Row) -> list[str]:
    authors = to_text(article.get("authors"))
    source = to_text(article.get("source")) + (f", {authors}" if authors else "")
    when = show_time(to_text(article.get("published_at")))
    known = f"{when} UTC, {to_text(article.get('lang'))}, read {show_time(to_text(article.get('observed_at')))}"
    return [flatten(line) for line in (source, known, to_text(article.get("url"))) if line]


def show_article(article: Row, *, width: int | None = None, color: bool = False) -> str:
    """Its source, date and address, then its text."""
    title, text = to_text(article.get("title")), to_text(article.get("text"))
    body = text[len(title) :] if text.startswith(title) else text
    parts = [Text(flatten(title), style="bold"), *(Text(line, style="dim") for line in _head(article)), Text()]
    return draw(Group(*parts, Text(clean(body).strip("\n"))), width=width, color=color)


def show_revisions(article: Row, texts: Sequence[Row]) -> str:
    """What changed from each text of an article to its next, as a unified diff; the first text where it is the only."""
    lines = [flatten(to_text(article.get("title"))), *_head(article)]
    before: list[str] = []
    for revision in texts:
        number, seen = to_text(revision.get("number")), show_time(to_text(revision.get("observed_at")))
        after = clean(to_text(revision.get("text"))).split("\n")
        lines += ["", f"revision {number}, read {seen}"]
        if before:
            lines += [line for line in unified_diff(before, after, n=0, lineterm="") if line[:3] not in ("---", "+++")]
        before = after
    return "".join(f"{line}\n" for line in lines)
