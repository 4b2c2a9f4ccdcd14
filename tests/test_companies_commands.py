"""``companies``: the listing, what the register lacks, and all that is known of one, on invented stories."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.__main__ import main
from dealwatch.companies import build_register, load_register
from dealwatch.companies.proposing import Likeness, guess_kind, register_row
from dealwatch.companies.rows import Row
from dealwatch.present.columns import CANDIDATES, COMPANIES
from dealwatch.present.company import recent_months, sparkline

STORIES = Path(__file__).parent / "data/companies/stories.jsonl"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("companies") / "deals.db"
    assert main(["--db", str(path), "-q", "import", str(STORIES)]) == 0
    return path


@pytest.fixture
def run(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Runs a command line on the store: exit code, what stood on stdout, what stood on stderr."""

    def call(*argv: str, register: str = "") -> tuple[int, str, str]:
        config = tmp_path / "dealwatch.toml"
        name = f"mine-{len(list(tmp_path.iterdir()))}.toml"  # a process reads a register once
        config.write_text(f'[companies]\nregister = "{name}"\n' if register else "", encoding="utf-8")
        (tmp_path / name).write_text(register, encoding="utf-8")
        capsys.readouterr()
        code = main(["--config", str(config), "--db", str(db), *argv])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def rows(run, *argv: str, **more: str) -> list[dict[str, object]]:
    code, out, _ = run(*argv, "--json", **more)
    assert code == 0
    return json.loads(out)


def test_companies_lists_those_met_with_their_counts(run):
    found = {row["name"]: row for row in rows(run, "companies")}
    assert all(tuple(row) == COMPANIES.keys for row in found.values())
    brevane = found["Brevane"]
    assert (brevane["deals"], brevane["articles"], brevane["quotes"]) == (4, 4, 2)
    assert (brevane["status"], brevane["raised_usd"]) == ("candidate", 48_000_000)
    assert (found["Index Ventures"]["status"], found["Index Ventures"]["deals"]) == ("curated", 1)
    assert "Anthropic" not in found


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("--kind investor", {"Index Ventures", "Seedcamp"}),
        ("--search facebook", {"Meta"}),
        ("--search capital", {"Tolmer Capital"}),
        ("--search %", set()),
        ("--status candidate --search robo", {"Skellig Robotics"}),
        ("--country us", {"Meta"}),
        ("--sort articles --limit 2", {"Brevane", "Tolmer Capital"}),
        ("--sort raised-usd --limit 1", {"Brevane"}),
        ("--all --search anthropic", {"Anthropic", "Anthropic Anthology Fund"}),
    ],
)
def test_the_listing_narrows(run, options, names):
    assert {row["name"] for row in rows(run, "companies", "list", *options.split())} == names
    assert {row["name"] for row in rows(run, "companies", *options.split())} == names


def test_wrong_words_are_said(run):
    assert run("companies", "--kind", "investr")[0] == 2
    assert "did you mean investor?" in run("companies", "--kind", "investr")[2]
    code, _, err = run("companies", "Brevane")
    assert (code, "no such command 'Brevane'" in err) == (2, True)


def test_candidates_are_proposed_with_their_row_and_whom_they_are_like(run):
    found = {row["name"]: row for row in rows(run, "companies", "--suggest")}
    assert all(tuple(row) == CANDIDATES.keys for row in found.values())
    assert list(found)[:2] == ["Brevane", "Tolmer Capital"]
    assert (found["Brevane"]["sources"], found["Tolmer Capital"]["kind"]) == (2, "investor")
    assert (found["Cohesitty"]["like_id"], found["Antropic Labs"]["like"]) == ("cohesity", "Anthropic")
    assert not {"Meta", "Index Ventures"} & set(found)


def test_what_is_proposed_is_a_register_that_works(run, tmp_path):
    code, lines, _ = run("companies", "--suggest", "--columns", "row", "--no-headers")
    assert code == 0
    path = tmp_path / "proposed.toml"
    path.write_text(f"[companies]\n{lines}", encoding="utf-8")
    known = load_register(path)
    assert known.lookup("Brevane").id == "brevane"
    assert known.lookup("Skellig Robotics").kind == "ai"
    assert rows(run, "companies", "--suggest", register=path.read_text(encoding="utf-8")) == []


def test_show_tells_all_of_one_company(run):
    shown = json.loads(run("companies", "show", "brevane", "--json")[1])
    assert [row["round"] for row in shown["rounds"]] == ["Seed", "Series A", None]
    assert [row["target"] for row in shown["purchases"]] == ["Skellig Robotics"]
    assert shown["raised_usd"] == 48_000_000  # the rumour of a third round brought nothing yet
    assert shown["investors"][0] == {"investor": "Tolmer Capital", "rounds": 2, "led": 1, "since": "2024-03-12"}
    assert {quote["speaker"] for quote in shown["quotes"]} == {"Ottoline Varga"}
    text = run("companies", "show", "Brevane")[1]
    assert "$48m in 2 of 3 rounds" in text
    assert "$40m at $220m" in text
    assert "█" in text


def test_show_knows_an_investor_by_what_it_backs(run):
    shown = json.loads(run("companies", "show", "Tolmer Capital", "--json")[1])
    assert [row["target"] for row in shown["stakes"]].count("Brevane") == 3
    assert (shown["raised_usd"], shown["rounds"], shown["purchases"]) == (None, [], [])


def test_show_answers_to_former_names_and_at_a_time(run):
    shown = json.loads(run("companies", "show", "Facebook", "--json")[1])
    assert shown["name"] == "Meta"
    assert {"name": "Facebook", "until": "2021-10-28"} in shown["formerly"]
    assert [row["target"] for row in shown["purchases"]] == ["Lumberry"]
    early = json.loads(run("companies", "show", "brevane", "--as-of", "2025-01", "--json")[1])
    assert [row["round"] for row in early["rounds"]] == ["Seed"]
    assert early["articles"] == 1


def test_show_of_a_company_that_no_article_named(run):
    code, out, _ = run("companies", "show", "Hugging Face")
    assert (code, "nothing in the store yet" in out) == (0, True)


@pytest.mark.parametrize(
    ("name", "hint"), [("Brevan", "Brevane?"), ("Skellig", "Skellig Robotics?"), ("qqqq", "lists")]
)
def test_show_says_whom_it_may_have_been(run, name, hint):
    code, _, err = run("companies", "show", name)
    assert (code, hint in err) == (4, True)


def test_names_of_a_users_own_file_are_known(run):
    mine = '[companies]\nbrevane = { name = "Brevane", aliases = ["BRV"], kind = "ai", country = "GB" }\n'
    shown = json.loads(run("companies", "show", "BRV", "--json", register=mine)[1])
    assert (shown["status"], shown["country"], len(shown["rounds"])) == ("curated", "GB", 3)
    code, _, err = run("companies", "show", "BRV", register="[companies]\nbrevane = { nam = 3 }\n")
    assert (code, "not a register: brevane: there is no 'nam' (did you mean 'name'?)" in err) == (2, True)


@pytest.mark.parametrize(
    ("name", "like"),
    [("Cordell Data", "cordel-data"), ("Cordel Data Iberia", "cordel-data"), ("Corda", None), ("Cordel", None),
     ("Nadja Labs", None), ("", None)],
)  # fmt: skip
def test_likeness_needs_the_first_word_too(name, like):
    known = Likeness(build_register([Row("cordel-data", "Cordel Data", "ai"), Row("nadir-labs", "Nadir Labs", "ai")]))
    found = known.find(name)
    assert (found.id if found else None) == like


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_every_row_that_is_proposed_can_be_read(key, name):
    import tomllib

    line = register_row(key, name, "ai")
    printable = all(char >= " " and char not in "\x7f" and not "\ud800" <= char <= "\udfff" for char in key + name)
    if printable:
        assert tomllib.loads(f"[companies]\n{line}")["companies"] == {key: {"name": name, "kind": "ai"}}


def test_kinds_are_guessed_from_the_part_in_deals():
    assert guess_kind({"deals": 2, "backed": 2, "ai": False}) == "investor"
    assert guess_kind({"deals": 2, "backed": 1, "ai": True}) == "ai"
    assert guess_kind({"deals": 0, "backed": 0}) == "technology"


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_a_sparkline_has_a_sign_for_every_count(counts):
    line = sparkline(counts)
    assert len(line) == len(counts)
    assert all((sign == " ") == (count == 0) for sign, count in zip(line, counts, strict=True))


def test_months_go_back_over_the_turn_of_a_year():
    assert recent_months(datetime(2026, 2, 3, tzinfo=UTC), 4) == ["2025-11", "2025-12", "2026-01", "2026-02"]
