"""How long a file of many deals takes, and how large it gets: csv, jsonl, xlsx and parquet, in one run.

usage: python bench/exports.py [--deals 100000]

The rows are deals with every column filled, as `store.deals` gives them; reading the store is not in the times.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dealwatch.present.columns import DEALS, Row
from dealwatch.present.files import ENDINGS, Making, Sheet, fill_file

FORMATS = ("csv", "jsonl", "xlsx", "parquet")


def make_rows(many: int) -> list[Row]:
    """Deals as a store gives them, none like the other."""
    chance = random.Random(7)
    rows: list[Row] = []
    for number in range(many):
        low, day = chance.randrange(1, 5000) * 1_000_000, date(2016, 1, 1) + timedelta(days=chance.randrange(3650))
        rows.append(dict.fromkeys(DEALS.keys) | {
            "deal_id": f"d{number:010x}", "date": day.isoformat(), "date_precision": "day", "status": "announced",
            "type": "funding_round", "round": "Series B", "target": f"Company {number} AI",
            "investors": [f"Fund {chance.randrange(3000)} Capital", f"Fund {chance.randrange(3000)} Ventures"],
            "lead_investors": ["Fund 1 Capital"], "amount_low": low, "amount_high": low, "currency": "EUR",
            "amount_qualifier": "exact", "amount_usd": low * 1.08, "fx_date": day.isoformat(), "confirmations": 3,
            "sources": ["The Ledger Line", "Capital & Code"], "first_seen": f"{day}T09:00:00Z",
            "best_source_url": f"https://ledger.example/{day}/company-{number}", "last_seen": f"{day}T19:00:00Z",
            "evidence": f"Company {number} AI has raised {low // 10**6} million euros in a round led by Fund 1.",
        })  # fmt: skip
    return rows


def main() -> int:
    """Print seconds and megabytes a format, and the most memory that the process had by then."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=100_000)
    rows = make_rows(parser.parse_args().deals)
    print(f"{len(rows):,} deals, {len(DEALS.keys)} columns")
    with tempfile.TemporaryDirectory() as folder:
        for name in FORMATS:
            path = Path(folder) / f"deals.{name}"
            began = time.perf_counter()
            with path.open("wb") as handle:
                fill_file([Sheet(DEALS, rows, DEALS.keys)], Making(ENDINGS[path.suffix], datetime.now(UTC)), handle)
            taken = time.perf_counter() - began
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024) / 1024
            print(f"{name:8} {taken:6.1f} s  {path.stat().st_size / 1e6:7.1f} MB  memory so far {most:.2f} GB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
