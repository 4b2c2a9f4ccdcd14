"""The register: its rows are sound, its names are found where they stand, and a fold tells the same company."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch import lang
from dealwatch.companies import company_id, fold, load_register, register
from dealwatch.companies.register import FILES, read_quickly
from dealwatch.errors import ConfigError

DATA_DIR = Path(__file__).parent / "data" / "companies"
DATA = tomllib.loads((DATA_DIR / "finds.toml").read_text(encoding="utf-8"))
SEED = Path(__file__).parents[2] / "shared" / "companies_seed.csv"
PRODUCTS_TOO = {"Midjourney"}  # the firm is called as what it makes
KINDS = {"ai", "technology", "investor", "bank", "public", "other"}
PACKS = [tomllib.loads(path.read_text("utf-8")) for path in sorted(Path(lang.__file__).parent.glob("*.toml"))]
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}\Z")
_PERSON = re.compile(r"(?:[^\W\d_]|\.|[’' -])+\Z")
_TICKER = re.compile(r"[A-Z0-9&-]{1,12}(\.[A-Z]{1,2})?\Z")
COUNTRIES = set(tomllib.loads((Path(__file__).parent / "data/companies/forms.toml").read_text())["countries"].split())


@pytest.mark.parametrize("row", DATA["row"], ids=lambda row: row["text"][:40])
def test_known_names_are_found_where_they_stand(row: dict[str, Any]) -> None:
    matches = load_register().find(row["text"])
    assert [[row["text"][match.start : match.end], match.row.id] for match in matches] == row["found"]


@pytest.mark.parametrize("row", DATA["fold"], ids=lambda row: row["same"][0])
def test_spellings_of_one_name_fold_to_one(row: dict[str, Any]) -> None:
    assert len({fold(name) for name in row["same"]}) == 1
    assert len({company_id(name) for name in row["same"]}) == 1


def test_different_names_fold_to_different_keys() -> None:
    for row in DATA["different"]:
        assert len({fold(name) for name in row["names"]}) == len(row["names"])


def test_the_rows_are_sound() -> None:
    rows = load_register().rows
    ids = {row.id for row in rows}
    assert all(row.name for row in rows)
    assert not [key for key, count in Counter(row.id for row in rows).items() if count > 1]
    assert {row.kind for row in rows} <= KINDS
    assert not [row.id for row in rows for other in (row.parent, row.merged_into) if other and other not in ids]
    assert not [row.id for row in rows if not set(row.needs_context) <= set(row.names)]
    assert not [row.id for row in rows if row.id != row.id.lower() or " " in row.id]
    assert not [row.id for row in rows if row.merged_on and not row.merged_into]
    assert not [row.id for row in rows if row.id in (row.parent, row.merged_into)]
    assert not [(row.id, name) for row in rows for name in row.names if name != name.strip() or len(name) > 90]
    assert not [row.id for row in rows if len(set(row.names)) != len(row.names)]


def test_what_the_rows_say_is_well_formed() -> None:
    rows = load_register().rows
    assert {row.country for row in rows if row.country} <= COUNTRIES
    assert not [row.id for row in rows if row.domain and not _DOMAIN.match(row.domain)]
    assert not [row.id for row in rows if row.ticker and not _TICKER.match(row.ticker)]
    dates = [(row.id, when) for row in rows for when in (row.merged_on, *(when for _, when in row.renamed)) if when]
    assert len(dates) > 15
    assert not [row for row in dates if not _DATE.match(row[1])]
    people = [(row.id, person) for row in rows for person in row.people]
    assert not [one for one in people if not _PERSON.match(one[1]) or " " not in one[1] or one[1].islower()]


def test_the_register_is_large_enough() -> None:
    kinds = Counter(row.kind for row in load_register().rows)
    assert kinds["ai"] + kinds["technology"] >= 650
    assert kinds["investor"] >= 380
    assert kinds["bank"] >= 100
    assert kinds["public"] >= 200


def test_names_that_are_words_need_context() -> None:
    lists = tomllib.loads((DATA_DIR / "words.toml").read_text(encoding="utf-8"))
    sure = set(lists.pop("sure"))
    words = {word for text in lists.values() for word in text.split()} | set(_pack_words())
    names = [(row.id, name) for row in load_register().rows for name in row.names if name not in row.needs_context]
    assert len(words) > 2_500
    assert not [one for one in names if one[1].casefold() in words and not one[1].isupper() and one[1] not in sure]


def _pack_words() -> Iterator[str]:
    """The words that open sentences, given names, places, roles, types, verbs and months of every language."""
    for pack in PACKS:
        names, people = pack.get("names", {}), pack.get("people", {})
        of_names = ("openers", "roles", "verbs", "deal_verbs", "places", "heads", "types", "subjects")
        for table, keys in ((names, of_names), (people, ("given_f", "given_m", "titles"))):
            for key in keys:
                yield from (word.casefold() for word in table.get(key, ()))


def test_no_product_is_a_company() -> None:
    products = {word for pack in PACKS for word in pack.get("names", {}).get("products", ())}
    assert not [row.id for row in load_register().rows if row.name in products - PRODUCTS_TOO]


def test_a_row_a_line_is_read_as_the_toml_that_it_is() -> None:
    folder = Path(register.__file__).parent
    for name in FILES:
        text = (folder / name).read_text(encoding="utf-8")
        assert read_quickly(text) == tomllib.loads(text)


def test_no_two_companies_claim_a_name() -> None:
    owners, shared = defaultdict(set), defaultdict(set)
    for row in load_register().rows:
        for name in row.names:
            owners[fold(name)].add(row.id)
        for name in row.shared:
            shared[fold(name)].add(row.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == shared


@pytest.mark.skipif(not SEED.is_file(), reason="the list that the register began with is not here (../shared)")
def test_every_company_of_the_seed_is_known() -> None:
    register = load_register()
    with SEED.open(encoding="utf-8") as lines:
        seed = list(csv.DictReader(lines))
    names = [name for row in seed for name in (row["name"], *row["aliases"].split(";")) if name]
    assert not [name for name in names if not register.lookup(name)]
    assert not [row["name"] for row in seed if row["ticker"] and register.lookup(row["name"]).ticker != row["ticker"]]


def test_none_half_and_all() -> None:
    whole, half, none = (load_register(None, keep) for keep in ("all", "half", "none"))
    assert (len(none.rows), len(half.rows)) == (0, (len(whole.rows) + 1) // 2)
    assert none.find("OpenAI") == ()
    assert none.lookup("OpenAI") is None
    assert load_register(None, "all") is whole


def test_rows_of_the_user_come_first(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[companies]\nnadir = { name = "Nadir Labs", aliases = ["OpenAI"], kind = "ai" }\n')
    register = load_register(path)
    assert [match.row.id for match in register.find("Nadir Labs, OpenAI, Anthropic")] == ["nadir", "nadir", "anthropic"]
    assert register.lookup("nadir labs, Inc.").ai


def test_a_row_of_the_user_adds_to_the_one_that_is_shipped(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    row = 'openai = { name = "OpenAI", aliases = ["OAI"], kind = "ai", people = ["Ada Quill"] }'
    path.write_text(f"[companies]\n{row}\n")
    register = load_register(path)
    row = register.lookup("OAI")
    assert row is register.lookup("Open AI")
    assert (row.domain, row.people[0]) == ("openai.com", "Ada Quill")
    assert "Sam Altman" in row.people
    assert len(register.rows) == len(load_register().rows)
    assert len({row.id for row in register.rows}) == len(register.rows)


@pytest.mark.parametrize("row", DATA["wrong"], ids=lambda row: row["said"])
def test_what_a_row_cannot_say_is_refused(tmp_path: Path, row: dict[str, Any]) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f"[companies]\n{row['row']}\n")
    with pytest.raises(ConfigError, match=re.escape(row["said"])):
        load_register(path)


@pytest.mark.parametrize("text", ["", "companies = 3", "[companies]\nx = 3", "[companies]\nx = { kind = 'ai' }", "a ="])
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load_register(path)
    assert str(path) in refused.value.message
    assert refused.value.hint


def test_a_missing_register_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load_register(tmp_path / "none.toml")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.lists(st.sampled_from(["OpenAI", "Meta", " ", "Apple", "'s", ".", "x"])).map("".join))
def test_matches_are_whole_words_in_order(text: str) -> None:
    register = load_register()
    matches = register.find(text, doubtful=True)
    assert all(one.end <= two.start for one, two in pairwise(matches))
    for match in matches:
        assert register.lookup(text[match.start : match.end]) is not None
        assert not text[match.end : match.end + 1].isalnum()
        assert not text[: match.start][-1:].isalnum()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_a_fold_folds_to_itself(name: str) -> None:
    assert fold(name).split() == fold(name).split(" ") or fold(name) == ""
    assert " " not in company_id(name)


def test_finding_is_fast_and_loading_is_cheap() -> None:
    text = "Microsoft said that it would buy some more plain words from Apple and others. " * 13_000
    register = load_register()
    begin = time.process_time()
    register.find(text)
    assert len(text) / 1e6 / (time.process_time() - begin) > 1  # MB a second: 8 on the machine that set it
    code = (
        "import time; from dealwatch.companies import load_register as load; begin = time.process_time(); load();"
        "print(time.process_time() - begin)"
    )
    spent = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(spent) < 0.3  # 0.05 on the machine that set it
