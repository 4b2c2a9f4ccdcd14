"""An event: one frame in one sentence, and the tokens that play its parts."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from dealwatch.model import Amount
from dealwatch.parser.frames import Frame, Token

BREAKS = ("break", "after", "when", "condition")  # cues that open another clause


@dataclass(slots=True)
class Event:
    """One frame in one sentence with the tokens that play its parts."""

    frame: Frame
    at: int  # position of the frame's token
    start: int
    end: int
    parts: dict[str, list[Token]] = field(default_factory=dict)
    lead: list[Token] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    passive: bool = False
    first: int = 0  # the clause: positions of tokens
    last: int = 0
    bracketed: bool = False  # stands in brackets, so that words outside are not its own
    behind: list[Token] = field(default_factory=list)  # its subject, where that stands behind it

    def add(self, part: str, token: Token) -> None:
        """Give a part to a token, once."""
        if part and all(token is not other for other in self.parts.setdefault(part, [])):
            self.parts[part].append(token)

    def find_aside(self, tokens: list[Token]) -> tuple[int, int] | None:
        """Where a relative clause that is over stands before a verb: "X, which scrapped a sale in May, has raised"."""
        if self.frame.form != "verb":
            return None
        ahead = tokens[self.first : self.at]
        comma = max((i for i, t in enumerate(ahead) if t.word == ","), default=-1)
        if comma < 2:
            return None
        kinds = [t.cue.kind if t.cue is not None else "" for t in ahead]
        opened = next((i for i in range(1, comma) if ahead[i - 1].word == "," and kinds[i] == "relative"), 0)
        if not opened:
            return None
        return self.first + opened, self.first + comma


def find_ends(tokens: list[Token]) -> list[int]:
    """Where a clause is over: at each word that opens another, at each mark that parts two."""
    return [i for i, t in enumerate(tokens) if t.kind == "hard" or (t.cue is not None and t.cue.kind in BREAKS)]


def find_clause(tokens: list[Token], at: int, ends: list[int]) -> tuple[int, int]:
    """The first and the last token of the clause round a position."""
    here = bisect_left(ends, at)
    after = here + (here < len(ends) and ends[here] == at)
    return ends[here - 1] + 1 if here else 0, (ends[after] if after < len(ends) else len(tokens)) - 1
