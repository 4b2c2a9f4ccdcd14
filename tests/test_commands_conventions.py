"""What a stranger tries: other words for help, columns to sort by, names nearly right, beginnings of ids, pipes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealwatch.__main__ import main
from dealwatch.commands.session import Session
from dealwatch.present import ARTICLES, DEALS, DIFF, EXPORTS, QUOTES
from dealwatch.present.columns import COMPANIES, HITS

STORIES = Path(__file__).parent / "data/commands/stories.jsonl"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def db(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("conventions") / "deals.db"
    assert main(["--db", str(path), "-q", "import", str(STORIES)]) == 0
    return path


def run(*argv: str, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    session = Session(io.StringIO(), io.StringIO(), env or {}, NOW)
    code = main(argv, session)
    return code, session.out.getvalue(), session.err.getvalue()


def rows(db: Path, *argv: str) -> list[dict[str, object]]:
    code, out, err = run("--db", str(db), *argv, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.parametrize("path", [(), ("deals",), ("companies", "show"), ("sources",)], ids=" ".join)
def test_help_is_a_word_as_well_as_an_option(path, capsys):
    word, option = ((run(*line)[1] + capsys.readouterr().out) for line in (("help", *path), (*path, "--help")))
    assert word == option
    assert word.startswith("Usage: dealwatch")


@pytest.mark.parametrize("line", ["deal [OPTIONS] ID", "import [OPTIONS] FILE...", "fetch [OPTIONS] [SOURCE]..."])
def test_usage_names_arguments_plainly(line, capsys):
    assert run(line.split()[0], "--help")[0] == 0
    assert capsys.readouterr().out.startswith(f"Usage: dealwatch {line}\n")


def test_sources_alone_are_listed(tmp_path):
    env = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    assert run("sources", env=env) == run("sources", "list", env=env)


def test_version_names_what_a_bug_report_needs():
    code, out, _ = run("--version")
    lines = out.splitlines()
    assert (code, len(lines)) == (0, 4)
    assert lines[0].startswith("dealwatch ")
    assert lines[1].startswith("Python 3.")
    named = ("SQLite", "httpx", "selectolax", "typer", "pyahocorasick", "trafilatura", "parser", "schema", "register")
    assert [name for name in named if f"{name} " not in out] == []
    assert "missing" not in out or "pyarrow missing" in out


LISTS = {"deals": (DEALS, ("deals",)), "quotes": (QUOTES, ("quotes",)), "articles": (ARTICLES, ("articles",)),
         "diff": (DIFF, ("diff", "2020")), "companies": (COMPANIES, ("companies",)),
         "search": (HITS, ("search", "raise*", "million*"))}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_every_column_sorts_both_ways_and_what_has_no_value_comes_last(name, db):
    listing, line = LISTS[name]
    columns = [*listing.keys, *(("amount", "valuation") if name == "deals" else ())]
    plain = rows(db, *line)
    for column in columns:
        for sort in (column, f"-{column}"):
            found = rows(db, *line, "--sort", sort)
            assert sorted(map(str, found)) == sorted(map(str, plain))
            if column in listing.keys:
                empty = [row[column] in (None, "", []) for row in found]
                assert empty == sorted(empty), sort
        if name != "diff":
            assert rows(db, *line, "--sort", column, "--limit", "1") == rows(db, *line, "--sort", column)[:1]


@pytest.mark.parametrize("what", EXPORTS)
def test_exports_sort_by_the_columns_of_lists(what, db):
    def told(*line):
        code, out, _ = run("--db", str(db), "export", "-", "--format", "jsonl", "--what", what, *line)
        assert code == 0
        return [json.loads(line) for line in out.splitlines()]

    plain = told()
    for column in EXPORTS[what].keys:
        up, down = told("--sort", column), told("--sort", f"-{column}")
        assert sorted(map(str, up)) == sorted(map(str, down)) == sorted(map(str, plain))
        assert told("--sort", column, "--limit", "2") == up[:2]
    assert run("--db", str(db), "export", "-", "--what", what, "--sort", "nothing")[0] == 2


def test_the_newest_that_hold_a_word_come_first_where_that_is_asked(db):
    dates = [row["date"] for row in rows(db, "search", "million*", "--sort", "date")]
    assert dates == sorted(dates, reverse=True)
    assert rows(db, "search", "million*", "--sort", "-date", "--limit", "1")[0]["date"] == min(
        row["date"] for row in rows(db, "search", "million*", "--limit", "500"))


def test_text_goes_up_and_numbers_and_times_go_down(db):
    speakers = [row["speaker"] for row in rows(db, "quotes", "--sort", "speaker") if row["speaker"]]
    assert speakers == sorted(speakers, key=str.casefold)
    sizes = [row["characters"] for row in rows(db, "articles", "--sort", "characters")]
    assert sizes == sorted(sizes, reverse=True)
    dates = [row["date"] for row in rows(db, "articles", "--sort", "-date")]
    assert dates == sorted(dates)
    assert rows(db, "deals", "--sort", "-date") == rows(db, "deals", "--sort", "date")[::-1]


NEARLY = [
    (("deals", "--source", "Le Fill"), "nothing in the store has the source 'Le Fill'. did you mean Le Fil?"),
    (("articles", "--lang", "english"), "nothing in the store has the language 'english'. there is en, fr"),
    (("deals", "--currency", "EURO"), "nothing in the store has the currency 'EURO'. did you mean EUR?"),
    (("deals", "--round", "Serie A"), "nothing in the store has the round 'Serie A'. did you mean Series A?"),
    (("quotes", "--source", "Model Wotch"), "did you mean Model Watch?"),
    (("search", "archives", "--company", "Cordell Data"), "did you mean Cordel Data?"),
    (("search", "archives", "--source", "Model Wotch"), "did you mean Model Watch?"),
]


@pytest.mark.parametrize(("line", "said"), NEARLY, ids=[" ".join(line) for line, _ in NEARLY])
def test_a_name_nearly_right_is_an_empty_list_and_a_word(line, said, db):
    code, out, err = run("--db", str(db), *line, "--json")
    assert (code, json.loads(out), len(err.splitlines())) == (0, [], 1)
    assert said in err
    assert run("-q", "--db", str(db), *line, "--json")[2] == ""


def test_a_filter_that_is_right_is_no_matter_for_words(db):
    assert run("--db", str(db), "deals", "--source", "le fil", "--currency", "eur", "--since", "2031")[2] == ""


@pytest.mark.parametrize(("name", "key"), [("deal", "deal_id"), ("article", "article_id")])
def test_the_beginning_of_an_id_is_enough(name, key, db):
    whole = str(rows(db, f"{name}s")[0][key])
    said = run("--db", str(db), name, whole)
    assert run("--db", str(db), name, whole[:8]) == said
    assert run("--db", str(db), name, whole[:2])[0] == 4
    assert run("--db", str(db), name, "zzzzzzzz")[0] == 4


def test_people_see_money_and_machines_see_numbers(db):
    shown = run("--db", str(db), "deals", "--currency", "EUR", "--format", "table")[1]
    assert "€25m" in shown
    raw = rows(db, "deals", "--currency", "EUR")[0]
    assert (raw["amount_low"], raw["currency"]) == (25_000_000, "EUR")
    assert "amount" not in raw


def test_deals_of_another_industry_are_told_of(tmp_path):
    path, db = tmp_path / "story.jsonl", tmp_path / "deals.db"
    story = {"url": "https://a.example/1", "source": "A", "published": "2026-01-05", "lang": "en"}
    text = "Halden Dairy raises $8m\n\nHalden Dairy, a maker of cheese, has raised $8 million from Orrell Capital."
    path.write_text(json.dumps(story | {"text": text}), encoding="utf-8")
    assert main(["--db", str(db), "-q", "import", str(path)]) == 0
    assert "--topic any shows them" in run("--db", str(db), "deals", "--company", "Halden Dairy")[2]
    code, out, err = run("--db", str(db), "deals", "--topic", "any", "--columns", "target", "--no-headers")
    assert (code, out, err) == (0, "Halden Dairy\n", "")


def test_every_list_writes_times_alike(db):
    for line, column in ((("diff", "2020"), "at"), (("quotes",), "date"), (("deals",), "first_seen")):
        assert [row for row in rows(db, *line) if not str(row[column]).endswith("Z")] == []


def test_an_export_of_nothing_says_which_word_is_unknown(db, tmp_path):
    said = run("--db", str(db), "export", str(tmp_path / "q.csv"), "--what", "quotes", "--source", "Model Wotch")
    assert said[0] == 0
    assert "did you mean Model Watch?" in said[2]


def test_our_own_words_have_no_underscores_for_people(db):
    for line in (("deals",), ("deals", "--group-by", "type")):
        shown = run("--db", str(db), *line, "--format", "table")[1]
        assert "funding round" in shown
        assert "funding_round" not in shown
        assert "funding_round" in run("--db", str(db), *line)[1]


def test_no_color_in_any_way(db):
    for extra in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert Session(sys.stdout, sys.stderr, extra, NOW).color is False


def test_a_reader_that_stops_early_is_no_failure(db):
    line = f"'{sys.executable}' -m dealwatch --db '{db}' articles --json | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert done.stdout == "[\n0\n"
    assert done.stderr == ""
