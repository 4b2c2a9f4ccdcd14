"""Start to exit of a few command lines, in milliseconds: median and best of N runs, interleaved, on an empty store.

usage: python bench/startup.py [--runs 20]

`python -c pass`, a bare typer app and `sqlite-utils --version` give the scale: what of the time is not ours.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path


def empty_store(folder: Path) -> Path:
    """A store without a row, as the writer makes it."""
    from dealwatch.store.writing import Writer

    path = folder / "deals.db"
    with Writer(path, parser="bench", now=datetime.now(UTC)):
        pass
    return path


def commands(db: Path) -> dict[str, list[str]]:
    """What is timed, by the name it is printed under."""
    python, program = sys.executable, [sys.executable, "-m", "dealwatch"]
    beside = Path(python).with_name("sqlite-utils")
    bare = "import typer; app = typer.Typer(); app.command()(lambda: None); app()"
    scale = {"python -c pass": [python, "-c", "pass"], "bare typer app --help": [python, "-c", bare, "--help"]}
    if beside.exists():
        scale["sqlite-utils --version"] = [str(beside), "--version"]
    return {
        **scale,
        "dealwatch --help": [*program, "--help"],
        "dealwatch deals": [*program, "--db", str(db), "deals"],
        "dealwatch deals --json --company X": [*program, "--db", str(db), "deals", "--json", "--company", "X"],
        "dealwatch deals --format table": [*program, "--db", str(db), "deals", "--format", "table"],
    }


def main() -> int:
    """Print the table of times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        lines = commands(empty_store(Path(folder)))
        times: dict[str, list[float]] = {name: [] for name in lines}
        for _ in range(runs + 1):  # the first run of each warms the disk and is not counted
            for name, line in lines.items():
                began = time.perf_counter()
                subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
                times[name].append(time.perf_counter() - began)
    print(f"{'':38} median    best  (ms, {runs} runs)")
    for name, all_runs in times.items():
        counted = all_runs[1:]
        print(f"{name:38} {statistics.median(counted) * 1000:6.0f}  {min(counted) * 1000:6.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
