"""The store: whole or not at all, both clocks, edits, what a file may be, and the same deals however it was filled."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import claim
from dealwatch.changes import compare, history
from dealwatch.errors import DealwatchError, Locked, NotFound, StoreError, UsageError
from dealwatch.model import Article, Claim, Company, Evidence, Extraction, Mention, Quote, Source
from dealwatch.store import DEAL_COLUMNS, DealQuery, Store, schema, states
from dealwatch.store.batch import Batch, Document, EntryOutcome, EntryState
from dealwatch.store.connection import connect_reader, connect_writer, wal_is_safe
from dealwatch.store.writing import Writer, article_key

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
ANY = DealQuery(any_topic=True)
PAPER = Source("Paper", "feed", "https://paper.example/feed")

ROWS: list[dict[str, Any]] = [
    {"day": "2025-10-01", "status": "rumoured", "voice": "unnamed", "target": "Sifnos", "amount": "~300m EUR",
     "investors": ["Ostara"], "source": "Ledger"},
    {"day": "2025-11-04", "target": "Sifnos", "amount": "320m EUR", "voice": "party", "investors": ["Ostara", "Halden"],
     "lead": ["Ostara"], "valuation": "2bn EUR", "round": "Series C", "date": "2025-11-04", "source": "Gazette"},
    {"day": "2026-01-09", "type": "acquisition", "target": "Pellet", "amount": "40m GBP", "investors": ["Sifnos"],
     "source": "Ledger", "ai": False},
    {"day": "2026-01-20", "type": "acquisition", "target": "Pellet", "status": "called_off", "investors": ["Sifnos"],
     "source": "Gazette", "ai": False},
]  # fmt: skip


def rate(currency: str, day: date) -> tuple[Decimal, date] | None:
    rates = {"USD": Decimal(1), "EUR": Decimal("1.1"), "GBP": Decimal("1.3")}
    return (rates[currency], day) if currency in rates else None


def document(row: Mapping[str, Any], number: int) -> Document:
    """The document of one claim: a text that holds its words, its companies and a quote."""
    told: Claim = claim(row, number)
    parties = [party for party in (*told.investors, told.target) if party]
    names = ", ".join(party.name for party in parties)
    text = f"Headline {number}\n\n{names}: “We are glad,” said Ada Morel. {row.get('more', '')}"
    places = [Mention(text.index(party.name), text.index(party.name) + len(party.name)) for party in parties]
    companies = tuple(Company(p.id, p.name, mentions=(place,)) for p, place in zip(parties, places, strict=True))
    start = text.index("We are")
    quote = Quote(start, start + 12, text[start : start + 12], "direct", "Ada Morel", parties[0].id, parties[0].name)
    evidence = (Evidence("amount", 0, 8, f"The sentence of claim {number}."), *told.evidence)
    extraction = Extraction(
        f"Headline {number}", text, "en", told.origin.published_at if told.origin else None, companies, quotes=(quote,),
        claims=(replace(told, evidence=evidence, key="", origin=None),), ai=told.ai,
    )  # fmt: skip
    origin = told.origin
    assert origin
    article = Article(
        extraction.title, (), url=origin.url, source=origin.source, lang="en", published=origin.published_at,
        date_precision="instant",
    )  # fmt: skip
    return Document(article, extraction, int.from_bytes(bytes([17 * number % 251]) * 8), origin.observed_at)


def fill(path: Path, documents: Sequence[Document], *, now: datetime = NOW) -> None:
    with Writer(path, parser="1", now=now, rate=rate) as writer:
        for one in documents:
            writer.save(Batch(PAPER, (one,)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "deals.db", [document(row, number) for number, row in enumerate(ROWS)])
    return tmp_path / "deals.db"


def test_deals_are_rows_of_the_documented_columns(path: Path) -> None:
    with Store(path) as store:
        rows = store.deals(ANY)
    assert [tuple(row) for row in rows] == [DEAL_COLUMNS] * 2
    pellet, sifnos = rows
    assert (pellet["status"], pellet["target"], pellet["amount_usd"]) == ("called_off", "Pellet", 52_000_000)
    assert sifnos["investors"] == ["Ostara", "Halden"]
    assert (sifnos["date"], sifnos["date_precision"], sifnos["confirmations"]) == ("2025-11-04", "day", 2)
    assert sifnos["sources"] == ["Ledger", "Gazette"]
    assert sifnos["evidence"] == "The sentence of claim 1."
    assert (sifnos["fx_date"], sifnos["valuation_low"]) == ("2025-11-04", 2_000_000_000)


QUERIES: list[tuple[dict[str, Any], list[str]]] = [
    ({"company": "Sifnos"}, ["Pellet", "Sifnos"]),  # from both sides
    ({"company": "SIFNOS SAS"}, ["Pellet", "Sifnos"]),
    ({"company": "nobody"}, []),
    ({"investor": "Sifnos"}, ["Pellet"]),
    ({"target": "sifnos"}, ["Sifnos"]),
    ({"types": ("acquisition",)}, ["Pellet"]),
    ({"statuses": ("announced", "rumoured")}, ["Sifnos"]),
    ({"round": "series c"}, ["Sifnos"]),
    ({"currency": "gbp"}, ["Pellet"]),
    ({"minimum": Decimal(100_000_000)}, ["Sifnos"]),
    ({"maximum": Decimal(100_000_000)}, ["Pellet"]),
    ({"currency": "EUR", "minimum": Decimal(330_000_000)}, []),
    ({"since": date(2026, 1, 9)}, ["Pellet"]),
    ({"until": date(2025, 11, 4)}, ["Sifnos"]),
    ({"source": "ledger"}, ["Pellet", "Sifnos"]),
    ({"lang": "fr"}, []),
    ({"sort": "amount"}, ["Sifnos", "Pellet"]),
    ({"sort": "-amount"}, ["Pellet", "Sifnos"]),
    ({"sort": "target"}, ["Pellet", "Sifnos"]),
    ({"limit": 1}, ["Pellet"]),
    ({"any_topic": False}, ["Sifnos"]),
    ({"review": True}, []),
]


@pytest.mark.parametrize(("query", "targets"), QUERIES, ids=lambda value: str(value)[:40])
def test_queries_narrow_now_and_then_alike(path: Path, query: dict[str, Any], targets: list[str]) -> None:
    asked = DealQuery(**{"any_topic": True} | query)
    with Store(path) as store:
        assert [row["target"] for row in store.deals(asked)] == targets
        assert [row["target"] for row in store.deals(asked, as_of=NOW)] == targets


def test_an_unknown_order_is_a_usage_error(path: Path) -> None:
    with Store(path) as store, pytest.raises(UsageError, match="cannot sort by"):
        store.deals(DealQuery(sort="colour; DROP TABLE deals"))


def test_the_past_is_what_had_been_published(path: Path) -> None:
    with Store(path) as store:
        (early,) = store.deals(ANY, as_of=datetime(2025, 10, 15, tzinfo=UTC))
        assert (early["status"], early["amount_low"], early["investors"]) == ("rumoured", 300_000_000, ["Ostara"])
        assert store.deals(ANY, as_of=datetime(2025, 9, 1, tzinfo=UTC)) == []
        assert store.deals(ANY, as_of=NOW) == store.deals(ANY)
        assert {row["deal_id"] for row in store.deals(ANY)} >= {early["deal_id"]}


def test_two_states_differ_by_what_was_told_between(path: Path) -> None:
    with Store(path) as store:
        before, after = store.states(datetime(2025, 10, 15, tzinfo=UTC), datetime(2026, 1, 10, tzinfo=UTC))
    told = [(c.target, c.change, c.field) for c in compare(before, after)]
    assert told == [
        ("Sifnos", "changed", "amount"), ("Sifnos", "changed", "investors"), ("Sifnos", "changed", "lead_investors"),
        ("Sifnos", "changed", "round"), ("Sifnos", "changed", "status"), ("Sifnos", "changed", "valuation"),
        ("Pellet", "new", None),
    ]  # fmt: skip


def test_a_story_met_late_changes_the_past_and_its_own_day_of_being_seen(path: Path) -> None:
    late = {"day": "2025-10-10", "status": "rumoured", "voice": "unnamed", "target": "Sifnos", "amount": "~350m EUR",
            "seen": "2026-02-01"}  # fmt: skip
    fill(path, [document(late, 9)])
    with Store(path) as store:
        (early,) = store.deals(ANY, as_of=datetime(2025, 10, 15, tzinfo=UTC))
        assert early["amount_low"] == 350_000_000
        seen = store.states(datetime(2026, 1, 25, tzinfo=UTC), NOW, clock="observed")
        world = store.states(datetime(2026, 1, 25, tzinfo=UTC), NOW)
    assert compare(*seen) == ()  # it moved nothing that stands today
    assert [deal.confirmations for deal in seen[1]] == [3]
    assert world == ((), ())


def test_an_earlier_story_gives_the_deal_a_new_id_and_the_old_one_redirects(path: Path) -> None:
    with Store(path) as store:
        old = next(row["deal_id"] for row in store.deals(ANY) if row["target"] == "Sifnos")
    fill(path, [document({"day": "2025-09-20", "status": "rumoured", "target": "Sifnos", "amount": "~250m EUR"}, 9)])
    with Store(path) as store:
        new = next(row["deal_id"] for row in store.deals(ANY) if row["target"] == "Sifnos")
        assert new != old
        assert store.deal(str(old)).id == new == store.deal(str(new)).id
        with pytest.raises(NotFound):
            store.deal("dnosuchdeal")


def test_an_edit_is_a_revision_and_its_old_claims_hold_until_then(path: Path) -> None:
    edited = document(ROWS[1] | {"amount": "330m EUR", "more": "Corrected."}, 1)
    edited = replace(
        edited, article=replace(edited.article, modified=datetime(2025, 11, 20, tzinfo=UTC)), observed_at=NOW
    )
    with Writer(path, parser="1", now=NOW, rate=rate) as writer:
        assert writer.save(Batch(PAPER, (edited,))).revised == 1
        assert writer.save(Batch(PAPER, (edited,))).known == 1
    with Store(path) as store:
        assert [row["number"] for row in store.revisions(article_key(edited.article))] == [1, 2]
        then = [store.deals(ANY, as_of=datetime(2025, 11, day, tzinfo=UTC))[0]["amount_low"] for day in (10, 21)]
        assert then == [320_000_000, 330_000_000]
        assert [row["amount_low"] for row in store.deals(ANY)][1] == 330_000_000
        deal = store.deal(str(store.deals(ANY)[1]["deal_id"]))
        moved = [c for c in history(deal, store.usd, store.edited_claims(deal)) if c.field == "amount"]
        assert [(c.was.low, c.now.low, c.at.date().isoformat()) for c in moved] == [
            (300_000_000, 320_000_000, "2025-11-04"), (320_000_000, 330_000_000, "2025-11-20")
        ]  # fmt: skip
        early = store.deal(deal.id, datetime(2025, 11, 10, tzinfo=UTC))
        assert store.edited_claims(early, datetime(2025, 11, 10, tzinfo=UTC)) == []


@pytest.mark.parametrize("backwards", [False, True])
def test_a_page_that_is_another_text_at_every_reading_keeps_a_bound_of_them(tmp_path: Path, backwards: bool) -> None:
    path, days = tmp_path / "deals.db", [datetime(2025, 11, 4, tzinfo=UTC) + timedelta(days=n) for n in range(40)]
    told = [replace(document(ROWS[1] | {"more": f"Read {n} times."}, 1), observed_at=day) for n, day in enumerate(days)]
    told = [
        replace(one, extraction=replace(one.extraction, claims=())) if n not in (0, 7, 8) else one
        for n, one in enumerate(told)
    ]
    fill(path, told[::-1] if backwards else told)
    with Store(path) as store:
        kept = [str(row["text"]).split("Read ")[1] for row in store.revisions(article_key(told[0].article))]
        held = [len(store.claims(day + timedelta(hours=1))) for day in days]
    assert len(kept) == 24
    assert {f"{n} times." for n in (0, 1, 7, 8, 9, 39)} <= set(kept)
    assert [n for n, count in enumerate(held) if count] == [0, 7, 8]


def test_a_deal_that_an_edit_takes_back_is_told_and_found_in_its_time(path: Path) -> None:
    gone = document(ROWS[0] | {"more": "Withdrawn."}, 0)
    empty = replace(gone.extraction, claims=())
    gone = replace(
        gone, article=replace(gone.article, modified=datetime(2025, 10, 20, tzinfo=UTC)), extraction=empty,
        observed_at=NOW,
    )  # fmt: skip
    then, later = datetime(2025, 10, 15, tzinfo=UTC), datetime(2025, 10, 25, tzinfo=UTC)
    with Store(path) as store:
        (known,) = store.deals(ANY, as_of=then)
        old = str(known["deal_id"])
    fill(path, [gone])
    with Store(path) as store:
        assert store.deal(old, then).id == old
        assert [(c.deal_id, c.change, c.field, c.was, c.now) for c in compare(*store.states(then, later))] == [
            (old, "changed", "status", "rumoured", None)
        ]
        assert store.quotes(about=store.deal(old, then), until=then) == store.quotes(until=then)
        for time, said in ((None, "any more"), (later, "was known then")):
            with pytest.raises(NotFound, match=said):
                store.deal(old, time)


def test_a_deal_whose_first_claim_an_edit_takes_back_answers_to_its_old_id(path: Path) -> None:
    with Store(path) as store:
        old = next(str(row["deal_id"]) for row in store.deals(ANY) if row["target"] == "Sifnos")
    gone = document(ROWS[0] | {"more": "Withdrawn."}, 0)
    fill(path, [replace(gone, extraction=replace(gone.extraction, claims=()), observed_at=NOW)])
    with Store(path) as store:
        new = next(row["deal_id"] for row in store.deals(ANY) if row["target"] == "Sifnos")
        assert store.deal(old).id == new != old


def test_nothing_is_told_after_it_was_seen(path: Path) -> None:
    """A date in the future is a clock or a form gone wrong: the deals as of now are those of today."""
    ahead = document({"day": "2031-01-01", "target": "Ahead", "seen": "2031-01-02"}, 8)
    ahead = replace(ahead, article=replace(ahead.article, modified=datetime(2032, 1, 1, tzinfo=UTC)))
    fill(path, [ahead])
    with Store(path) as store:
        assert store.deals(ANY, as_of=NOW) == store.deals(ANY)
        assert "Ahead" in [row["target"] for row in store.deals(ANY)]
        assert [c.target for c in compare(*store.states(NOW - timedelta(days=1), NOW))] == ["Ahead"]
        assert compare(*store.states(NOW - timedelta(days=1), NOW, clock="observed"))


def test_the_same_batch_again_adds_nothing(path: Path) -> None:
    before = path.read_bytes()
    with Writer(path, parser="1", now=NOW, rate=rate) as writer:
        saved = [writer.save(Batch(PAPER, (document(row, number),))) for number, row in enumerate(ROWS)]
    assert [(one.added, one.known) for one in saved] == [(0, 1)] * 4
    assert path.read_bytes() == before


def test_a_batch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deals.db"
    fill(path, [])
    good = document(ROWS[0], 0)
    broken = replace(good, article=replace(good.article, url="https://paper.example/x"),
                     extraction=replace(good.extraction, lang=None))  # type: ignore[arg-type]  # fmt: skip
    with Writer(path, parser="1", now=NOW, rate=rate) as writer, pytest.raises(sqlite3.IntegrityError):
        writer.save(Batch(PAPER, (good, broken)))
    with Store(path) as store:
        assert store.counts() == {"articles": 0, "claims": 0, "deals": 0, "quotes": 0}


def _derived(path: Path) -> list[list[tuple[Any, ...]]]:
    with sqlite3.connect(path) as connection:
        tables = ("deals", "deal_parties", "deal_claims")
        found = [sorted(map(tuple, connection.execute(f"SELECT * FROM {table}")), key=repr) for table in tables]
    connection.close()
    return found


def test_what_is_derived_comes_again_the_same(path: Path) -> None:
    before = _derived(path)
    with Writer(path, parser="1", now=NOW, rate=rate) as writer:
        assert writer.rebuild() == 2
    assert _derived(path) == before


MORE = [
    *ROWS,
    {"day": "2025-10-05", "status": "rumoured", "voice": "unnamed", "target": "Sifnos", "amount": "~310m EUR"},
    {"day": "2026-01-30", "target": "Sifnos", "main": False, "status": "completed", "date": "2025-11",
     "amount": "~300m EUR"},
]  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(len(MORE))))
def test_any_order_of_arrival_fills_the_same_store(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    documents = [document(row, number) for number, row in enumerate(MORE)]
    folder = tmp_path_factory.mktemp("orders")
    fill(folder / "sorted.db", documents)
    fill(folder / "mixed.db", [documents[number] for number in order])
    assert _derived(folder / "sorted.db") == _derived(folder / "mixed.db")


# -- quotes, articles, sources ---------------------------------------------------------------------------------------


def test_quotes_are_found_by_speaker_company_words_and_deal(path: Path) -> None:
    with Store(path) as store:
        deal = next(str(row["deal_id"]) for row in store.deals(ANY) if row["target"] == "Pellet")
        assert len(store.quotes()) == 4
        assert len(store.quotes(speaker="morel")) == 4
        assert store.quotes(speaker="More") == []
        assert len(store.quotes(company="Sifnos", about=deal)) == 2
        assert len(store.quotes(search="ARE glad", limit=3)) == 3
        assert store.quotes(search="100%") == []
        recent = store.quotes(since=datetime(2026, 1, 15, tzinfo=UTC))
        assert [str(row["date"])[:10] for row in recent] == ["2026-01-20"]


def test_articles_are_listed_and_shown(path: Path) -> None:
    with Store(path) as store:
        rows = store.articles(company="Ostara")
        assert [row["title"] for row in rows] == ["Headline 1", "Headline 0"]
        assert store.article(str(rows[0]["article_id"]))["text"].startswith("Headline 1\n\n")  # type: ignore[attr-defined]
        assert len(store.articles(any_topic=False)) == 2
        assert len(store.articles(search="glad", source="gazette")) == 2
        with pytest.raises(NotFound):
            store.article("anothing")


def test_claims_are_exported_in_order(path: Path) -> None:
    with Store(path) as store:
        rows = store.claim_rows()
    assert [row["published_at"] for row in rows] == sorted(str(row["published_at"]) for row in rows)
    assert rows[1]["lead_investors"] == ["Ostara"]


def remembered(path: Path) -> EntryState:
    with closing(connect_reader(path)) as connection:
        return states.entry_states(connection, PAPER, ["k", "never seen"])["k"]


def test_entries_that_failed_are_remembered_with_their_tries(path: Path) -> None:
    from dealwatch.model import Entry

    entry = Entry("k", "https://paper.example/1", "T", datetime(2026, 1, 1, tzinfo=UTC), "instant")
    due = NOW + timedelta(minutes=15)
    with Writer(path, parser="1", now=NOW, rate=rate) as writer:
        for _ in range(2):
            writer.save(Batch(PAPER, outcomes=(EntryOutcome(entry, "failed", error="HTTP 500", next_try_at=due),)))
        found = remembered(path)
        assert (found.state, found.tries, found.next_try_at, found.entry) == ("failed", 2, due, entry)
        writer.save(Batch(PAPER, outcomes=(EntryOutcome(entry, "stored"),)))
        assert remembered(path).tries == 0


# -- the file --------------------------------------------------------------------------------------------------------


def test_one_writer_at_a_time(path: Path) -> None:
    with Writer(path, parser="1", now=NOW), pytest.raises(Locked):
        Writer(path, parser="1", now=NOW).__enter__()
    with Writer(path, parser="1", now=NOW):
        pass


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()


def _newer(path: Path) -> None:
    fill(path, [])
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()


def _damaged(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)


FILES = [
    (lambda path: None, "no store at"),
    (lambda path: path.write_text("hello"), "not an SQLite file"),
    (_foreign, "another program's database"),
    (_newer, "written by a newer dealwatch"),
    (_damaged, "cannot be read"),
]


@pytest.mark.parametrize(("make", "said"), FILES, ids=["missing", "text", "foreign", "newer", "damaged"])
def test_a_file_that_is_no_store_is_said_in_one_line(tmp_path: Path, make: Any, said: str) -> None:
    path = tmp_path / "x.db"
    make(path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(StoreError, match=said) as caught:
        Store(path)
    assert "\n" not in caught.value.message
    assert caught.value.hint
    if before is not None:
        with pytest.raises(DealwatchError), Writer(path, parser="1", now=NOW):
            pass
        assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["file/x.db", "x" * 300])
def test_a_place_that_can_hold_no_store_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot write") as told, Writer(tmp_path / name, parser="1", now=NOW):
        pass
    assert told.value.hint
    with pytest.raises(StoreError):
        Store(tmp_path / name)


def test_a_store_that_another_program_holds_or_that_is_damaged_is_said_with_the_mend(path: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreError, match="locked") as told:
            connect_reader(path, wait=0.01)
    finally:
        holder.close()
    assert "try again" in told.value.hint
    body = path.read_bytes()
    path.write_bytes(body[:4096] + b"\xff" * (len(body) - 4096))
    with pytest.raises(StoreError, match=r"malformed|not a database") as told:
        fill(path, [document(ROWS[0] | {"more": "Again."}, 7)])
    assert told.value.hint


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()
    fill(tmp_path / "x.db", [])
    with Store(tmp_path / "x.db") as store:
        assert store.deals() == []


@pytest.mark.parametrize("old", range(1, schema.VERSION))
def test_an_older_store_is_migrated_after_a_copy_and_keeps_its_rows(tmp_path: Path, old: int) -> None:
    path = tmp_path / "x.db"
    columns = "id, title, url, canonical_url, source, lang, published_at, observed_at, method, text, text_hash, parser"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.migrate(connection, old)
        connection.execute(f"INSERT INTO articles ({columns}) VALUES ('a1', 'x'{', ?' * 10})", [""] * 10)
    with pytest.raises(StoreError, match="older schema"):
        Store(path)
    with Writer(path, parser="1", now=NOW):
        pass
    with Store(path) as store:
        assert [row["title"] for row in store.articles()] == ["x"]
    with closing(sqlite3.connect(tmp_path / f"x.db.v{old}.bak")) as copy:
        assert schema.version(copy) == old
        assert copy.execute("SELECT id FROM articles").fetchall() == [("a1",)]


def test_a_store_says_what_it_is(path: Path) -> None:
    connection = connect_writer(path)
    try:
        values = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in
                  ("application_id", "user_version", "journal_mode", "synchronous", "foreign_keys")}  # fmt: skip
    finally:
        connection.close()
    mode = "wal" if wal_is_safe() else "delete"
    assert values == {"application_id": schema.APPLICATION_ID, "user_version": schema.VERSION, "journal_mode": mode,
                      "synchronous": 2, "foreign_keys": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("version", "safe"),
    [((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
     ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), True)],
)  # fmt: skip
def test_wal_is_used_only_where_its_reset_is_mended(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here in which even root cannot make a file")
def test_a_folder_that_takes_no_files_is_not_taken_for_another_run() -> None:
    with pytest.raises(StoreError, match="takes no files"), Writer(Path("/proc/x.db"), parser="1", now=NOW):
        pass
