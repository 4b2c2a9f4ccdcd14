"""An event: one frame in one sentence, and the tokens that play its parts."""

from __future__ import annotations

from dataclasses import dataclass, field

from dealwatch.model import Amount
from dealwatch.parser.frames import Frame, Token


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
