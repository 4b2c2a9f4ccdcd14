"""What a name of money means: the pack's own words, CLDR's names, and names that several currencies share.

"Mexican pesos" means one currency; "pesos", "kr" and "¥" are shared, and mean what the story says elsewhere, else what
the source pays with, else what the pack takes them for; where none of it helps, nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dealwatch.lang import currencies

CurrencySource = Literal["stated", "inherited", "default"]
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shared:
    """A name of several currencies."""

    codes: frozenset[str]
    usual: str | None  # what the pack takes it for


@dataclass(frozen=True, slots=True)
class Names:
    """The names of money in one language, in lower case."""

    meanings: Mapping[str, str]  # name -> code, or the name itself where it is shared
    shared: Mapping[str, Shared]
    wary: frozenset[str]  # names that are other words, too: only behind a scale or a large number


def read_names(code: str, own: Table, bare: Table) -> Names:
    """The names in a language: those of the pack win over CLDR's; `never` of the pack is no name of money."""
    cldr, hand = currencies(code), own.get("currencies", {})
    never = frozenset(own.get("never", ()))
    sure = {name: code for code, names in cldr.get("names", {}).items() for name in names}
    nouns = {noun: codes for noun, codes in cldr.get("nouns", {}).items() if noun not in never}
    alone = {noun: codes[0] for noun, codes in nouns.items() if len(codes) == 1}
    found = {name: code for name, code in {**sure, **alone, **hand}.items() if name not in never}
    shared = dict(_shared({**nouns, **own.get("ambiguous", {})}, hand))
    shared |= dict(_shared(bare["ambiguous"], {**bare["marks"], **bare["signs"], **hand}))
    wary = (set(nouns) - set(hand) - set(own.get("money_nouns", ()))) | set(own.get("wary", ()))
    return Names({**found, **{name: name for name in shared if name in nouns or name in hand}}, shared, frozenset(wary))


def _shared(names: Mapping[str, Iterable[str]], meanings: Mapping[str, str]) -> Iterator[tuple[str, Shared]]:
    """The names that several currencies share; one that the pack gives a meaning outside them keeps that."""
    for name, listed in names.items():
        codes, usual = frozenset(listed), meanings.get(name)
        if len(codes) > 1 and (usual is None or usual in codes):
            yield name, Shared(codes, usual)


def settle(shared: Shared, stated: frozenset[str], default: str | None) -> tuple[str | None, CurrencySource]:
    """The code that a shared name means in a story and how that is known; `stated` are the codes that it names.

    >>> pesos = Shared(frozenset({"MXN", "COP"}), None)
    >>> told = frozenset({"USD", "MXN"})
    >>> settle(pesos, told, "COP"), settle(pesos, frozenset(), "COP"), settle(pesos, frozenset(), "EUR")
    (('MXN', 'inherited'), ('COP', 'default'), (None, 'stated'))
    """
    named = shared.codes & stated
    if len(named) == 1:
        [code] = named
        return code, "stated" if code == shared.usual else "inherited"
    if default in shared.codes:
        return default, "default"
    return shared.usual, "stated"
