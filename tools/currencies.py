"""Write what CLDR knows of money into the language packs: names of currencies, what countries pay with, signs.

    python tools/currencies.py            # writes src/dealwatch/lang/currencies/*.toml
    python tools/currencies.py --check    # says which of them differ from what it would write; exit 1 then

Needs Babel, which carries CLDR's data, and nothing of it at run time. The names are those of the currencies that are
money somewhere today and of the old ones that news still name, in lower case, singular and plural. What CLDR cannot
know, the forms of the news ("sterling", "bucks", "Mio. Euro"), stands in the packs and wins over what is written here.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel import Locale
from babel.core import get_cldr_version, get_global

FOLDER = Path(__file__).parents[1] / "src" / "dealwatch" / "lang" / "currencies"
# Where the noun stands in a currency's name: "Swiss franc", "franc suisse"; None where no space parts it.
NOUN: Mapping[str, int | None] = {
    "en": -1, "de": -1, "nl": -1, "fr": 0, "es": 0, "it": 0, "pt": 0, "ja": -1, "zh": None,
}  # fmt: skip
HISTORIC = frozenset(
    ["ATS", "BEF", "BGN", "CYP", "DEM", "EEK", "ESP", "FIM", "FRF", "GRD", "HRK", "IEP", "ITL", "LTL", "LUF", "LVL",
     "MTL", "NLG", "PTE", "SIT", "SKK"]
)  # fmt: skip
# German adjectives bend: "100 Millionen schwedische, schwedischer, mit schwedischen Kronen".
BENT = {"de": ("e ", ("en ", "er ", "e "))}
UNITS = frozenset(["CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "BOV", "XDR", "XSU", "XUA"])  # of account, no money
# Words that stand where the noun should: "nuevo dólar taiwanés", "konvertible Mark Bosnien und Herzegowina".
NO_NOUNS = frozenset(
    ["nuevo", "nuevos", "novo", "novos", "nuovo", "nuovi", "nouveau", "nouveaux", "herzegowina", "bceao", "gold"]
)
_REMARK = re.compile(r"\s*[(（][^()（）]{0,60}[)）]")


def current() -> frozenset[str]:
    """The codes of what is legal tender somewhere today."""
    rows = (row for found in get_global("territory_currencies").values() for row in found)
    return frozenset(code for code, _, until, tender in rows if until is None and tender) - UNITS


def forms(locale: Locale, code: str) -> Iterator[str]:
    """The names of a currency in a language, as news write them: lower case, without remarks."""
    plural = locale._data["currency_names_plural"].get(code, {})
    for written in (locale.currencies.get(code), *plural.values()):
        if written is None or written == code or re.search(r"\d", written):
            continue
        name = _REMARK.sub("", written).replace("’", "'").replace("\u00a0", " ").lower().strip()
        yield name
        if "-" in name and locale.language in ("de", "nl"):
            yield name.replace("-", " ")
        if locale.language == "ja":
            yield name.replace(" ", "").replace("・", "")
        ending, bent = BENT.get(locale.language, (None, ()))
        if ending and ending in name and not name.startswith(ending):
            yield from (name.replace(ending, other, 1) for other in bent)


def name_table(language: str) -> dict[str, set[str]]:
    """Name -> the codes that it can mean."""
    locale, found = Locale(language), {}
    for code in sorted(current() | HISTORIC):
        for name in forms(locale, code):
            found.setdefault(name, set()).add(code)
    return found


def noun_table(language: str, names: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """A currency's noun by itself, and names that several have -> the codes of today that it can mean."""
    place, today, found = NOUN[language], current(), {}
    for name, codes in names.items():
        if len(codes) > 1:
            found.setdefault(name, set()).update(codes & today)
        parts = name.split(" ")
        if place is not None and len(parts) > 1:
            noun = parts[place].rpartition("-")[2]
            if len(noun) > 2 and noun not in NO_NOUNS:
                found.setdefault(noun, set()).update(codes & today)
    for noun in found:
        found[noun] |= names.get(noun, set()) & today
    return {noun: codes for noun, codes in found.items() if codes}


# Two currencies are tender there, and the older one is the country's own.
FIRST = frozenset(["HT", "PA"])


def countries() -> dict[str, str]:
    """ISO 3166 code -> what is paid with there today: of several currencies the latest."""
    found = {}
    for country, rows in get_global("territory_currencies").items():
        now = [(since or (0, 0, 0), code) for code, since, until, tender in rows
               if until is None and tender and code not in UNITS]  # fmt: skip
        if len(country) == 2 and country.isalpha() and now:
            found[country] = (min if country in FIRST else max)(now)[1]
    return found


def symbols() -> dict[str, str]:
    """What is written before a number for a currency in any of the languages, where letters and a sign make it sure."""
    found: dict[str, set[str]] = {}
    for language in NOUN:
        for code, written in Locale(language).currency_symbols.items():
            mark = written.replace("\u00a0", " ").strip()
            if code in current() and mark != code and not mark.isalpha():
                found.setdefault(mark, set()).add(code)
    return {mark: codes.pop() for mark, codes in found.items() if len(codes) == 1}


def quoted(text: str) -> str:
    """A text as a TOML string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def head(language: str) -> list[str]:
    """The lines that say what a file is."""
    return [
        f"# Generated from CLDR {get_cldr_version()} by tools/currencies.py for {language}: do not edit.",
        f"cldr = {quoted(str(get_cldr_version()))}",
    ]


def language_file(language: str) -> str:
    """The file of a language: names that mean one currency, and nouns with all that they can mean."""
    names = name_table(language)
    nouns = noun_table(language, names)
    sure: dict[str, list[str]] = {}
    for name, codes in names.items():
        if len(codes) == 1 and name not in nouns:
            sure.setdefault(min(codes), []).append(name)
    lines = [*head(language), "", "[names] # each means one currency"]
    lines += [f"{code} = [{', '.join(map(quoted, sorted(found)))}]" for code, found in sorted(sure.items())]
    lines += ["", "[nouns] # by themselves: those of one currency mean it, the others what the pack or the source says"]
    lines += [f"{quoted(noun)} = [{', '.join(map(quoted, sorted(codes)))}]" for noun, codes in sorted(nouns.items())]
    return "\n".join(lines) + "\n"


def world_file() -> str:
    """The file of no language: what countries pay with, and marks of letters and a sign."""
    lines = [*head("any language"), "", "[countries] # ISO 3166 -> ISO 4217"]
    lines += [f"{country} = {quoted(code)}" for country, code in sorted(countries().items())]
    lines += ["", "[symbols]"]
    lines += [f"{quoted(mark)} = {quoted(code)}" for mark, code in sorted(symbols().items())]
    return "\n".join(lines) + "\n"


def files() -> dict[str, str]:
    """Every file by its name."""
    return {"und.toml": world_file(), **{f"{language}.toml": language_file(language) for language in NOUN}}


def main() -> int:
    """Write the files, or say which are not as they would be written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check, stale = parser.parse_args().check, 0
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale += 1
            print(f"{name}: {'differs' if check else 'written'}")
            if not check:
                path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
