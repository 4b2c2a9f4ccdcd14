"""Documents from files: what is stored, what is named as bad by file and line, and that their order does not matter."""

import gzip
import json
import os
import tomllib
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dealwatch.config import Config
from dealwatch.errors import NotFound
from dealwatch.model import Source
from dealwatch.parser import VERSION
from dealwatch.pipeline import import_files, read_documents
from dealwatch.pipeline.importing import BATCH
from dealwatch.pipeline.resuming import identity
from dealwatch.store.batch import Batch
from dealwatch.store.writing import Writer
from pipeline_site import FILLER, NOW, deals, dump, page, round_page, rows

DATA = Path(__file__).parent / "data" / "pipeline"
STORIES = DATA / "stories.jsonl"
BAD = tomllib.loads((DATA / "bad.toml").read_text("utf-8"))["line"]


def do_import(store, *paths, **more):
    return import_files([Path(path) for path in paths], store, config=more.pop("config", Config()), now=NOW, **more)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "deals.db"


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """The stories imported once: the store and the report."""
    store = tmp_path_factory.mktemp("stories") / "deals.db"
    return store, do_import(store, STORIES)


def test_stories_are_stored_as_their_lines_say(imported):
    store, report = imported
    assert (report.saved.added, report.saved.revised, report.failures, report.failed) == (11, 1, (), ())
    told = rows(store, "SELECT source, lang, published, observed_at FROM articles WHERE url LIKE '%tarn-tour'")
    assert told == [("Le Quai", "fr", "2025-03-21T07:00:00+01:00", "2025-03-21T07:00:00Z")]
    assert rows(store, "SELECT count(*) FROM entries") == rows(store, "SELECT count(*) FROM fetches") == [(0,)]
    assert {row[3] for row in deals(store)} >= {"funding_round", "acquisition"}


def test_an_edit_closes_what_the_text_before_it_claimed(imported):
    store, _ = imported
    edited = "article_id IN (SELECT id FROM articles WHERE url LIKE '%cordel-first')"
    told = "amount_low, observed_at, observed_until"
    claims = rows(store, f"SELECT {told} FROM claims WHERE {edited} ORDER BY amount_low")
    first, second = "2025-04-02T08:05:00Z", "2025-04-02T15:05:00Z"
    assert claims == [(5_000_000, first, second), (7_000_000, second, None)]


def test_what_is_known_is_counted_and_not_stored_again(imported):
    store, _ = imported
    before = dump(store)
    report = do_import(store, STORIES)
    assert (report.saved.added, report.saved.revised, report.saved.known) == (0, 0, 12)
    assert dump(store) == before


def test_bad_records_are_named_by_file_and_line(store):
    path = store.with_name("mixed.jsonl")
    good = STORIES.read_text("utf-8").splitlines()[0]
    lines = [*(line["text"] for line in BAD), good]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    report = do_import(store, path)
    said = {failure.name: failure.reason for failure in report.failures}
    assert said == {f"{path}:{number}": line["said"] for number, line in enumerate(BAD, 1) if line["said"]}
    fine = sum(bool(line["text"]) and not line["said"] for line in BAD)
    assert report.saved.added == fine + 1
    assert [row[5] for row in deals(store)] == ["Tarn Robotics"]


def test_a_line_that_never_ends_is_named_and_the_next_one_read(store):
    path = store.with_name("long.jsonl")
    path.write_bytes(b'{"text": "' + b"x" * 9_000_000 + b'"}\n' + STORIES.read_bytes().splitlines()[0])
    report = do_import(store, path)
    assert [(failure.name, failure.reason) for failure in report.failures] == [(f"{path}:1", "a line longer than 4 MB")]
    assert report.saved.added == 1


def make_folder(folder):
    """One file of every kind, good and bad."""
    packed = gzip.compress(round_page("Tarn Robotics", "$12 million").encode())
    files = {
        "a.html": round_page("Cordel Health", "$5 million").encode(),
        "b.html.gz": packed,
        "c.txt": "A story of the harbour\n\n{}\n\n{}".format(*FILLER).encode(),
        "deep/d.html": page("Down here", *FILLER).encode(),
        "e.html.gz": packed[:-30],
        "f.html.gz": b"not packed at all",
        "g.html.gz": packed[:60] + b"\0\0\0\0" + packed[64:],
        "h.html": b"x" * 4_000_001,
        "i.html": b"<html></html>",
        "j.jsonl.gz": gzip.compress(STORIES.read_bytes().splitlines()[0]),
        "k.jsonl.gz": gzip.compress(STORIES.read_bytes())[:40],
        "notes.pdf": b"%PDF",
    }
    for name, body in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(body)


def test_a_folder_gives_its_pages_texts_and_lines(store):
    folder = store.parent / "saved"
    make_folder(folder)
    report = do_import(store, folder)
    assert report.saved.added == 5
    said = {failure.name.removeprefix(f"{folder}/"): failure.reason for failure in report.failures}
    assert said == {
        "e.html.gz": "a damaged .gz file", "f.html.gz": "a damaged .gz file", "g.html.gz": "a damaged .gz file",
        "h.html": "larger than 4 MB", "i.html": "no article in the page",
        "k.jsonl.gz": "a damaged .gz file",
    }  # fmt: skip
    assert {row[5] for row in deals(store)} == {"Cordel Health", "Tarn Robotics"}


def test_documents_without_a_source_take_the_one_given_with_its_tier_and_country(store):
    path = store.with_name("plain.jsonl")
    said = "Cordel Health has raised $5 million in a seed round led by Tamsin Ventures."
    path.write_text(json.dumps({"text": f"Cordel Health raises $5m\n\n{said}"}))
    given = Source("Montreal Wire", "feed", "https://wire.example/feed", tier=1, country="CA")
    do_import(store, path, source="Montreal Wire", config=Config(sources=(given,)))
    assert rows(store, "SELECT source, tier FROM articles") == [("Montreal Wire", 1)]
    assert [row[8] for row in deals(store)] == ["CAD"]
    other = store.with_name("other.db")
    do_import(other, path)
    assert rows(other, "SELECT source FROM articles") == [("plain.jsonl",)]


def test_a_large_file_is_stored_in_batches_and_stops_between_them(store):
    path, stop, steps = store.with_name("many.jsonl"), Event(), []
    with path.open("w", encoding="utf-8") as file:
        for number in range(BATCH + 20):
            print(json.dumps({"text": f"Story number {number} of the harbour, told by hand."}), file=file)

    def halt(step):
        steps.append((step.done, rows(store, "SELECT count(*) FROM articles")[0][0]))
        stop.set()

    report = do_import(store, path, progress=halt, stop=stop)
    assert report.interrupted
    assert steps[0] == (BATCH, BATCH)
    report = do_import(store, path)
    assert (report.resumed, report.saved.added) == (steps[-1][0], BATCH + 20 - steps[-1][0])


def lines(folder, count):
    """A file of so many stories without a deal."""
    file = folder / "many.jsonl"
    texts = [f"Quiet day {number}\n\n{FILLER[0]} Day {number}." for number in range(count)]
    told = [json.dumps({"url": f"https://quiet.example/{n}", "text": text}) for n, text in enumerate(texts)]
    file.write_text("\n".join(told) + "\n", "utf-8")
    return file


def test_a_stopped_import_goes_on_where_it_was(store, tmp_path):
    file, stop = lines(tmp_path, 2 * BATCH + 50), Event()
    first = do_import(store, file, progress=lambda step: stop.set(), stop=stop)
    assert first.interrupted
    assert BATCH <= first.saved.added < 2 * BATCH + 50
    second = do_import(store, file)
    assert (second.resumed, second.saved.known) == (first.saved.added, 0)
    assert first.saved.added + second.saved.added == 2 * BATCH + 50
    assert do_import(store, file).resumed == 0  # done: from the beginning


def test_an_import_of_other_files_does_not_go_on(store, tmp_path):
    file, stop = lines(tmp_path, 2 * BATCH), Event()
    do_import(store, file, progress=lambda step: stop.set(), stop=stop)
    with file.open("a") as more:
        more.write('{"text": "One more line of news."}\n')
    assert do_import(store, file).resumed == 0


def test_files_are_the_same_until_one_changes(tmp_path):
    (tmp_path / "a.txt").write_text("one")
    before = identity([tmp_path])
    assert before == identity([tmp_path]) != identity([tmp_path], "Paper")
    (tmp_path / "b.txt").write_text("two")
    assert identity([tmp_path]) != before


# -- web archives ----------------------------------------------------------------------------------------------------


def archive(file, answers):
    """A web archive of these answers: address, status, type, body."""
    with file.open("wb") as handle:
        writer = WARCWriter(handle, gzip=file.suffix == ".gz")
        for url, status, kind, body in answers:
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            record = writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=headers)
            writer.write_record(record)
            record.raw_stream.close()
    return file


@pytest.mark.parametrize("name", ["saved.warc", "saved.warc.gz"])
def test_a_web_archive_gives_the_pages_that_were_found(store, tmp_path, name):
    told = round_page("Cordel Data", "$60 million").encode()
    file = archive(tmp_path / name, [
        ("https://watch.example/cordel", "200 OK", "text/html; charset=utf-8", told),
        ("https://watch.example/gone", "404 Not Found", "text/html", told),
        ("https://watch.example/logo", "200 OK", "image/png", b"PNG"),
    ])  # fmt: skip
    report = do_import(store, file)
    assert (report.saved.added, report.failures) == (1, ())
    assert rows(store, "SELECT url FROM articles") == [("https://watch.example/cordel",)]


def test_a_damaged_web_archive_is_named_and_what_stood_before_it_taken(store, tmp_path):
    told = round_page("Cordel Data", "$60 million").encode()
    file = archive(tmp_path / "saved.warc", [("https://watch.example/cordel", "200 OK", "text/html", told)])
    file.write_bytes(file.read_bytes() + b"WARC/1.0\r\nno such thing")
    report = do_import(store, file, STORIES)
    assert report.saved.added > 1
    assert len(report.failures) <= 1


def test_a_file_name_in_another_encoding_is_taken(store):
    path = store.with_name(os.fsdecode(b"caf\xe9.txt"))
    try:
        path.write_text(f"A story of the harbour\n\n{FILLER[0]}", "utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    assert do_import(store, path).saved.added == 1
    assert rows(store, "SELECT source FROM articles") == [("caf\ufffd.txt",)]


def test_a_file_that_is_not_there_is_said_before_anything_is_stored(store):
    with pytest.raises(NotFound, match="no file"):
        do_import(store, STORIES, store.with_name("nowhere.jsonl"))
    with pytest.raises(NotFound, match="too long"):
        do_import(store, store.with_name("x" * 300))
    assert not store.exists()


def test_a_folder_that_is_linked_into_itself_is_read_once(store):
    folder = store.parent / "saved"
    folder.mkdir()
    (folder / "a.txt").write_text("A story of the harbour\n\n{}\n\n{}".format(*FILLER))
    for name in ("loop", "again"):
        (folder / name).symlink_to(folder, target_is_directory=True)
    report = do_import(store, folder)
    assert (report.saved.added, report.saved.known, report.failures) == (1, 0, ())


# -- any order -------------------------------------------------------------------------------------------------------


@cache
def documents():
    return tuple(read.document for read in read_documents([STORIES]))


def fill(store, order, size):
    """A store filled with the stories in an order, `size` a transaction."""
    found = [documents()[place] for place in order]
    with Writer(store, parser=VERSION, now=datetime(2026, 1, 1, tzinfo=UTC)) as writer:
        for start in range(0, len(found), size):
            for document in found[start : start + size]:
                writer.save(Batch(Source(document.article.source, "folder", ""), (document,)))


def claims(store):
    """Every claim with both its clocks, old texts' included."""
    columns = "key, type, status, amount_low, published_at, published_until, observed_at, observed_until"
    return rows(store, f"SELECT {columns} FROM claims ORDER BY {columns}")


@settings(max_examples=12, deadline=None)
@given(order=st.permutations(range(12)))
def test_any_order_gives_the_same_deals(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("order")
    fill(folder / "straight.db", range(12), 12)
    fill(folder / "shuffled.db", order, 5)
    assert deals(folder / "shuffled.db") == deals(folder / "straight.db")
    assert claims(folder / "shuffled.db") == claims(folder / "straight.db")
    texts = "SELECT url, text, source FROM articles ORDER BY url"
    assert rows(folder / "shuffled.db", texts) == rows(folder / "straight.db", texts)
    for name in ("straight.db", "shuffled.db"):
        with suppress(FileNotFoundError):
            (folder / name).unlink()
