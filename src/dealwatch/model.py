"""The values that every room hands on: frozen, slotted, without behaviour beyond their own shape.

Offsets count code points of the article's text; ``text[start:end]`` is always the very words meant. Times are aware.
Money is `Decimal` with an ISO 4217 code. Nothing here imports anything of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Qualifier = Literal["exact", "approx", "at_least", "at_most", "range", "vague"]
AmountKind = Literal["investment", "valuation", "total_raised", "revenue", "price", "other"]
DealType = Literal[
    "funding_round", "investment", "acquisition", "ipo", "debt", "grant", "commercial", "joint_venture", "capex"
]
Status = Literal["rumoured", "announced", "completed", "called_off"]
SourceKind = Literal["feed", "html", "sitemap", "folder"]
DatePrecision = Literal["instant", "day", "month", "year"]

DEAL_TYPES: tuple[DealType, ...] = (
    "funding_round", "investment", "acquisition", "ipo", "debt", "grant", "commercial", "joint_venture", "capex",
)  # fmt: skip
STATUSES: tuple[Status, ...] = ("rumoured", "announced", "completed", "called_off")


@dataclass(frozen=True, slots=True)
class Source:
    """A place that news comes from, as the configuration describes it."""

    name: str
    kind: SourceKind
    url: str  # of the feed, listing or sitemap; for a folder its path
    lang: str | None = None
    country: str | None = None  # ISO 3166 alpha-2; gives a bare "$" its currency
    currency: str | None = None  # the same, said outright
    every: int = 1800  # seconds between two fetches, at least
    tier: int = 2  # 1 primary (the party itself, a wire), 2 named press, 3 the rest
    enabled: bool = True
    max_items: int = 100
    full_text: Literal["auto", "feed", "page"] = "auto"
    include: str = ""
    exclude: str = ""
    selectors: Mapping[str, str] = field(default_factory=dict)  # html: links, title, date, body, remove, next
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed, listing or sitemap: a pointer to an article, at times with its text."""

    key: str  # its guid when unique, else its canonical link, else title and day
    url: str
    title: str = ""
    published: datetime | None = None
    date_precision: DatePrecision | None = None
    authors: tuple[str, ...] = ()
    lang: str | None = None
    summary: str = ""  # HTML or text, as the source gave it
    content: str = ""  # the full text as HTML, where the source gives it


@dataclass(frozen=True, slots=True)
class Article:
    """One story as it was published: title, paragraphs and what is known about them."""

    title: str
    paragraphs: tuple[str, ...]
    url: str = ""
    canonical_url: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    lang: str | None = None
    published: datetime | None = None  # with the publisher's offset
    date_precision: DatePrecision | None = None
    date_source: str | None = None  # json-ld, meta, time, feed, ...
    modified: datetime | None = None
    method: str = "text"  # how the text was found: selectors, witnesses, trafilatura, json-ld, feed, summary, text
    paywalled: bool = False  # the page shows its beginning and asks for a subscription

    @property
    def text(self) -> str:
        """Title, a blank line, then the paragraphs parted by a blank line."""
        return "\n\n".join(part for part in (self.title, *self.paragraphs) if part)


@dataclass(frozen=True, slots=True)
class Money:
    """A sum as a story tells it: low = high when exact or approx, one side open for at_least and at_most."""

    low: Decimal | None
    high: Decimal | None
    currency: str | None
    qualifier: Qualifier = "exact"
    scale: Decimal | None = None  # of a vague sum: "billions" is 1e9 without low and high

    @property
    def middle(self) -> Decimal | None:
        """One number to compare by: the middle of a range, the open sum's known side, None when vague."""
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return self.low if self.low is not None else self.high


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in a text, with its place and what it measures."""

    start: int
    end: int
    text: str
    money: Money
    kind: AmountKind = "other"
    currency_source: Literal["stated", "inherited", "default"] = "stated"
    equivalent_of: int | None = None  # start of the amount that this one converts, in brackets


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a name stands."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Company:
    """A company, fund or other organisation named in a text."""

    id: str
    name: str  # its register form when known, else the fullest form in the text
    kind: str = "unknown"  # ai, technology, investor, bank, public, other, unknown
    known: bool = False
    ai: bool = False
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in a text, with the role the text gives."""

    name: str  # the fullest form in the text
    mentions: tuple[Mention, ...] = ()
    title: str | None = None
    org: str | None = None  # the organisation as written
    gender: Literal["f", "m"] | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of quoted speech or writing, the marks left out, with who said it."""

    start: int
    end: int
    text: str
    kind: Literal["direct", "fragment"]
    speaker: str | None = None
    speaker_id: str | None = None  # of the organisation that speaks, or that the person speaks for
    speaker_org: str | None = None
    speaker_title: str | None = None
    mention_start: int | None = None
    mention_end: int | None = None
    cue: str | None = None  # the words that attribute it
    closed: bool = True  # False: its closing mark is missing
    confidence: float = 1.0


# What a piece of evidence may be of beside a slot: a bid that was turned down, a part of a round that is paid.
REFUSAL, TRANCHE = "refusal", "tranche"
LEFT = "left:"  # with the id of an investor that has left a round behind it


@dataclass(frozen=True, slots=True)
class Evidence:
    """The stretch of an article's text that a slot of a deal was read from."""

    field: str  # type, target, investor, lead, amount, valuation, round, stake_pct, status, date, or a mark from above
    start: int
    end: int
    sentence: str = ""  # the sentence round it, kept so that a claim explains itself without its article


@dataclass(frozen=True, slots=True)
class Party:
    """A company in its part in a deal."""

    id: str
    name: str
    forms: tuple[str, ...] = ()  # other ids by which the same article names it ("cordel" beside "cordel-data")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and when a claim was made: by which article, on both clocks."""

    article_id: str
    source: str
    url: str
    title: str
    published_at: datetime  # the world's clock, UTC
    observed_at: datetime  # this store's clock, UTC
    tier: int = 2
    lang: str | None = None
    simhash: int = 0  # 64 bits over the words of the text: near ones are copies and count once (0: unknown)


@dataclass(frozen=True, slots=True)
class Claim:
    """A deal as one article tells it, slot by slot, each filled slot with its evidence."""

    type: DealType
    status: Status
    investors: tuple[Party, ...] = ()
    lead: tuple[Party, ...] = ()
    target: Party | None = None
    amount: Money | None = None
    valuation: Money | None = None
    round: str | None = None
    stake_pct: float | None = None
    date: str | None = None  # ISO day, month ("2021-06") or year, of the announcement
    main: bool = True  # False: an earlier deal told as background
    voice: Literal["party", "press", "unnamed"] = "press"  # who vouches: a party, named press, unnamed sources
    ai: bool = False  # a party in the register as AI, or an article about AI
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    key: str = ""  # given by the store: stable for the same deal in the same article
    origin: Origin | None = None  # given by the store


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything the parser saw in one document."""

    title: str
    text: str
    lang: str
    published: datetime | None = None
    companies: tuple[Company, ...] = ()  # parties and speakers
    mentioned: tuple[Company, ...] = ()  # other names that the register knows
    amounts: tuple[Amount, ...] = ()
    quotes: tuple[Quote, ...] = ()
    claims: tuple[Claim, ...] = ()
    ai: bool = False  # the article is about artificial intelligence


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal as all its claims together tell it."""

    id: str
    type: DealType
    status: Status
    claims: tuple[Claim, ...]  # in order of publication
    investors: tuple[Party, ...] = ()
    lead: tuple[Party, ...] = ()
    target: Party | None = None
    amount: Money | None = None
    valuation: Money | None = None
    round: str | None = None
    stake_pct: float | None = None
    date: str | None = None
    completed_on: str | None = None
    confirmations: int = 1  # independent articles: copies of one text count once
    ai: bool = False
    support: Mapping[str, str] = field(default_factory=dict)  # field -> key of the claim that it stands on
    doubts: tuple[str, ...] = ()  # why a person should look: ids of deals it may be the same as, in words
    refused_on: str | None = None  # the last day on which its target turned the bid down
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key of a claim -> why it tells this deal


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two states of the deals."""

    deal_id: str
    target: str | None
    type: DealType
    change: Literal["new", "changed", "called_off"]
    field: str | None = None  # type, target, investors, lead_investors, amount, valuation, round, status, stake_pct
    was: object = None
    now: object = None
    was_source: str | None = None
    now_source: str | None = None
    at: datetime | None = None
    claim: str | None = None  # key of the claim that brought it
    was_claim: str | None = None  # key of the claim that the value before stood on


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on claims, which every rebuild keeps."""

    id: int
    verb: Literal["merge", "split", "reject", "alias"]
    claims: tuple[str, ...]
    note: str = ""
    made_at: datetime | None = None
