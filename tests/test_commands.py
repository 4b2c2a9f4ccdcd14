"""The command line, run as a person runs it, on a store imported from invented stories."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import feedparser
import openpyxl
import pytest

from dealwatch.__main__ import main
from dealwatch.present import ARTICLES, DEALS, DIFF, FORMATS, QUOTES
from dealwatch.store.writing import write_lock

STORIES = Path(__file__).parent / "data/commands/stories.jsonl"


@pytest.fixture(scope="session")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("commands") / "deals.db"
    assert main(["--db", str(path), "-q", "import", str(STORIES)]) == 0
    return path


@pytest.fixture
def run(db: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Runs a command line on the store: exit code, what stood on stdout, what stood on stderr."""
    for name in ("DEALWATCH_CONFIG", "DEALWATCH_DB", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(db.parent)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(db.parent / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(db.parent / "data"))

    def call(*argv: str, with_db: bool = True) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*(["--db", str(db)] if with_db else []), *argv])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def rows(run, *argv: str) -> list[dict[str, object]]:
    code, out, err = run(*argv, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


# -- deals -----------------------------------------------------------------------------------------------------------


def test_deals_lists_every_status_newest_first_with_the_documented_keys(run):
    found = rows(run, "deals")
    assert all(tuple(row) == DEALS.keys for row in found)
    assert [row["date"] for row in found] == sorted((row["date"] for row in found), reverse=True)
    assert {"announced", "called_off"} <= {row["status"] for row in found}


def test_a_company_is_found_on_either_side_by_any_alias(run):
    takeover = [row["deal_id"] for row in rows(run, "deals", "--company", "Microsoft")]
    assert takeover
    assert takeover == [row["deal_id"] for row in rows(run, "deals", "--company", "microsoft corp.")]
    assert takeover == [row["deal_id"] for row in rows(run, "deals", "--investor", "Microsoft")]
    assert rows(run, "deals", "--target", "Microsoft") == []
    assert {row["type"] for row in rows(run, "deals", "--company", "cordel data")} == {"acquisition", "funding_round"}


@pytest.mark.parametrize(
    ("options", "targets"),
    [
        ("--type funding-round", {"Cordel Data", "Solférine"}),
        ("--type acquisition --type ipo", {"Cordel Data"}),
        ("--status called-off", {"Cordel Data"}),
        ("--lang fr", {"Solférine"}),
        ("--source", {"Solférine"}),
        ("--currency EUR", {"Solférine"}),
        ("--currency EUR --min 25m --max 25,000,000", {"Solférine"}),
        ("--currency EUR --min 26m", set()),
        ("--min 0.5bn", {"Cordel Data"}),
        ("--round", {"Cordel Data"}),
        ("--since 2025-02-10 --until 2025-02-10", {"Solférine"}),
        ("--since 2031", set()),
    ],
)
def test_filters_narrow(run, options, targets):
    argv = options.split()
    argv += {"--source": ["Le Fil"], "--round": ["series a"]}.get(argv[-1], [])
    assert {row["target"] for row in rows(run, "deals", *argv)} == targets


def test_as_of_shows_what_was_known_then(run):
    before = rows(run, "deals", "--as-of", "2025-03-05", "--type", "acquisition")
    assert [row["status"] for row in before] == ["rumoured"]
    assert rows(run, "deals", "--as-of", "2025-03-04", "--type", "acquisition") == []


def test_formats_agree(run):
    found = rows(run, "deals")
    _, text, _ = run("deals", "--format", "jsonl")
    assert [json.loads(line) for line in text.splitlines()] == found
    _, text, _ = run("deals", "--csv")
    assert [row["deal_id"] for row in csv.DictReader(io.StringIO(text))] == [row["deal_id"] for row in found]
    _, text, _ = run("deals")  # no terminal: TSV
    assert text.splitlines()[0].split("\t") == list(DEALS.keys)
    _, text, _ = run("deals", "--columns", "target,amount", "--no-headers", "--type", "funding_round")
    assert set(text.splitlines()) == {"Cordel Data\t$60m", "Solférine\t€25m"}


def test_sort_and_limit(run):
    sums = [row["amount_usd"] for row in rows(run, "deals", "--sort", "amount") if row["amount_usd"]]
    assert sums == sorted(sums, reverse=True)
    assert len(rows(run, "deals", "--limit", "1")) == 1


def test_groups_count_and_add_up(run):
    groups = {group["group"]: group for group in rows(run, "deals", "--group-by", "type")}
    assert groups["funding_round"]["deals"] == 2
    assert groups["funding_round"]["largest_usd"] == 60_000_000
    code, text, _ = run("deals", "--group-by", "month", "--format", "table")
    assert code == 0
    assert "█" in text
    assert len(rows(run, "deals", "--group-by", "company", "--limit", "1")) == 1


def test_an_unknown_name_is_an_empty_list_and_a_word(run):
    code, out, err = run("deals", "--company", "Cordell Data", "--json")
    assert (code, json.loads(out)) == (0, [])
    assert "did you mean Cordel Data?" in err
    assert run("-q", "deals", "--company", "Cordell Data", "--json")[2] == ""


# -- one deal, changes, quotes, articles -----------------------------------------------------------------------------


def test_a_deal_tells_its_facts_with_sentences_its_history_and_quotes(run):
    deal_id = str(rows(run, "deals", "--type", "funding_round", "--target", "Cordel Data")[0]["deal_id"])
    code, out, _ = run("deal", deal_id, "--json")
    found = json.loads(out)
    assert code == 0
    facts = {fact["field"]: fact for fact in found["facts"]}
    assert facts["amount"]["value"]["low"] == 60_000_000
    assert "$60 million" in facts["amount"]["sentence"]
    assert facts["amount"]["url"] == "https://watch.example/2025/cordel-series-a"
    assert found["history"][0]["change"] == "new"
    assert any("forty engineers" in quote["quote"] for quote in found["quotes"])
    code, text, _ = run("deal", deal_id, "--explain")
    assert code == 0
    for part in ("Cordel Data", "$60m", "Facts", "History", "Quotes", "Claims", "Ada Quill"):
        assert part in text


def test_diff_tells_what_changed_between_two_times(run):
    found = rows(run, "diff", "2025-03-06", "2025-12-31")
    assert all(tuple(row) == DIFF.keys for row in found)
    assert [row["change"] for row in found] == ["called_off"]
    assert {row["change"] for row in rows(run, "diff", "2025-02", "2025-02")} == {"new"}
    assert rows(run, "diff", "2025-06-01", "2025-06-30") == []
    assert run("diff", "2025-02", "2025-02", "--exit-code")[0] == 5
    assert run("diff", "2025-06", "2025-06", "--exit-code")[0] == 0


def test_new_since_last_shows_a_change_once(run):
    assert rows(run, "diff", "--new-since-last", "--name", "mail")
    assert rows(run, "diff", "--new-since-last", "--name", "mail") == []
    assert rows(run, "diff", "--new-since-last", "--name", "chat")


def test_new_since_last_misses_nothing_that_comes_in_the_second_of_a_mark(run, tmp_path):
    db = str(tmp_path / "new.db")
    for number, company in enumerate(("Corvene AI", "Zantric AI", "Orbelle AI")):
        story = {
            "text": f"{company} raises $50 million\n\n{company}, an artificial intelligence start-up, has raised "
            "$50 million in a Series A round.", "url": f"https://news.example/{number}", "published": "2025-02-03",
        }  # fmt: skip
        (tmp_path / "story.jsonl").write_text(json.dumps(story))
        assert run("--db", db, "import", "-q", str(tmp_path / "story.jsonl"), with_db=False)[0] == 0
        code, out, _ = run("--db", db, "diff", "--new-since-last", "--json", with_db=False)
        assert (code, [row["target"] for row in json.loads(out)]) == (0, [company])


def test_new_since_last_waits_for_a_run_that_writes_and_makes_no_store(run, db, tmp_path):
    with write_lock(db):
        code, out, err = run("diff", "--new-since-last", "--name", "locked")
    assert (code, out) == (75, "")
    assert err.startswith("error: another run is writing")
    assert rows(run, "diff", "--new-since-last", "--name", "locked")
    code, out, err = run("--db", str(tmp_path / "none.db"), "diff", "--new-since-last", with_db=False)
    assert (code, list(tmp_path.iterdir())) == (4, [])


def test_quotes_by_speaker_company_and_words(run):
    found = rows(run, "quotes", "--speaker", "Quill")
    assert len(found) == 1
    assert found[0]["quote"].startswith("We will hire forty engineers this year")
    assert all(tuple(row) == QUOTES.keys for row in found)
    assert rows(run, "quotes", "--search", "recruter")[0]["speaker"] == "Inès Marchand"
    about = rows(run, "quotes", "--about", found[0]["speaker_org"])
    assert found[0]["quote"] in [row["quote"] for row in about]
    assert run("quotes", "--about", "Nobody at all")[0] == 4
    words = found[0]["quote"].split()
    assert rows(run, "quotes", "--search", f"{words[-1]} {words[0]}")[0]["quote"] == found[0]["quote"]
    assert rows(run, "quotes", "--lang", "fr", "--limit", "1")
    assert rows(run, "quotes", "--until", "2020") == []
    assert rows(run, "quotes", "--search", "ingenieurs RECRUTÉR")[0]["speaker"] == "Inès Marchand"


@pytest.mark.parametrize(
    ("name", "meant"), [("Ines Marchant", "Inès Marchand"), ("Marchan", "Marchand"), ("Zzyzx", "")]
)
def test_an_unknown_speaker_is_told_with_the_nearest(run, name, meant):
    code, _, err = run("quotes", "--speaker", name, "--format", "tsv")
    assert code == 0
    assert f"nobody in the store is quoted as '{name}'." in err
    assert (f"did you mean {meant}?" if meant else "") in err
    assert ("did you mean" in err) == bool(meant)


def test_articles_and_one_article(run):
    found = rows(run, "articles")
    assert len(found) == 5
    assert all(tuple(row) == ARTICLES.keys for row in found)
    article_id = str(found[-1]["article_id"])
    code, out, _ = run("article", article_id, "--json")
    assert code == 0
    assert json.loads(out)["title"].startswith("AI start-up Cordel Data raises")
    assert "Model Watch" in run("article", article_id)[1]
    assert "revision 1" in run("article", article_id, "--revisions")[1]


def test_nothing_that_an_article_says_reaches_a_terminal_as_a_command(run):
    for format in FORMATS:
        _, out, _ = run("articles", "--format", format)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", out)
        assert "/bold" in out


# -- export ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["deals", "parties", "quotes", "articles", "claims", "changes"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl"])
def test_export_writes_every_kind_of_rows(run, tmp_path, what, ending):
    file = tmp_path / f"out.{ending}"
    code, out, err = run("export", str(file), "--what", what)
    assert (code, out) == (0, "")
    assert str(file) in err
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) > 1
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_export_takes_the_filters_of_deals_and_goes_to_stdout(run):
    code, out, _ = run("export", "-", "--lang", "fr")
    assert code == 0
    assert [row["target"] for row in csv.DictReader(io.StringIO(out))] == ["Solférine"]


def test_a_workbook_of_deals_has_their_parties_and_quotes(run, tmp_path):
    code, _, err = run("export", str(tmp_path / "deals.xlsx"), "--lang", "fr")
    assert code == 0
    assert err.startswith("wrote 1 deal, ")
    book = openpyxl.load_workbook(tmp_path / "deals.xlsx")
    assert book.sheetnames == ["deals", "parties", "quotes"]
    assert {row[0].value for row in book["parties"]["A2:A9"] if row[0].value} == {book["deals"]["A2"].value}


def test_the_parties_of_a_past_day_are_those_of_its_deals(run):
    _, out, _ = run("export", "-", "--what", "parties", "--as-of", "2023-01-10", "--topic", "any")
    parties = {row["deal_id"] for row in csv.DictReader(io.StringIO(out))}
    _, out, _ = run("export", "-", "--as-of", "2023-01-10", "--topic", "any")
    assert parties <= {row["deal_id"] for row in csv.DictReader(io.StringIO(out))}


def test_a_feed_holds_the_changes(run, tmp_path):
    code, _, err = run("export", str(tmp_path / "changes.atom"))
    assert code == 0
    feed = feedparser.parse(str(tmp_path / "changes.atom"))
    assert not feed.bozo
    assert err == f"wrote {len(feed.entries)} changes to {tmp_path / 'changes.atom'}\n"


@pytest.mark.parametrize(("argv", "said"), [
    (("x.atom", "--what", "deals"), "an Atom feed holds changes"), (("x.xlsx", "--excel"), "--excel goes with CSV"),
    (("x.csv", "--format", "yaml"), "unknown format"),
])  # fmt: skip
def test_export_says_what_does_not_go_together(run, tmp_path, argv, said):
    code, _, err = run("export", str(tmp_path / argv[0]), *argv[1:])
    assert (code, said in err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_takes_what_is_no_text(db, capsysbinary):
    assert main(["--db", str(db), "export", "-", "--format", "parquet"]) == 0
    assert capsysbinary.readouterr().out.endswith(b"PAR1")


def test_export_refuses_what_it_cannot_mean(run, tmp_path):
    assert run("export", str(tmp_path / "x.xls"))[0] == 2
    assert run("export", str(tmp_path / "x.csv"), "--what", "quotes", "--min", "5x")[0] == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["quotes", "articles", "claims", "changes"])
@pytest.mark.parametrize("filter", [("--min", "20m"), ("--type", "acquisition"), ("--as-of", "2025-02-05")])
def test_export_narrows_all_rows_by_the_filters_of_deals(run, what, filter):
    def told(*line):
        code, out, _ = run("export", "-", "--format", "jsonl", "--topic", "any", *line)
        assert code == 0
        return [json.loads(line) for line in out.splitlines()]

    every, some = told("--what", what), told("--what", what, *filter)
    assert len(some) < len(every) or filter[0] == "--min"
    assert all(row in every for row in some) or what in ("claims", "changes")
    deals = {row["deal_id"] for row in told(*filter)}
    if what == "changes" and filter[0] != "--as-of":
        assert [row for row in every if row["deal_id"] in deals] == some
    if what == "claims" and filter[0] == "--type":
        assert {row["type"] for row in some} <= {"acquisition"}
    assert told("--what", what, "--investor", "Nobody At All") == []


def test_a_failed_export_leaves_the_old_file(run, tmp_path):
    folder = tmp_path / "file"
    folder.write_text("no folder")
    code, _, err = run("export", str(folder / "deals.csv"))
    assert code == 1
    assert err.startswith("error: cannot write ")
    assert folder.read_text() == "no folder"


def test_export_keeps_a_link_and_the_rights_of_the_file(run, tmp_path):
    file, link = tmp_path / "real.csv", tmp_path / "link.csv"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    assert run("export", str(link))[0] == 0
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert file.read_text().startswith("deal_id,")


# -- import and extract ----------------------------------------------------------------------------------------------


def test_a_second_import_adds_nothing(run):
    code, out, err = run("import", str(STORIES))
    assert (code, out) == (0, "")
    assert "0 new articles" in err
    assert "5 known already" in err


def test_a_bad_record_is_named_and_the_rest_taken(run, tmp_path):
    file = tmp_path / "mixed.jsonl"
    file.write_text('{"id": "a", "text": "Nothing happened today in the village of Erd."}\nnot json\n')
    code, out, err = run("--db", str(tmp_path / "new.db"), "import", str(file), "--json")
    assert code == 3
    assert f"{file}:2: not a JSON object" in err
    assert json.loads(out)["added"] == 1


def test_extract_prints_the_shape_of_the_design(run, tmp_path):
    code, out, _ = run("extract", str(STORIES), "--jsonl")
    found = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [document["id"] for document in found] == ["s1", "s2", "s3", "s4", "s5"]
    keys = ["id", "title", "text", "lang", "published", "companies", "mentioned", "amounts", "quotes", "deals"]
    assert list(found[0])[:10] == keys
    for document in found:
        for part in (*document["amounts"], *document["quotes"]):
            assert document["text"][part["start"] : part["end"]] == part["text"]
    assert found[0]["amounts"][0]["low"] == 60_000_000
    assert found[0]["published"] == "2025-02-03T09:00:00+00:00"


def test_extract_of_a_page_has_what_only_a_page_has(run, tmp_path):
    page = tmp_path / "story.html"
    told = "".join(f"<p>Cordel Data raised $6{n} million in 202{n}, the firm said at length.</p>" for n in range(5))
    page.write_text(f"<html><title>Cordel</title><body><article><h1>Cordel</h1>{told}</article></body></html>")
    code, out, _ = run("extract", str(page), "--json")
    found = json.loads(out)
    assert code == 0
    assert found["id"] == "story.html"
    assert {"authors", "canonical_url", "paragraphs", "method", "date_source", "date_precision"} <= set(found)
    code, out, _ = run("extract", str(page))
    assert code == 0
    assert "Cordel Data raised $60 million" in out
    assert "deals" in out or "deal" in out


def test_extract_refuses_two_documents_as_one_object(run):
    code, _, err = run("extract", str(STORIES), "--json")
    assert code == 2
    assert "--jsonl" in err


def test_the_register_can_be_left_out(run):
    _, out, _ = run("extract", str(STORIES), "--jsonl", "--register", "none")
    known = [company["known"] for line in out.splitlines() for company in json.loads(line)["companies"]]
    assert known
    assert not any(known)
    assert run("extract", str(STORIES), "--jsonl", "--register", "nowhere.toml")[0] == 4
