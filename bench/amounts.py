"""How fast sums of money are found, in megabytes a second of one core, and how the work grows on hostile text.

    python bench/amounts.py                                       # ours: sums alone, and the whole of `extract`
    python bench/amounts.py --peer-python /tmp/peers/bin/python   # and the peers that this Python has
    python bench/amounts.py --growth                              # 1 kB to 1 MB of hostile text, every language pack

Articles of 2 kB, English and French: the labelled stories beside the project where they are, else the pages of
fixtures/site. The peers, Recognizers-Text and quantulum3, need old releases of what they lean on, so they have a
virtual environment of their own: `pip install "emoji<1.7" recognizers-text-suite quantulum3`. All read the same texts,
in the same run, one after another; the time is that of the processor, best of the turns, models loaded before.
"""

from __future__ import annotations

import argparse
import sys
import time

from dealwatch.lang import UNKNOWN, codes, load
from dealwatch.parser import extract
from dealwatch.parser.amounts import find_amounts
from dealwatch.parser.text import read_document
from peers import articles, ask_peer, best_of, stories

HOSTILE = {
    "digits": "1", "$1-": "$1-", "1,111,": "1,111,", "spaces": " ", "million": "million ", "signs": "$€£",
    "codes": "USD EUR ", "1.": "1.", "hundred and": "hundred and ", "万亿": "万亿", "二十": "二十", "Mrd.": "Mrd. ",
    "mil milhões": "mil milhões ", "ranges": "$5 million to ", "converted": "$1bn (€1bn) ", "hedged": "more than $5m ",
    "money": "$5m ", "yen": "1億円", "newlines": "1\n", "mixed": "$1- 1,111, million to 3 € 万 1'000 ",
}  # fmt: skip
PEER = '''
import json, sys, time
job = json.load(sys.stdin)
name, lang, texts, turns = job["peer"], job["lang"], job["texts"], job["turns"]
try:
    if name == "Recognizers-Text":
        from recognizers_text import Culture
        from recognizers_number_with_unit import NumberWithUnitRecognizer
        culture = {"en": Culture.English, "fr": Culture.French}[lang]
        read = NumberWithUnitRecognizer(culture).get_currency_model().parse
    else:
        if lang != "en":
            raise ImportError("it reads English only")
        from quantulum3 import parser
        read = parser.parse
    read("It raised $5 million.")
except ImportError as error:
    print(json.dumps({"absent": str(error)}))
    sys.exit()
best, found = None, 0
for _ in range(turns):
    began = time.process_time()
    found = sum(len(read(text)) for text in texts)
    took = time.process_time() - began
    best = took if best is None else min(best, took)
print(json.dumps({"seconds": best, "found": found}))
'''


def sums_in(texts: list[str], lang: str) -> int:
    """How many sums the texts hold."""
    pack = load(lang)
    return sum(len(find_amounts(read_document(text, pack))) for text in texts)


def everything_in(texts: list[str], lang: str) -> int:
    """How many sums the whole parser finds on its way to the deals."""
    return sum(len(extract(text, lang=lang).amounts) for text in texts)


def compare(peer_python: str | None, turns: int) -> None:
    """Print what each reads in a second of one core."""
    for lang in ("en", "fr"):
        texts = articles(stories(lang))
        size = sum(len(text.encode()) for text in texts) / 1e6
        print(f"{lang}: {len(texts)} articles, {size:.3f} MB")
        mine, found = best_of(turns, lambda texts=texts, lang=lang: sums_in(texts, lang))
        print(f"  {'find_amounts':18} {size / mine:8.3f} MB/s  {found:5} sums")
        slow, found = best_of(turns, lambda texts=texts, lang=lang: everything_in(texts, lang))
        print(f"  {'extract':18} {size / slow:8.3f} MB/s  {found:5} sums")
        for peer in ("Recognizers-Text", "quantulum3"):
            told: tuple[float, int] | str = "no --peer-python given"
            if peer_python is not None:
                told = ask_peer(PEER, peer_python, peer, lang, texts, 1)
            if isinstance(told, str):
                print(f"  {peer:18}   not run: {told}")
            else:
                rate = f"{size / told[0]:8.3f} MB/s  {told[1]:5} found"
                print(f"  {peer:18} {rate}; ours is {told[0] / mine:.0f} times as fast")


def grow() -> int:
    """Print seconds a megabyte for each language and hostile text; the number of those over half a second."""
    slow = 0
    for lang in (*codes(), UNKNOWN):
        pack = load(lang)
        find_amounts(read_document("$1", pack))
        for name, seed in HOSTILE.items():
            rates = []
            for size in (1_000, 30_000, 1_000_000):
                text = (seed * (size // len(seed) + 1))[:size]
                doc, began = read_document(text, pack), time.process_time()
                find_amounts(doc)
                took = time.process_time() - began
                rates.append(took * 1e6 / len(text.encode()))
            slow += rates[-1] > 0.5
            print(f"{lang:4} {name:14} s/MB at 1 kB, 30 kB, 1 MB: {' '.join(f'{rate:7.3f}' for rate in rates)}")
    return slow


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", help="a Python that has the peers")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--growth", action="store_true", help="hostile text instead of articles")
    options = parser.parse_args()
    if options.growth:
        return 1 if grow() else 0
    compare(options.peer_python, options.turns)
    return 0


if __name__ == "__main__":
    sys.exit(main())
