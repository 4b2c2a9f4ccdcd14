"""Which names mean one company: what the register and people say of them, and what the stories show by using both.

What the stories show is taken as they come: a claim is held against what was known when it was published, never against
what later ones reveal, so that the deals of a past day do not change afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dealwatch.model import Claim, Judgement, Party


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of companies beside the stories: ids that are one company, and who owns whom."""

    same: Mapping[str, str] = field(default_factory=dict)  # an id -> the id of the company by its present name
    parents: Mapping[str, str] = field(default_factory=dict)  # a subsidiary's id -> its parent's

    def present(self, company: str) -> str:
        """The id of a company by its present name."""
        for _ in range(4):  # a name of a name of a name; a circle that somebody made ends
            if (newer := self.same.get(company)) is None or newer == company:
                break
            company = newer
        return company

    def house(self, company: str) -> str:
        """The id of the house that a company belongs to: its parent's, else its own."""
        company = self.present(company)
        return self.parents.get(company, company)

    def with_judgements(self, judgements: Iterable[Judgement]) -> Names:
        """These names and the aliases that people gave: the first name of a judgement is called by the second."""
        given = {j.claims[0]: j.claims[1] for j in judgements if j.verb == "alias" and len(j.claims) == 2}
        return Names({**self.same, **given}, self.parents) if given else self


NO_NAMES = Names()


def is_short_for(short: str, full: str) -> bool:
    """Whether an id is the first words of another: "cordel" of "cordel-data"."""
    return full.startswith(f"{short}-")


def parties_of(claim: Claim) -> tuple[Party, ...]:
    """Everybody with a part in a claim, the target last."""
    return (*claim.investors, *claim.lead, *((claim.target,) if claim.target else ()))


class Forms:
    """The short forms of companies' names as far as the claims so far show them."""

    def __init__(self, names: Names = NO_NAMES) -> None:
        self.names = names
        self._told: dict[str, set[str]] = defaultdict(set)  # form -> ids that an article uses beside it
        self._investors: set[str] = set()
        self._affixes: dict[str, set[str]] = defaultdict(set)  # first or last words -> investors' ids that have them
        self._cache: dict[str, str] = {}
        self.version = 0  # changes with what is known

    def add(self, claim: Claim) -> None:
        """Take what a claim shows."""
        self.add_told((form, party.id) for party in parties_of(claim) for form in party.forms)
        self.add_investors(party.id for party in claim.investors)

    def add_told(self, pairs: Iterable[Sequence[str]]) -> None:
        """Take forms that articles use, each with the company it is used for."""
        for form, company in pairs:
            if company not in self._told[form]:
                self._told[form].add(company)
                self._forget()

    def add_investors(self, investors: Iterable[str]) -> None:
        """Take investors, one of whose names may be short for another's."""
        for company in investors:
            if company in self._investors:
                continue
            self._investors.add(company)
            self._forget()
            words = company.split("-")[:8]
            for cut in range(1, len(words)):
                self._affixes["-".join(words[:cut])].add(company)
                self._affixes["-".join(words[cut:])].add(company)

    def _forget(self) -> None:
        self._cache.clear()
        self.version += 1

    def full(self, company: str) -> str:
        """The id by which a company goes: the full one where its own can be short for one only."""
        if (known := self._cache.get(company)) is None:
            known = self._cache[company] = self._find(self.names.present(company))
        return known

    def _find(self, company: str) -> str:
        meant = set(self._told.get(company, ()))
        if company in self._investors:
            meant |= self._affixes.get(company, set())
        return self.names.present(next(iter(meant))) if len(meant) == 1 else company

    def is_short(self, company: str) -> bool:
        """Whether an id is only another one's short form, or former name."""
        return self.full(company) != company

    def house(self, company: str) -> str:
        """The house of a company, by its full id."""
        return self.names.house(self.full(company))

    def full_ids(self, companies: Collection[str]) -> set[str]:
        """Ids, short forms replaced by the full ones."""
        return {self.full(company) for company in companies}
