"""Events that only describe: what companies at large do, what a firm has raised in all, whose venture another is."""

from __future__ import annotations

import itertools

from dealwatch.parser.events import Event
from dealwatch.parser.frames import Lexicon, Token

_YEAR = 4  # digits
_PARTS = 16  # tokens from "of which" to the last of the parts


def in_passing(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Whether an event tells no deal of its own but only describes who or what somebody is."""
    return (
        _of_a_crowd(tokens, event, lexicon)
        or _is_total(tokens, event)
        or _is_epithet(tokens, event, lexicon)
        or _leaves(tokens, event)
        or _lifts(tokens, event)
        or _refused_before(tokens, event)
        or _only_describes(tokens, event)
        or _is_record(tokens, event, lexicon)
        or _is_slice(tokens, event)
        or _promised(event)
        or _is_repaid(tokens, event)
        or _sums_up(tokens, event)
        or _to_compare(tokens, event, lexicon)
        or _is_trade(tokens, event, lexicon)
        or _is_total_since(tokens, event, lexicon)
        or _supplies_nobody(event)
    )


def _of_a_crowd(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Whether companies at large do it, and nobody with a name: "AI start-ups raised $13 billion"."""
    noun = event.frame.form == "noun" and event.frame.type == "funding_round" and not any(event.parts.values())
    if (event.frame.form != "verb" and not noun) or event.frame.subject != "target":
        return False
    ahead = tokens[event.first : event.at]
    crowd = [at for at, t in enumerate(ahead) if t.word.replace(" - ", "-") in lexicon.crowds]
    return bool(crowd) and not any(t.kind == "party" and t.governor < 0 for t in ahead)


def _is_total(tokens: list[Token], event: Event) -> bool:
    """Whether a sum is told in passing as all that a company has raised: ", which has raised $9m from investors
    including X"."""
    if event.frame.type != "funding_round" or event.frame.form != "verb" or not in_relative(tokens, event):
        return False
    after = [t.cue for t in tokens[event.at : event.at + 9] if t.cue is not None]
    return any(
        one.kind == "role" and two.kind == "link" and two.name == "include" for one, two in itertools.pairwise(after)
    )


def _is_epithet(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Whether a venture stands behind a name to say what it is: "Acme, the joint venture of X and Y, asked for"."""
    if event.frame.type != "joint_venture" or event.frame.form != "noun":
        return False
    if any(t.cue is not None and t.cue.kind == "born" for t in tokens[event.at :]):
        return False  # "Acme, coentreprise de X et Y, voit le jour"
    at = event.at - 1
    while at > 0 and tokens[at].kind == "word" and event.at - at <= 3:
        at -= 1
    after = tokens[event.at + 1].cue if event.at + 1 < len(tokens) else None
    if after is None or after.name not in ("of", "between"):
        return False
    return at > 0 and tokens[at].word == "," and tokens[at - 1].kind == "party"


def _refused_before(tokens: list[Token], event: Event) -> bool:
    """Whether an earlier bid's refusal is told behind "after": "lifts its offer after its first was turned down"."""
    opener = tokens[event.first - 1].cue if event.first else None
    if opener is None or opener.kind != "after" or event.frame.type != "acquisition":
        return False
    return any(t.cue is not None and t.cue.kind == "off" for t in tokens[event.at : event.last + 1])


def _lifts(tokens: list[Token], event: Event) -> bool:
    """Whether something is lifted to a sum and no money raised: "have raised their common outlay to $9m"."""
    if event.frame.type != "funding_round" or event.frame.form != "verb" or not event.frame.weak:
        return False
    at = next((i for i in range(event.at + 1, min(event.at + 12, len(tokens))) if tokens[i].amount is not None), 0)
    ahead = tokens[event.at + 1 : at]
    if len(ahead) < 2 or any(t.kind in ("party", "mark", "hard") for t in ahead):
        return False
    near = [t.cue.name for t in ahead[-3:] if t.cue is not None and t.cue.kind == "link"]
    return near[-1:] == ["to"] and ahead[0].kind == "word"


def _only_describes(tokens: list[Token], event: Event) -> bool:
    """Whether a relative clause says what somebody does for a living: "X, a start-up that builds models, for $9m"."""
    before = tokens[event.at - 1].cue if event.at else None
    if event.frame.form != "verb" or event.frame.type == "funding_round" or before is None or before.kind != "relative":
        return False
    for token in tokens[event.at + 1 : event.at + 16]:
        if token.word == ",":
            return True
        if token.kind not in ("word", "cue") or token.word[0].isdigit():
            return False
    return False


def _is_record(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Whether another deal of a party is told to compare: "X, whose largest purchase to date cost it $9m"."""
    if event.passive:
        return False
    if event.frame.type in ("acquisition", "commercial") and event.frame.form == "noun":
        ahead = tokens[max(0, event.at - 5) : event.at]  # "X bought Y for $9m, its largest acquisition"
        own = next((i for i, t in enumerate(ahead) if i and t.word in lexicon.own and ahead[i - 1].word == ","), -1)
        if own > 0 and any(t.word in lexicon.records for t in ahead[own:]):
            return True
    for back in range(event.at - 1, max(-1, event.at - 7), -1):
        if tokens[back].word in lexicon.whose:
            return any(token.word in lexicon.records for token in tokens[back + 1 : event.at])
        if tokens[back].kind != "word":
            return False
    return False


def _is_slice(tokens: list[Token], event: Event) -> bool:
    """Whether credit is only a part of the sum before it: "$85m, of which $25m in debt", "dont 60 M€ en dette"."""
    if event.frame.type not in ("debt", "grant") or event.frame.form != "noun":
        return False
    if _shares_out(tokens, event.at):
        return True
    for at in range(event.at - 1, max(0, event.at - 5), -1):
        if tokens[at].amount is None:
            continue
        before = tokens[max(0, at - 3) : at]
        part = any(t.cue is not None and t.cue.name == "include" for t in before)
        return part and any(t.amount is not None for t in tokens[max(0, at - 6) : at])
    return False


def _shares_out(tokens: list[Token], at: int) -> bool:
    """Whether a noun names one of the parts behind "of which": "6 M€, dont 4 M€ de subvention et 2 M€ d'avances"."""
    sums = 0
    for token in reversed(tokens[max(0, at - _PARTS) : at]):
        if token.cue is not None and token.cue.name == "include":
            return sums > 0 and any(t.amount is not None for t in tokens[: tokens.index(token)])
        if token.kind in ("party", "hard"):
            return False
        sums += token.amount is not None
    return False


def _is_repaid(tokens: list[Token], event: Event) -> bool:
    """Whether a loan is only paid back: "a remboursé un prêt de 2 M€"."""
    if event.frame.type != "debt" or event.frame.form != "noun":
        return False
    return any(t.cue is not None and t.cue.kind == "repaying" for t in tokens[max(0, event.at - 4) : event.at])


def _promised(event: Event) -> bool:
    """Whether money is spent or promised by nobody named: "31 milliards ont été promis aux jeunes pousses"."""
    return event.frame.type == "capex" and event.passive and not event.parts.get("investor")


def _sums_up(tokens: list[Token], event: Event) -> bool:
    """Whether a round stands there only to be summed up: "bringing the round to $40 million"."""
    if event.frame.type != "funding_round" or event.frame.form != "noun":
        return False
    before = tokens[max(0, event.at - 3) : event.at]
    after = [t.cue.name for t in tokens[event.at + 1 : event.at + 4] if t.cue is not None]
    return any(t.cue is not None and t.cue.kind == "sums_up" for t in before) and after[:1] == ["to"]


def _is_total_since(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Whether a sum is all that was put in over years: "has committed around $13 billion to X since 2019"."""
    done = any(t.word in lexicon.perfect for t in tokens[max(0, event.at - 3) : event.at])
    if not done or event.frame.form != "verb" or event.frame.type not in ("investment", "funding_round"):
        return False
    for one, two in itertools.pairwise(tokens[event.at + 1 : event.at + 14]):
        if one.word in lexicon.since and two.word.isdigit() and len(two.word) == _YEAR:
            return True
        if one.kind == "hard":
            return False
    return False


def _supplies_nobody(event: Event) -> bool:
    """Whether a firm supplies nobody that its clause names: "X, which rents out computing power"."""
    frame = event.frame
    supplies = frame.type == "commercial" and frame.form == "verb" and frame.subject == "target"
    return supplies and not event.parts.get("investor")


def _is_trade(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Whether what is built only says what a firm does: "l'opérateur de campus Acme", "data centre operator Acme"."""
    if event.frame.type != "capex" or event.frame.form != "noun":
        return False
    after = tokens[event.at + 1 : event.at + 3]
    if after and (after[0].party is not None or after[0].word in lexicon.generic):
        return True
    before = tokens[max(0, event.at - 3) : event.at]
    return any(t.word in lexicon.generic for t in before) and any(t.cue and t.cue.name == "of" for t in before)


def _to_compare(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Whether a deal stands behind "than" only to compare: "$5m more than in its first bid"."""
    for token in reversed(tokens[max(0, event.at - 4) : event.at]):
        if token.word in lexicon.comparing:
            return True
        if token.kind not in ("word", "cue") or token.word in lexicon.conjunctions:
            return False
    return False


def _leaves(tokens: list[Token], event: Event) -> bool:
    """Whether one investor leaves another's round, which goes on without it: "X pulls out of Y's round"."""
    frame = event.frame
    if frame.type != "funding_round" or frame.form != "noun":
        return False
    parties = [t for t in event.parts.get("target", []) if t.party is not None]
    before = [t for t in parties if t.end <= event.start]
    after = [t for t in parties if t.start >= event.end and t.governor >= 0]
    off = any(t.cue is not None and t.cue.kind == "off" for t in tokens[event.first : event.at])
    return bool(off and before and after)


def in_relative(tokens: list[Token], event: Event) -> bool:
    """Whether an event stands in a relative clause ("X, which bought Y in May, ...")."""
    for token in reversed(tokens[max(0, event.at - 6) : event.at]):
        if token.cue is not None and token.cue.kind == "relative":
            return True
        if token.kind in ("party", "amount") or token.word == ",":
            return False
    return False
