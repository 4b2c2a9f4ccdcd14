"""What the benches against peers share: texts, times, and how a peer in a Python of its own is asked."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from dealwatch.article import read_page

ROOT = Path(__file__).parents[1]
GOLD = ROOT.parent / "shared" / "gold" / "stories_dev.jsonl"
SIZE = 2_000  # characters an article


def stories(lang: str) -> list[str]:
    """Texts in a language, the labelled ones where they are, else the project's own pages."""
    if GOLD.exists():
        records = (json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines())
        return [record["text"] for record in records if record["lang"] == lang]
    pages = sorted((ROOT / "fixtures" / "site").rglob("*.html"))
    found = (read_page(page.read_bytes()) for page in pages)
    return [article.text for article in found if article.lang == lang]


def articles(texts: Iterable[str], size: int = SIZE) -> list[str]:
    """Articles of two thousand characters or another size, made by joining stories and cutting at that length."""
    whole = "\n\n".join(texts)
    return [whole[at : at + size] for at in range(0, len(whole) - size + 1, size)] or [whole]


def best_of(turns: int, run: Callable[[], int]) -> tuple[float, int]:
    """The least processor time of several turns, and what the last one found."""
    run()
    times, found = [], 0
    for _ in range(turns):
        began = time.process_time()
        found = run()
        times.append(time.process_time() - began)
    return min(times), found


def ask_peer(
    program: str, python: str, peer: str, lang: str, texts: list[str], turns: int
) -> tuple[float, int] | str:
    """What a peer took and found, read by a program that a Python of its own runs, or why it could not be asked."""
    job = json.dumps({"peer": peer, "lang": lang, "texts": texts, "turns": turns})
    try:
        done = subprocess.run([python, "-W", "ignore", "-c", program], input=job, capture_output=True, text=True)
        answer = json.loads(done.stdout.splitlines()[-1])
    except (OSError, ValueError, IndexError):
        return "no such Python, or it failed"
    return answer["absent"] if "absent" in answer else (answer["seconds"], answer["found"])
