"""What a story is called: a vote among the places where a page says it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dealwatch.article import records
from dealwatch.article.characters import clean
from dealwatch.article.margins import key
from dealwatch.article.page import Page, site_names

_SITE = re.compile(r"\s{1,3}[|–—•·»:-]{1,2}\s{1,3}|\s{0,3}[｜│]\s{0,3}")
_LONGEST = 400  # characters of a headline


def _forms(title: str, weight: float, sites: frozenset[str]) -> Iterator[tuple[str, float]]:
    """A title as it stands and less what follows its last, or last two, dividers: the site and the section."""
    dividers = [divider for divider in list(_SITE.finditer(title))[-2:] if divider.start() >= 10]
    signed = [divider for divider in dividers if key(title[divider.end() :]) in sites]
    if signed:
        title = title[: signed[0].start()]
    yield title, weight
    for divider in dividers:
        if divider.start() < len(title):
            yield title[: divider.start()], weight / 2


def _ballots(page: Page, given: str) -> Iterator[tuple[str, float]]:
    sites = site_names(page)
    yield clean(records.string(page.record.get("headline"))), 1.1
    for name, weight in (("og:title", 1.2), ("twitter:title", 0.6)):
        yield from _forms(page.first(name), weight, sites)
    yield from _forms(given, 1.2, sites)
    for text in page.texts("h1", 3):
        yield text, 1.0
    for text in page.texts("title", 1):
        yield from _forms(text, 0.5, sites)


def title_keys(page: Page, title: str) -> frozenset[str]:
    """The words of all headlines that the page and its story go by: the text below repeats one of them at times."""
    return frozenset(filter(None, map(key, (title, *(text[:_LONGEST] for text, _ in _ballots(page, ""))))))


def find_title(page: Page, selector: str = "", given: str = "") -> str:
    """The headline: what the source's selector finds, else what most places of the page and its entry agree on."""
    picked = next(iter(page.picks(selector) if selector else ()), "")[:_LONGEST]
    if picked and key(picked) not in site_names(page):  # a layout that changed gives the site's name, or nothing
        return picked
    votes: dict[str, float] = {}
    forms: dict[str, str] = {}
    for text, weight in _ballots(page, given):
        if words := key(text[:_LONGEST]):
            votes[words] = votes.get(words, 0.0) + weight
            forms.setdefault(words, text[:_LONGEST].strip())
    return forms[max(votes, key=lambda words: votes[words])] if votes else ""
