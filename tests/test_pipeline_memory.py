"""What a run holds: one large body at a time, packed documents, no more than its bound of one source in one turn."""

import subprocess
import sys
import threading

import pytest

from dealwatch.fetch import Client, Response, SourceState, Validators
from dealwatch.fetch.holding import LARGE
from dealwatch.model import Article, Entry, Extraction, Source
from dealwatch.pipeline import tasks
from dealwatch.pipeline.fetching import MOST_WEIGHT, take_turn
from dealwatch.pipeline.listing import Turn
from dealwatch.pipeline.memory import Memory
from dealwatch.pipeline.tasks import Listing
from dealwatch.store.batch import Document, Packed, pack, weigh
from pipeline_memory import CAN_MEASURE, PeakMemory
from pipeline_site import NOW, Site
from test_fetch_client import settings

REACH = 250_000_000


def test_packed_documents_come_back_as_they_were():
    documents = [
        Document(Article(f"Title {n}", ("Words.",)), Extraction(f"Title {n}", "Words.", "en"), n, entry=Entry("k", "/"))
        for n in range(5)
    ]
    packed = Packed([pack(document) for document in documents])
    assert list(packed) == documents
    assert weigh(pack(documents[0])) > 100
    assert (len(packed), packed[-1], list(Packed(()))) == (5, documents[-1], [])
    with pytest.raises(IndexError):
        packed[5]


@pytest.mark.skipif(not CAN_MEASURE, reason="sums the PSS of processes through /proc")
def test_large_bodies_from_many_hosts_at_once_stay_within_250_mb(tmp_path):
    with Site() as site:
        names = [f"paper{number}" for number in range(3)]
        for name in names:
            site.put(f"/{name}.rss", bytes(9_900_000))
        (config := tmp_path / "dealwatch.toml").write_text(
            site.config_text(*(site.source(name) for name in names), timeout=20.0), "utf-8"
        )
        line = [sys.executable, "-m", "dealwatch", "--config", str(config), "--db", str(tmp_path / "deals.db"), "fetch"]
        with subprocess.Popen([*line, "-q"], stderr=subprocess.DEVNULL) as process, PeakMemory(process.pid) as peak:
            assert process.wait(60) == 3  # no feeds
        assert 30_000_000 < peak.bytes < REACH, peak.parts
        assert set(site.taken()) == {f"/{name}.rss" for name in names}


class Readers:
    """Workers that list these entries, and read each into so many bytes."""

    def __init__(self, entries, size):
        self.entries, self.size, self.read = entries, size, 0

    def run(self, task, *args, **more):
        if task is tasks.list_entries:
            return Listing(self.entries)
        self.read += 1
        return (self.size * 4).to_bytes(4, "big") + bytes(self.size - 4)


class Server:
    """A client that is always given the same feed."""

    def get(self, url, **asked):
        return Response(200, url, b"<rss/>", validators=Validators('"new"'), body_hash="new", at=NOW)


def turn_of(entries, size, hold):
    source = Source("paper", "feed", "http://news.example/feed", full_text="feed")
    state = SourceState(source.url, etag='"old"', body_hash="old", configured_url=source.url)
    workers = Readers(entries, size)
    return Turn(source, state, Memory(None, None), Server(), workers, NOW, threading.Event(), hold=hold), workers


ENTRIES = tuple(Entry(f"k{n}", f"http://news.example/{n}", "Title", content="Words.") for n in range(10))


@pytest.mark.parametrize(
    ("size", "stored", "keeps"),
    [(1_000, 10, False), (LARGE // 10, 10, False), (LARGE // 9, 10, True), (MOST_WEIGHT // 16, 5, True)],
)
def test_a_turn_brings_so_much_and_keeps_the_leave_until_it_is_stored(size, stored, keeps):
    with Client(settings()) as client:
        hold = client.hold()
        hold.take()  # as after a large feed
        turn, workers = turn_of(ENTRIES, size, hold)
        batch, failures, error = take_turn(turn)
        assert (failures, error) == ((), None)
        assert len(batch.documents) == workers.read == stored
        assert [outcome.state for outcome in batch.outcomes] == ["stored"] * stored + ["pending"] * (10 - stored)
        assert batch.state.etag == ('"new"' if stored == 10 else '"old"')  # a 304 would hide what is left
        assert not any(outcome.entry.content for outcome in batch.outcomes)
        assert all(outcome.hash for outcome in batch.outcomes)
        assert client.hold().try_take(0) is not keeps


def test_entries_that_are_large_together_keep_the_leave():
    with Client(settings()) as client:
        hold = client.hold()
        hold.take()
        entries = tuple(Entry(f"k{n}", "/", content="x" * LARGE) for n in range(2))
        take_turn(turn_of(entries, 10, hold)[0])
        assert not client.hold().try_take(0)
