"""What `confidence` is worth: of the deals claimed with 0.9, how many are right?

usage: python bench/reliability.py [FILE...]

Reads the labelled sets of ../shared/gold (no part of the project), or files of the same shape, and prints a line for
each tenth of confidence: how many deals, the mean of what was claimed, and the share that is right. Right is a deal
that the labels tell too, main or background, with its type, receiver, sum and status; told: that they tell it at all.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dealwatch.parser import extract
from dealwatch.present.extraction import extraction_object

GOLD = Path(__file__).parent.parent.parent / "shared" / "gold"
SETS = ("stories_dev.jsonl", "real_dev.jsonl")
SLOTS = ("type", "target", "amount", "status")
Deal = dict[str, Any]


def load_score() -> Any:
    """The scorer of the labelled sets, as a module."""
    spec = importlib.util.spec_from_file_location("score", GOLD / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_right(score: Any, gold: Deal, claimed: Deal) -> bool:
    """Whether type, receiver, sum and status of a claimed deal are those of the labelled one."""
    for slot in SLOTS:
        if bool(gold.get(slot)) != bool(claimed.get(slot)):
            return False
        if gold.get(slot) and not score.slot_agrees(slot, gold[slot], claimed[slot]):
            return False
    return True


def judge(score: Any, path: Path) -> list[tuple[float, bool, bool]]:
    """Confidence, told and right of every deal claimed in a file of stories."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        day = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC) if row.get("published") else None
        extraction = extract(row["text"], title=row.get("title"), lang=row.get("lang"), published=day)
        claimed = json.loads(json.dumps(extraction_object(row["id"], extraction), default=str))["deals"]
        pairs = score.pair_deals(row["deals"], claimed)
        for deal in claimed:
            gold = next((one for one, other in pairs if other is deal), None)
            found.append((deal["confidence"], gold is not None, gold is not None and is_right(score, gold, deal)))
    return found


def main() -> int:
    """Print the table; exit status 0, or 2 where there is nothing to read."""
    if not GOLD.is_dir():
        print("reliability: skipped, no ../shared/gold here", file=sys.stderr)
        return 2
    score = load_score()
    paths = [Path(name) for name in sys.argv[1:]] or [GOLD / name for name in SETS]
    judged = [item for path in paths for item in judge(score, path)]
    tenths = defaultdict(list)
    for item in judged:
        tenths[min(9, int(item[0] * 10))].append(item)
    print("confidence  deals  claimed   told  right")
    for tenth, items in sorted(tenths.items()):
        claimed, told, right = (sum(values) / len(items) for values in zip(*items, strict=True))
        print(f"{tenth / 10:.1f} to {tenth / 10 + 0.1:.1f}  {len(items):5}   {claimed:.2f}    {told:.2f}   {right:.2f}")
    claimed, told, right = (sum(values) / len(judged) for values in zip(*judged, strict=True))
    print(f"all         {len(judged):5}   {claimed:.2f}    {told:.2f}   {right:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
