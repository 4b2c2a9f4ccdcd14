"""How fast a large store answers, and what one more thousand articles cost it.

    python bench/store.py                     100,000 articles
    python bench/store.py --scale 1000000     a million (free disk is checked; 9 GB)
    python bench/store.py --keep FOLDER       leave the store there, and use the one that is there

The store is generated and written through its own writer: stories of 3 kB over ten years, five for each company and
most for the well known, deals that are rumoured, announced by several papers, retold and closed, some by hundreds.
Times are of whole processes, start to exit.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

from dealwatch.companies import company_id
from dealwatch.model import Amount, Article, Claim, Company, Evidence, Extraction, Mention, Money, Party, Quote, Source
from dealwatch.store import DealQuery, Store
from dealwatch.store.batch import Batch, Document
from dealwatch.store.writing import Writer

END = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = 10
COMPANIES = 5  # articles for each company: 20,000 companies in 100,000 articles
FAMOUS = 50  # companies that are about as well known as the first
MOST_RETOLD = 1_000  # stories of one deal
TOLD = 0.25  # of the articles tell a deal
SIZE = 3_000  # characters of text, on the whole: of one story a third to five thirds of that
BYTES = 9_000  # an article, of free disk, with the room that a transaction takes
_SYLLABLES = (
    "ba", "ce", "do", "fa", "gi", "lo", "ma", "ne", "or", "pi", "qua", "ra", "so", "ta", "vi", "xe", "ul", "zen", "kor",
    "mil", "tas", "ven", "dro", "pla",
)  # fmt: skip
_KINDS = ("Labs", "AI", "Systems", "Robotics", "Data", "Health", "Energy", "Bio")
_FUNDS = ("Capital", "Ventures", "Partners", "Growth")
_ROUNDS = ("Seed", "Series A", "Series B", "Series C", "Series D")
_TYPES = ("funding_round",) * 5 + ("acquisition",) * 2 + ("investment", "debt", "commercial")
_WORDS = (
    "the", "market", "for", "models", "has", "moved", "since", "spring", "people", "who", "build", "with", "them",
    "what", "growth", "is", "worth", "when", "prices", "fall", "every", "quarter", "while", "customers", "sign",
)  # fmt: skip


@dataclass
class World:
    """What happens: companies, and the deals that are news just now."""

    chance: random.Random
    names: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    funds: list[str] = field(default_factory=list)
    open: list[Claim] = field(default_factory=list)  # each deal as often as it will still be told

    @classmethod
    def make(cls, scale: int, seed: int = 7) -> World:
        world = cls(random.Random(seed))
        first = world._words(scale // COMPANIES)
        world.names = [f"{word} {_KINDS[number % len(_KINDS)]}" for number, word in enumerate(first)]
        world.weights = list(accumulate(1 / (rank + FAMOUS) for rank in range(len(first))))
        world.funds = [f"{word} {_FUNDS[number % len(_FUNDS)]}" for number, word in enumerate(world._words(3_000))]
        return world

    def _words(self, many: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < many:
            found["".join(self.chance.choices(_SYLLABLES, k=self.chance.choice((3, 4, 5)))).capitalize()] = None
        return list(found)

    def company(self) -> str:
        """A company, the better known ones more often."""
        return self.names[bisect(self.weights, self.chance.random() * self.weights[-1])]

    def claim(self) -> Claim:
        """What a story tells: the next thing of a deal that is news, or a new deal."""
        chance = self.chance
        if self.open and chance.random() < 0.75:
            place = chance.randrange(len(self.open))
            self.open[place], self.open[-1] = self.open[-1], self.open[place]
            return self.open.pop()
        kind = chance.choice(_TYPES)
        low = Decimal(chance.choice((4, 7.5, 12, 18, 25, 40, 64, 90, 150, 300, 1200))) * 10**6
        backers = [self.company()] if kind in ("acquisition", "commercial") else chance.sample(self.funds, 2)
        target = self.company()
        parties = tuple(Party(company_id(name), name) for name in backers if name != target)
        told = Claim(
            kind, chance.choice(("announced", "announced", "completed", "rumoured")), parties, parties[:1],
            Party(company_id(target), target), Money(low, low, chance.choice(("USD", "USD", "EUR", "GBP"))),
            round=chance.choice(_ROUNDS) if kind == "funding_round" else None,
            voice=chance.choice(("party", "press", "press")), ai=chance.random() < 0.6,
        )  # fmt: skip
        self.open += [told] * min(MOST_RETOLD, int(chance.paretovariate(1.5)))  # 2.6 times on the whole
        return told


def write_text(chance: random.Random, head: str) -> str:
    parts, size, most = [head], len(head), chance.randint(SIZE // 3, SIZE * 5 // 3)
    while size < most:
        paragraph = " ".join(chance.choices(_WORDS, k=60))
        parts.append(paragraph)
        size += len(paragraph) + 2
    return "\n\n".join(parts)[:most]


def documents(world: World, start: int, many: int, scale: int) -> Iterator[Document]:
    """Stories in the order of their publication, `scale` of which fill the years."""
    chance, step = world.chance, timedelta(days=365 * YEARS) / scale
    for number in range(start, start + many):
        at = (END - timedelta(days=365 * YEARS) + step * number).replace(microsecond=0)
        told = (world.claim(),) if chance.random() < TOLD else ()
        yield make_document(chance, number, at, told, world.company())


def make_document(chance: random.Random, number: int, at: datetime, told: tuple[Claim, ...], about: str) -> Document:
    names = [party.name for claim in told for party in (*claim.investors, claim.target) if party] or [about]
    first, *last = chance.choices(_SYLLABLES, k=3)
    speaker = f"{first}a {''.join(last)}".title()
    head = f"{names[-1]} in the news, story {number}\n\n{', '.join(names)}: “We are glad,” said {speaker}."
    text = write_text(chance, head)
    companies, quote = [], text.index("We are")
    for name in dict.fromkeys(names):
        place = text.index(name)
        companies.append(Company(company_id(name), name, ai=True, mentions=(Mention(place, place + len(name)),)))
    sentence = head.split("\n\n")[1]
    claims = tuple(_with_evidence(claim, sentence, len(head) - len(sentence)) for claim in told)
    amounts = tuple(
        Amount(start, start + 5, text[start : start + 5], Money(Decimal(5), Decimal(5), "USD"), "other")
        for start in (300, 600, 900)
    )
    quotes = (Quote(quote, quote + 12, "We are glad,", "direct", speaker, companies[-1].id, names[-1]),)
    extraction = Extraction(
        head.split("\n")[0], text, "en", at, tuple(companies), (), amounts, quotes, claims, ai=True
    )  # fmt: skip
    article = Article(
        extraction.title, (), f"https://paper{number % 40}.example/{number}", source=f"Paper {number % 40}", lang="en",
        published=at, date_precision="instant",
    )  # fmt: skip
    return Document(article, extraction, chance.getrandbits(64), at)


def _with_evidence(claim: Claim, sentence: str, start: int) -> Claim:
    fields = ("type", "target", "investor", "amount", "status")
    parts = tuple(Evidence(name, start, start + len(sentence), sentence) for name in fields)
    return Claim(
        claim.type, claim.status, claim.investors, claim.lead, claim.target, claim.amount, round=claim.round,
        voice=claim.voice, ai=claim.ai, evidence=parts,
    )  # fmt: skip


def fill(path: Path, world: World, start: int, many: int, scale: int, batch: int = 200) -> float:
    """Seconds that it took to store so many stories."""
    began = time.monotonic()
    with Writer(path, parser="bench", now=END + timedelta(days=365)) as writer:
        for first in range(start, start + many, batch):
            stories = tuple(documents(world, first, min(batch, start + many - first), scale))
            writer.save(Batch(Source("bench", "folder", ""), stories))
            if (first - start) % 20_000 == 0:
                print(f"  {first:,} stories, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return time.monotonic() - began


def measure(path: Path, runs: int) -> None:
    with Store(path) as store:
        rows = store.deals(DealQuery(any_topic=True, limit=400))
        speaker = str(store.quotes(limit=1)[0]["speaker"])
    middle = rows[200]
    since = (END - timedelta(days=30)).date().isoformat()
    commands = {
        "deals --company X": ["deals", "--company", str(middle["target"])],
        "deals --limit 50": ["deals", "--limit", "50"],
        "diff 30d": ["diff", since, END.date().isoformat()],
        "deal ID": ["deal", str(middle["deal_id"])],
        "quotes --speaker X": ["quotes", "--speaker", speaker, "--limit", "50"],
        "diff --seen, a month": ["diff", "--seen", since, END.date().isoformat()],
        "diff --seen, a day": ["diff", "--seen", (END - timedelta(days=1)).date().isoformat(), END.date().isoformat()],
        "search, a common word": ["search", "market"],
        "search, two of them": ["search", "market", "growth"],
        "companies --limit 20": ["companies", "--limit", "20"],
        "companies --suggest": ["companies", "--suggest", "--limit", "20"],
    }
    for name, command in commands.items():
        times, works, lines = [], [], 0
        for _ in range(runs):
            began, before = time.monotonic(), worked()
            done = subprocess.run(
                [sys.executable, "-m", "dealwatch", "--db", str(path), *command], capture_output=True, check=True
            )
            times.append(time.monotonic() - began)
            works.append(worked() - before)
            lines = done.stdout.count(b"\n")
        wall, work = 1000 * statistics.median(times), 1000 * statistics.median(works)
        print(f"{name:22} {wall:6.0f} ms, {work:6.0f} ms of work  ({lines} lines)", flush=True)


def worked() -> float:
    """Seconds of work that the commands did so far: what they waited for others on a busy machine is not in it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    folder = args.keep or Path(tempfile.mkdtemp(prefix="dealwatch-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"store{args.scale}.db"
    try:
        return run(args, path)
    finally:
        if args.keep is None:
            shutil.rmtree(folder)


def run(args: argparse.Namespace, path: Path) -> int:
    free = shutil.disk_usage(path.parent).free
    if not path.exists() and free < args.scale * BYTES:
        print(f"{args.scale * BYTES / 1e9:.0f} GB of disk are needed, {free / 1e9:.0f} are free", file=sys.stderr)
        return 1
    world = World.make(args.scale)
    if not path.exists():
        seconds = fill(path, world, 0, args.scale, args.scale)
        print(f"filled with {args.scale:,} articles in {seconds:.0f} s")
    print(f"size                   {path.stat().st_size / args.scale:6.0f} bytes an article ({SIZE} of text)")
    measure(path, args.runs)
    with Store(path) as store:
        held = int(str(store.counts()["articles"]))
    seconds = fill(path, world, held, 1000, args.scale)
    print(f"1,000 articles more    {seconds:6.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
