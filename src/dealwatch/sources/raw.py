"""What a reader of one kind hands on before it becomes an `Entry`, and the cleaning that all kinds share."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime

from dealwatch.model import DatePrecision

TITLE_LENGTH = 1000  # characters: the longest title in 307 real feeds has 431
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_SPACE = re.compile(r"\s{2,100000}|[\t\r\n\f\v\u2028\u2029]")
_BLANK_LINE = re.compile(r"\n[ \t\r]{0,200}\n")
_TTL = re.compile(r"<ttl>\s{0,20}(\d{1,6})\s{0,20}</ttl>")
# Bytes 0x80-0x9F of Windows-1252 reach us as C1 control characters where a page says "latin-1" or writes &#128;.
C1_TO_CP1252 = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_CONTROLS: dict[int, int | str | None] = {
    **{code: None for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)},
    **dict.fromkeys(range(0x7F, 0xA0)),
    **C1_TO_CP1252,
    **dict.fromkeys((0xFFFE, 0xFFFF, 0xFEFF, 0x200B)),
    **dict.fromkeys(range(0x202A, 0x202F)),  # marks that turn the direction of writing: spoofing, in a terminal
    **dict.fromkeys(range(0x2066, 0x206A)),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # lone surrogates cannot be stored
}
_ANY_CONTROL = re.compile(f"[{''.join(map(re.escape, map(chr, _CONTROLS)))}]")


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One item as its source gave it, cleaned, without a key."""

    guid: str = ""
    url: str = ""
    title: str = ""
    published: datetime | None = None
    date_precision: DatePrecision | None = None
    authors: tuple[str, ...] = ()
    lang: str | None = None
    summary: str = ""
    content: str = ""


def clean_text(text: str) -> str:
    """The text without control characters; C1 characters become the Windows-1252 ones they were meant as.

    >>> clean_text("5 \\x80\\x1b[2J")
    '5 €[2J'
    """
    return text.translate(_CONTROLS) if _ANY_CONTROL.search(text) else text  # a look is four times cheaper


def clean_line(text: str) -> str:
    """The text on one line, without tags or control characters, entities resolved.

    >>> clean_line(" Mistral &amp; <b>Nvidia</b>\\n raise &#128;2bn ")
    'Mistral & Nvidia raise €2bn'
    """
    plain = html.unescape(_TAG.sub("", text[: 4 * TITLE_LENGTH]))  # tags first: an escaped "<div>" is text
    return _SPACE.sub(" ", clean_text(plain)).strip()[:TITLE_LENGTH]


def mark_paragraphs(text: str) -> str:
    """Text without any markup as HTML in which its paragraphs, parted by blank lines, are still to be told.

    >>> mark_paragraphs("One.\\n\\nTwo."), mark_paragraphs("One.<br>\\n\\nTwo.")
    ('<p>One.</p><p>Two.</p>', 'One.<br>\\n\\nTwo.')
    """
    if "<" in text or "\n" not in text.strip():
        return text
    blocks = [block.strip() for block in _BLANK_LINE.split(text) if block.strip()]
    return "".join(f"<p>{block}</p>" for block in blocks) if len(blocks) > 1 else text


def read_ttl(body: bytes) -> int | None:
    """Seconds for which an RSS feed says it may be kept (`<ttl>`, in minutes); None where it says nothing."""
    match = _TTL.search(body[:20_000].decode("latin-1"))
    return int(match[1]) * 60 if match else None
