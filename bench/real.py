"""Real feeds and pages through the whole line: every one is served on loopback, fetched, stored and queried.

usage: python bench/real.py [--feeds N] [--pages N] [--shared DIR] [--json]

Feeds are sources of their own, their entries read from the feed alone, so that nothing leaves loopback; pages are the
links of listings, and are imported as files into a second store. Prints what came out, what failed and why, the seconds
and the peak of memory (PSS of the run and its workers, Linux only).
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the newspaper on loopback is the tests' own

from dealwatch.changes import compare  # noqa: E402
from dealwatch.model import Source  # noqa: E402
from dealwatch.store import DealQuery, Store  # noqa: E402
from pipeline_memory import CAN_MEASURE, PeakMemory  # noqa: E402
from pipeline_site import Site, rows  # noqa: E402

SHARED = ROOT.parent / "shared"
LISTINGS = 4  # the pages are parted among so many, which are read side by side


def serve_feeds(site: Site, files: list[Path]) -> list[Source]:
    """A source for each feed, under its file's name."""
    sources = []
    for file in files:
        body = file.read_bytes()
        kind = "application/feed+json" if body.lstrip()[:1] == b"{" else "application/xml"
        site.put(f"/feeds/{file.name}", body, kind=kind)
        sources.append(Source(file.name, "feed", site.url(f"/feeds/{file.name}"), every=0, full_text="feed"))
    return sources


def serve_pages(site: Site, files: list[Path]) -> list[Source]:
    """Listings whose links are the pages."""
    for file in files:  # without a charset: the pages name their own
        site.put(f"/pages/{file.name}", gzip.decompress(file.read_bytes()), kind="text/html")
    sources = []
    for number in range(min(LISTINGS, len(files))):
        links = "".join(f'<li><a href="/pages/{file.name}">{file.name}</a></li>' for file in files[number::LISTINGS])
        site.put(f"/list/{number}", f"<html><body><ul>{links}</ul></body></html>")
        sources.append(
            Source(f"pages {number}", "html", site.url(f"/list/{number}"), every=0, max_items=10_000,
                   selectors={"links": "li a"})
        )  # fmt: skip
    return sources


def run_program(config: Path, store: Path, *words: str) -> dict[str, object]:
    """What one run of the program came to: its summary, its exit code, seconds and peak of memory."""
    log = store.with_suffix(".log")
    line = [sys.executable, "-m", "dealwatch", "--config", str(config), "--db", str(store), "--log", str(log), *words]
    began = time.monotonic()
    process = subprocess.Popen([*line, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with PeakMemory(process.pid) as peak:
        out, _ = process.communicate()
    report = json.loads(out)
    tracebacks = log.read_text("utf-8").count("Traceback") if log.exists() else 0
    return report | {
        "code": process.returncode, "wall": time.monotonic() - began, "tracebacks": tracebacks,
        "peak_mb": round(peak.bytes / 1e6) if CAN_MEASURE else None,
    }  # fmt: skip


def query_all(path: Path) -> dict[str, int]:
    """How much a store answers with, asked in every way there is: each article, each deal, the past and the changes."""
    with Store(path) as store:
        deals, quotes, articles = store.deals(DealQuery(any_topic=True)), store.quotes(), store.articles()
        for row in deals:
            store.deal(str(row["deal_id"]))
            store.quotes(about=str(row["deal_id"]))
        for row in articles:
            store.article(str(row["article_id"]))
            store.revisions(str(row["article_id"]))
        now = datetime.now(UTC)
        changes = compare(*store.states(now - timedelta(days=20_000), now))
        store.deals(DealQuery(company="Microsoft", sort="-amount_usd"), as_of=now)
        found = {"articles": len(articles), "deals": len(deals), "quotes": len(quotes), "changes": len(changes)}
    counts = {name: int(rows(path, f"SELECT count(*) FROM {name}")[0][0]) for name in ("entries", "claims", "amounts")}
    return found | counts | {"ai_deals": int(rows(path, "SELECT count(*) FROM deals WHERE ai = 1")[0][0])}


def reasons(report: dict[str, object]) -> Counter[str]:
    """How often each failure came up: of sources, of their pages, of documents."""
    found: Counter[str] = Counter()
    for source in report["sources"]:  # type: ignore[attr-defined]
        if source["error"]:
            found[f"source: {source['error']}"] += 1
        found.update(f"page: {failure['reason']}" for failure in source["failures"])
    found.update(f"document: {failure['reason']}" for failure in report["failures"])  # type: ignore[attr-defined]
    return found


def measure(
    feeds: list[Path], pages: list[Path], folder: Path, twice: tuple[str, ...] = ("feeds", "pages")
) -> dict[str, dict[str, object]]:
    """Feeds fetched, pages fetched and pages imported, each into a store of its own: the figures of each.

    Those named in `twice` are fetched again, and `again` is what that added and changed.
    """
    results: dict[str, dict[str, object]] = {}
    with Site() as site:
        site.put("/robots.txt", "User-agent: *\nAllow: /\n", kind="text/plain")
        for name, sources in (("feeds", serve_feeds(site, feeds)), ("pages", serve_pages(site, pages))):
            config = folder / f"{name}.toml"
            config.write_text(site.config_text(*sources, timeout=20), "utf-8")
            report = run_program(config, folder / f"{name}.db", "fetch")
            results[name] = _figures(report, folder / f"{name}.db") | {"sources": len(sources)}
            if name in twice:
                again = run_program(config, folder / f"{name}.db", "fetch")
                results[name]["again"] = again["added"], again["revised"]
    (folder / "none.toml").write_text("", "utf-8")
    report = run_program(folder / "none.toml", folder / "import.db", "import", *map(str, pages))
    results["import"] = _figures(report, folder / "import.db") | {"documents": len(pages)}
    return results


def _figures(report: dict[str, object], store: Path) -> dict[str, object]:
    kept = {key: report[key] for key in ("code", "tracebacks", "wall", "peak_mb", "added", "revised", "known")}
    return kept | query_all(store) | {"failed": dict(reasons(report).most_common())}


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=None)
    parser.add_argument("--pages", type=int, default=None)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    feeds = sorted(file for file in (given.shared / "feeds").iterdir() if "__" in file.name)[: given.feeds]
    pages = sorted((given.shared / "pages").rglob("*.html.gz"))[: given.pages]
    with tempfile.TemporaryDirectory() as folder:
        results = measure(feeds, pages, Path(folder))
    if given.json:
        print(json.dumps(results, indent=1, ensure_ascii=False))
        return 0
    for name, figures in results.items():
        print(name)
        for key, value in figures.items():
            print(f"  {key:12} {value:.1f}" if isinstance(value, float) else f"  {key:12} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
