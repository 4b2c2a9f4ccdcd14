"""Names that stand behind what they belong to: after a verb, after what a round does."""

from __future__ import annotations

from dealwatch.parser.events import Event
from dealwatch.parser.frames import Frame, Token, cue_kind

_TURNED = 2  # words between "que" and a verb whose subject follows ("que vient de lever A")


def _is_round(token: Token) -> bool:
    frame = token.cue.frame if token.cue is not None else None
    return frame is not None and frame.form == "noun" and frame.type == "funding_round"


def is_of_a_deal(tokens: list[Token], event: Event) -> bool:
    """Whether a verb's subject is a deal itself: "le tour réunit A et B", but not "la conférence réunit A et B"."""
    return any(cue_kind(t) == "dealnoun" or _is_round(t) for t in tokens[event.first : event.at])


def is_behind_sum(tokens: list[Token], event: Event, place: int) -> bool:
    """Whether a sum stands between a verb and a place and no mark behind it: "9 M€ sur sept ans de la banque"."""
    for token in reversed(tokens[event.at : place]):
        if token.kind in ("mark", "hard"):
            return False
        if token.amount is not None:
            return True
    return False


def comes_from(tokens: list[Token], event: Event, place: int) -> bool:
    """Whether "of" right behind a round's sum brings in who gives it: "A a reçu un apport de 9 M€ de B"."""
    if event.frame.form != "noun" or place < 1 or tokens[place - 1].amount is None:
        return False
    ahead = tokens[event.first : event.at]
    named = any(t.party is not None and t.governor < 0 for t in ahead)
    frames = [t.cue.frame for t in ahead if t.cue is not None and t.cue.frame is not None]
    return named and any(frame.form == "support" and receives(frame) for frame in frames)


def receives(frame: Frame) -> bool:
    """Whether a verb is of who takes money: what "of" brings in behind the sum gives it."""
    return frame.subject == "target" and (frame.form == "support" or (frame.weak and frame.type == "funding_round"))


def add_inverted(tokens: list[Token], event: Event) -> bool:
    """Give a verb the subject right behind it: "c'est la somme que vient de lever A"."""
    opener = tokens[event.first - 1] if event.first else None
    after = tokens[event.at + 1] if event.at + 1 < len(tokens) else None
    if opener is None or after is None or cue_kind(opener) != "break" or after.party is None:
        return False
    if event.at - event.first > _TURNED or any(t.kind != "word" for t in tokens[event.first : event.at]):
        return False
    event.behind = [after]
    event.add(event.frame.subject, after)
    return True
