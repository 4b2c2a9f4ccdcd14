"""OPML 2.0, the format in which feed readers hand on their lists: bytes to subscriptions, sources to text.

A listing or sitemap has no place in OPML: it goes as a link, with what makes it a source in attributes of our own
namespace. Nothing is read beyond plain elements and attributes: a document type, and so every entity, is refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from dealwatch.errors import ReadError, hide_secrets
from dealwatch.model import Source
from dealwatch.sources.charset import decode_body, drop_declaration
from dealwatch.sources.links import canonical_link, join_link
from dealwatch.sources.naming import Names, name_source, short_code
from dealwatch.sources.raw import clean_line

LARGEST = 10_000_000  # bytes: 30,000 feeds
_DEEPEST = 100  # outlines within outlines
_MOST = 20_000  # subscriptions
SPACE = "https://dealwatch.example/opml"  # names the namespace; nothing is fetched from there
_KINDS = ("feed", "html", "sitemap")
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);|([A-Za-z][A-Za-z0-9]{1,30});)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_KEPT = frozenset("\t\n\r<>&\"'")  # signs that must stay as they are written
_PLAIN = {"lang": "language", "country": "country", "currency": "currency"}
_DEFAULTS = Source("", "feed", "")
_COUNTED = ("every", "tier", "max_items")
_LISTS = ("include", "exclude")

Fields = dict[str, object]


class Subscriptions(NamedTuple):
    """What an OPML file lists: sources as the configuration would say them; how many were left out, and why."""

    sources: tuple[Fields, ...]
    duplicates: int = 0
    refused: int = 0  # addresses that are not of the web, or ask for a variable of ours


class _Outlines:
    """The attributes of all outlines, their names in lower case, in the order of the file."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []
        self.root = ""
        self._deep = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._deep += 1
        self.root = self.root or name.lower()
        if self._deep > _DEEPEST:
            raise ReadError(f"outlines deeper than {_DEEPEST}: refused")
        if name.lower() == "outline":
            self.found.append({key.lower(): text for key, text in list(attributes.items())[:100]})

    def end(self, name: str) -> None:
        self._deep -= 1

    def refuse(self, *_: object) -> None:
        raise ReadError("a document type of its own: refused", "take the <!DOCTYPE ...> out")


def read_opml(body: bytes, taken: Iterable[Source] = ()) -> Subscriptions:
    """The sources that an OPML file lists, names made unique, those left out that are `taken` already or listed twice.

    Anything that is no OPML raises `ReadError`.
    """
    if len(body) > LARGEST:
        raise ReadError(f"larger than {LARGEST // 1_000_000} MB")
    sources = tuple(taken)
    names, links = Names(source.name for source in sources), {_key(source.url) for source in sources}
    found, duplicates, refused = list[Fields](), 0, 0
    for outline in _parse(body):
        url = _address(outline)
        if url is None:
            continue
        link = join_link("", url)
        if not link or "${" in link:  # a stranger's file must not learn what our environment holds
            refused += 1
        elif _key(link) in links:
            duplicates += 1
        elif len(found) < _MOST:
            links.add(_key(link))
            found.append(_fields(outline, link, names))
    return Subscriptions(tuple(found), duplicates, refused)


def _key(url: str) -> str:
    return canonical_link(url).rstrip("/").partition("://")[2]


def _parse(body: bytes) -> list[dict[str, str]]:
    text = _CONTROL.sub("", drop_declaration(decode_body(body, {})))
    outlines = _Outlines()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = outlines.start, outlines.end
    parser.StartDoctypeDeclHandler = outlines.refuse
    try:
        parser.Parse(_AMPERSAND.sub(_mend, text).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise ReadError(f"not OPML: broken XML in line {error.lineno}") from None
    if outlines.root != "opml":
        raise ReadError("not OPML", "its first element must be <opml>")
    return outlines.found


def _mend(match: re.Match[str]) -> str:
    """A bare ampersand, or a sign by its name in HTML: both are in many files, and no XML."""
    if match[1]:
        sign = html.unescape(match[0])
        return match[0] if sign in _KEPT else _CONTROL.sub("", sign)
    if match[2] and (sign := html.unescape(match[0])) != match[0]:
        return sign
    return f"&amp;{match[0][1:]}"


def _address(outline: Mapping[str, str]) -> str | None:
    """The address of an outline that is a subscription; None for a folder, a note, a link of another program."""
    if outline.get("xmlurl", "").strip():
        return outline["xmlurl"].strip()
    is_ours = outline.get("dealwatch:kind") in _KINDS and outline.get("url")
    return outline["url"].strip() if is_ours else None


def _fields(outline: Mapping[str, str], url: str, names: Names) -> Fields:
    kind = outline.get("dealwatch:kind", "feed")
    titles = [outline.get("dealwatch:name", ""), *(clean_line(outline.get(key, "")) for key in ("title", "text"))]
    fields: Fields = {"name": _name(titles, url, names), "kind": kind if kind in _KINDS else "feed", "url": url}
    for key, name in _PLAIN.items():
        said = outline.get(name if key == "lang" else f"dealwatch:{name}", "")
        value = (short_code(said) or "") if key == "lang" else said.upper()
        if value.isascii() and value.isalpha() and len(value) == {"country": 2, "currency": 3}.get(key, len(value)):
            fields[key] = value
    for key in _COUNTED:
        if (said := outline.get(f"dealwatch:{key}", "")) and said.isdecimal() and said.isascii():
            fields[key] = int(said[:9])
    if outline.get("dealwatch:enabled") == "false":
        fields["enabled"] = False
    if outline.get("dealwatch:full_text") in ("feed", "page"):
        fields["full_text"] = outline["dealwatch:full_text"]
    fields |= {key: outline[f"dealwatch:{key}"].split("\n") for key in _LISTS if outline.get(f"dealwatch:{key}")}
    start = "dealwatch:selector-"
    selectors = {key.removeprefix(start): said for key, said in outline.items() if key.startswith(start) and said}
    return fields | ({"selectors": selectors} if selectors else {})


def _name(titles: list[str], url: str, names: Names) -> str:
    """The name that the file gives, to the letter where it can be one, else one made of it."""
    given = next((title for title in titles if title), "")
    is_one = given.strip() == given and given.isprintable() and 0 < len(given) <= 90
    return names.claim(given if is_one else name_source([given], url, ()))


# -- writing -----------------------------------------------------------------------------------------------------------


def why_left_out(source: Source) -> str | None:
    """Why a source cannot be handed on, None where it can."""
    if source.kind == "folder":
        return "a folder of this machine"
    if hide_secrets(source.url) != source.url or "${" in source.url:
        return "its address holds a login or a key"
    return None


def write_opml(sources: Iterable[Source], now: datetime) -> str:
    """OPML 2.0 of the sources that can be handed on; never a header, a login or a key."""
    outlines = [_outline(source) for source in sources if why_left_out(source) is None]
    return "\n".join((
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:dealwatch={quoteattr(SPACE)}>',
        "  <head>", "    <title>dealwatch</title>",
        f"    <dateCreated>{format_datetime(now)}</dateCreated>", "  </head>", "  <body>",
        *(f"    {outline}" for outline in outlines), "  </body>", "</opml>", "",
    ))  # fmt: skip


def _outline(source: Source) -> str:
    is_feed = source.kind == "feed"
    said = {"type": "rss" if is_feed else "link", "text": source.name, "title": source.name,
            "xmlUrl" if is_feed else "url": source.url}  # fmt: skip
    said |= {} if is_feed else {"dealwatch:kind": source.kind}
    said |= {} if clean_line(source.name) == source.name else {"dealwatch:name": source.name}
    said |= {name if key == "lang" else f"dealwatch:{name}": value
             for key, name in _PLAIN.items() if (value := getattr(source, key))}  # fmt: skip
    for key in (*_COUNTED, "full_text", *_LISTS):
        if (value := getattr(source, key)) != getattr(_DEFAULTS, key):
            said[f"dealwatch:{key}"] = str(value)
    said |= {} if source.enabled else {"dealwatch:enabled": "false"}
    said |= {f"dealwatch:selector-{key}": text for key, text in source.selectors.items()}
    return f"<outline {' '.join(f'{key}={_quote(text)}' for key, text in said.items())}/>"


def _quote(text: str) -> str:
    """An attribute's text; line breaks by their number, which an XML reader would take for blanks."""
    return quoteattr(_CONTROL.sub("", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
