"""A 64-bit fingerprint of a text, near for near texts: how copies of one story are known."""

from __future__ import annotations

import hashlib
import re

_WORD = re.compile(r"\w{1,40}")
BITS = 64
_SET = [bytes(byte for byte in range(256) if byte >> bit & 1) for bit in range(8)]  # a bit: the bytes that have it


def simhash(text: str) -> int:
    """The simhash (Charikar 2002) over the text's three-word shingles; 0 for a text of fewer words.

    Shorter shingles make any two stories of one deal near.

    >>> story = "Acme has raised ten million euros from Nadir Capital, it said on Monday. The start-up makes robots."
    >>> (simhash(story) ^ simhash(story.upper())).bit_count()
    0
    """
    words = list(map(str.lower, _WORD.findall(text)))
    shingles = set(zip(words, words[1:], words[2:], strict=False))
    digests = b"".join([hashlib.blake2b(" ".join(one).encode(), digest_size=8).digest() for one in shingles])
    half = len(shingles) / 2
    return sum(1 << bit for bit in range(BITS) if _count(digests[bit // 8 :: 8], bit % 8) > half)


def _count(column: bytes, bit: int) -> int:
    """In how many bytes the bit is set: deleting bytes by a table is far quicker than a look at each."""
    return len(column) - len(column.translate(None, _SET[bit]))
