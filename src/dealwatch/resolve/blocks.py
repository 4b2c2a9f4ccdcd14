"""Blocks: the keys within which claims can meet. What two names of one company part, they join again."""

from __future__ import annotations

from collections.abc import Iterable

from dealwatch.model import Claim
from dealwatch.resolve.claims import FAMILIES
from dealwatch.resolve.names import NO_NAMES, Names


def block_of(claim: Claim) -> str:
    """The key within which a claim can meet others of its deal: the first word of its target's id, else its investors.

    The first word, so that "cordel" and "cordel-data" can meet once an article has used both.
    """
    return first_word(claim.target.id) if claim.target else _partners_block(claim)


def _partners_block(claim: Claim) -> str:
    names = sorted(first_word(party.id) for party in claim.investors)
    return f"by:{FAMILIES[claim.type]}:{names[0] if names else '?'}"


def first_word(company: str) -> str:
    """The block of a company."""
    return company.split("-")[0]


def joined_by(claim: Claim) -> tuple[tuple[str, str], ...]:
    """The pairs of blocks that a claim joins: of a target that its article also calls by an altogether other name; of a
    venture that has a name by now, and of its partners, whose venture had none.
    """
    if claim.target is None:
        return ()
    own = first_word(claim.target.id)
    others = [first_word(form) for form in claim.target.forms]
    if claim.type == "joint_venture" and claim.investors:
        others.append(_partners_block(claim))
    return tuple((own, other) for other in others if other != own)


class Blocks:
    """Blocks that names join, each set of them known by one."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    @classmethod
    def of(cls, claims: Iterable[Claim], names: Names = NO_NAMES) -> Blocks:
        """Joined by what is known of names, and by what the claims show."""
        blocks = cls()
        for old in names.same:
            blocks.join(first_word(old), first_word(names.present(old)))
        for claim in claims:
            for pair in joined_by(claim):
                blocks.join(*pair)
        return blocks

    def root(self, block: str) -> str:
        """The one by which a block's set is known."""
        path = []
        while (above := self._above.get(block, block)) != block:
            path.append(block)
            block = above
        for passed in path:
            self._above[passed] = block
        return block

    def join(self, one: str, other: str) -> None:
        """Make one set of two."""
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            self._above[second] = first
