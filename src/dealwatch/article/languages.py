"""The language an article is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dealwatch.lang import SAMPLE, UNKNOWN, codes, detect

_CODE = re.compile(r"\s{0,4}([A-Za-z]{2,3})(?:[-_].{0,20})?\s{0,4}\Z")


def _short(code: str) -> str | None:
    match = _CODE.match(code)
    return match.group(1).lower() if match else None


def find_language(texts: Iterable[str], *declared: str) -> str | None:
    """The ISO 639-1 code of a text's language: as first declared, unless the text itself clearly speaks another.

    Templates are translated last: a page in French whose `<html lang>` says "en" is common. Among languages that have a
    pack the text decides; any other is taken at its word.

    >>> find_language(["La société a levé des fonds auprès de plusieurs investisseurs."], "en-US")
    'fr'
    """
    sample = " ".join(texts)[:SAMPLE]
    told = next((code for code in map(_short, declared) if code), None)
    if told is not None and told not in codes():
        return told
    heard = detect(sample)
    return told if heard == UNKNOWN else heard
