"""Whom a verb takes along: who leads a round by the way, who gives the loan that its object receives."""

from __future__ import annotations

from dealwatch.parser.events import Event
from dealwatch.parser.frames import Lexicon, Token
from dealwatch.parser.marking import is_compound


def list_of(tokens: list[Token], at: int) -> list[Token]:
    """The parties of the list whose member stands at a position."""
    head = tokens[at].head
    return [t for t in tokens[head : head + 160] if t.kind == "party" and t.head == head]


def take_giver(tokens: list[Token], events: list[Event], event: Event) -> bool:
    """Whether the verb before a loan or grant is one of giving, whose subject it takes: "X has granted Y a loan"."""
    verb = next((e for e in reversed(events) if e.at < event.at and e.frame.form != "noun"), None)
    if verb is None or event.frame.type not in ("debt", "grant") or verb.first != event.first:
        return False
    if any(t.kind == "party" and t.governor < 0 for t in tokens[verb.at : event.at]):
        return False  # "X has granted Y $9m, and Z will add a grant"
    gives = verb.frame.weak and verb.frame.subject == "investor" and bool(verb.frame.type) and not verb.passive
    for token in verb.parts.get("investor", []) if gives and not verb.frame.lead else ():
        event.add("investor", token)
    return gives and not verb.frame.lead


def find_companion(tokens: list[Token], event: Event, lexicon: Lexicon) -> list[Token]:
    """Who leads a round or joins it by the way: "in a Nadir-led round", ", with Nadir leading"."""
    at, frame = event.at, event.frame
    if frame.lead and is_compound(tokens, at):
        return list_of(tokens, at - 2) if tokens[at - 2].kind == "party" else []
    if not (frame.lead or not frame.type) or lexicon.verb_final:
        return []
    before = next((i for i in range(at - 1, max(-1, at - 3), -1) if tokens[i].kind != "word"), -1)
    if before < 0 or tokens[before].kind != "party" or tokens[before].possessive:
        return []
    members = list_of(tokens, before)
    opener = tokens[tokens[before].head - 1] if tokens[before].head else None
    with_it = opener is not None and opener.cue is not None and opener.cue.name == "with"
    return members if with_it else []
