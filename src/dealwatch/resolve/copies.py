"""How many of a deal's stories are independent: copies of one text count once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from dealwatch.model import Claim
from dealwatch.resolve.claims import origin_of

COPY_BITS = 7  # bits by which copies may differ: a story cut by a tenth differs by 7, unrelated ones by 14 and more
_BYTES = 8  # of a fingerprint: two that differ by at most 7 bits have one of its 8 bytes in common


def are_copies(one: int, other: int) -> bool:
    """Whether two fingerprints are of one text; an unknown one (0) is of none."""
    return bool(one and other) and (one ^ other).bit_count() <= COPY_BITS


def count_independent(claims: Iterable[Claim]) -> int:
    """Independent articles: connected components of fingerprints that differ by `COPY_BITS` at most."""
    copies = Copies()
    for claim in claims:
        copies.add(claim)
    return copies.independent


class Copies:
    """The articles of a deal so far, copies of one text counted once."""

    def __init__(self) -> None:
        self.independent = 0
        self._articles: set[str] = set()
        self._root: dict[int, int] = {}
        self._shelves: dict[tuple[int, int], list[int]] = defaultdict(list)

    def add(self, claim: Claim) -> None:
        """Take the article of a claim, once; one without a fingerprint is nobody's copy."""
        origin = origin_of(claim)
        if origin.article_id in self._articles:
            return
        self._articles.add(origin.article_id)
        if not origin.simhash:
            self.independent += 1
        elif origin.simhash not in self._root:
            self._add_text(origin.simhash)

    def _add_text(self, value: int) -> None:
        self._root[value] = value
        self.independent += 1
        for place in range(_BYTES):
            shelf = self._shelves[place, value >> (8 * place) & 0xFF]
            for other in shelf:
                if are_copies(value, other) and self._find(value) != self._find(other):
                    self._root[self._find(value)] = self._find(other)
                    self.independent -= 1
            shelf.append(value)

    def _find(self, value: int) -> int:
        root = self._root
        while root[value] != value:
            root[value] = root[root[value]]
            value = root[value]
        return value
