"""One article as it was read, for people."""

from __future__ import annotations

from dealwatch.present.cells import clean, flatten, show_time, to_text
from dealwatch.present.columns import Row
from dealwatch.present.page import BLANK, draw_page, words


def head(article: Row) -> list[str]:
    """Where an article stood and when, as lines."""
    authors = to_text(article.get("authors"))
    source = to_text(article.get("source")) + (f", {authors}" if authors else "")
    when = show_time(to_text(article.get("published_at")))
    known = f"{when} UTC, {to_text(article.get('lang'))}, read {show_time(to_text(article.get('observed_at')))}"
    return [flatten(line) for line in (source, known, to_text(article.get("url"))) if line]


def show_article(article: Row, *, width: int | None = None, color: bool = False) -> str:
    """Its source, date and address, then its text."""
    title, text = to_text(article.get("title")), to_text(article.get("text"))
    body = text[len(title) :] if text.startswith(title) else text
    parts = [words((flatten(title), "bold")), *(words((line, "dim")) for line in head(article)), BLANK]
    told = clean(body).strip("\n").expandtabs()
    return draw_page([*parts, words(told)], width=width, color=color)
