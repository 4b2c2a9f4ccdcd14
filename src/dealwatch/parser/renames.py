"""Names that a company bore before: "X, formerly Y", "X (ex-Y)", "Y, rebaptisée X"; both are one company's."""

from __future__ import annotations

import re
from functools import lru_cache

from dealwatch.lang import Pack

_ONE = r"[^\W\d_a-zà-öø-ÿ][\w&'’-]{0,30}(?:\.\w{1,9})?"
_NAME = rf"(?P<name>{_ONE}(?: {_ONE}){{0,3}})"
_REACH = 120  # characters behind a name in which its other name is told


@lru_cache(maxsize=16)
def _pattern(pack: Pack) -> re.Pattern[str] | None:
    words = pack.section("names").get("renamed", "")
    return re.compile(rf"(?:{words}) ?[«“\"]?\s?{_NAME}") if words else None


def other_name(text: str, end: int, pack: Pack) -> tuple[int, int] | None:
    """The place of another name of the company whose name ends at `end`, told right behind it; None where none is.

    >>> from dealwatch.lang import load
    >>> text = "Larkway (formerly Dellhop) has raised $4m"
    >>> [text[start:end] for start, end in [other_name(text, 7, load("en"))]]
    ['Dellhop']
    """
    pattern = _pattern(pack)
    found = pattern.match(text, end, end + _REACH) if pattern else None
    if found is None:
        return None
    start, stop = found.span("name")
    return start, stop - len(text[start:stop]) + len(text[start:stop].rstrip("'’-"))
