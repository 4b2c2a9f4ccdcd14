"""What the sums of labelled texts measure, as read and as labelled: a table of kinds for each language.

usage: python bench/kinds.py FILE... [--wrong]

A FILE holds labelled stories or rows, one JSON object a line (../shared/gold/GUIDE.md says how they are labelled), or
rows as tests/data/amounts/ holds them (.toml). Rows of the tables are the kinds labelled, columns those read; only sums
whose place is found count. With --wrong, each sum that is read wrong follows with the words round it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

from dealwatch.lang import load
from dealwatch.model import AmountKind
from dealwatch.parser.amounts import find_amounts
from dealwatch.parser.text import read_document

KINDS: tuple[str, ...] = get_args(AmountKind)
MARK = re.compile(r"\{([^{}]*)\}")
_ROUND = 90  # characters of context on either side


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its labelled sums: start, end and kind."""

    id: str
    lang: str
    text: str
    sums: tuple[tuple[int, int, str], ...]
    day: date | None = None
    titled: bool = False


def read_rows(path: Path) -> Iterator[Text]:
    """The rows of a .toml: a text with its sums in braces, and what each of them is, the kind last."""
    lang = path.stem.rsplit("_", 1)[-1]
    for number, (marked, *told) in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["rows"]):
        starts = [match.start() - 2 * at for at, match in enumerate(MARK.finditer(marked))]
        spans = zip(starts, MARK.findall(marked), told, strict=True)
        sums = tuple((start, start + len(words), kind.split()[-1]) for start, words, kind in spans)
        yield Text(f"{path.stem}:{number}", lang, MARK.sub(r"\1", marked), sums)


def read_lines(path: Path) -> Iterator[Text]:
    """The labelled texts of a .jsonl; sums without a kind are left out."""
    for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        sums = tuple((a["start"], a["end"], a["kind"]) for a in row.get("amounts") or () if "kind" in a)
        day = date.fromisoformat(row["published"][:10]) if row.get("published") else None
        yield Text(row["id"], row["lang"], row["text"], sums, day, bool(row.get("title")))


def compare(text: Text) -> Iterator[tuple[str, str, int, int]]:
    """(labelled, read, start, end) of each labelled sum that is found."""
    found = find_amounts(read_document(text.text, load(text.lang), text.day, has_title=text.titled))
    for start, end, kind in text.sums:
        read = next((amount.kind for amount in found if amount.start < end and start < amount.end), None)
        if read:
            yield kind, read, start, end


def print_table(lang: str, counts: Counter[tuple[str, str]]) -> None:
    right, total = sum(n for (kind, read), n in counts.items() if kind == read), counts.total()
    print(f"{lang}: {right} of {total} right, {right / total:.3f}")
    print(f"  {'':14}" + "".join(f"{kind:>14}" for kind in KINDS))
    for kind in KINDS:
        print(f"  {kind:14}" + "".join(f"{counts[kind, read] or '.':>14}" for read in KINDS))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print the sums that are read wrong")
    args = parser.parse_args()
    counts: dict[str, Counter[tuple[str, str]]] = {}
    for path in args.files:
        for text in read_rows(path) if path.suffix == ".toml" else read_lines(path):
            for kind, read, start, end in compare(text):
                counts.setdefault(text.lang, Counter())[kind, read] += 1
                if args.wrong and kind != read:
                    before, after = text.text[max(0, start - _ROUND) : start], text.text[end : end + _ROUND]
                    shown = f"{before}[[{text.text[start:end]}]]{after}".replace("\n", " / ")
                    print(f"{text.id} {kind} read as {read}: {shown}")
    for lang, table in sorted(counts.items()):
        print_table(lang, table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
