"""A sentence's tokens read as events: which frame stands there, and who plays which part in it.

Parts are given by grammar alone (subject, object, link); who "the company" is and which deal an event belongs to is
decided later, with the whole story at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from dealwatch.parser.behind import comes_from, is_behind_sum, is_of_a_deal, receives
from dealwatch.parser.between import allies, names_object, stands_between
from dealwatch.parser.companions import find_companion, list_of, take_giver
from dealwatch.parser.events import BREAKS, Event, find_clause, find_ends
from dealwatch.parser.frames import Cue, Frame, Lexicon, Token, cue_kind
from dealwatch.parser.handing import hand_on
from dealwatch.parser.marking import is_compound
from dealwatch.parser.turned import add_turned, behind_link, governed, is_reference
from dealwatch.parser.turning import add_apposed, add_offered, answers, find_apposed, turn

_GIVEN = dict.fromkeys(("by", "lead", "with", "include", "from", "thanks"), "investor")
_LINKS: Mapping[str, Mapping[str, str]] = {
    "funding_round": {**_GIVEN, "told_by": "target", "into": "target", "in": "target", "for": "target", "to": "target"},
    "investment": {**_GIVEN, "into": "target", "in": "target", "to": "target"},
    "acquisition": {
        "by": "investor", "from": "seller", "with": "target", "for": "target", "in": "target", "into": "target",
    },
    "debt": {**_GIVEN, "to": "target", "for": "target", "into": "target", "issuer": "target", "told_by": "target"},
    "grant": {**_GIVEN, "to": "target", "for": "target", "into": "target"},
    "commercial": {"by": "investor", "with": "target", "to": "target", "from": "target", "under": "target"},
    "joint_venture": {"by": "investor", "with": "investor", "between": "investor", "include": "investor"},
    "ipo": {"by": "investor", "lead": "investor", "include": "investor", "for": "target"},
    "capex": {"by": "investor", "with": "investor"},
    "": {**_GIVEN, "into": "target", "in": "target", "to": "target", "for": "target"},
}
_FROM_WHOM = 8  # tokens from a verb of receiving to the "of" behind the sum
_DRAWN = 12  # tokens between a relative and its verb


def _is_passive(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    token = tokens[at]
    if lexicon.agreed.search(token.word):
        return True
    if not lexicon.participle.search(token.word) or token.word.split()[0] in lexicon.intransitive:
        return False
    if lexicon.verb_final:
        return _is_passive_at_end(tokens, at, lexicon)
    if " " in token.word and _is_infinitive_mark(Token("word", 0, 0, token.word.split()[0]), lexicon):
        return False  # "is preparing to list on"
    for before in reversed(tokens[max(0, at - 4) : at]):
        if before.word in lexicon.passive:
            return True
        if before is tokens[at - 1] and _is_infinitive_mark(before, lexicon):
            break  # "was about to put": not passive
        if before.kind not in ("word", "cue") or (
            before.kind == "cue" and cue_kind(before) in ("link", "frame", "break", "after", "pronoun")
        ):
            break
    frame = token.cue.frame if token.cue is not None else None
    given = frame is not None and bool(frame.object) and not _is_perfect(tokens, at, lexicon)
    for after in tokens[at + 1 : at + 4]:
        if cue_kind(after) == "link" and after.cue is not None:
            return after.cue.name == "by"
        if after.kind != "word" and not (given and after.kind == "amount"):  # "Acme awarded $9m by the state"
            return False
    return False


def _is_infinitive_mark(token: Token, lexicon: Lexicon) -> bool:
    cue = lexicon.trie.get(token.word.rpartition(" ")[2], {}).get("")
    return cue is not None and cue.kind == "link" and cue.name == "to"


def _is_perfect(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    return any(token.word in lexicon.perfect for token in tokens[max(0, at - 2) : at])


def _is_passive_at_end(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether the auxiliary of a participle at its clause's end is a passive's: right behind it, or far before it."""
    for token in [*tokens[at + 1 : at + 3], *reversed(tokens[max(0, at - 40) : at])]:
        if token.word in lexicon.perfect or token.word in lexicon.passive:
            return token.word in lexicon.passive
        if token.start < tokens[at].start and (cue_kind(token) in BREAKS or token.kind == "hard"):
            break
    return False


def _antecedent(tokens: list[Token], at: int) -> Token | None:
    """The party or reference right before a relative pronoun; "X, a price that" has none."""
    for token in reversed(tokens[max(0, at - 3) : at]):
        if token.kind == "party" or is_reference(token):
            return token
        if token.kind not in ("mark", "word"):
            break
    for back in range(at - 1, max(0, at - 9), -1):  # "X, the Singaporean buyout house that"
        if tokens[back].word == "," and tokens[back - 1].kind == "party":
            return tokens[back - 1]
        cue = tokens[back].cue
        noun = cue is not None and cue.frame is not None and cue.frame.form == "noun"
        if not (tokens[back].kind == "word" or noun or tokens[back].word == "-" or cue_kind(tokens[back]) == "link"):
            return None
    return None


def find_subject(tokens: list[Token], at: int, *, described: bool = True) -> list[Token]:
    """The parties (or the reference) that are the subject of the verb at a position; empty where none is told."""
    here, steps = at - 1, 0
    fallback: list[Token] = []
    if described and here >= 0 and tokens[here].kind == "party" and _described(tokens, tokens[here]):
        return list_of(tokens, here)
    while here >= 0 and steps < 90:
        token = tokens[here]
        steps += 1
        if token.word == ")":
            here = (
                next((back for back in range(here - 1, max(-1, here - 40), -1) if tokens[back].word == "("), here) - 1
            )
            continue
        if token.kind == "hard" and token.word == ";":
            break
        if (
            cue_kind(token) == "relative"
            and at - here <= 5
            and all(t.kind in ("word", "cue", "mark") for t in tokens[here + 1 : at])
        ):
            found = _antecedent(tokens, here)
            if found is not None:
                return list_of(tokens, tokens.index(found)) if found.kind == "party" else [found]
        if is_reference(token) and cue_kind(token) != "dative" and not behind_link(tokens, here):
            return [token]
        if token.kind == "party":
            if not token.possessive and (not governed(tokens, token) or (described and _leads_to(tokens, here, at))):
                return list_of(tokens, here)
            if token.possessive and not fallback and not governed(tokens, token):
                fallback = [token]
        here -= 1
    return fallback


def _described(tokens: list[Token], token: Token) -> bool:
    """Whether words stand between a party and the link before it ("le fabricant de machines à tisser Acme devient")."""
    governor = tokens[token.head].governor if token.head >= 0 else -1
    cue = tokens[governor].cue if governor >= 0 else None
    if cue is None or cue.kind != "link" or cue.name not in ("of", "to", "for"):
        return False
    return token.head - governor > 2 or (cue.name == "of" and _is_wares(tokens[governor + 1 : token.head]))


def _is_wares(between: list[Token]) -> bool:
    """Whether a single plain word stands between "of" and a name, what its owner makes: "le fabricant de lasers X"."""
    return len(between) == 1 and between[0].kind == "word" and between[0].word.endswith("s")


def _leads_to(tokens: list[Token], here: int, at: int) -> bool:
    """Whether a described name stands before a verb, but auxiliaries between ("le fabricant de lasers X va")."""
    between = tokens[here + 1 : at]
    plain = all(t.kind == "word" or cue_kind(t) in ("rumour", "modal", "support", "past", "off") for t in between)
    made = _is_wares(tokens[tokens[here].governor + 1 : here])
    return at - here <= 5 and plain and made and _described(tokens, tokens[here])


def _possessor(tokens: list[Token], at: int) -> list[Token]:
    """The nearest party behind "of" on the left, for a verb whose subject nobody else can be."""
    for back in range(at - 1, max(-1, at - 25), -1):
        token = tokens[back]
        if token.kind == "party" and token.head >= 0 and tokens[token.head].governor >= 0:
            cue = tokens[tokens[token.head].governor].cue
            return list_of(tokens, back) if cue is not None and cue.name == "of" else []
    return []


def _link_part(frame: Frame, name: str, passive: bool) -> str:
    if name in frame.links:
        return frame.links[name]
    if name == "by" and frame.form == "verb" and frame.type:
        return frame.subject if passive else ""
    if name == "by" and frame.form == "support" and frame.subject and passive:
        return frame.subject  # "un tour bouclé par A"
    return _LINKS.get(frame.type, {}).get(name, "")


def _add_links(tokens: list[Token], events: list[Event], lexicon: Lexicon) -> None:
    """Parties behind a link, a role noun or a frame go to the nearest event before them that takes them."""
    for at, token in enumerate(tokens):
        if token.kind == "party":
            governor = tokens[token.head].governor
            if token.possessive and any(t.kind == "party" and t.governor == governor for t in tokens[at + 1 : at + 8]):
                continue  # "to Acme's rival Nadir"
        elif is_reference(token) and at and (cue_kind(token) != "dative" or lexicon.verb_final):
            governor = _reference_governor(tokens, at, lexicon)
        else:
            continue
        cue = tokens[governor].cue if governor >= 0 else None
        if cue is None or _is_ruled_out(tokens, governor):
            continue
        by_agent = cue.name == "by" and lexicon.verb_final
        passive = _passives(tokens, events, governor) if by_agent else []
        for event in (*passive, *_takers(tokens, events, governor)):
            part = _part_of(tokens, event, governor, lexicon)
            if part and any(one is token for one in event.behind):
                break
            if cue.name == "with" and cue_kind(token) == "pronoun" and event.frame.type == "acquisition":
                continue  # "a loan of $5m, with which it will buy machines" is no merger
            if lexicon.verb_final and part == "target" and event.frame.form == "noun" and event.parts.get("target"):
                continue  # "die Mehrheit an A an B verkauft": the verb takes the second
            if part:
                event.add(part, token)
                if part == "investor" and _leads(event, cue):
                    event.lead.append(token)
                break


def _add_antecedent(tokens: list[Token], event: Event, lexicon: Lexicon) -> None:
    """Whom a relative behind a link stands for has the part of that link: "X, in which Acme invested $5m"."""
    if event.frame.form != "verb":
        return
    for at in range(event.at - 1, max(event.first, event.at - _DRAWN), -1):
        cue = tokens[at - 1].cue
        if tokens[at].word in lexicon.drawn and cue is not None and cue.kind == "link":
            part = _link_part(event.frame, cue.name, event.passive)
            whom = _antecedent(tokens, at - 1) if part else None
            if whom is not None and whom not in event.parts.get(event.frame.subject, []):
                event.add(part, whom)
            return


def _reference_governor(tokens: list[Token], at: int, lexicon: Lexicon) -> int:
    """The cue that a reference hangs on: right before it, or before the words that describe it."""
    for back in range(at - 1, max(-1, at - 7), -1):
        token = tokens[back]
        if token.kind == "cue":
            near = back == at - 1 or (cue_kind(token) == "link" and cue_kind(tokens[at]) == "reference")
            ruled = back == at - 2 and tokens[at - 1].word in lexicon.determiners and _has_object(token, lexicon)
            return back if near or ruled else -1
        if token.kind != "word" and token.word != "-":
            return -1
    return -1


def _has_object(token: Token, lexicon: Lexicon) -> bool:
    """Whether a verb's object stands right behind it: "vendieron la compañía a B"."""
    frame = token.cue.frame if token.cue is not None else None
    return frame is not None and frame.form == "verb" and bool(frame.object) and not lexicon.verb_final


def _passives(tokens: list[Token], events: list[Event], governor: int) -> list[Event]:
    """The passive verbs of a clause whose agent a "by" brings in: before it, or behind with no other "by" between."""
    here = [e for e in events if e.passive and e.first <= governor <= e.last]
    last = max((at for at, t in enumerate(tokens) if t.cue is not None and t.cue.name == "by"), default=governor)
    return [e for e in here if e.at < governor or not governor < last < e.at]


def _leads(event: Event, cue: Cue) -> bool:
    """Whether a party behind a cue leads: "led by X", "mènent X et Y", but not "X led it with Y and backers Z"."""
    if cue.name == "lead":
        return True
    return event.frame.lead and (cue.kind == "frame" or (cue.kind == "link" and cue.name == "by"))


def _add_leads(tokens: list[Token], events: list[Event]) -> None:
    """ "From X, lead investor, and Y": who is called so behind its name leads."""
    for event in events:
        for token in event.parts.get("investor", []):
            at = tokens.index(token)
            after = [t for t in tokens[at + 1 : at + 4] if t.word != "("]
            role = after[1].cue if len(after) > 1 and after[0].word == "," else after[0].cue if after else None
            if role is not None and role.kind == "role" and role.name == "lead":
                event.lead.append(token)


def _is_ruled_out(tokens: list[Token], governor: int) -> bool:
    """Whether a link only says who it was not: "led by X, not by Y", "auprès de X (et non de Y)"."""
    before = tokens[governor - 1] if governor else None
    return cue_kind(tokens[governor]) == "link" and before is not None and cue_kind(before) == "negation"


def _add_owners(tokens: list[Token], events: list[Event], lexicon: Lexicon) -> None:
    """ "The seed round was Acme's alone": who owns it in the end put the money in."""
    for event in events:
        if event.frame.form != "noun" or event.frame.type not in ("funding_round", "debt"):
            continue
        for at in range(event.at + 2, min(event.at + 14, len(tokens))):
            token, after = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
            if not (token.possessive and token.party and tokens[at - 1].word in lexicon.passive):
                continue
            if after is None or after.kind in ("mark", "hard") or after.word in lexicon.alone:
                event.add("investor", token)


def _in_brackets(tokens: list[Token], at: int) -> bool:
    for token in reversed(tokens[max(0, at - 30) : at]):
        if token.word in ("(", ")"):
            return token.word == "("
    return False


def _takers(tokens: list[Token], events: list[Event], governor: int) -> Iterator[Event]:
    """Events before a governor, the nearest first, then the one after it; none beyond a hard mark."""
    for event in reversed(events):
        if event.at <= governor:
            if event.bracketed and not _in_brackets(tokens, governor):
                continue
            ruled = governor == event.at and bool(event.frame.object)  # "unterbreitet Y ein Angebot"
            support = event.frame.form == "support" and not ruled
            if support and any(e.frame.form == "noun" and e.first == event.first for e in events):
                continue
            apart = any(t.kind == "hard" and t.word == ";" for t in tokens[event.at : governor])
            if apart and cue_kind(tokens[governor]) != "role":  # "led by X; the other investors were Y and Z"
                return
            yield event
    for event in events:
        if event.at > governor:
            yield event
            if event.frame.form != "support":
                return  # "s'associe à X pour créer une coentreprise": the noun takes what its verb does not


def _part_of(tokens: list[Token], event: Event, governor: int, lexicon: Lexicon) -> str:
    cue = tokens[governor].cue
    assert cue is not None
    frame = event.frame
    if cue.kind == "frame":
        if governor != event.at:
            return ""
        if frame.form == "noun":
            return frame.object or frame.of  # "their joint venture Acme", "the joint venture of A and B"
        if event.passive and frame.subject:
            return ""
        inverted = (frame.lead or not frame.type) and not frame.object and frame.form == "verb"
        ahead = any(t.start < event.start for t in event.parts.get("investor", []))
        if frame.type and frame.object == "investor" and frame.weak and not is_of_a_deal(tokens, event):
            return ""
        if inverted and frame.subject == "investor" and not ahead:
            return "investor"  # "participent aussi A et B": the subject comes after
        return frame.object
    if cue.kind == "role":
        return "investor"
    if cue.name == "of" and frame.form == "noun" and frame.type == "commercial" and not (frame.of or frame.object):
        return "investor" if governor > event.at and is_behind_sum(tokens, event, governor) else ""
    if cue.name == "of" and frame.type == "funding_round" and comes_from(tokens, event, governor):
        return "investor"
    if cue.name == "of" and frame.form == "noun" and governor > event.at:
        far = _FROM_WHOM if any(t.amount for t in tokens[event.at : governor]) else 5
        return (frame.of or frame.object) if governor - event.at <= far else ""
    if cue.name == "of" and receives(frame) and is_behind_sum(tokens, event, governor):
        return "investor" if governor - event.at <= _FROM_WHOM else ""  # "obtient 9 M€ de A et B"
    if cue.name == "of" and frame.form == "verb":
        return (frame.of or frame.object) if 0 < governor - event.at <= 6 and not event.passive else ""
    apart = cue.name == "to" and any(t.word == "," for t in tokens[event.at : governor])
    if apart and frame.form == "noun" and frame.type == "commercial":
        return ""  # "the contract, worth $9m, will bring X ..."
    if governor < event.at and lexicon.verb_final and governor >= event.first:
        return _link_part(frame, cue.name, event.passive)
    if governor < event.at:
        if cue.name == "between" and frame.type in ("funding_round", "investment"):
            talked = any(cue_kind(t) in ("rumour", "talks", "off") for t in tokens[event.first : governor])
            return "lender" if talked else ""  # "talks between A and B on a round": who takes is told by what they are
        if frame.type == "joint_venture" and cue.name in ("with", "to") and allies(tokens, governor):
            return "investor"
        if frame.pair and frame.type == "acquisition" and cue.name == "to" and event.first <= governor:
            return "target" if tokens[governor + 1].kind == "party" else ""  # "a proposé à X une fusion"
        if cue.name == "with" and stands_between(tokens, event, governor):
            sold = frame.type == "acquisition" and names_object(tokens, event)
            return "seller" if sold else _link_part(frame, cue.name, event.passive)
        if lexicon.verb_final and any(t.kind == "hard" for t in tokens[governor : event.at]):
            return ""  # "die Finanzierung von X steht: Y gibt ..."
        if cue.name == "to" and cue_kind(tokens[governor - 1]) == "rumour" and stands_between(tokens, event, governor):
            return _link_part(frame, "with", event.passive)  # "is talking to X about a round"
        return _link_part(frame, cue.name, True) if cue.name in ("lead", "by", "include") else ""
    return _link_part(frame, cue.name, event.passive)


def _noun_owner(tokens: list[Token], at: int) -> list[Token]:
    """The possessor right before a noun: "X's purchase", "X's planned all-cash purchase"."""
    for back in range(1, 7):
        if at - back < 0:
            break
        token = tokens[at - back]
        if token.kind == "party":
            return list_of(tokens, at - back) if token.possessive or back == 1 else []
        if token.kind not in ("word", "amount", "mark") or token.word == ",":
            break
    return []


def _add_subject(tokens: list[Token], event: Event, events: list[Event], lexicon: Lexicon) -> None:
    frame = event.frame
    part = frame.subject or "subject"
    if frame.form == "noun":
        owner = _noun_owner(tokens, event.at)
        if owner and frame.of == "investor" and frame.type == "acquisition" and not owner[-1].possessive:
            part = _add_bidder(tokens, event, owner[0], part, lexicon)
        if owner:
            for token in owner:
                event.add(part, token)
            if frame.of == "investor" and frame.type == "acquisition" and part == "investor":
                add_offered(tokens, event, owner[0], lexicon, find_subject)
            return
        if _is_label(tokens, event.at):
            for token in _after_label(tokens, event.at):
                event.add(part, token)
            return
        verbs = [
            e.at for e in events if e.frame.form in ("verb", "support") and e.at < event.at and e.first == event.first
        ]
        if part == "target" and take_giver(tokens, events, event):
            return
        if verbs and not any(t.kind == "party" or is_reference(t) for t in tokens[verbs[-1] : event.at]):
            return  # the verb before it knows its own subject, and hands it on
    if event.passive:
        part = frame.object or "object"
    elif frame.form != "noun" and add_turned(tokens, event, lexicon):
        return
    venture = find_apposed(tokens, event, find_subject)
    if venture >= 0:
        event.add("target", tokens[venture])
        for token in find_subject(tokens, venture):
            event.add(part, token)
        return
    oblique = _is_oblique(tokens, event)
    found = [] if oblique else find_subject(tokens, event.at, described=not lexicon.verb_final)
    refused = frame.form == "noun" and frame.of == "investor" and _is_refused(tokens, event, lexicon)
    if refused and frame.type == "acquisition":
        part = "target"  # "X has turned down an offer"
        found = found or _possessor(tokens, event.at)
    if not found and frame.form == "verb" and frame.type == "acquisition":
        found = _possessor(tokens, event.at)
    if found and frame.form == "noun" and _other_matter(tokens, tokens.index(found[0]), event.at, lexicon):
        return
    if frame.lead and event.bracketed and tokens[event.at - 1].word == "(" and tokens[event.at - 2].party is not None:
        found = [tokens[event.at - 2]]  # "Investors: X (lead), Y, Z"
    if frame.form == "verb" and part == "investor":
        found = find_companion(tokens, event, lexicon) or found
    for token in found:
        event.add(part, token)
        if frame.lead and part == "investor":
            event.lead.append(token)


def _add_bidder(tokens: list[Token], event: Event, owner: Token, part: str, lexicon: Lexicon) -> str:
    """The owner's part in a bid: whose it is ("X rejects Y bid"), or for whom ("X sweetens Y bid")."""
    bidder = find_subject(tokens, tokens.index(owner))
    if not bidder or bidder[0] is owner:
        return part
    refused = _is_refused(tokens, event, lexicon)
    for token in bidder:
        event.add("target" if refused else "investor", token)
    return part if refused else "target"


def _is_oblique(tokens: list[Token], event: Event) -> bool:
    """Whether a verb's clause opens with a link and a pronoun, so that its subject follows ("a cui ha aderito A")."""
    if event.frame.form != "verb" or event.frame.subject != "investor":
        return False
    for at in range(event.at - 1, max(0, event.at - 6), -1):
        if cue_kind(tokens[at]) == "relative":
            ahead = [t for t in tokens[max(0, at - 2) : at] if cue_kind(t) == "link"]
            return bool(ahead) and not any(t.kind == "party" for t in tokens[at : event.at])
        if tokens[at].kind not in ("word", "cue"):
            return False
    return False


def _is_refused(tokens: list[Token], event: Event, lexicon: Lexicon) -> bool:
    """Whether the verb before an offer turns it down or accepts it, so that its subject is who was bid for."""
    return any(answers(t, lexicon) for t in tokens[max(event.first, event.at - 5) : event.at])


def _other_matter(tokens: list[Token], first: int, at: int, lexicon: Lexicon) -> bool:
    """Whether a noun opens a second matter behind ", and": "Acme twice, and a seed round that made us blink"."""
    between = tokens[first + 1 : at]
    if any(t.cue is not None and t.cue.frame is not None for t in between):
        return False
    return any(one.word == "," and two.word in lexicon.conjunctions for one, two in pairwise(between))


def _is_label(tokens: list[Token], at: int) -> bool:
    """Whether a noun heads its sentence as a label: "Loan: Acme took ...", "Deal of the week: ..."."""
    if at > 3 or any(t.kind in ("party", "amount") for t in tokens[:at]):
        return False
    colon = next((i for i in range(at + 1, min(at + 7, len(tokens))) if tokens[i].word == ":"), 0)
    return colon > 0 and not any(t.kind == "party" for t in tokens[at:colon])


def _after_label(tokens: list[Token], at: int) -> list[Token]:
    colon = next(i for i in range(at + 1, at + 7) if tokens[i].word == ":")
    for here in range(colon + 1, min(len(tokens), colon + 12)):
        if tokens[here].kind == "party" and not tokens[here].possessive and not governed(tokens, tokens[here]):
            return list_of(tokens, here)
    return []


def read_events(tokens: list[Token], lexicon: Lexicon) -> list[Event]:
    """The events of a sentence in order of their words."""
    events: list[Event] = []
    ends: list[int] | None = None
    for at, token in enumerate(tokens):
        if token.cue is None or token.cue.frame is None:
            continue
        if token.cue.frame.form != "noun" and at and tokens[at - 1].word in lexicon.articles:
            continue  # "a borrowed bike": no verb
        if token.cue.frame.form == "verb" and not token.cue.frame.lead and is_compound(tokens, at):
            continue  # "Nadir-backed Acme" only describes
        frame = turn(tokens, at, lexicon)
        if frame is None:
            continue
        ends = find_ends(tokens) if ends is None else ends
        first, last = find_clause(tokens, at, ends)
        event = Event(
            frame, at, token.start, token.end, first=first, last=last, bracketed=_in_brackets(tokens, at)
        )
        event.passive = event.frame.form != "noun" and _is_passive(tokens, at, lexicon)
        events.append(event)
    if not events:
        return events
    for event in events:
        _add_subject(tokens, event, events, lexicon)
        if event.frame.form == "verb" and "target" in event.frame.links.values():
            for token in tokens[max(0, event.at - 3) : event.at]:
                if cue_kind(token) == "dative":  # "vient de lui attribuer"
                    event.add("target", token)
        _add_antecedent(tokens, event, lexicon)
        add_apposed(tokens, event, lexicon)
    _add_links(tokens, events, lexicon)
    _add_owners(tokens, events, lexicon)
    _add_leads(tokens, events)
    hand_on(tokens, events)
    return events
