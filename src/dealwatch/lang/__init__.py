"""Languages as data: one TOML pack each, and the detection that chooses among them.

A pack is read once per process. Rooms own sections of it (``[detect]``, ``[dates]``, ``[amounts]``, ``[names]``,
``[people]``, ``[quotes]``, ``[deals]``, ``[topic]`` and more) and compile what they need from there; no word of a
language stands in code. A language without a pack gets the bare one (`UNKNOWN`), which holds marks, symbols and codes
only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

UNKNOWN = "und"  # ISO 639-2 for an undetermined language
SAMPLE = 4000  # characters read to tell a language: beyond it the answer no longer changes on news
_WORD = re.compile(r"[^\W\d_]{1,20}")


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """The words of one language; hashable by identity, so that rooms can cache what they compile from it."""

    code: str
    name: str
    data: Mapping[str, Any]

    def section(self, name: str) -> Mapping[str, Any]:
        """The table of that name, empty where the pack has none."""
        table: Mapping[str, Any] = self.data.get(name, {})
        return table

    def words(self, section: str, key: str) -> tuple[str, ...]:
        """The list of words under ``[section] key``, empty where there is none."""
        return _words_of(self, section, key)


@lru_cache(maxsize=4096)  # asked anew for each name of a text by some; the lists are long
def _words_of(pack: Pack, section: str, key: str) -> tuple[str, ...]:
    return tuple(pack.section(section).get(key, ()))


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages that have a pack."""
    names = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml") and name != f"{UNKNOWN}.toml"))


@lru_cache(maxsize=32)
def load(code: str | None) -> Pack:
    """The pack of a language ("fr", also "fr-CA"), or the bare one where there is none."""
    short = (code or UNKNOWN).lower().replace("_", "-").split("-")[0]
    name = short if short in codes() else UNKNOWN
    data = tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return Pack(name, data["name"], data)


@lru_cache(maxsize=32)
def currencies(code: str) -> Mapping[str, Mapping[str, Any]]:
    """What CLDR knows of money in the language of a pack: ``names`` of one currency, ``nouns`` of one or several.

    Empty where there is no such file. tools/currencies.py writes them.

    >>> currencies("fr")["nouns"]["dirham"]
    ['AED', 'MAD']
    """
    file = resources.files(__package__).joinpath("currencies", f"{code}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def country_currency(country: str) -> str | None:
    """The ISO 4217 code of what is paid with in a country (ISO 3166 alpha-2), None where there is no such country.

    >>> country_currency("CA"), country_currency("fr"), country_currency("XX")
    ('CAD', 'EUR', None)
    """
    found: str | None = currencies(UNKNOWN)["countries"].get(country.upper())
    return found


@lru_cache(maxsize=1)
def _stop_words() -> Mapping[str, tuple[str, ...]]:
    """Word -> codes of the languages that have it among their commonest words."""
    found: dict[str, tuple[str, ...]] = {}
    for code in codes():
        for word in load(code).words("detect", "stop"):
            found[word] = (*found.get(word, ()), code)
    return found


@lru_cache(maxsize=1)
def _scripts() -> tuple[tuple[str, re.Pattern[str], float], ...]:
    """Code, letters and the worth of each, for the languages that their script tells."""
    tables = ((code, load(code).section("detect")) for code in codes())
    told = ((code, table) for code, table in tables if "letters" in table)
    return tuple((code, re.compile(f"[{row['letters']}]{{1,{SAMPLE}}}"), row["weight"]) for code, row in told)


def _letters(sample: str) -> dict[str, float]:
    """What the letters of a text say of its language."""
    if sample.isascii():
        return {}
    worth = {code: weight * sum(map(len, letters.findall(sample))) for code, letters, weight in _scripts()}
    return {code: value for code, value in worth.items() if value}


def detect(text: str) -> str:
    """The ISO 639-1 code of the language that a text is written in, "und" when it cannot be told.

    Counts the commonest words of each pack in the first 4,000 characters, a word that languages share being shared
    among them, and the letters that only one script has. Told apart when one language has the worth of a word of its
    own, and most of all.

    >>> detect("La société a levé des fonds auprès de plusieurs investisseurs pour son modèle.")
    'fr'
    >>> detect("公司完成10亿元融资"), detect("10億円を調達した")
    ('zh', 'ja')
    >>> detect("OpenAI 2023")
    'und'
    """
    hits = _letters(text[:SAMPLE])
    stop = _stop_words()
    for match in _WORD.finditer(text[:SAMPLE]):
        sharing = stop.get(match.group().lower(), ())
        for code in sharing:
            hits[code] = hits.get(code, 0.0) + 1 / len(sharing)
    best = sorted(hits.items(), key=lambda item: -item[1])[:2]
    if not best or best[0][1] < 1 or (len(best) > 1 and best[1][1] == best[0][1]):
        return UNKNOWN
    return best[0][0]
