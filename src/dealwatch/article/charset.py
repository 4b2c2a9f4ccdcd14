"""Bytes to text: the mark at the start, the header, the page's own word, UTF-8, and last cp1252, which never fails."""

from __future__ import annotations

import codecs
import re

MAX_BYTES = 2 * 1024 * 1024  # of a page; lexbor takes about 30 times that in memory
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096  # bytes in which a page must name its charset; the standard says 1,024, pages do not listen
_IN_HEADER = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([\w.:-]{1,40})", re.I)
_IN_META = re.compile(rb"<meta[^<>]{0,200}?charset\s{0,4}=\s{0,4}[\"']?([\w.:-]{1,40})", re.I)
# The encodings of the web. Python knows others (utf-7, punycode, unicode_escape) that a page must not choose.
_ON_THE_WEB = re.compile(
    r"utf-8|utf-16(-[lb]e)?|iso8859-\d{1,2}|cp125\d|cp874|cp866|koi8-[ru]|mac-roman|gbk|gb18030|big5|big5hkscs|euc_jp"
    r"|iso2022_jp|cp932|cp949"
)
# A label stands for the larger set that its pages are written in. What they call latin-1 is cp1252: read as labelled,
# the euro sign turns into a control character and is lost.
_LARGER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
_CP1252 = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]  # with its five open bytes


def _codec(label: str) -> str | None:
    """The codec to read a label with, None for one that is unknown or not of the web."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    name = _LARGER.get(name, name)
    return name if _ON_THE_WEB.fullmatch(name) else None


def _labelled(body: bytes, content_type: str | None) -> list[str]:
    found = []
    if in_header := _IN_HEADER.search((content_type or "")[:400]):
        found.append(_codec(in_header.group(1)))
    if in_meta := _IN_META.search(body[:_HEAD]):
        codec = _codec(in_meta.group(1).decode("ascii", "ignore"))
        # A meta tag that could be read as ASCII is not in UTF-16, whatever it says.
        found.append(None if codec and codec.startswith("utf-16") else codec)
    return [codec for codec in found if codec]


def _closest(body: bytes, labelled: list[str]) -> str:
    """A body that fits no label: UTF-8 with a few odd bytes (or cut at the cap), else its label, else cp1252."""
    text = body.decode("utf-8", "replace")
    high = len(text) - len(text.encode("ascii", "ignore"))
    if text.count("\ufffd") * 4 <= high:
        return text
    other = [codec for codec in labelled if codec not in ("utf-8", "cp1252")]
    return body.decode(other[0], "replace") if other else "".join(map(_CP1252.__getitem__, body))


def decode(body: bytes, content_type: str | None = None) -> str:
    """The body as text; bytes beyond 2 MB are left out. Never fails.

    >>> decode("10 M€".encode("cp1252"), "text/html; charset=iso-8859-1")
    '10 M€'
    """
    body = body[:MAX_BYTES]
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    labelled = _labelled(body, content_type)
    # cp1252 fits any bytes, so UTF-8 is tried before it: many pages in UTF-8 still carry an old label.
    for codec in [name for name in (*labelled, "utf-8") if name != "cp1252"]:
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    return _closest(body, labelled)
