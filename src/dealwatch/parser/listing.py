"""Deals told without a verb: lists of names and sums, headlines, one sum for each of several receivers."""

from __future__ import annotations

import itertools
from decimal import Decimal

from dealwatch.model import Company
from dealwatch.parser.bracketed import add_bracketed
from dealwatch.parser.companions import list_of
from dealwatch.parser.drafts import Fact
from dealwatch.parser.events import Event
from dealwatch.parser.frames import Token
from dealwatch.parser.parts import put
from dealwatch.parser.reading import Reading
from dealwatch.parser.slots import Found, find_place, find_rounds
from dealwatch.parser.whom import resolve

_GIVEN = ("by", "lead", "with", "from", "include")
_DASHES = ("-", "–", "—", ":", "|")
_ARTICLE = 3  # letters of an article ("the", "les") before a list's name
_NEAR = 40  # characters behind a sum within which its site stands
_PLACED = 6  # tokens between a list's name and its colon that say where it is
_BRACKET = 30  # tokens of what stands in brackets between a list's name and its sum

_FRONTED = 2  # sentences in which money may stand in front of what it is for


def find_listed(reading: Reading, number: int, tokens: list[Token], merged: list[tuple[Event, Fact]]) -> list[Fact]:
    """The deals that a sentence lists as names and sums, or tells as a headline without a verb."""
    return (
        _listed(number, tokens)
        or _headlined(reading, number, tokens, merged)
        or _fronted(number, tokens, merged)
        or _itemised(reading, number, tokens, merged)
        or _sites(reading, tokens, merged)
    )


def split_sums(reading: Reading, number: int, tokens: list[Token], event: Event) -> list[Fact]:
    """One fact a receiver, where each has its sum: "30 million goes to A and 18 million to B"."""
    targets = event.parts["target"]
    facts, here = [], 0
    for token in targets:
        place = tokens.index(token)
        sums = [t for t in tokens[here:place] if t.amount is not None and t.amount.kind == "investment"]
        here = place
        if token.party is None or not sums:
            return []
        fact = Fact(event.frame.type, True, number, event.start, event.end, target=token.party, amount=sums[-1].amount)
        fact.note("type", event.start, event.end)
        fact.note("target", token.start, token.end)
        fact.note("amount", sums[-1].start, sums[-1].end)
        for giver in event.parts.get("investor", []):
            for company in resolve(reading, tokens, giver, "investor", fact):
                put(fact, "investor", company, giver, False)
        facts.append(fact)
    return facts


def _fronted(number: int, tokens: list[Token], merged: list[tuple[Event, Fact]]) -> list[Fact]:
    """Money in front of what it is for: "With $16 million from A and B, C wants to change the bus"."""
    opener = tokens[0].cue if tokens else None
    told = any(f.type not in ("", "capex") and not f.weak for _, f in merged)
    if number > _FRONTED or opener is None or opener.name != "with" or told:
        return []
    at = next((i for i, t in enumerate(tokens[1:4], 1) if t.amount is not None and t.amount.kind == "investment"), 0)
    givers = [
        t for t in tokens[at + 1 :]
        if t.party is not None and _link_of(tokens, tokens[t.head].governor, at) in ("from", "by", "of")
    ] if at else []  # fmt: skip
    after = tokens[tokens.index(givers[-1]) + 1 :] if givers else []
    target = next((t for t in after if t.party is not None and t.governor < 0 and not t.possessive), None)
    if target is None or target.party is None:
        return []
    fact = Fact("funding_round", True, number, tokens[at].start, target.end, target=target.party)
    fact.amount = tokens[at].amount
    fact.investors = [t.party for t in givers if t.party is not None and t.party is not target.party]
    pieces = [("type", tokens[at]), ("amount", tokens[at]), ("target", target), *(("investor", t) for t in givers)]
    for name, piece in pieces:
        fact.note(name, piece.start, piece.end)
    return [fact] if fact.investors else []


def _link_of(tokens: list[Token], governor: int, after: int) -> str:
    cue = tokens[governor].cue if governor > after else None
    return cue.name if cue is not None and cue.kind == "link" else ""


def _headlined(reading: Reading, number: int, tokens: list[Token], merged: list[tuple[Event, Fact]]) -> list[Fact]:
    """A headline without a verb: "Robots : 31 M€ pour Acme", "$31 million for chip maker Acme"."""
    if number > 0 or any(fact.type and not fact.weak for _, fact in merged):
        return []
    for at, token in enumerate(tokens):
        if token.amount is None or token.amount.kind != "investment":
            continue
        colon = max((i for i, t in enumerate(tokens[:at]) if t.kind == "hard"), default=-1)
        if any(t.party is not None and t.governor < 0 for t in tokens[colon + 1 : at]):
            continue  # somebody does something with that sum
        for link in tokens[at + 1 : at + 3]:
            party = next((t for t in tokens if t.governor >= 0 and tokens[t.governor] is link), None)
            if tokens[at + 1].word in reading.lexicon.turns["burdens"]:
                break  # "the $9m question for Acme"
            if link.cue is None or link.cue.name != "for" or party is None or party.party is None:
                continue
            kind = hint_type(reading, number) or "funding_round"
            fact = Fact(kind, True, number, token.start, party.end, target=party.party, amount=token.amount)
            for name, piece in (("type", token), ("target", party), ("amount", token)):
                fact.note(name, piece.start, piece.end)
            return [fact]
    return []


def _listed(number: int, tokens: list[Token]) -> list[Fact]:
    """Rounds listed as name and sum: "Acme $61m, Nadir $50m, ..."; two such pairs make a list."""
    facts = []
    for token, after in itertools.pairwise(tokens):
        if token.party is not None and after.amount is not None and after.amount.kind == "investment":
            fact = Fact("funding_round", False, number, token.start, after.end, target=token.party, amount=after.amount)
            for name, piece in (("type", after), ("target", token), ("amount", after)):
                fact.note(name, piece.start, piece.end)
            facts.append(fact)
    return facts if len(facts) > 1 else []


def hint_type(reading: Reading, number: int) -> str:
    """The type that the nouns round a sentence tell, "" where they tell none."""
    doc = reading.doc
    place = doc.paragraph_at(doc.sentences[number][0])[0] if reading.round_up else -1
    return reading.hints.get(place, "") or reading.hints.get(0, "")


def _sites(reading: Reading, tokens: list[Token], merged: list[tuple[Event, Fact]]) -> list[Fact]:
    """One spending plan a site, where each has its sum: "will spend €6bn in A and €1bn in B", "one in A for €6bn, one
    in B for €1bn". A total before them is none.
    """
    plan = next(((e, f) for e, f in merged if f.type == "capex" and f.investors), None)
    if plan is None:
        return []
    event, whole = plan
    sums = [t for t in tokens if t.amount is not None and t.amount.kind == "investment"]
    total = _total_of(sums)
    sums = sums[1:] if total is not None else sums
    places = _behind(reading, sums) or _before(reading, tokens, sums)
    facts = []
    for piece, found in zip(sums, places, strict=False):
        target = Company(found.value.lower().replace(" ", "-"), found.value, "place")
        fact = Fact("capex", False, whole.sentence, event.start, event.end, target=target, amount=piece.amount)
        fact.investors, fact.status, fact.firm = list(whole.investors), whole.status, whole.firm
        fact.evidence = [one for one in whole.evidence if one.field not in ("amount", "target")]
        fact.note("amount", piece.start, piece.end)
        fact.note("target", found.start, found.end)
        facts.append(fact)
    if len(facts) < 2:
        return []
    for fact in (fact for _, fact in merged if total is not None and fact.type == "capex"):
        fact.amount = None
    _drop_total(reading, facts)
    return facts


def _total_of(sums: list[Token]) -> Token | None:
    """The first sum where the others make it up."""
    told = [t.amount.money.middle or Decimal(0) for t in sums if t.amount is not None]
    return sums[0] if len(told) > 2 and abs(told[0] - sum(told[1:])) <= told[0] / 100 else None


def _behind(reading: Reading, sums: list[Token]) -> list[Found]:
    """The place right behind each sum; none where one has none."""
    places = []
    for one, after in itertools.zip_longest(sums, sums[1:]):
        end = min(after.start if after is not None else one.end + _NEAR, one.end + _NEAR)
        places.append(find_place(reading.doc.text, one.end, end, reading.words, ()))
    kept = [place for place in places if place is not None]
    return kept if len(kept) == len(sums) and len({place.value for place in kept}) == len(kept) else []


def _before(reading: Reading, tokens: list[Token], sums: list[Token]) -> list[Found]:
    """The place before each sum, "one in A, for €6bn"; none where one has none."""
    places = []
    for one, ahead in zip(sums, [None, *sums], strict=False):
        start = max(ahead.end if ahead is not None else tokens[0].start, one.start - _NEAR)
        places.append(find_place(reading.doc.text, start, one.start, reading.words, ()))
    kept = [place for place in places if place is not None]
    return kept if len(kept) == len(sums) and len({place.value for place in kept}) == len(kept) else []


def _drop_total(reading: Reading, facts: list[Fact]) -> None:
    """Take back the plan that the headline has under the total of all sites."""
    whole = sum(fact.amount.money.middle or 0 for fact in facts if fact.amount is not None)
    for draft in [d for d in reading.drafts[:12] if d.type == "capex" and d.amount is not None and d.title]:
        told = draft.amount.money.middle if draft.amount is not None else None
        if told is not None and abs(told - whole) <= whole / 50:
            reading.drafts.remove(draft)
            reading.current = None if reading.current is draft else reading.current


def _itemised(reading: Reading, number: int, tokens: list[Token], merged: list[tuple[Event, Fact]]) -> list[Fact]:
    """An item of a list, "• Acme (Arras): 3.2 M€", where the list has two and more."""
    if number not in reading.itemised or len(reading.itemised) < 2:
        return []
    name, total = read_item(tokens)
    assert name is not None
    assert total is not None
    if any(fact.target is not None and fact.target.id == name.party.id for _, fact in merged if name.party):
        return []
    told = [draft.type for draft in reading.drafts if draft.amount is not None]
    own = [t.cue.frame.type for t in tokens if t.cue is not None and t.cue.frame is not None]
    lent = next((kind for kind in own if kind in ("debt", "grant")), "")
    kind = lent or reading.hints.get(-1, "") or (max(told, key=told.count) if told else "funding_round")
    fact = Fact(kind, True, number, name.start, total.end, target=name.party, amount=total.amount)
    for field, piece in (("type", total), ("target", name), ("amount", total)):
        fact.note(field, piece.start, piece.end)
    _add_backers(tokens, total, fact)
    add_bracketed(tokens, fact, reading.lexicon)
    for found in find_rounds(reading.doc.text, total.end, reading.doc.sentences[number][1], reading.words):
        fact.type, fact.round = "funding_round", found.value
        fact.note("round", found.start, found.end)
        break
    return [fact]


def _add_backers(tokens: list[Token], total: Token, fact: Fact) -> None:
    """Who stands behind the sum of a list's item: "led by X with Y", "from Z", ", Z"."""
    behind = tokens[tokens.index(total) + 1 :][:2]
    if len(behind) > 1 and behind[0].word == "," and behind[1].party is not None and behind[1].governor < 0:
        for token in list_of(tokens, tokens.index(behind[1])):
            if token.party is not None:
                put(fact, "investor", token.party, token, False)
    for token in tokens:
        governor = tokens[token.head].governor if token.party is not None and token.start > total.end else -1
        cue = tokens[governor].cue if governor >= 0 else None
        if cue is None or token.party is None or tokens[governor].start < total.end:
            continue
        if cue.kind == "role" or (cue.kind == "link" and cue.name in _GIVEN):
            put(fact, "investor", token.party, token, cue.name == "lead")


def _is_article(token: Token) -> bool:
    return token.kind == "word" and len(token.word) <= _ARTICLE


def read_item(tokens: list[Token]) -> tuple[Token | None, Token | None]:
    """The name and the sum of a list's item, "* Acme (Arras) - 3.2 M€"; None, None where there is none."""
    at = next((i for i, t in enumerate(tokens[:6]) if t.kind not in ("mark", "hard") and not _is_article(t)), 0)
    if at >= len(tokens) or tokens[at].party is None or tokens[at].possessive:
        return None, None
    here = at + 1
    if here < len(tokens) and tokens[here].word[:1].isdigit():  # "Acme 4.0"
        here += 1
    while here < len(tokens) and tokens[here].word in ("*", "_"):
        here += 1
    if here < len(tokens) and tokens[here].word == "(":
        closed = next((i for i in range(here, min(len(tokens), here + _BRACKET)) if tokens[i].word == ")"), 0)
        here = closed + 1 if closed else len(tokens)
    if here < len(tokens) and tokens[here].word == ",":  # "Acme, à Liège :"
        here = next((i for i in range(here, min(len(tokens), here + _PLACED)) if tokens[i].word == ":"), here)
        if any(t.party is not None or t.amount is not None for t in tokens[at + 1 : here]):
            return None, None
    if here + 1 >= len(tokens) or tokens[here].word not in _DASHES:
        return None, None
    total = next((t for t in tokens[here + 1 : here + 3] if t.amount is not None), None)
    known = total is not None and total.amount is not None and total.amount.kind in ("investment", "other")
    return (tokens[at], total) if known else (None, None)
