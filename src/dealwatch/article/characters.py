"""Text without what a screen must not get: the one place where characters are removed and white space is levelled."""

from __future__ import annotations

import re
import unicodedata

# Escape sequences go with their payload: without it "\x1b[31m" would leave "[31m" in a headline. Each repeat is
# bounded, and none runs over the opening of the next sequence, so hostile text costs no more than its length.
_ESCAPES = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]{0,4096}(?:\x07|\x1b\\|\x9c)"  # OSC: window titles, links
    r"|(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]"  # CSI: colours, cursor
    r"|\x1b(?:[()#%*+./-][0-~]|[@-Z\\^_c78=>])"  # the rest of the family
)
# Removed wherever they stand: controls, marks that reorder or hide text, lone surrogates (a JSON escape can smuggle
# them in, and no file takes them). The soft hyphen too: it cuts a name in two.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    r"\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
_PLAIN = re.compile(r"[ -~]*\Z")
_ITEM = re.compile(r"(?:[•●▪‣*–—-]|\d{1,2}[.)])\s")
_ENDED = re.compile(r"[.!?…:][\"'”’»)\]\s]{0,4}\Z")
_NARROW = 50  # characters: a shorter line that is followed by a capital is a heading, or the end of a paragraph


def strip_unseen(text: str) -> str:
    """The text without controls, escape sequences and invisible marks; newlines, tabs and spaces stay.

    >>> strip_unseen("\\x1b[31mRed\\x1b[0m\\u202e alert\\u200b")
    'Red alert'
    """
    if "\x1b" in text or "\x9b" in text or "\x9d" in text:
        text = _ESCAPES.sub("", text)
    text = _UNSEEN.sub("", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """One paragraph as one line: nothing unseen, white space levelled to single spaces, no-break spaces kept.

    >>> clean("  Une levée\\n de 10\\xa0M€\\x07 ")
    'Une levée de 10\\xa0M€'
    """
    if _PLAIN.match(text) and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", strip_unseen(text)).strip()


def _goes_on(line: str, following: str) -> bool:
    """Whether a line runs on in the next: a text wrapped at some width, not a heading or an item of a list."""
    if _ITEM.match(following):
        return False
    return following[:1].islower() or (len(line) >= _NARROW and not _ENDED.search(line))


def split_blocks(text: str) -> list[str]:
    """What blank lines part in a plain text, each with its lines stripped."""
    text = strip_unseen(text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n"))
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return [block for block in (part.strip() for part in lines.split("\n\n")) if block]


def split_paragraphs(block: str) -> list[str]:
    """The clean paragraphs of a block of lines: a line goes with the one before where that one runs on.

    >>> split_paragraphs("A line that\\nruns on.\\nTerms:\\n- one\\n- two")
    ['A line that runs on.', 'Terms:', '- one', '- two']
    """
    parts: list[list[str]] = []
    last = ""
    for line in filter(None, map(clean, block.split("\n"))):
        if parts and _goes_on(last, line):
            parts[-1].append(line)
        else:
            parts.append([line])
        last = line
    return [" ".join(lines) for lines in parts]
