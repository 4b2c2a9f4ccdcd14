"""Verbs whose parties do not simply stand before and behind them: turned round, or at the end of their clause."""

from __future__ import annotations

from dealwatch.parser.behind import add_inverted
from dealwatch.parser.companions import list_of
from dealwatch.parser.events import BREAKS, Event
from dealwatch.parser.frames import Lexicon, Token, cue_kind

_SKIPPED = (
    "of", "in", "into", "with", "by", "from", "to", "for", "at", "include", "lead", "between", "as", "told_by", "under",
)  # fmt: skip


def is_reference(token: Token) -> bool:
    """Whether a token stands for a party named elsewhere ("the company", "it")."""
    if token.cue is None:
        return False  # most words
    kind = token.cue.kind
    return kind in ("pronoun", "dative") or kind.startswith("reference")


def governed(tokens: list[Token], token: Token) -> bool:
    """Whether a party is somebody's object or stands behind a link, so that it cannot be a subject."""
    head = tokens[token.head] if token.head >= 0 else token
    if head.governor < 0:
        return False
    governor = tokens[head.governor]
    if governor.cue is None:
        return False
    if governor.cue.kind == "link":
        return governor.cue.name in _SKIPPED
    return governor.cue.kind == "frame" and governor.cue.frame is not None and governor.cue.frame.form != "noun"


def behind_link(tokens: list[Token], at: int) -> bool:
    before = tokens[at - 1] if at else None
    return before is not None and before.cue is not None and before.cue.kind in ("link", "frame")


def add_turned(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Give a verb whose subject does not simply stand before it what it has; whether it is such a verb."""
    if event.frame.form == "support":
        return lexicon.verb_final and _add_founders(tokens, event)
    if lexicon.inverts and _add_behind(tokens, event, lexicon):
        return True
    if not lexicon.inverts and add_inverted(tokens, event):
        return True
    return lexicon.verb_final and bool(event.frame.object) and _add_both(tokens, event, lexicon)


def _add_founders(tokens: list[Token], event: Event) -> bool:
    """Give a support verb the parties right behind it, with none before: "unter dem Namen X gründen A und B"."""
    ahead = tokens[event.first : event.at]
    named = next((at for at, t in enumerate(tokens[event.at + 1 : event.at + 5], event.at + 1) if t.kind != "word"), 0)
    if not ahead or not named or tokens[named].kind != "party" or tokens[named].possessive or event.frame.object:
        return False
    if any((t.kind == "party" and not governed(tokens, t)) or is_reference(t) for t in ahead):
        return False
    for token in list_of(tokens, named):
        event.add(event.frame.subject or "subject", token)
    return True


def _add_behind(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Give a verb the subject behind it: "Lideró la ronda Acme", and with an object too, "gestern übernahm A den B"."""
    frame = event.frame
    follow = [
        t for at, t in enumerate(tokens[event.at + 1 : event.last + 1], event.at + 1)
        if (t.kind == "party" and t.head == at and (t.governor == event.at or not governed(tokens, t)))
        or (is_reference(t) and not behind_link(tokens, at))
    ]  # fmt: skip
    far = frame.lead and event.at <= 2 and bool(follow) and not governed(tokens, follow[0])
    if not follow or (follow[0].kind == "party" and follow[0].governor != event.at and not far):
        return False
    if frame.subject == "seller" and len(follow) < 2 and lexicon.verb_final:
        return False  # "Gründer verkaufen X an Y"
    if frame.object or not (frame.lead or not frame.type or lexicon.verb_final):
        opens = event.at
        while opens and tokens[opens - 1].kind in ("word", "cue", "amount", "party"):
            if tokens[opens - 1].word in lexicon.conjunctions or cue_kind(tokens[opens - 1]) in BREAKS:
                break
            opens -= 1
        ahead = tokens[opens : event.at]
        if any((t.kind == "party" and not governed(tokens, t)) or is_reference(t) for t in ahead):
            return False
        if lexicon.verb_final and any(t.cue is not None and t.cue.name == "include" for t in ahead):
            return False  # "ein Konsortium aus A und B stellt X ... bereit"
        two = len(follow) > 1 and tokens[event.at - 1].word == ","
        opens_it = not ahead and not frame.object and frame.subject == "investor"
        if not (opens_it or (lexicon.verb_final and (ahead or two))):
            return False
    elif follow[0].kind != "party":
        return False
    event.behind = list_of(tokens, tokens.index(follow[0])) if follow[0].kind == "party" else follow[:1]
    for token in event.behind:
        event.add(frame.subject, token)
        if frame.lead:
            event.lead.append(token)
    if frame.object and len(follow) > 1 and follow[1].kind == "party":
        for token in list_of(tokens, tokens.index(follow[1])):
            event.add(frame.object, token)
    return True


def _relative_start(tokens: list[Token], event: Event, lexicon: Lexicon) -> int:
    """Where the relative clause that a verb closes begins (", mit der A den B kauft"), else where its clause does."""
    for at in range(event.at - 2, event.first, -1):
        one, two = tokens[at], tokens[at + 1]
        link = cue_kind(one) == "link" and two.word in lexicon.determiners and at + 2 < event.at
        if tokens[at - 1].word == "," and (cue_kind(one) == "relative" or link):
            return at
    return event.first


def _add_both(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Give a verb at its clause's end its subject and its object, which both stand before it ("hat A B gekauft")."""
    if any(t.kind == "party" and t.governor == event.at for t in tokens[event.at + 1 : event.last + 1]):
        return False
    first = _relative_start(tokens, event, lexicon)
    ahead = [
        t for at, t in enumerate(tokens[first : event.at], first)
        if (t.kind == "party" and t.head == at and not t.possessive and not governed(tokens, t))
        or (is_reference(t) and cue_kind(t) != "dative" and not behind_link(tokens, at))
    ]  # fmt: skip
    if len(ahead) < 2:
        return False
    for part, token in ((event.frame.subject, ahead[-2]), (event.frame.object, ahead[-1])):
        for one in list_of(tokens, tokens.index(token)) if token.kind == "party" else [token]:
            event.add(part, one)
    return True
