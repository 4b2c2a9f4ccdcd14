"""Bytes to text, whatever they claim to be: a lost euro sign is a lost currency."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_HEADER = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s{0,5}=\s{0,5}["']([A-Za-z0-9._:-]{1,40})"""
    rb"""|<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?([A-Za-z0-9._:-]{1,40})""",
    re.IGNORECASE,
)
_HEAD = 4096  # bytes in which a page must name its charset; the standard says 1,024, pages do not listen
# Python has codecs that are no charsets (zlib, punycode, unicode_escape) and utf-7, which no page may use.
_KNOWN = re.compile(r"utf[-_]?(?:8|16|32)|iso|latin|windows|cp\d|koi8|gb|big5|shift|sjis|euc|ks|mac|tis|(?:us-)?ascii")
_DECLARATION = re.compile(r"\A\s{0,1000}<\?xml[^>]{0,300}\?>\s{0,100}")
# What a charset is on the web (WHATWG): the wider one that Windows wrote under its name.
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_ALIASES = {"windows-31j": "cp932", "windows-949": "cp949", "windows-874": "cp874", "macintosh": "mac_roman"}


def decode_body(body: bytes, headers: Mapping[str, str]) -> str:
    """The text of a body: by its byte order mark, as UTF-8 where it is that, else by its header, its own declaration,
    or as UTF-8 in which stray bytes are Windows-1252. Never fails, never drops a character.

    >>> decode_body("1,5 M€".encode("cp1252"), {"content-type": "text/xml; charset=iso-8859-1"})
    '1,5 M€'
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")  # a mark that was itself encoded, too
    if wide := _wide(body):
        return body.decode(wide, "replace")
    claims = [name for name in (_claimed(headers), _declared(body)) if name]
    if not any(name.startswith("iso2022") for name in claims):  # those are plain ASCII bytes, and valid UTF-8
        claims.insert(0, "utf-8")
    for name in claims:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            if name == "utf-8" and _is_nearly_utf8(body):  # one stray byte must not hand a page to an old label
                break
    return body.decode("utf-8", "dealwatch-cp1252")


def _is_nearly_utf8(body: bytes) -> bool:
    """Whether at most a quarter of what is not ASCII in a body is no UTF-8 either."""
    text = body.decode("utf-8", "replace")
    high = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") * 4 <= high


def drop_declaration(text: str) -> str:
    """A document without its XML declaration, whose encoding is no longer true once the bytes are text."""
    return _DECLARATION.sub("", text[:2048], count=1) + text[2048:]


# UTF-8 that was read as Windows-1252: of two characters for a letter with an accent, of three for a quotation mark or
# the euro sign. Two others side by side are French ("levé €5m" with a no-break space would be a sign of Samaritan).
_LATE = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TWICE = re.compile(f"Ã[{_LATE}]|Â[\xa0-\xbf]|â[\x80-\x84€‚ƒ„][{_LATE}]")
_C1 = re.compile("[\x80-\x9f]")


def mend_twice_encoded(text: str) -> str:
    """The text, or what it was before somebody took its UTF-8 for Windows-1252 and encoded it again.

    >>> mend_twice_encoded("1,5 Mâ‚¬ levÃ©s"), mend_twice_encoded("levé\\xa0€5m, Ã la carte")
    ('1,5 M€ levés', 'levé\\xa0€5m, Ã la carte')
    """
    if text.isascii() or not (_C1.search(text) or _TWICE.sub("", text).isascii()):
        return text
    for charset in ("latin-1", "cp1252"):
        try:
            return text.encode(charset).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by the zero bytes round the first "<" or "{"."""
    if body[1:4] == b"\0\0\0":
        return "utf-32-le"
    if body[:3] == b"\0\0\0" and body[3:4] > b"\0":
        return "utf-32-be"
    if body[1:2] == b"\0" and body[3:4] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if body[:1] == b"\0" and body[2:3] == b"\0" else None


def _claimed(headers: Mapping[str, str]) -> str | None:
    match = _HEADER.search(headers.get("content-type", "")[:500])
    return _codec(match[1]) if match else None


def _declared(body: bytes) -> str | None:
    match = _DECLARED.search(body[:_HEAD])
    name = _codec((match[1] or match[2]).decode("ascii")) if match else None
    return None if name and name.startswith(("utf-16", "utf-32")) else name  # what reads as ASCII is neither


def _codec(label: str) -> str | None:
    label = label.lower().removeprefix("x-")
    if not _KNOWN.match(label):
        return None
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except LookupError:
        return None
    return _WIDER.get(name, name)


def _stray(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("dealwatch-cp1252", _stray)
