"""Companies that articles named and the register does not know: which known one each may be, and the row it would get.

Alike is not the same: "inflection ai" and "infection ai" are 96 % alike. So this only proposes, and a person decides.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from dealwatch.companies.fold import fold
from dealwatch.companies.register import Register
from dealwatch.companies.rows import Row

ALIKE = 0.86  # of two folds' letters: "cordel data" and "cordell data" have 0.96, "nadir" and "nadia" 0.8
_LETTERS = 3  # that both names begin with: every name is held against some 30 and not against 9,000


class Likeness:
    """The names of a register, shelved so that those that a name is like are found without reading all."""

    def __init__(self, register: Register) -> None:
        self._shelves: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in register.rows:
            for name in row.names:
                key = fold(name)
                self._shelves[key[:_LETTERS]].setdefault(key, row)

    def find(self, name: str) -> Row | None:
        """The known company that a name is most like, by its spelling or by its first words; None where none is.

        >>> from dealwatch.companies.register import build_register
        >>> known = Likeness(build_register([Row("cordel-data", "Cordel Data", "ai")]))
        >>> [row.id if (row := known.find(name)) else None for name in ("Cordell Data", "Cordel Data Iberia", "Corda")]
        ['cordel-data', 'cordel-data', None]
        """
        key = fold(name)
        best, found = 0.0, None
        for other, row in self._shelves.get(key[:_LETTERS], {}).items():
            share = self._share(key, other)
            if share > best:
                best, found = share, row
        return found

    def _share(self, key: str, other: str) -> float:
        if " " in other and key.startswith(f"{other} "):
            return 1.0
        first = _alike(key.split(" ")[0], other.split(" ")[0])
        if first < ALIKE or " " not in other:  # "Serac Capital" is no "Serena Capital"
            return first
        if abs(len(key) - len(other)) > len(key) // 4:
            return 0.0
        return _alike(key, other)


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    share = matcher.ratio() if matcher.real_quick_ratio() >= ALIKE else 0.0
    return share if share >= ALIKE else 0.0


def propose(rows: Iterable[Mapping[str, object]], register: Register) -> list[dict[str, object]]:
    """The candidates' rows with `like`, `like_id` (a known company that it may be) and `row`, its line."""
    known = Likeness(register)
    found = []
    for row in rows:
        like = known.find(str(row["name"]))
        shown = {key: value for key, value in row.items() if key not in ("backed", "kind")}
        kind = guess_kind(row)
        found.append({
            **shown, "kind": kind, "like": like.name if like else None, "like_id": like.id if like else None,
            "row": register_row(str(row["company_id"]), str(row["name"]), kind),
        })  # fmt: skip
    return found


def guess_kind(row: Mapping[str, object]) -> str:
    """The kind that a candidate's part in deals suggests: who only gives money is an investor."""
    deals, backed = int(str(row.get("deals") or 0)), int(str(row.get("backed") or 0))
    if deals and deals == backed:
        return "investor"
    return "ai" if row.get("ai") else "technology"


def register_row(key: str, name: str, kind: str) -> str:
    """The line that a company has in a register file.

    >>> register_row("nadir-labs", "Nadir Labs", "ai")
    'nadir-labs = { name = "Nadir Labs", kind = "ai" }'
    """
    bare = key if key.isascii() and key.replace("-", "").isalnum() else json.dumps(key, ensure_ascii=False)
    return f'{bare} = {{ name = {json.dumps(name, ensure_ascii=False)}, kind = "{kind}" }}'
