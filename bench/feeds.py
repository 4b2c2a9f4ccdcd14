"""How fast feeds are read, ours and feedparser on the same bodies in one run, in seconds of one core.

    python bench/feeds.py [FOLDER]

The folder holds feeds (../shared/feeds where none is named). Then dense feeds of our own: thousands of small items.
"""

from __future__ import annotations

import io
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from dealwatch.errors import ReadError
from dealwatch.model import Source
from dealwatch.sources import parse_when, read_entries
from dealwatch.sources.packed import unpack

SOURCE = Source("bench", "feed", "https://feed.example/")
KINDS = (".xml", ".rss", ".atom", ".rdf", ".json")


def dense(megabytes: float) -> bytes:
    """A feed of small items, oldest first."""
    items, size, at = [], 0.0, datetime(2020, 1, 1, tzinfo=UTC)
    while size < megabytes * 1e6:
        link = f"https://feed.example/{len(items)}"
        day = format_datetime(at + timedelta(minutes=len(items)))
        items.append(
            f"<item><title>Deal {len(items)} &amp; more</title><link>{link}</link><guid>{link}</guid>"
            f"<category>AI</category><pubDate>{day}</pubDate><description>Short</description></item>"
        )
        size += len(items[-1])
    return f'<rss version="2.0"><channel><title>x</title>{"".join(items)}</channel></rss>'.encode()


def ours(body: bytes) -> int:
    """The number of entries we read."""
    try:
        return len(read_entries(SOURCE, body, url=SOURCE.url, headers={}))
    except ReadError:
        return 0


def theirs(body: bytes) -> int:
    """The number of entries that feedparser reads."""
    import feedparser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return len(feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)["entries"])


def timed(read: Callable[[bytes], int], bodies: list[bytes]) -> tuple[float, int]:
    began = time.process_time()
    found = [read(body) for body in bodies]
    return time.process_time() - began, sum(map(bool, found))


def sets(folder: Path) -> Iterator[tuple[str, list[bytes]]]:
    if folder.is_dir():
        paths = sorted(path for path in folder.iterdir() if path.suffix in KINDS)
        yield f"{len(paths)} feeds of {folder.name}", [unpack(path.read_bytes()) for path in paths]
    for megabytes in (1, 3):
        yield f"dense, {megabytes} MB", [dense(megabytes)]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared/feeds"
    ours(dense(0.01)), theirs(dense(0.01)), parse_when("1 May 2023")  # imports, and the months of all languages
    for name, bodies in sets(folder):
        size = sum(map(len, bodies)) / 1e6
        (mine, read), (other, read_too) = timed(ours, bodies), timed(theirs, bodies)
        print(f"{name}: {size:.1f} MB; ours {mine:.2f} s ({read} with entries), feedparser {other:.2f} s ({read_too});"
              f" {other / mine:.1f} times")  # fmt: skip
    began = time.process_time()
    ours(dense(10))
    print(f"dense, 10 MB: ours {time.process_time() - began:.2f} s, making the feed included")


if __name__ == "__main__":
    main()
