"""What one event of a clause hands on to another: a verb its subject to the noun that says what it is about."""

from __future__ import annotations

from dataclasses import replace

from dealwatch.parser.events import Event
from dealwatch.parser.frames import Frame, Token

_BOUGHT = ("investment", "acquisition", "joint_venture", "commercial")  # whose subject gives, whatever verb it has
_FROM = ("from", "by", "lead")
_SPENT = Frame("", "support", needs="deal")  # a verb that has handed all that it has to a noun
_LENT = ("debt", "grant")  # what is given to somebody


def hand_on(tokens: list[Token], events: list[Event]) -> None:
    """A support verb's subject becomes the subject of the next noun in its clause; a verb's own goes on to a stake."""
    for here, event in enumerate(events):
        if event.frame.form == "verb" and not event.frame.type and event.frame.object == "investor":
            _win_over(events, here)
        if event.frame.form == "verb" and event.frame.weak and event.frame.type == "funding_round":
            _take(tokens, events, here)
            _win_before(events, here)
            _borrow(events, here)
        if event.frame.form == "verb" and event.frame.weak and event.frame.object == "target" and not event.passive:
            _give(events, here)
        if event.frame.type == "acquisition" and event.frame.form == "verb" and not event.passive:
            _buy_stake(events, here)
        _take_share(tokens, event)
        _hand_over(tokens, events, here)
        given_up = event.frame.status == "called_off" and not event.parts.get(event.frame.object)
        if event.frame.form == "support" or given_up:
            _lend_subject(tokens, events, here, given_up)
        if event.frame.form == "verb" and event.frame.type in ("investment", "capex"):
            _invest_together(events, here)
    _label(tokens, events)
    for here, event in enumerate(events):
        if event.frame.type == "acquisition" and event.frame.form == "noun":
            _take_from_verb(events[:here], event)
        _drop_leader(event, events)
        _turn_given(tokens, event)
        _find_lender(event, events)
        _lend_to(tokens, event)


def _take_share(tokens: list[Token], event: Event) -> None:
    """ "Takes 49% of Y": who takes so much of a firm invests in it."""
    if event.frame.form != "support" or event.frame.subject != "target" or not event.parts.get("target"):
        return
    ahead = tokens[event.at + 1 : event.at + 7]
    number = next((i for i, t in enumerate(ahead) if t.word[:1].isdigit() and t.amount is None), -1)
    of = next((i for i, t in enumerate(ahead) if i > number and t.cue is not None and t.cue.name == "of"), -1)
    if number < 0 or not number < of <= number + 3 or any(t.kind == "party" for t in ahead[:of]):
        return
    place = event.at + 1 + of
    held = next((t for t in tokens[place + 1 : place + 5] if t.kind == "party" and t.governor == place), None)
    if held is None or held.possessive:
        return
    takers = [t for t in event.parts["target"] if t is not held]
    event.frame = replace(
        event.frame, type="investment", form="verb", subject="investor", object="target", needs="target"
    )
    event.parts = {"investor": takers, "target": [held]}


def _hand_over(tokens: list[Token], events: list[Event], here: int) -> None:
    """Of a verb that gives or sells and the noun behind it: "gives Y a 9% stake", "sells $9m of bonds to Y"."""
    event = events[here]
    other = next((e for e in events[here + 1 : here + 2] if e.frame.form == "noun" and e.first == event.first), None)
    if other is None or event.frame.form != "verb" or event.passive:
        return
    frame = event.frame
    if not frame.type and frame.subject == "target" and other.frame.subject == "target":
        for token in event.parts.get("target", []) if not other.parts.get("target") else ():
            other.add("target", token)  # "taps X for a loan"
    elif frame.weak and frame.type == "investment" and other.frame.links.get("to") == "investor":
        holders = [t for t in event.parts.get("target", []) if t.governor == event.at and tokens.index(t) < other.at]
        if holders:  # who is given a share holds it
            other.parts["investor"] = holders
            event.parts = {}
    elif frame.type == "capex" and other.frame.type == "investment" and event.parts.get("investor"):
        for token in event.parts.pop("investor"):  # "will spend $9m on a stake in Y"
            other.add("investor", token)
        event.frame = replace(frame, type="", weak=True, needs="deal")
    elif other.frame.type == "debt" and frame.subject == "seller":
        _place_paper(tokens, event, other, event.parts.pop("seller", []), event.parts.pop("investor", []))
    elif other.frame.type == "debt" and frame.type == "acquisition":
        issuers = [t for t in event.parts.get("target", []) if t.start > other.start and _is_behind(tokens, t, ("in",))]
        if event.parts.get("target") and not issuers:
            return
        behind = [t for t in other.parts.get("investor", []) if _is_behind(tokens, t, _FROM)] or issuers
        _place_paper(tokens, event, other, behind, event.parts.pop("investor", []))


def _place_paper(tokens: list[Token], event: Event, paper: Event, issuers: list[Token], buyers: list[Token]) -> None:
    """Bonds are sold by who borrows and bought by who lends."""
    if issuers:
        event.parts.pop("target", None)
        paper.parts["target"] = issuers
        paper.parts["investor"] = [t for t in buyers if all(t is not issuer for issuer in issuers)]


def _label(tokens: list[Token], events: list[Event]) -> None:
    """ "Kredit für X: Y gibt 3 Mio.": a label says of what kind the deal behind its colon is, and for whom."""
    label = events[0]
    colon = next((at for at in range(label.at + 1, min(label.at + 9, len(tokens))) if tokens[at].word == ":"), 0)
    named = label.parts.get("target", []) or label.parts.get("lender", [])
    if not colon or label.at > 2 or label.frame.form != "noun" or len(named) != 1 or label.parts.get("investor"):
        return
    if any(t.party is not None and t is not named[0] for t in tokens[:colon]):
        return
    told = next((e for e in events[1:] if e.at > colon), None)
    gives = told is not None and told.frame.form == "verb" and told.frame.subject == "investor"
    if told is None or not gives or told.passive or not told.parts.get("investor") or told.parts.get("target"):
        return
    if any(e.at > colon and e is not told and e.frame.type for e in events):
        return
    told.frame = replace(told.frame, type=label.frame.type, weak=label.frame.weak, needs=label.frame.needs)
    told.parts["target"] = list(named)


def _give(events: list[Event], here: int) -> None:
    """ "Y gewährt X ein Darlehen": who gives is its verb's subject, who takes it the verb's object."""
    event = events[here]
    givers, takers = event.parts.get("investor", []), event.parts.get("target", [])
    near = [e for e in (*events[here + 1 : here + 2], *events[max(0, here - 1) : here]) if e.first == event.first]
    money = next((e for e in near if e.frame.form == "noun" and e.frame.type in _LENT), None)
    if money is None or not givers or money.parts.get("investor") or not (takers or event.at < money.at):
        return
    mine = money.parts.get("target", [])
    money.parts["target"] = list(takers) or [t for t in mine if all(t is not giver for giver in givers)]
    money.parts["investor"] = list(givers)
    money.parts.pop("lender", None)


def _take_from_verb(before: list[Event], noun: Event) -> None:
    """What a takeover's noun has from the verb before it: "sheds Y in a sale to Z"."""
    verb = next((e for e in reversed(before) if e.frame.form == "verb" and e.first == noun.first), None)
    if verb is None or verb.passive:
        return
    if noun.frame.subject == "seller" and verb.frame.subject == "seller" and not noun.parts.get("target"):
        noun.parts["target"] = list(verb.parts.get("target", []))
    elif verb.frame.type in ("capex", "investment") and noun.parts.get("target") and not noun.parts.get("investor"):
        noun.parts["investor"] = [t for t in verb.parts.get("investor", []) if t not in noun.parts["target"]]


def _win_over(events: list[Event], here: int) -> None:
    """ "A convaincu X et Y de lui confier 9 M€": whom one wins over gives, and the one who does so receives."""
    event = events[here]
    backers, receiver = event.parts.get("investor", []), event.parts.get("target", [])
    for other in events[here + 1 : here + 2]:
        gives = other.frame.type == "investment" and other.frame.form == "verb" and other.first == event.first
        if gives and backers and receiver and other.parts.get("investor", []) == receiver:
            other.parts["investor"], other.parts["target"] = list(backers), list(receiver)


def _find_lender(loan: Event, events: list[Event]) -> None:
    """ "A loan which Y provided": who gives it lends."""
    givers = [t for e in events if e.frame.form == "verb" and e.at > loan.at for t in e.parts.get("investor", [])]
    for token in [t for t in loan.parts.get("lender", []) if any(t is giver for giver in givers)]:
        loan.parts["lender"].remove(token)
        loan.add("investor", token)


def _lend_to(tokens: list[Token], event: Event) -> None:
    """ "X has issued a note to Y": Y, who takes it, lends."""
    named = event.parts.get("target", [])
    if event.frame.type != "debt" or event.frame.form != "noun" or len(named) < 2 or event.parts.get("investor"):
        return
    takers = [t for t in named if t.start > event.start and _is_behind(tokens, t, ("to",))]
    if any(t.end <= event.start for t in named) and takers:
        event.parts["target"] = [t for t in named if all(t is not taker for taker in takers)]
        event.parts["investor"] = takers


def _drop_leader(event: Event, events: list[Event]) -> None:
    """Who leads a round is not the one that it is for: "hatte A bei B eine Serie A angeführt"."""
    if event.frame.form != "noun" or event.frame.type != "funding_round":
        return
    leaders = [t for e in events if e.frame.lead and e.first == event.first for t in e.parts.get("investor", [])]
    targets = event.parts.get("target", [])
    if any(t is leader for t in targets for leader in leaders):
        event.parts["target"] = [t for t in targets if all(t is not leader for leader in leaders)]


def _lend_subject(tokens: list[Token], events: list[Event], here: int, given_up: bool) -> None:
    event = events[here]
    other = next((e for e in events[here + 1 :] if e.frame.form == "noun" and e.first == event.first), None)
    if other is None:
        return
    subject = event.parts.get(event.frame.subject, []) or event.parts.get("subject", [])
    if event.frame.subject == "target" and other.frame.type == "commercial":
        for noun in events[here + 1 :]:  # "wins its largest order, a $9m contract from Y"
            if noun.frame.type == "commercial" and noun.frame.form == "noun" and noun.first == event.first:
                _win(noun, subject)
        return
    own = other.frame.type in (*_BOUGHT, "capex") or given_up
    part = other.frame.subject if own else event.frame.subject or other.frame.subject
    if _is_given(tokens, other) or _is_agreed(tokens, other):
        part = "target"  # "announces an investment from Y", "agrees to a takeover by Y"
    named = other.parts.get(part, [])
    if not named or other.frame.type == "joint_venture":
        other.parts[part] = [*subject, *(t for t in named if all(t is not one for one in subject))]
    for name in ("target", "investor"):
        ruled = event.frame.object == name  # "unterbreitet Y ein Angebot"
        if name != part and event.frame.subject and (ruled or not own) and not other.parts.get(name):
            for token in event.parts.get(name, []):
                other.add(name, token)


def _invest_together(events: list[Event], here: int) -> None:
    """ "A et B investissent 9 M€ dans une coentreprise": who invests are its partners."""
    for other in events[here + 1 : here + 2]:
        if other.frame.type == "joint_venture" and other.first == events[here].first and len(other.parts) < 1:
            for token in events[here].parts.get("investor", []):
                other.add("investor", token)


def _win(contract: Event, supplier: list[Token]) -> None:
    """ "Wins a contract from Y": who wins it supplies, who gives it pays."""
    if not supplier:
        return
    payers = [t for t in (*contract.parts.get("target", []), *contract.parts.get("investor", [])) if t not in supplier]
    contract.parts["investor"], contract.parts["target"] = payers, list(supplier)


def _borrow(events: list[Event], here: int) -> None:
    """ "Obtém uma linha de crédito da Y": who obtains it owes it, and Y lends."""
    event = events[here]
    for other in events[here + 1 : here + 2]:
        lent = other.frame.form == "noun" and other.frame.type in _LENT and other.first == event.first
        if lent and not event.passive and not other.parts.get("target"):
            for token in event.parts.get("target", []):
                other.add("target", token)


def _get_goods(event: Event, goods: Event, buyer: list[Token]) -> None:
    """ "Hat sich bei A Rechenleistung gesichert": who gets goods pays, and whom they come from supplies."""
    if buyer:
        given = [*event.parts.pop("investor", []), *goods.parts.get("target", []), *goods.parts.get("investor", [])]
        goods.parts["investor"] = list(buyer)
        goods.parts["target"] = [t for t in given if all(t is not one for one in buyer)]


def _win_before(events: list[Event], here: int) -> None:
    """ "Hat von A einen Auftrag erhalten": who receives it supplies, where the verb closes the clause."""
    event, before = events[here], events[here - 1] if here else None
    if before is None or before.frame.type != "commercial" or before.frame.form != "noun":
        return
    if before.frame.links.get("from") == "target" and before.first == event.first:
        _get_goods(event, before, event.parts.pop("target", []))
        return
    alone = not any(e.first == event.first and e.at > event.at for e in events)
    if alone and before.first == event.first and before.parts.get("investor") and event.parts.get("target"):
        _win(before, event.parts.pop("target"))


def _buy_stake(events: list[Event], here: int) -> None:
    """ "Has bought a 9% stake in Y": who buys is the investor, whoever else is named behind the stake."""
    event = events[here]
    buyer, seller = event.parts.get("investor", []), event.parts.get("seller", [])
    for other in events[here + 1 : here + 2]:
        stake = other.frame.type == "investment" and other.frame.form == "noun" and other.first == event.first
        if not stake or event.parts.get("target"):
            continue
        if event.frame.subject == "seller":
            if not other.parts.get("target"):
                for token in seller:  # "sells a 20% stake to Y": in itself
                    other.add("target", token)
            other.parts["investor"] = [t for t in other.parts.get("investor", []) if t not in seller] or list(buyer)
        elif buyer:
            other.parts["investor"] = list(buyer)


def _take(tokens: list[Token], events: list[Event], here: int) -> None:
    """ "Picks up an 8% stake in Y": who picks up is the investor; "secures an investment from Y": the receiver."""
    event = events[here]
    for other in events[here + 1 : here + 2]:
        if other.frame.type not in _BOUGHT or other.frame.form != "noun" or other.first != event.first:
            continue
        if other.frame.subject == "seller":
            continue  # "raised $9m from a sale of bonds"
        subject = event.parts.pop("target", [])
        if other.frame.links.get("from") == "target":
            _get_goods(event, other, subject)
            continue
        if other.frame.type == "commercial":
            for token in event.parts.pop("investor", []):
                other.add("investor", token)  # "erhält von B einen Auftrag"
            event.frame = _SPENT
            if other.frame.links.get("from") == "target":  # "secures $9m of capacity from Y"
                for token in subject:
                    other.add("investor", token)
            else:
                _win(other, subject)
            continue
        part = "target" if _is_given(tokens, other) else "investor"
        for token in subject:
            other.add(part, token)


def _is_given(tokens: list[Token], event: Event) -> bool:
    """Whether an investment names only those that it comes from ("a $9m investment from Y")."""
    named = event.parts.get("investor", [])
    given = _comes_from(event) and bool(named) and not event.parts.get("target")
    return given and all(_is_behind(tokens, token, _FROM) for token in named)


def _is_agreed(tokens: list[Token], event: Event) -> bool:
    """Whether a takeover names who makes it behind "by", so that the subject is who is bought."""
    if event.frame.type != "acquisition" or event.frame.pair or event.parts.get("target"):
        return False
    named = event.parts.get("investor", [])
    return bool(named) and all(_is_behind(tokens, token, _FROM) for token in named)


def _comes_from(event: Event) -> bool:
    """Whether an event is of those that one receives: an investment, an offer."""
    frame = event.frame
    return frame.type == "investment" or (frame.type == "acquisition" and frame.of == "investor" and not frame.pair)


def _turn_given(tokens: list[Token], event: Event) -> None:
    """ "X announces an investment from Y": of two that an investment names so, the one behind "from" gives."""
    if not _comes_from(event) or event.frame.form != "noun" or event.parts.get("target"):
        return
    named = event.parts.get("investor", [])
    givers = [token for token in named if _is_behind(tokens, token, _FROM)]
    if givers and len(givers) < len(named):
        event.parts["investor"], event.parts["target"] = givers, [t for t in named if t not in givers]


def _is_behind(tokens: list[Token], token: Token, links: tuple[str, ...]) -> bool:
    governor = tokens[token.head].governor if token.head >= 0 else -1
    cue = tokens[governor].cue if governor >= 0 else None
    return cue is not None and cue.kind == "link" and cue.name in links
