"""How true a deal is as a sentence tells it: talked about, announced, closed or off; denied, supposed, long past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from dealwatch.model import Status
from dealwatch.parser.events import Event
from dealwatch.parser.frames import Lexicon, Token

_SAID = {"called_off": "off", "rumoured": "rumour"}  # what a frame's own word says, as the class that says it
_ROUND = 10  # tokens round a noun in which "scraps" or "collapsed" is said of it
_CLAUSE = 40  # tokens before a verb at its clause's end among which its auxiliary stands
_NEAR = 7  # tokens before a verb in which a negation still negates it


_SAID = {"called_off": "off", "rumoured": "rumour"}  # what a frame itself says of its truth


@dataclass(frozen=True, slots=True)
class Modality:
    """What the words round an event say of its truth."""

    status: Status
    negated: bool = False
    supposed: bool = False
    unnamed: bool = False  # only unnamed sources vouch
    past: bool = False  # told as an earlier deal
    token: Token | None = None  # the word that says so
    firm: bool = False  # the status is said outright, not the default


def _kinds(tokens: Iterable[Token]) -> dict[str, Token]:
    found: dict[str, Token] = {}
    for token in tokens:
        if token.cue is not None:
            said = token.cue.frame.status if token.cue.frame is not None else ""
            found.setdefault(_SAID.get(said, token.cue.kind), token)
    return found


def _conditional(tokens: list[Token], lexicon: Lexicon) -> Token | None:
    return next((t for t in tokens if t.kind in ("word", "cue") and lexicon.conditional.search(t.word)), None)


def _comes_after(tokens: list[Token], event: Event) -> bool:
    """Whether "after" governs an event's noun: "weeks after a $30 million Series C"."""
    for token in reversed(tokens[max(0, event.at - 6) : event.at]):
        if token.cue is not None:
            return token.cue.kind == "after"
        if token.kind in ("mark", "hard", "party"):
            return False
    return False


def _long_after(tokens: list[Token], event: Event) -> bool:
    """Whether an event's clause tells what came a while before: "two weeks after X presented ..."."""
    opener = tokens[event.first - 1] if event.first else None
    before = tokens[event.first - 2] if event.first > 1 else None
    if opener is None or before is None or opener.cue is None or before.cue is None:
        return False
    subjects = {id(t) for part in event.parts.values() for t in part}
    ahead = tokens[event.first : event.at]
    comma = next((at for at, token in enumerate(ahead) if token.word == ","), len(ahead))
    if comma < len(ahead) and not any(id(token) in subjects for token in ahead[:comma]):
        return False  # the clause is over: "months after they shook hands, X said ..."
    return opener.cue.kind == "after" and before.cue.kind == "lapse"


def is_lapsed(tokens: list[Token], event: Event) -> bool:
    """Whether an event lies a while back: "a year after its $9m round", "months after it raised $9m"."""
    kinds = [t.cue.kind if t.cue is not None else "" for t in tokens[max(0, event.at - 8) : event.at]]
    return ("lapse", "after") in pairwise(kinds)


def _pluperfect(tokens: list[Token], event: Event) -> bool:
    """Whether an event is told in the pluperfect, and not only because it is reported ("said it had raised")."""
    had = any(t.cue is not None and t.cue.kind == "had" for t in tokens[max(event.first, event.at - 4) : event.at])
    return had and not any(t.cue is not None and t.cue.kind == "reporting" for t in tokens[: event.at])


def _is_unreal(tokens: list[Token], event: Event) -> bool:
    """Whether an event stands in a condition that was not met: "if X had invested"."""
    opener = tokens[event.first - 1].cue if event.first else None
    if opener is None or opener.kind != "condition":
        return False
    return any(t.cue is not None and t.cue.kind == "had" for t in tokens[event.first : event.at])


def _outside_brackets(tokens: list[Token]) -> list[Token]:
    """The tokens before a verb that do not stand in brackets, also where the stretch begins inside them."""
    depth, kept = 0, []
    for token in reversed(tokens):
        if token.word == ")":
            depth += 1
        elif token.word == "(":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(token)
    return kept[::-1]


def _is_reported(tokens: list[Token], event: Event) -> bool:
    """Whether a conditional is only the future of what somebody announced ("a annoncé qu'il investirait")."""
    ahead = tokens[max(0, event.first - 6) : event.at]
    return any(t.cue is not None and t.cue.kind == "reporting" for t in ahead)


def _closing(tokens: list[Token], event: Event, own: dict[str, Token]) -> Token | None:
    """The word of closing in an event's clause, where no other deal is told between them."""
    token = own.get("closing")
    if token is None or _is_earlier(tokens, token):
        return None
    if event.frame.form != "verb":
        return token
    between = tokens[tokens.index(token) + 1 : event.at]
    return None if any(t.cue is not None and t.cue.frame is not None and t.cue.frame.type for t in between) else token


def _is_earlier(tokens: list[Token], closing: Token) -> bool:
    """Whether what closed came a while before the day's deal: "months after it closed its round, X adds $9m to it"."""
    at = next((i for i, token in enumerate(tokens) if token is closing), 0)
    for after in range(at, max(0, at - 6), -1):
        cue, before = tokens[after].cue, tokens[after - 1].cue
        if cue is not None and cue.kind in ("after", "past") and before is not None and before.kind == "lapse":
            return True
    return False


def _closes(token: Token) -> bool:
    """Whether a verb hands its subject and its end on to a noun ("has closed its purchase")."""
    frame = token.cue.frame if token.cue is not None else None
    return frame is not None and frame.form == "support" and frame.status == "completed"


def _before_after(tokens: list[Token], at: int) -> list[Token]:
    """The tokens round a noun up to "after": what came earlier is another matter ("after its bid was turned down")."""
    for here in range(at, len(tokens)):
        cue = tokens[here].cue
        if cue is not None and cue.kind == "after":
            return tokens[:here]
    return tokens


def _without_aside(tokens: list[Token], event: Event, end: int) -> list[Token]:
    """An event's clause up to a place, without what a relative clause before it tells."""
    first, aside = _behind_opener(tokens, event), event.find_aside(tokens)
    if aside is None or aside[0] < first:
        return tokens[first:end]
    return tokens[first : aside[0]] + tokens[aside[1] : end]


def _behind_opener(tokens: list[Token], event: Event) -> int:
    """Where an event's clause begins behind a fronted "with": "With a rival said to be circling, X raises its bid"."""
    opener = tokens[event.first].cue if event.first < event.at else None
    if opener is None or opener.kind != "link" or opener.name != "with":
        return event.first
    subjects = {id(token) for part in event.parts.values() for token in part}
    for at in range(event.first, event.at):
        if id(tokens[at]) in subjects:
            return event.first
        if tokens[at].word == ",":
            return at + 1
    return event.first


def _perfect(tokens: list[Token], event: Event, lexicon: Lexicon) -> Token | None:
    """The auxiliary of a verb in the perfect: a takeover told so is done ("has acquired", "a racheté")."""
    if not any(lexicon.participle.search(word) for word in tokens[event.at].word.split()):
        return None
    first = event.first if lexicon.verb_final else event.at - 3
    before = tokens[max(0, first, event.at - _CLAUSE) : event.at]
    own = [tokens[event.at]] if any(word in lexicon.perfect for word in tokens[event.at].word.split()) else []
    return next((t for t in (*own, *before) if t in own or t.word in lexicon.perfect), None)


def _between_semicolons(tokens: list[Token], event: Event) -> list[Token]:
    """The part of a sentence round an event: whom the other part cites says nothing of this one."""
    marks = [at for at, token in enumerate(tokens) if token.word == ";"]
    first = max((at for at in marks if at < event.at), default=-1)
    return tokens[first + 1 : min((at for at in marks if at > event.at), default=len(tokens))]


def read_modality(tokens: list[Token], event: Event, lexicon: Lexicon) -> Modality:
    """The modality of an event in its sentence."""
    sentence = _kinds(tokens)
    clause = _without_aside(tokens, event, event.last + 1)
    before = _kinds(_without_aside(tokens, event, event.at))
    own = _kinds(clause)
    source = _kinds(_between_semicolons(tokens, event)).get("source")
    unnamed = source is not None
    around = _before_after(tokens[max(0, event.at - _ROUND) : event.at + _ROUND], min(event.at, _ROUND))
    off = own.get("off") or (_kinds(around).get("off") if event.frame.form == "noun" else None)
    close_by = _outside_brackets(tokens[max(event.first, event.at - _NEAR) : event.at])
    comma = max((at for at, token in enumerate(close_by) if token.word == ","), default=-1)
    negated = any(t.cue is not None and t.cue.kind == "negation" for t in close_by[comma + 1 :])
    supposed = "hypothesis" in sentence or _is_unreal(tokens, event)
    past = (
        "past" in _kinds(_without_aside(tokens, event, event.at + 4))
        or _comes_after(tokens, event)
        or _pluperfect(tokens, event)
    )
    past = (past or _long_after(tokens, event)) and bool(event.frame.type)
    if off is not None:
        return Modality("called_off", False, supposed, unnamed, past, off, True)
    near = _kinds(tokens[max(event.first, event.at - _NEAR) : event.at])
    rumour = before.get("rumour") or near.get("modal")
    rumour = rumour or (tokens[event.at] if event.frame.status == "rumoured" else None)
    if rumour is None and not _is_reported(tokens, event):
        rumour = _conditional(tokens[max(event.first, event.at - 4) : event.at + 1], lexicon)
    if rumour is None and event.frame.form == "noun":
        rumour = own.get("rumour")
    if rumour is None and event.frame.status == "rumoured":
        rumour = tokens[event.at]  # "hopes to raise"
    if rumour is not None or (unnamed and not event.frame.status):
        return Modality("rumoured", negated, supposed, unnamed, past, rumour or source, True)
    closing = _closing(tokens, event, own) or (sentence.get("closing") if event.frame.type == "ipo" else None)
    if closing is None and event.frame.form == "noun":
        closing = next((t for t in tokens[event.first : event.at] if _closes(t)), None)
    bought = event.frame.type == "acquisition" and event.frame.form == "verb" and event.frame.object == "target"
    if closing is None and bought:
        closing = _perfect(tokens, event, lexicon)
    closed = event.frame.status == "completed" and not _is_earlier(tokens, tokens[event.at])
    if closed or closing is not None:
        token = closing or tokens[event.at]
        return Modality("completed", negated, supposed, unnamed, past, token, True)
    return Modality("announced", negated, supposed, unnamed, past, None, event.frame.status == "announced")
