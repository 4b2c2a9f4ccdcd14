"""What a story tells of a deal in sentences of no frame: backers, and the sums that nobody else claims."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from dealwatch.model import Amount, Company, Evidence
from dealwatch.parser.drafts import Draft
from dealwatch.parser.frames import Token, cue_kind
from dealwatch.parser.reading import Reading
from dealwatch.parser.sharing import is_left_behind
from dealwatch.parser.slots import find_stakes
from dealwatch.parser.text import Span

_OPENS = 4  # characters before a date that opens its sentence
_DAY = 10  # characters of a date that names its day
_REACH = 6  # sentences after a deal in which a sum that nobody else claims is its own


def take_loose(reading: Reading, number: int, tokens: list[Token]) -> None:
    """A sentence without a frame may still name a sum, a valuation, a stake or backers of the deal at hand."""
    draft = reading.current
    if draft is None or draft.background or ("called_off", True) in draft.statuses:
        return
    _take_closing(draft, tokens, reading.lexicon.pending)
    buyer = draft.type == "acquisition" and not draft.investors
    for token in tokens:
        if token.party is not None and token.head >= 0 and tokens[token.head].governor >= 0:
            place = tokens[token.head].governor
            if buyer and _names_buyer(tokens[place]) and token.party != draft.target:
                draft.investors.append(token.party)  # "Acme sells Nadir. The buyer is X."
                draft.evidence.append(Evidence("investor", token.start, token.end))
            if draft.type in ("funding_round", "investment", "debt", "ipo", "grant") and _introduces(tokens, place):
                cue = tokens[place].cue
                if all(token.party.id != c.id for c in draft.investors) and token.party != draft.target:
                    draft.investors.append(token.party)
                    draft.evidence.append(Evidence("investor", token.start, token.end))
                    if cue is not None and (cue.name == "lead" or _is_called_lead(tokens, token)):
                        draft.lead.append(token.party)
                        draft.evidence.append(Evidence("lead", token.start, token.end))


def _take_closing(draft: Draft, tokens: list[Token], pending: frozenset[str]) -> None:
    """ "The transaction has closed": a deal's end told in a sentence of its own, and not as something to come."""
    kinds = {_ending(token): token for token in tokens if token.cue is not None}
    if (
        "closing" in kinds
        and "dealnoun" in kinds
        and not kinds.keys() & {"modal", "rumour", "break", "condition", "past"}
        and not _denied(tokens, kinds["closing"])
        and pending.isdisjoint(token.word for token in tokens[: tokens.index(kinds["closing"])])
    ):
        draft.statuses.append(("completed", True))
        draft.evidence.append(Evidence("status", kinds["closing"].start, kinds["closing"].end))


def _ending(token: Token) -> str:
    """The kind of a cue; that of a verb that hands on its end is closing: "the deal closed on 31 July"."""
    frame = token.cue.frame if token.cue is not None else None
    ends = frame is not None and frame.form == "support" and frame.status == "completed"
    return "closing" if ends else cue_kind(token)


def _introduces(tokens: list[Token], place: int) -> bool:
    """Whether a word in a sentence without a frame brings in investors: "Backers include X", "Led by X, with Y"."""
    cue = tokens[place].cue
    if cue is None:
        return False
    if cue.kind == "role":
        return cue.name != "buyer"
    if cue.kind != "link":
        return False
    if cue.name == "include":
        return any(t.cue is not None and t.cue.kind == "role" for t in tokens[max(0, place - 4) : place])
    ahead = tokens[:place]
    if cue.name == "from":  # "the money came from X", "it is $9m in truth, from X"
        paid = any(t.amount is not None and t.amount.kind == "investment" for t in ahead)
        return paid or any(cue_kind(t) == "moneynoun" for t in ahead)
    if cue.name == "with" and any(cue_kind(t) == "moneynoun" for t in ahead):
        return any(t.cue is not None and t.cue.name == "from" for t in ahead)  # "... came from X, with Y chipping in"
    if cue.name == "lead" and any(cue_kind(t) == "dealnoun" for t in ahead):
        return True  # "the deal, led by X, values it at ..."
    led = any(t.cue is not None and t.cue.name == "lead" for t in tokens[: place + 1])
    return led and cue.name in ("lead", "with")


def _names_buyer(token: Token) -> bool:
    return token.cue is not None and token.cue.kind == "role" and token.cue.name == "buyer"


def _is_called_lead(tokens: list[Token], token: Token) -> bool:
    """Whether "lead investor" stands behind a name and a comma, brackets between left out."""
    depth, after = 0, []
    at = tokens.index(token)
    for one in tokens[at + 1 : at + 14]:
        depth += {"(": 1, ")": -1}.get(one.word, 0)
        if depth == 0 and one.word != ")":
            after.append(one)
    role = after[1].cue if len(after) > 1 and after[0].word == "," else None
    return role is not None and role.kind == "role" and role.name == "lead"


def fill_gaps(reading: Reading) -> None:
    """Sums, values and shares told after a deal, in sentences that say no more of it, fill the slots left empty."""
    _endow(reading)
    main = [d for d in reading.drafts if not d.background]
    sums = [a for d in reading.drafts for a in (d.amount, d.valuation) if a is not None]
    figures = {a.money for a in sums if a.money.low is not None}  # a sum told again is still its own deal's
    again = {start for start, _, thing in reading.items if isinstance(thing, Amount) and thing.money in figures}
    used = reading.void | {a.start for a in sums} | again
    told = {d.sentence for d in reading.drafts if d.background}
    alone = len(main) == 1 and not reading.round_up
    following = sorted({d.sentence for d in main})
    for draft in main:
        start, end = _reach(reading, draft, following)
        unclear = draft.amount is None or draft.amount.money.qualifier == "vague"
        if unclear and not (draft.type == "acquisition" and draft.valuation):
            _fill_sum(reading, draft, "amount", (start, end), used, told)
        if draft.valuation is None:
            span = (0, len(reading.doc.text)) if alone else (start, end)
            _fill_sum(reading, draft, "valuation", span, used, told)
        if draft.stake is None and draft.type in ("acquisition", "investment", "funding_round"):
            found = next(find_stakes(reading.doc.text, start, end, reading.items, reading.words), None)
            if found is not None and not _taken(reading, draft, found.start, told):
                draft.stake = float(found.value)
                draft.evidence.append(Evidence("stake_pct", found.start, found.end))


def _reach(reading: Reading, draft: Draft, following: list[int]) -> Span:
    """The stretch after a deal in which what nobody else claims is its own: up to the next deal, not far."""
    doc = reading.doc
    after = following[bisect_right(following, draft.sentence) :][:1]
    last = min([*(number - 1 for number in after), draft.sentence + _REACH, len(doc.sentences) - 1])
    start, end = doc.sentences[draft.sentence][0], doc.sentences[max(last, draft.sentence)][1]
    return start, min(end, doc.paragraph_at(start)[1]) if reading.round_up else end


def _fill_sum(reading: Reading, draft: Draft, name: str, span: Span, used: set[int], told: set[int]) -> None:
    kind = "investment" if name == "amount" else name
    first = bisect_left(reading.items, span[0], key=lambda item: item[0])
    vague: Amount | None = None
    for a, b, thing in reading.items[first : first + 400]:
        if b > span[1]:
            break
        if not isinstance(thing, Amount) or thing.kind != kind or a in used or thing.equivalent_of is not None:
            continue
        if name == "valuation" and (_was_then(reading, a) or _is_old(reading, a)):
            continue
        if _taken(reading, draft, a, told) or (draft.type == "acquisition" and _quoted(reading, a)):
            continue
        if thing.money.qualifier != "vague":
            _set_sum(draft, name, thing, used)
            return
        vague = vague or thing
    if vague is not None and getattr(draft, name) is None:
        _set_sum(draft, name, vague, used)


def _is_old(reading: Reading, place: int) -> bool:
    """Whether a value is the one before: "sa valorisation passe de 180 à 560 millions"."""
    tokens = reading.tokens[reading.doc.sentence_index(place)]
    at = next((i for i, token in enumerate(tokens) if token.start == place), -1)
    return at > 0 and is_left_behind(tokens, at)


def _set_sum(draft: Draft, name: str, amount: Amount, used: set[int]) -> None:
    setattr(draft, name, amount)
    draft.evidence.append(Evidence(name, amount.start, amount.end))
    used.add(amount.start)


def _taken(reading: Reading, draft: Draft, place: int, told: set[int]) -> bool:
    number = reading.doc.sentence_index(place)
    return number in told or _spent(reading, draft, number) or _of_others(reading, draft, place)


def _spent(reading: Reading, draft: Draft, number: int) -> bool:
    """Whether a sentence's sum is what somebody invests or builds with, and so no contract's price."""
    if draft.type != "commercial" or number == draft.sentence:
        return False
    frames = [t.cue.frame for t in reading.tokens[number] if t.cue is not None and t.cue.frame is not None]
    return any(frame.form == "verb" and frame.type in ("investment", "capex") for frame in frames)


def _was_then(reading: Reading, place: int) -> bool:
    """Whether a sentence tells what was, by its date: "was worth $9bn two years ago"."""
    text, (start, end) = reading.doc.text, reading.doc.sentence_at(place)
    tokens = reading.tokens[reading.doc.sentence_index(place)]
    at = next((i for i, token in enumerate(tokens) if token.start == place), 0)
    if any(cue_kind(token) == "once" for token in tokens[max(0, at - 4) : at]):
        return True
    for dated in reading.dates.within(start, end):
        between = text[dated.end : place] if dated.end <= place else text[place : dated.start]
        opens = dated.end <= place and dated.start - start <= _OPENS
        if dated.past and len(dated.value) < _DAY and (opens or "," not in between):
            return True
    return False


def _endow(reading: Reading) -> None:
    """What a venture starts with is its sum: "Acme, dotée de 9 M€", "endowed with $9m", "a total of $9m"."""
    for draft in reading.drafts:
        if draft.type != "joint_venture":
            continue
        for tokens in reading.tokens[draft.sentence : draft.sentence + 3]:
            for at, token in enumerate(tokens):
                near = any(cue_kind(t) == "endowed" for t in tokens[max(0, at - 3) : at])
                if near and token.amount is not None and token.amount.kind not in ("price", "revenue"):
                    draft.amount = draft.amount or token.amount
                    draft.evidence.append(Evidence("amount", token.start, token.end))


def _denied(tokens: list[Token], closing: Token) -> bool:
    """Whether a negation stands right before a word of closing."""
    at = tokens.index(closing)
    for token in reversed(tokens[max(0, at - 4) : at]):
        if token.word == ",":
            return False
        if cue_kind(token) == "negation":
            return True
    return False


def _quoted(reading: Reading, place: int) -> bool:
    """Whether a sentence tells what a firm is worth on the stock market, whatever a deal makes of it."""
    return any(cue_kind(t) == "quoted" for t in reading.tokens[reading.doc.sentence_index(place)])


def _aside(reading: Reading, place: int) -> set[str]:
    """Those that a sentence only names as its source: "selon les analystes de X"."""
    tokens = reading.tokens[reading.doc.sentence_index(place)]
    links = ((t.party, tokens[t.governor].cue) for t in tokens if t.party is not None and t.governor >= 0)
    return {party.id for party, cue in links if cue is not None and cue.kind == "link" and cue.name == "at"}


def _of_others(reading: Reading, draft: Draft, place: int) -> bool:
    """Whether a sentence names a party that has no part in the deal, or speaks of what already is."""
    start, end = reading.doc.sentence_at(place)
    mine = (
        {c.id for c in draft.investors} | {c.id for c in draft.sellers} | ({draft.target.id} if draft.target else set())
    )
    mine |= _aside(reading, place)
    first = bisect_left(reading.items, start, key=lambda item: item[0])
    for a, _, thing in reading.items[first : first + 40]:
        if a >= end:
            break
        if isinstance(thing, Company) and thing.id not in mine:
            return True
    if draft.type == "acquisition" and ("completed", True) in draft.statuses:
        return False  # a closed deal's price was told back then
    number = reading.doc.sentence_index(place)
    return any(t.cue is not None and t.cue.kind == "past" for t in reading.tokens[number])
