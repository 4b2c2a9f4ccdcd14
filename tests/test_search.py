"""Full text: rows of what people type, any text safe, and indexes that stay in step with the texts."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.__main__ import main
from dealwatch.model import Article, Extraction, Quote, Source
from dealwatch.store import Store
from dealwatch.store.batch import Batch, Document
from dealwatch.store.searching import SearchQuery, match_of
from dealwatch.store.writing import Writer

DATA = Path(__file__).parent / "data/commands"
ROWS = tomllib.loads((DATA / "search.toml").read_text(encoding="utf-8"))["row"]
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
PAPER = Source("Paper", "feed", "https://paper.example/feed")
INDEXES = ("articles_index", "quotes_index", "claims_index")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "deals.db"
    assert main(["--db", str(path), "-q", "import", str(DATA / "stories.jsonl")]) == 0
    return path


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row["words"]))
def test_words_find_what_holds_them(db, capsys, row):
    assert main(["--db", str(db), "search", "--json", *row["words"]]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [hit["kind"] for hit in found] == row["kinds"]
    if "snippet" in row:
        assert row["snippet"] in found[0]["snippet"]
    for hit in found:
        assert hit["kind"] != "deal" or hit["deal_id"]
        assert all(0 <= start < end <= len(hit["snippet"]) for start, end in hit["hits"])


def test_a_search_without_a_word_is_a_usage_error(db, capsys):
    assert main(["--db", str(db), "search", "!!", '"']) == 2
    assert "no word to search for" in capsys.readouterr().err


@given(st.text(max_size=60))
def test_any_text_is_safe(db, text):
    with Store(db) as store:
        assert len(store.search(SearchQuery(text))) <= 20
        store.quotes(search=text)
        store.articles(search=text)


@given(st.lists(st.sampled_from(["cordel", "ai", "quill", "forty", "year", "solférine"]), min_size=1, max_size=4))
def test_more_words_never_find_more(db, words):
    with Store(db) as store:
        counts = [len(store.search(SearchQuery(" ".join(words[:n]), limit=100))) for n in range(1, len(words) + 1)]
    assert counts == sorted(counts, reverse=True)


def test_a_phrase_and_a_beginning_are_kept_and_the_rest_is_quoted():
    assert match_of('a "b c" d* "') == '"a" "b c" "d"*'


# -- in step with the texts ------------------------------------------------------------------------------------------


def save(path: Path, number: int, words: str, at: datetime = NOW) -> None:
    text = f"Title {number}\n\n“{words},” said Ada Morel."
    quote = Quote(text.index("“") + 1, text.index(",”"), words, "direct", "Ada Morel")
    told = Extraction(f"Title {number}", text, "en", at, quotes=(quote,))
    article = Article(told.title, (), url=f"https://paper.example/{number}", source="Paper", lang="en", published=at)
    with Writer(path, parser="1", now=at) as writer:
        writer.save(Batch(PAPER, (Document(article, told, number, at),)))


def found(path: Path, words: str) -> list[str]:
    with Store(path) as store:
        return [str(row["kind"]) for row in store.search(SearchQuery(words))]


def check(path: Path) -> None:
    """FTS5's own comparison of each index with what it is of."""
    with closing(sqlite3.connect(path)) as connection:
        for index in INDEXES:
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")


def test_an_edited_article_is_found_by_its_new_words_only(store):
    save(store, 1, "herons wade here")
    save(store, 1, "herons have gone", NOW + timedelta(hours=1))
    assert (found(store, "wade"), found(store, "gone")) == ([], ["quote", "article"])
    check(store)


def test_pruned_and_compacted_the_rest_is_still_found(store):
    for number, words in enumerate(("herons wade", "otters swim", "badgers dig")):
        save(store, number, words)
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("UPDATE articles SET published_at = '2020', observed_at = '2020' WHERE title = 'Title 0'")
        connection.commit()
    with Writer(store, parser="1", now=NOW) as writer:
        assert writer.prune(datetime(2023, 1, 1, tzinfo=UTC), compact=True)["articles"] == 1
    assert found(store, "herons") == []
    assert found(store, "badgers") == ["quote", "article"]
    check(store)


def test_scripts_without_blanks_are_found_by_any_part_of_their_text(store):
    save(store, 1, "我们将在巴黎建设数据中心")
    assert found(store, "数据中心") == ["quote", "article"]
    with Store(store) as reader:
        (hit, *_) = reader.search(SearchQuery("数据中心", kinds=("quote",)))
        assert hit["snippet"][slice(*hit["hits"][0])] == "数据中心"
        assert len(reader.quotes(search="巴黎 数据")) == len(reader.articles(search="巴黎")) == 1
        assert reader.quotes(search="伦敦") == []


def test_a_hit_on_a_terminal_is_bold():
    from dealwatch.present import Look, render
    from dealwatch.present.columns import HITS

    row = {"kind": "quote", "snippet": "forty engineers", "hits": [[0, 5]]}
    assert "\x1b[1mforty\x1b[0m engineers" in render([row], HITS, "table", Look(width=80, color=True))
