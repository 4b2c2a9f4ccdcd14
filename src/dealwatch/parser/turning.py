"""Verbs that tell another deal by what stands behind them: "picks up Y", "buys Y chips", "hands Y a contract"."""

from __future__ import annotations

from collections.abc import Callable

from dealwatch.parser.events import Event
from dealwatch.parser.frames import Frame, Lexicon, Token

SubjectOf = Callable[[list[Token], int], list[Token]]

_BUYS = Frame("acquisition", "verb", "investor", "target", needs="target")
_BUYS_FOR = Frame("acquisition", "verb", "investor", "target", needs="sum+target")
_PAYS = Frame(
    "commercial", "verb", "investor", "target", needs="sum+target",
    links={"from": "target", "with": "target", "at": "target", "to": "target"},
)  # fmt: skip
_SUPPLIES = Frame("commercial", "verb", "target", "investor", needs="sum+investor", links={"to": "investor"})
_AWARDED = Frame("", "support", "target", "target", needs="deal")
_REACH = 12  # tokens behind a verb among which its goods and its other side are looked for


def turn(tokens: list[Token], at: int, lexicon: Lexicon) -> Frame | None:
    """What a verb's frame becomes with what stands behind it; None where it tells no deal at all."""
    cue = tokens[at].cue
    assert cue is not None
    assert cue.frame is not None
    frame = cue.frame
    if frame.form == "noun" or lexicon.verb_final or not lexicon.turns["goods"]:
        return frame
    given = _object(tokens, at)
    follows = tokens[given + 1].word if 0 < given + 1 < len(tokens) else ""
    if given > 0 and follows in lexicon.turns["private"]:
        return _BUYS  # "takes Y private"
    if frame.form == "support":
        return frame
    if frame.type == "acquisition" and frame.subject == "investor":
        return _turn_purchase(tokens, at, frame, given, lexicon)
    if frame.type == "funding_round" and frame.weak and not frame.lead:
        return _BUYS_FOR if _catches(tokens, at, given) else frame
    if frame.type == "investment" and frame.weak and frame.object and "to" in frame.links:
        return _turn_gift(tokens, at, frame, given, lexicon)
    if frame.type == "commercial" and tokens[at].word in lexicon.turns["choosing"]:
        return frame if _for_goods(tokens, at, lexicon) else None
    if frame.type == "commercial" and frame.links.get("from") == "target":
        return _SUPPLIES if _first_link(tokens, at) == "to" else frame  # "leases servers to Y"
    if frame.subject == "seller" and given < 0 and _first_link(tokens, at) == "to":
        near = tokens[at + 1 : at + 4]  # "to sell electricity worth $9m to Y"
        return _SUPPLIES if any(_is_goods(t, lexicon) for t in near) else frame
    if frame.subject == "seller" and frame.type == "acquisition" and given > 0:
        near = tokens[given + 1 : given + 3]
        return _SUPPLIES if any(_is_goods(t, lexicon) for t in near) else frame
    if tokens[at].word in lexicon.turns["spending"]:
        return _PAYS if _spends_with(tokens, at, lexicon) else frame
    return frame


def _object(tokens: list[Token], at: int) -> int:
    """The position of the party that is a verb's object, -1 where none is."""
    for here in range(at + 1, min(len(tokens), at + 7)):
        if tokens[here].party is not None:
            return here if tokens[here].governor == at else -1
    return -1


def _turn_purchase(tokens: list[Token], at: int, frame: Frame, given: int, lexicon: Lexicon) -> Frame | None:
    follows = tokens[given + 1].word if 0 < given + 1 < len(tokens) else ""
    if follows in lexicon.turns["staff"] or (given > 0 and tokens[given - 1].word in lexicon.own):
        return None  # "snaps up Y engineers", "bid its Starship"
    if frame.object:
        return _PAYS if _wares(tokens, at, lexicon) else frame
    if given < 0:
        return _PAYS if _wares(tokens, at, lexicon) else frame
    return _PAYS if tokens[at].word in lexicon.turns["paying"] else _BUYS_FOR  # "pays Y $9m for data", "offers Y $9m"


def _wares(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether what is bought are goods of somebody named: "buys Y chips", "buys $9m of Y processors"."""
    for here in range(at + 1, min(len(tokens) - 1, at + _REACH)):
        token = tokens[here]
        if token.party is not None:
            near = tokens[here + 1 : here + 3] if tokens[here + 1].kind == "word" else tokens[here + 1 : here + 2]
            return any(t.word in lexicon.turns["goods"] for t in near)
        if token.kind == "hard" or token.word == ",":
            return False
    return False


def _catches(tokens: list[Token], at: int, given: int) -> bool:
    """Whether a verb of raising has a company for its object: "nabs Y for $9m", "lands Y in a $9m deal"."""
    if given < 0 or given - at > 4 or tokens[given].possessive or given + 1 >= len(tokens):
        return False
    ahead = tokens[given + 1 : given + _REACH]
    if any(t.cue is not None and t.cue.frame is not None and t.cue.frame.type for t in ahead):
        return False
    if any(t.party is not None and t.head == given for t in ahead) or any(t.amount for t in tokens[at:given]):
        return False
    cue = ahead[0].cue
    return cue is not None and cue.name in ("for", "in") and any(t.amount is not None for t in ahead)


def _first_link(tokens: list[Token], at: int) -> str:
    """The link before the first party behind a verb."""
    token = next((t for t in tokens[at + 1 : at + _REACH] if t.party is not None), None)
    cue = tokens[token.governor].cue if token is not None and token.governor > at else None
    return cue.name if cue is not None and cue.kind == "link" else ""


def _is_goods(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word names goods or a contract for them; a name or a sum does not."""
    contract = token.cue is not None and token.cue.kind == "frame" and token.cue.name == "commercial"
    plain = token.kind in ("word", "cue")
    return plain and (contract or any(word in lexicon.turns["goods"] for word in token.word.split()))


def _for_goods(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    return any(_is_goods(t, lexicon) for t in tokens[at + 1 : at + _REACH])


def _turn_gift(tokens: list[Token], at: int, frame: Frame, given: int, lexicon: Lexicon) -> Frame:
    """What is handed over may be a contract, or goods that the receiver pays for."""
    clause = tokens[at + 1 : at + _REACH]
    contract = any(t.cue is not None and t.cue.name == "commercial" and t.cue.kind == "frame" for t in clause)
    agent = next((i for i, t in enumerate(clause) if t.cue is not None and t.cue.name == "by"), -1)
    if tokens[at].word in lexicon.supplying:
        return _SUPPLIES if _for_goods(tokens, at, lexicon) and (given > 0 or agent == 0) else frame
    if contract and given < 0 and (agent > 0 or (at and tokens[at - 1].word in lexicon.passive)):
        return _AWARDED
    return _PAYS if contract else frame


def _spends_with(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether money is spent with a supplier: "spends $9m with Y", "$9m on Y chips", "commits $9m to Y for"."""
    for here in range(at + 1, min(len(tokens), at + _REACH)):
        token = tokens[here]
        if token.kind == "hard" or token.word == ",":
            return False
        if token.party is None:
            continue
        cue = tokens[token.governor].cue if token.governor > at else None
        if cue is None or cue.kind != "link":
            return False
        ahead = tokens[here + 1 : here + 6]
        if cue.name == "with":
            return all(t.amount is not None or t.kind == "word" for t in tokens[at + 1 : token.governor])
        near = ahead[:2] if cue.name == "at" else ahead
        return cue.name in ("at", "to") and any(word in lexicon.turns["goods"] for t in near for word in t.word.split())
    return False


def find_apposed(tokens: list[Token], event: Event, subject_of: SubjectOf) -> int:
    """The position of the name that a venture stands behind to say what it is: "have founded X, a joint venture";
    -1 where there is none."""
    if event.frame.type != "joint_venture" or event.frame.form != "noun":
        return -1
    for at in range(event.at - 1, max(0, event.at - 6), -1):
        if tokens[at].word == ",":
            name = tokens[at - 1]
            alone = name.party is not None and name.head == at - 1
            born = any(t.cue is not None and t.cue.kind == "born" for t in tokens[event.at :])  # "..., voit le jour"
            return at - 1 if alone and (born or bool(subject_of(tokens, at - 1))) else -1
        if tokens[at].kind not in ("word", "amount") and tokens[at].word != "-":
            return -1
    return -1


def add_apposed(tokens: list[Token], event: Event, lexicon: Lexicon) -> None:
    """ "Sells its snacks division, Y, to Z": the object is described first, and named behind a comma."""
    frame, at = event.frame, event.at + 1
    part = frame.object if frame.form == "verb" else frame.of if frame.subject == "seller" else ""
    if frame.type != "acquisition" or not part or event.parts.get(part):
        return
    link = tokens[at].cue if frame.form == "noun" and at < len(tokens) else None
    if link is not None and link.name == "of":
        at += 1  # "a sale of its networking unit, Y"
    if at >= len(tokens) or tokens[at].word not in (*lexicon.own, *lexicon.determiners, *lexicon.articles):
        return
    comma = next((i for i in range(at, min(len(tokens), at + 8)) if tokens[i].word == ","), -1)
    if comma < 0 or comma + 2 >= len(tokens) or any(t.kind not in ("word", "cue") for t in tokens[at:comma]):
        return
    if any(t.cue is not None and t.cue.kind in ("link", "frame") for t in tokens[at:comma]):
        return
    name, after = tokens[comma + 1], tokens[comma + 2]
    if name.party is not None and not name.possessive and after.word in (",", "."):
        event.add(part, name)


def add_offered(
    tokens: list[Token], event: Event, owner: Token, lexicon: Lexicon, subject_of: SubjectOf
) -> None:
    """ "X rejects Y's offer", "X accepts Y's bid": whom the offer is made to."""
    place = next(at for at, token in enumerate(tokens) if token is owner)
    verb = next((at for at in range(place - 1, max(-1, place - 4), -1) if answers(tokens[at], lexicon)), -1)
    if verb > 0 and not event.parts.get("target"):
        for token in subject_of(tokens, verb):
            event.add("target", token)


def answers(token: Token, lexicon: Lexicon) -> bool:
    """Whether a verb is one of whom an offer is made to: "accepts", "rejects"."""
    return token.word in lexicon.answers or token.word.rpartition(" ")[2] in lexicon.answers
