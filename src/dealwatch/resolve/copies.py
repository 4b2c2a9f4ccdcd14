"""How many of a deal's stories are independent: copies of one text count once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from dealwatch.model import Claim
from dealwatch.resolve.claims import origin_of

COPY_BITS = 7  # bits by which copies may differ: a story cut by a tenth differs by 7, unrelated ones by 14 and more
_BYTES = 8  # of a fingerprint: two that differ by at most 7 bits have one of its 8 bytes in common


def count_independent(claims: Iterable[Claim]) -> int:
    """Independent articles: connected components of fingerprints that differ by `COPY_BITS` at most."""
    hashes = {origin_of(claim).article_id: origin_of(claim).simhash for claim in claims}
    known = {value for value in hashes.values() if value}
    return sum(not value for value in hashes.values()) + _count_components(known)


def _count_components(values: set[int]) -> int:
    root = {value: value for value in values}

    def find(value: int) -> int:
        while root[value] != value:
            root[value] = root[root[value]]
            value = root[value]
        return value

    shelves: dict[tuple[int, int], list[int]] = defaultdict(list)
    for value in sorted(values):
        for place in range(_BYTES):
            shelf = shelves[place, value >> (8 * place) & 0xFF]
            for other in shelf:
                if (value ^ other).bit_count() <= COPY_BITS and find(value) != find(other):
                    root[find(value)] = find(other)
            shelf.append(value)
    return len({find(value) for value in values})
