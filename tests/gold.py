"""The quality of the parser and the resolver on the labelled sets, against the floors that it may not fall under.

usage: python tests/gold.py [--raise]

Reads ../shared/gold where it exists (it is no part of the project) and says so where it does not. Exit status 1 where a
figure falls under its floor in floors.json; with --raise the floors become what was measured, and never less.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
GOLD = ROOT.parent / "shared" / "gold"
FLOORS = ROOT / "tests" / "floors.json"
SETS = {"stories_dev": ["en", "fr", "all"], "real_dev": ["all"]}
FIGURES = ("amounts", "quotes", "quotes with speaker", "companies", "deals (paired)", "deal slots")
ACCURACIES = ("amount kind", "no deal claimed, where none is told")

Figures = dict[str, float]


def measure_set(name: str) -> Figures:
    """F1 and accuracies of one set of stories, a key for each language and figure."""
    gold = GOLD / f"{name}.jsonl"
    extract = [sys.executable, "-m", "dealwatch", "extract", "--jsonl", str(gold)]
    predicted = subprocess.run(extract, capture_output=True, check=True, timeout=300).stdout
    score = [sys.executable, str(GOLD / "score.py"), str(gold), "/dev/stdin", "--json", "--by-lang"]
    scored = json.loads(subprocess.run(score, input=predicted, capture_output=True, check=True, timeout=300).stdout)
    found: Figures = {}
    for lang in SETS[name]:
        block: Mapping[str, Any] = scored[lang]
        found |= {f"{name} {lang} {key}": block[key]["f1"] for key in FIGURES}
        shares = block["accuracy"]
        found |= {f"{name} {lang} {key}": shares[key]["accuracy"] for key in ACCURACIES if key in shares}
    return found


def measure_storylines() -> Figures:
    """F1 of deals, slots and changes over time; the same in any order of arrival, or a failure."""
    line = [sys.executable, str(GOLD / "storylines.py"), str(GOLD / "storylines_dev.jsonl"), "--json", "--cmd"]
    line.append(f"{sys.executable} -m dealwatch")
    figures = []
    for order in ("published", "reversed"):
        run = subprocess.run([*line, "--order", order], capture_output=True, check=True, timeout=900)
        figures.append(json.loads(run.stdout))
    if figures[0] != figures[1]:
        raise SystemExit("storylines: the order of arrival changes the figures")
    return {f"storylines_dev {key}": block["f1"] for key, block in figures[0].items()}


def main() -> int:
    if not GOLD.is_dir():
        print("gold: skipped, no ../shared/gold here")
        return 0
    found = {key: value for name in SETS for key, value in measure_set(name).items()} | measure_storylines()
    floors: Figures = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    if "--raise" in sys.argv[1:]:
        lowered = {key: math.floor(value * 1000) / 1000 for key, value in found.items()}
        floors = {key: max(value, floors.get(key, 0.0)) for key, value in lowered.items()}
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    under = [key for key, floor in floors.items() if found.get(key, 0.0) < floor]
    for key, value in found.items():
        print(f"{value:.3f}  floor {floors.get(key, 0.0):.3f}  {key}{'  UNDER ITS FLOOR' if key in under else ''}")
    return 1 if under else 0


if __name__ == "__main__":
    sys.exit(main())
