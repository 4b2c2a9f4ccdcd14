"""What a story is called: a vote among the places where a page says it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dealwatch.article import records
from dealwatch.article.characters import clean
from dealwatch.article.page import Page

_SITE = re.compile(r"\s{1,3}[|–—•·»:-]{1,2}\s{1,3}")
_WORD = re.compile(r"\w{1,60}")
_LONGEST = 400  # characters of a headline


def _key(title: str) -> str:
    return " ".join(_WORD.findall(title.casefold()))


def _without_site(title: str) -> Iterator[str]:
    """The title less what follows its last, or its last two, dividers: the site and the section."""
    dividers = list(_SITE.finditer(title))[-2:]
    for divider in reversed(dividers):
        if divider.start() >= 10:
            yield title[: divider.start()]


def _ballots(page: Page) -> Iterator[tuple[str, float]]:
    yield clean(records.string(page.record.get("headline"))), 1.1
    for name, weight in (("og:title", 1.2), ("twitter:title", 0.6)):
        if title := page.first(name):
            yield title, weight
            for short in _without_site(title):
                yield short, 0.5
    for text in page.texts("h1", 3):
        yield text, 1.0
    for text in page.texts("title", 1):
        yield text, 0.5
        for short in _without_site(text):
            yield short, 0.45


def find_title(page: Page, selector: str = "") -> str:
    """The headline: what the source's selector finds, else what most places of the page agree on, "" without any."""
    if selector and (found := page.texts(selector, 1)):
        return found[0][:_LONGEST]
    votes: dict[str, float] = {}
    forms: dict[str, str] = {}
    for text, weight in _ballots(page):
        key = _key(text[:_LONGEST])
        if key:
            votes[key] = votes.get(key, 0.0) + weight
            forms.setdefault(key, text[:_LONGEST].strip())
    return forms[max(votes, key=lambda key: votes[key])] if votes else ""
