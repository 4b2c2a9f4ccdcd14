"""What CLDR gives the language packs: as the tool writes it, complete, and never two currencies for one name."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from dealwatch.lang import UNKNOWN, codes, country_currency, currencies, load
from dealwatch.parser.amounts import find_amounts
from dealwatch.parser.currencies import vocabulary
from dealwatch.parser.text import read_document

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "src" / "dealwatch" / "lang" / "currencies"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != UNKNOWN)
ROWS = tomllib.loads((Path(__file__).parent / "data" / "lang" / "shared.toml").read_text(encoding="utf-8"))["rows"]
# ISO 3166-1, all of it but Antarctica, which has no money.
COUNTRIES = (Path(__file__).parent / "data" / "lang" / "countries.txt").read_text(encoding="utf-8").split()


def tool() -> ModuleType:
    """The script that writes the files, where what it needs is there."""
    pytest.importorskip("babel", reason="Babel is not installed: what CLDR says cannot be compared")
    spec = importlib.util.spec_from_file_location("tool_currencies", ROOT / "tools" / "currencies.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_are_as_the_tool_writes_them() -> None:
    script = tool()
    if currencies(UNKNOWN)["cldr"] != script.get_cldr_version():
        pytest.skip(f"the files are of CLDR {currencies(UNKNOWN)['cldr']}, Babel has {script.get_cldr_version()}")
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml")}
    assert written == script.files()


def test_every_language_of_the_issue_and_every_pack_has_names() -> None:
    assert {"en", "fr", "de", "es", "it", "pt", "nl", "zh", "ja", *codes()} <= set(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_name_means_one_currency(lang: str) -> None:
    table = currencies(lang)
    names = [name for found in table["names"].values() for name in found]
    assert len(names) == len(set(names))
    assert not set(names) & set(table["nouns"])
    assert all(name == name.lower().strip() for name in (*names, *table["nouns"]))
    assert len(table["names"]) > 150
    assert all(code.isalpha() and code.isupper() and len(code) == 3 for code in table["names"])


def test_every_country_has_its_money() -> None:
    assert [country for country in COUNTRIES if country_currency(country) is None] == []
    assert len(COUNTRIES) == 248


@pytest.mark.parametrize(
    ("country", "code"),
    [("US", "USD"), ("ca", "CAD"), ("CO", "COP"), ("MX", "MXN"), ("AR", "ARS"), ("CL", "CLP"), ("AU", "AUD"),
     ("NO", "NOK"), ("SE", "SEK"), ("DK", "DKK"), ("IS", "ISK"), ("CN", "CNY"), ("JP", "JPY"), ("EG", "EGP"),
     ("GB", "GBP"), ("CH", "CHF"), ("SN", "XOF"), ("CM", "XAF"), ("MA", "MAD"), ("AE", "AED"), ("IN", "INR"),
     ("PK", "PKR"), ("HR", "EUR"), ("FR", "EUR"), ("PA", "PAB"), ("HT", "HTG"), ("CW", "XCG"), ("XX", None)],
)  # fmt: skip
def test_what_a_country_pays_with(country: str, code: str | None) -> None:
    assert country_currency(country) == code


@pytest.mark.parametrize(("lang", "default", "text", "expected"), [(a, b, c, rest) for a, b, c, *rest in ROWS])
def test_shared_and_doubtful_names(lang: str, default: str, text: str, expected: list[str]) -> None:
    found = find_amounts(read_document(text, load(lang)), default or None)
    assert [f"{one.text} {one.money.currency} {one.currency_source}" for one in found] == expected


@pytest.mark.parametrize("lang", codes())
def test_a_packs_own_words_win(lang: str) -> None:
    pack = load(lang)
    words, own = vocabulary(pack), pack.section("amounts")
    for name, code in own.get("currencies", {}).items():
        assert words.usual(words.currency_of(name)[0]) == code
    assert not set(own.get("never", ())) & set(words.currencies)
