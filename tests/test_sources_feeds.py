"""Real feeds, where they are at hand: nothing raises, and what is recovered stays above its floors."""

import json
from pathlib import Path
from urllib.parse import urljoin

import pytest

from dealwatch.model import Source
from dealwatch.sources import read_entries
from dealwatch.sources.feed import read
from dealwatch.sources.raw import clean_line

FEEDS = Path(__file__).parents[2] / "shared/feeds"
# Measured on 116 feeds, 1,882 items: all of them.
FLOORS = {"count": 1.0, "title": 1.0, "url": 1.0, "published": 1.0, "guid": 1.0}
SOURCE = Source("feed", "feed", "https://feed.example/", max_items=10_000)


@pytest.fixture(scope="module")
def expected():
    if not (FEEDS / "EXPECTED.jsonl").exists():
        pytest.skip("the shared feeds are not at hand")
    return [json.loads(line) for line in (FEEDS / "EXPECTED.jsonl").read_text(encoding="utf-8").splitlines()]


def _addresses():
    rows = (line.split("\t") for line in (FEEDS / "INDEX.tsv").read_text(encoding="utf-8").splitlines()[1:])
    return {row[0]: row[5] or SOURCE.url for row in rows}


def _compare(entry, want, base):
    """Field -> whether it is as expected, for the fields on which the other readers agree."""
    day = want.get("published") or 0
    want = want | {"published": day if day > 0 else None}  # one feed says 0001-01-01 of all its items: no date
    stamp = int(entry.published.timestamp()) if entry.published else None
    rows = {
        "title": (entry.title.split(), clean_line(want.get("title") or "").split()),
        "url": (entry.url, urljoin(base, want.get("link") or "")),
        "published": (stamp, want.get("published")),
        "guid": (urljoin(base, entry.guid or entry.url), urljoin(base, want.get("id") or "")),
    }
    keys = {"title": "title", "url": "link", "published": "published", "guid": "id"}
    return {name: got == wanted for name, (got, wanted) in rows.items() if want.get(keys[name]) not in (None, "")}


def test_recovered_fields_stay_above_their_floors(expected):
    addresses = _addresses()
    found = {name: [] for name in FLOORS}
    for feed in expected:
        base = addresses[feed["file"]]
        raw = read(SOURCE, (FEEDS / feed["file"]).read_bytes(), base, {})
        found["count"].append(len(raw) == feed["n"])
        for entry, want in zip(raw, feed["entries"], strict=False):
            for name, good in _compare(entry, want, base).items():
                found[name].append(good)
    rates = {name: sum(rows) / len(rows) for name, rows in found.items()}
    print(rates)
    assert {name: rate for name, rate in rates.items() if rate < FLOORS[name]} == {}


def test_entries_of_every_feed_are_named_and_clean(expected):
    paths = [path for path in sorted(FEEDS.iterdir()) if path.name not in ("EXPECTED.jsonl", "INDEX.tsv", "README.md")]
    assert len(paths) >= len(expected)
    for path in paths:
        entries = read_entries(SOURCE, path.read_bytes(), url=SOURCE.url, headers={})
        keys = [entry.key for entry in entries]
        assert len(set(keys)) == len(keys)
        for entry in entries:
            assert entry.published is None or entry.published.utcoffset() is not None
            assert not any(character in entry.title for character in "\x1b\x00\n\r")
