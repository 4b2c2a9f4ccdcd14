"""Who else is named between the words of a deal: the other side of talks, an ally, the firm that is bought."""

from __future__ import annotations

from dealwatch.parser.events import Event
from dealwatch.parser.frames import Token, cue_kind

_TALKED = ("funding_round", "acquisition", "debt", "commercial")  # what is talked of "with X"


def stands_between(tokens: list[Token], event: Event, governor: int) -> bool:
    """Whether the other side is named before the deal: "signed with X a contract", "in talks with X to raise $9m"."""
    before = tokens[governor - 1].cue if governor else None
    if event.first > governor:
        return False
    if event.frame.type == "joint_venture":
        return True  # "teams up with Y in a joint venture"
    if before is None:
        return False
    if before.frame is not None:
        return before.frame.form == "support" and event.frame.form == "noun"
    if before.kind == "closing":
        return event.frame.type == "commercial"  # "a conclu avec X un accord de licence"
    return before.kind in ("rumour", "talks") and event.frame.type in _TALKED


def allies(tokens: list[Token], governor: int) -> bool:
    """Whether a link hangs on a word of allying: "s'associe à X pour créer une coentreprise"."""
    return any(cue_kind(t) == "allying" for t in tokens[max(0, governor - 2) : governor + 1])


def names_object(tokens: list[Token], event: Event) -> bool:
    """Whether what is bought is named right behind the word: "en discussions avec X pour racheter Y"."""
    for token in tokens[event.at + 1 : event.at + 8]:
        if token.kind == "party":
            return True
        if token.kind not in ("word", "cue") or (cue_kind(token) == "link" and token.cue and token.cue.name != "of"):
            return False
    return False
