"""Pages a second with all fields, against trafilatura with metadata on the same pages in the same run.

    python bench/pages.py [FOLDER]

FOLDER (default: ../shared/pages) holds .html or .html.gz files, at any depth. Each page is unpacked before the clock
starts; both readers are warmed up on the first pages, then take turns page by page, so that a busy machine slows both.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import trafilatura

from dealwatch.article import read_page
from dealwatch.errors import ReadError

ROUNDS = 3
WARM = 5


def load(folder: Path) -> list[bytes]:
    """The bodies of all pages in a folder."""
    return [gzip.decompress(path.read_bytes()) for path in sorted(folder.rglob("*.html.gz"))] + [
        path.read_bytes() for path in sorted(folder.rglob("*.html"))
    ]


def ours(body: bytes) -> str:
    """The method that found the text."""
    try:
        return read_page(body).method
    except ReadError:
        return "nothing"


def theirs(body: bytes) -> str:
    """Text and metadata as trafilatura's default finds them."""
    return trafilatura.extract(body, output_format="json", with_metadata=True) or ""


def timed(read: Callable[[bytes], str], body: bytes) -> tuple[float, str]:
    """Seconds that one page took, and what came back."""
    start = time.perf_counter()
    found = read(body)
    return time.perf_counter() - start, found


def main() -> None:
    """Print the figures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "pages"
    bodies = load(folder)
    if not bodies:
        sys.exit(f"no pages in {folder}")
    for body in bodies[:WARM]:
        ours(body), theirs(body)
    spent: Counter[str] = Counter()
    methods: Counter[str] = Counter()
    for body in bodies * ROUNDS:
        seconds, method = timed(ours, body)
        spent["dealwatch"] += seconds
        methods[method] += 1
        spent["trafilatura"] += timed(theirs, body)[0]
    pages = len(bodies) * ROUNDS
    for name, seconds in spent.items():
        print(f"{name:12} {pages / seconds:7.1f} pages a second, {1000 * seconds / pages:6.2f} ms a page")
    print(f"ratio        {spent['trafilatura'] / spent['dealwatch']:7.2f}")
    print("text by      " + ", ".join(f"{method} {count // ROUNDS}" for method, count in methods.most_common()))


if __name__ == "__main__":
    main()
