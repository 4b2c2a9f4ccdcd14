"""What a source is called and which language it is in, from what its feed or page says of itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from dealwatch.lang import UNKNOWN, codes, detect, load
from dealwatch.sources.raw import clean_line

LONGEST_NAME = 40  # characters of a name of our choice
_BETWEEN = re.compile(r"\s{1,9}(?:[-–—|·•:»>/]|::)\s{1,9}")
_LETTERS = re.compile(r"[\W_]{1,1000}")


def short_code(code: str | None) -> str | None:
    """ "fr" of "fr-FR"; None of anything that is no language code."""
    short = (code or "").lower().replace("_", "-").split("-")[0].strip()
    return short if short.isascii() and short.isalpha() and len(short) in (2, 3) else None


def choose_lang(declared: str | None, titles: Collection[str]) -> str | None:
    """The language to write down: what is declared, unless the titles are clearly in another one; then neither.

    Many a site keeps the "en-US" that its software came with: the pages are told one by one then.
    """
    told = detect(" ".join(titles))
    if told == UNKNOWN:
        return declared
    return told if declared in (None, told) else None


@lru_cache(maxsize=1)
def _empty_words() -> frozenset[str]:
    return frozenset(_LETTERS.sub("", word) for code in codes() for word in load(code).words("sources", "general"))


def name_source(titles: Collection[str], url: str, taken: Collection[str]) -> str:
    """A name for a source: the first title that says something, short, else its host; one that nobody has yet.

    >>> name_source(["The Ledger Line | RSS"], "https://ledger.example/rss", ["the ledger line"])
    'The Ledger Line 2'
    """
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    name = next((name for title in titles if (name := _shorten(title, host))), host[:LONGEST_NAME])
    return Names(taken).claim(name)


class Names:
    """Names that are given out once each, case aside."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._known = {name.casefold() for name in taken}
        self._next: dict[str, int] = {}  # of a name that many want: from the start it would cost their square

    def claim(self, name: str) -> str:
        """The name, with a number behind it where somebody has it."""
        folded, chosen = name.casefold(), name
        number = self._next.get(folded, 2)
        while chosen.casefold() in self._known:
            chosen, number = f"{name} {number}", number + 1
        self._next[folded] = number
        self._known.add(chosen.casefold())
        return chosen


def _shorten(title: str, host: str) -> str:
    """A title without the parts that say nothing ("RSS", "Home"); of a long one the part that is the site's name."""
    parts = [part.strip(" -–—|·•:>") for part in _BETWEEN.split(clean_line(title)[:300])]
    parts = [part for part in parts if part and _LETTERS.sub("", part).casefold() not in _empty_words()]
    whole = " - ".join(parts)
    if len(whole) <= LONGEST_NAME:
        return whole
    letters = _LETTERS.sub("", host)
    own = next((part for part in parts if (key := _LETTERS.sub("", part).casefold()) and key in letters), parts[0])
    return own if len(own) <= LONGEST_NAME else own[:LONGEST_NAME].rpartition(" ")[0] or own[:LONGEST_NAME]
