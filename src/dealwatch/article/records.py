"""What a page says about itself in JSON-LD: the record of its article, and the few shapes its values come in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape

Record = Mapping[str, object]

_MAX_SCRIPT = 1_000_000  # characters of one script that are read
_MAX_NODES = 5_000  # objects of a page that are looked at
_ARTICLE = re.compile(r"(?:.{0,40}Article|.{0,10}BlogPosting|Report|(?:Claim)?Review|VideoObject)\Z")
_PAIR = re.compile(
    r'"(headline|datePublished|dateModified|description)"\s{0,9}:\s{0,9}"([^"<>]{1,1000})"(?=\s{0,9}[,}])'
)
_TRAILING_COMMA = re.compile(r",(?=\s{0,40}[}\]])")
_WRAPPING = re.compile(
    r"\A\s{0,40}(?:/\*\s{0,4})?(?:<!\[CDATA\[|<!--)(?:\s{0,4}\*/)?"
    r"|(?:/\*\s{0,4})?(?:\]\]>|-->)(?:\s{0,4}\*/)?\s{0,40}\Z"
)


def parse(script: str) -> object:
    """The value of a JSON-LD script; of one that cannot be read, its plain pairs; None without any.

    >>> parse('{"headline": "The "new" one", "datePublished": "2026-05-13",}')
    {'@type': 'Article', 'datePublished': '2026-05-13'}
    """
    if len(script) > _MAX_SCRIPT:
        return None
    for text in (script, _TRAILING_COMMA.sub("", _WRAPPING.sub("", script)).rstrip("; \n\r\t")):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvage(script)


def _salvage(script: str) -> object:
    """What stands in a broken script as plain pairs: one stray quote must not cost a page its date."""
    pairs = {key: text for key, text in _PAIR.findall(script)[:_MAX_NODES] if "\\" not in text}
    return {"@type": "Article", **pairs} if pairs else None


def walk(value: object) -> Iterator[Record]:
    """The objects in a value, outermost first, 5,000 at most."""
    queue, seen = [value], 0
    while queue and seen < _MAX_NODES:
        layer: list[object] = []
        for item in queue:
            if isinstance(item, dict):
                seen += 1
                yield item
                layer.extend(item.values())
            elif isinstance(item, list):
                layer.extend(item[:_MAX_NODES])
        queue = layer[:_MAX_NODES]


def types(record: Record) -> tuple[str, ...]:
    """The types of a record, without the address of the vocabulary."""
    kinds = record.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return tuple(kind.rsplit("/", 1)[-1] for kind in listed[:10] if isinstance(kind, str))


def strings(value: object) -> tuple[str, ...]:
    """The strings a value holds: itself, its `name`, or those of its items; entities, which do not belong, resolved.

    >>> strings([{"@type": "Person", "name": "Ada Roy"}, "Oz &amp; Co"])
    ('Ada Roy', 'Oz & Co')
    """
    if isinstance(value, str):
        return (unescape(value) if "&" in value else value,) if value.strip() else ()
    if isinstance(value, dict):
        return strings(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return tuple(text for item in value[:100] if not isinstance(item, list) for text in strings(item))
    return ()


def string(value: object) -> str:
    """The first string a value holds, "" where there is none."""
    return next(iter(strings(value)), "")


def updates(record: Record) -> Iterator[str]:
    """The texts of a live blog's entries, in the order of the record."""
    entries = record.get("liveBlogUpdate")
    for entry in entries[:500] if isinstance(entries, list) else [entries]:
        if isinstance(entry, dict):
            yield string(entry.get("articleBody"))


def about(record: Record) -> set[str]:
    """The addresses a record says it is about."""
    page = record.get("mainEntityOfPage")
    named = page.get("@id") or page.get("url") if isinstance(page, dict) else page
    addresses = (named, record.get("url"), record.get("@id"))
    return {text.split("#")[0].rstrip("/") for text in addresses if isinstance(text, str)}


def find_article(values: list[object], urls: frozenset[str]) -> Record:
    """The record of the page's own article, {} where there is none: the one that names its address, else the first.

    A page also carries the records of the stories it links to.
    """
    found = [record for value in values for record in walk(value) if any(map(_ARTICLE.match, types(record)))]
    found = [record for record in found if any(map(record.get, ("headline", "articleBody", "datePublished")))]
    own = [record for record in found if about(record) & urls]
    written = [record for record in own or found if "VideoObject" not in types(record)]
    return next(iter(written or own or found), {})
