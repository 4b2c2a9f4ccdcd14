"""A 64-bit fingerprint of a text, near for near texts: how copies of one story are known."""

from __future__ import annotations

import hashlib
import re

_WORD = re.compile(r"\w{1,40}")
_SHINGLE = 3  # words; shorter shingles make any two stories of one deal near
BITS = 64
_SPREAD = [b"".join((byte >> bit & 1).to_bytes(4) for bit in range(8)) for byte in range(256)]  # a bit a counter


def simhash(text: str) -> int:
    """The simhash (Charikar 2002) over the text's three-word shingles; 0 for a text of fewer words.

    >>> story = "Acme has raised ten million euros from Nadir Capital, it said on Monday. The start-up makes robots."
    >>> (simhash(story) ^ simhash(story.upper())).bit_count()
    0
    """
    words = [match.group().lower() for match in _WORD.finditer(text)]
    shingles = {" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
    if not shingles:
        return 0
    lanes = 0  # 64 counters of 32 bits in one integer, so that counting is one addition a shingle
    for shingle in shingles:
        digest = hashlib.blake2b(shingle.encode(), digest_size=8).digest()
        lanes += int.from_bytes(b"".join(_SPREAD[byte] for byte in digest))
    counts = lanes.to_bytes(BITS * 4)
    half = len(shingles) / 2
    return sum(1 << bit for bit in range(BITS) if int.from_bytes(counts[bit * 4 : bit * 4 + 4]) > half)
