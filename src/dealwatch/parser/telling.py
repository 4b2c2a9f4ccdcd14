"""The sentences of a story with its parties and sums in them, each read once for all who ask what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dealwatch.model import Amount, Company
from dealwatch.parser.bystanders import drop_bystanders
from dealwatch.parser.clauses import read_events
from dealwatch.parser.events import Event
from dealwatch.parser.frames import (
    Item,
    Lexicon,
    Token,
    compile_lexicon,
    lower_plain,
    place_items,
    read_tokens,
)
from dealwatch.parser.marking import mark_tokens
from dealwatch.parser.text import Document

_OPENING = 2  # tokens of a sentence among which "if" makes it a supposition


class Sentence(NamedTuple):
    """A sentence as tokens, and the events it tells; nobody may change either."""

    tokens: list[Token]
    events: list[Event]
    joke: bool  # says that what is told is one
    supposed: bool


@dataclass(slots=True, eq=False)
class Telling:
    """A story's sentences, read when asked for."""

    doc: Document
    lexicon: Lexicon
    items: list[Item]
    lower: str  # the text in lower case, place by place
    _read: dict[int, Sentence] = field(default_factory=dict)

    def at(self, number: int) -> Sentence:
        """The sentence of that number, from 0."""
        found = self._read.get(number)
        if found is None:
            found = self._read[number] = self._sentence(number)
        return found

    def _sentence(self, number: int) -> Sentence:
        start, end = self.doc.sentences[number]
        tokens = read_tokens(self.doc.text, start, end, self.items, self.lexicon, self.lower)
        kinds = [token.cue.kind for token in tokens if token.cue is not None]
        joke = "hoax" in kinds
        supposed = any(t.cue is not None and t.cue.kind == "hypothesis" for t in tokens[:_OPENING])
        drop_bystanders(tokens, self.lexicon)
        mark_tokens(tokens, self.lexicon)
        return Sentence(tokens, read_events(tokens, self.lexicon), joke, supposed)


def open_telling(doc: Document, companies: Sequence[Company], amounts: Sequence[Amount]) -> Telling:
    """A story with the mentions of the companies and the sums that count in it."""
    return Telling(doc, compile_lexicon(doc.pack), place_items(companies, amounts), lower_plain(doc.text))
