"""One story while its deals are read: the tools for its language, and what has been told so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from dealwatch.model import Company
from dealwatch.parser.dating import Dates
from dealwatch.parser.drafts import Draft, Fact
from dealwatch.parser.frames import Item, Lexicon, Token
from dealwatch.parser.slots import SlotWords
from dealwatch.parser.text import Document, Span


@dataclass(slots=True)
class Reading:
    """One story while it is read: the tools for its language, and what has been told so far."""

    doc: Document
    lexicon: Lexicon
    words: SlotWords
    items: list[Item]
    dates: Dates
    quoted: list[Span]
    lower: str  # the text in lower case, place by place
    tokens: list[list[Token]] = field(default_factory=list)  # of each sentence
    drafts: list[Draft] = field(default_factory=list)
    topic: Company | None = None  # the last subject
    current: Draft | None = None
    pair: tuple[Company, ...] = ()  # the last two named together
    round_up: bool = False
    correction: bool = False  # the story corrects an earlier one
    clocks: list[Span] = field(default_factory=list)  # the times that open a live blog's entries
    waiting: Fact | None = None  # what a headline tells of a deal, one side of it yet to be named
    itemised: frozenset[int] = frozenset()  # sentences that are items of a list, a name and a sum
    void: set[int] = field(default_factory=set)  # where the sums stand that it takes back
    hints: dict[int, str] = field(default_factory=dict)  # paragraph (-1: the story) -> type that its nouns tell
