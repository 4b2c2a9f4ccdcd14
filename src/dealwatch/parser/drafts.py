"""Deals while a story is being read: facts of one sentence, and the drafts that they are gathered into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from dealwatch.model import LEFT, Amount, Company, Evidence, Money, Status

BRIDGE = "Bridge"  # a round that a priced one may take the place of, in one story too
FAMILY = {"funding_round": "equity", "investment": "equity"}
_BEFORE = 3  # sentences from a listing to what it had raised
_NEAR = Decimal("0.2")  # two figures of one deal, rounded differently, stay within a fifth


@dataclass(slots=True)
class Fact:
    """What one sentence tells of one deal, its parties known."""

    type: str
    weak: bool
    sentence: int
    start: int
    end: int
    investors: list[Company] = field(default_factory=list)
    lead: list[Company] = field(default_factory=list)
    target: Company | None = None
    sellers: list[Company] = field(default_factory=list)
    amount: Amount | None = None
    valuation: Amount | None = None
    round: str | None = None
    stake: float | None = None
    status: Status = "announced"
    firm: bool = False
    unnamed: bool = False
    background: bool = False
    date: str | None = None
    whole: bool = False
    minority: bool = False
    evidence: list[Evidence] = field(default_factory=list)
    inferred: bool = False  # its target comes from the context, not from its own sentence
    frames: int = 1
    relative: bool = False  # told in a relative clause
    public: bool = False  # a public body gives
    own_word: bool = False  # a party to it says so itself
    pre_money: bool = False  # its valuation is the one before the money
    refused: bool = False  # the word that calls it off is a refusal: a bid may stand all the same
    figure: bool = False  # a number of millions stands there, though no currency

    def note(self, name: str, start: int, end: int) -> None:
        """Remember where a slot was read from."""
        self.evidence.append(Evidence(name, start, end))


@dataclass(slots=True)
class Draft(Fact):
    """A deal as far as the story has told it."""

    statuses: list[tuple[Status, bool]] = field(default_factory=list)
    title: bool = False
    paragraph: int = 0


def family(kind: str) -> str:
    """The family of a type within which two facts may be one deal."""
    return FAMILY.get(kind, kind)


_WEAK_FITS = frozenset({"equity", "ipo", "debt", "grant"})


_LATEST = 200  # pieces of evidence of a draft that are gone through: a story has fewer
_WITH_CONTRACT = frozenset({"commercial", "acquisition", "investment", "capex", "joint_venture"})


def _overlap(one: Fact, other: Fact) -> bool:
    """Whether two facts share a party in its part, or one of them names none."""
    if one.target and other.target:
        return one.target.id == other.target.id
    return not one.investors or not other.investors or bool(_ids(one.investors) & _ids(other.investors))


def compatible(one: Fact, other: Fact) -> bool:
    """Whether the types of two facts can be one deal: one family, or a weak type that gives way."""
    if not one.type or not other.type or family(one.type) == family(other.type):
        return True
    if one.type == "ipo" and other.type == "funding_round" and not (other.round or other.lead):
        fresh = one.amount is None or other.amount is None or same_money(one.amount.money, other.amount.money)
        if _raised_before(one, other):
            return True
        return fresh and (listing_raised(one, other) or not (other.background or one.background))
    into = other.type == "investment" and other.weak and other.sentence == one.sentence and other.amount is not None
    if one.type == "joint_venture" and into and one.amount is None:
        return other.target is None or other.target.id in _ids(one.investors)  # "... and will put $9m into it"
    if one.type == "joint_venture" and other.type == "capex" and other.target is None and one.amount is None:
        near = 0 <= other.sentence - one.sentence <= 2
        return near and bool(_ids(one.investors) & _ids(other.investors))  # what the partners spend between them
    if {one.type, other.type} == {"capex", "investment"} and one.sentence == other.sentence:
        money = one if one.type == "investment" else other  # "ouvrira un campus à X, un investissement de 9 M€"
        return money.target is None and (not money.investors or bool(_ids(one.investors) & _ids(other.investors)))
    if {one.type, other.type} == {"investment", "acquisition"} and (one.weak or other.weak):
        return _overlap(one, other) and bool(_ids(one.investors) & _ids(other.investors))
    spent = one if one.type == "investment" else other
    if {one.type, other.type} == {"investment", "commercial"} and spent.target is None and not spent.weak:
        return False  # "noue un partenariat avec X" beside "va investir 9 M€"
    if {one.type, other.type} == {"investment", "commercial"} and (one.weak or other.weak):
        return not one.investors or not other.investors or bool(_ids(one.investors) & _ids(other.investors))
    if (one.weak and one.type == "commercial") or (other.weak and other.type == "commercial"):
        return {one.type, other.type} <= _WITH_CONTRACT and _overlap(one, other)
    return (one.weak or other.weak) and {family(one.type), family(other.type)} <= _WEAK_FITS


def _raised_before(listing: Fact, money: Fact) -> bool:
    """Whether money is what a listing had raised before its first day: "had sold shares at $28, taking in $504m"."""
    plain = money.weak and money.date is None and not (money.investors or money.round or money.lead)
    near = 0 <= money.sentence - listing.sentence <= _BEFORE
    return listing.type == "ipo" and money.type == "funding_round" and plain and near and listing.amount is None


def listing_raised(one: Fact, other: Fact) -> bool:
    """Whether money is what a listing of the day has raised: "made its debut on Thursday after raising $9m"."""
    day = other.date == one.date or (one.date is not None and other.date is None)
    day = day and (one.date is not None or one.status == "completed")
    return one.type == "ipo" and other.type == "funding_round" and day and one.sentence == other.sentence


def same_money(one: Money, other: Money) -> bool:
    """Whether two sums can be one figure told twice: equal, vague, or rounded."""
    if one.currency and other.currency and one.currency != other.currency:
        return False
    a, b = one.middle, other.middle
    if a is None or b is None:
        return True
    return abs(a - b) <= _NEAR * max(abs(a), abs(b))


def _ids(companies: Iterable[Company]) -> set[str]:
    return {company.id for company in companies}


def _round_of(fact: Fact) -> str:
    """A round's name by which two facts are compared: an extension is the round's."""
    return (fact.round or "").split(" ext")[0].lower()


def _conflict(draft: Draft, fact: Fact) -> bool:
    if draft.round != BRIDGE and _round_of(draft) != _round_of(fact) and draft.round and fact.round:
        return True
    if (
        draft.amount
        and fact.amount
        and not same_money(draft.amount.money, fact.amount.money)
        and not _slice(draft, fact)
        and not _is_remainder(draft, fact)
    ):
        return True
    if _is_remainder(draft, fact):
        return False
    if _undone(draft) and draft.type == fact.type and fact.background and not _strangers(draft, fact):
        return False  # when it was announced, of a deal that is off now
    if _ends_talk(draft, fact) or (_raised_before(draft, fact) and not draft.background):
        return False
    again = draft.type == fact.type == "acquisition" and not draft.background and not draft.amount
    if again and draft.target and fact.target and draft.target.id == fact.target.id and _shared(draft, fact):
        return False  # nobody buys one company twice
    if draft.background != fact.background and (
        draft.date != fact.date or not fact.background or draft.date is None
    ):
        return not (draft.amount and fact.amount and draft.amount.money == fact.amount.money)
    return bool(draft.background and draft.date and fact.date and not draft.date.startswith(fact.date[:4]))


def _is_remainder(draft: Draft, fact: Fact) -> bool:
    """Whether a sum is what a round comes to without who left it, whose own part was told before."""
    return _exceeds_part(draft, fact) and (fact.target is None or draft.target == fact.target)


def _exceeds_part(draft: Draft, fact: Fact) -> bool:
    if draft.type != "funding_round" or draft.amount is None or fact.amount is None:
        return False
    mine, other = draft.amount.money.middle, fact.amount.money.middle
    if mine is None or other is None or other <= 2 * mine:
        return False  # most facts: told before the evidence is gone through
    return any(item.field.startswith(LEFT) for item in draft.evidence[-_LATEST:])


def _ends_talk(draft: Draft, fact: Fact) -> bool:
    """Whether a fact says that what was talked of is off, whenever the talks were held."""
    off = fact.status == "called_off" and fact.firm and draft.type == fact.type == "acquisition"
    same = draft.target is not None and fact.target is not None and draft.target.id == fact.target.id
    return off and same and not draft.background and _shared(draft, fact)


def _undone(draft: Draft) -> bool:
    return not draft.background and draft.type != "funding_round" and ("called_off", True) in draft.statuses


def _shared(one: Fact, other: Fact) -> bool:
    return bool(_ids(one.investors) & _ids(other.investors))


def _slice(draft: Draft, fact: Fact) -> bool:
    """Whether a fact's sum is one investor's part, or the lead sentence's better figure for the headline's."""
    assert draft.amount is not None
    assert fact.amount is not None
    if draft.background or fact.background:
        return False
    if draft.title and draft.sentence == 0 and fact.sentence <= 2 and fact.target is not None and fact.investors:
        return draft.target is not None and draft.target.id == fact.target.id
    mine, other = draft.amount.money.middle, fact.amount.money.middle
    return fact.target is None and mine is not None and other is not None and other < mine


def _strangers(one: Fact, other: Fact) -> bool:
    """Whether both name investors, and not one in common."""
    return bool(one.investors and other.investors) and not _ids(one.investors) & _ids(other.investors)


def fits(draft: Draft, fact: Fact) -> bool:
    """Whether a fact can be about the deal of a draft."""
    if not compatible(draft, fact):
        return False
    if draft.type == fact.type and fact.type in ("acquisition", "investment") and _strangers(draft, fact):
        return False
    if _conflict(draft, fact):
        return False
    if draft.type == fact.type == "capex" and draft.amount and fact.amount and draft.amount.money == fact.amount.money:
        return bool(_ids(draft.investors) & _ids(fact.investors))
    if draft.target and fact.target:
        if draft.target.id != fact.target.id and not _is_part(draft, fact):
            return False
        if family(draft.type) in ("debt", "grant", "commercial") and draft.investors and fact.investors:
            return bool(_ids(draft.investors) & _ids(fact.investors)) or (draft.type == "debt" and not fact.amount)
        return True
    if fact.investors and draft.investors and not fact.target and not draft.target:
        return bool(_ids(draft.investors) & _ids(fact.investors))
    return True


def _is_part(draft: Draft, fact: Fact) -> bool:
    """Whether what is bought goes by its owner's name the second time: "X Transport", then "X's rail division"."""
    if draft.type != "acquisition" or fact.type != "acquisition" or not draft.target or not fact.target:
        return False
    return not fact.investors and not fact.background and draft.target.name.startswith(f"{fact.target.name} ")


def _better_amount(old: Amount | None, new: Amount | None) -> Amount | None:
    if old is None or new is None:
        return old or new
    if old.money.qualifier == "vague" and new.money.qualifier != "vague":
        return new
    if old.money.currency is None and new.money.currency is not None:
        return new
    if old.money.qualifier == "at_most" and new.money.qualifier == "range" and old.money.high == new.money.high:
        return new
    return old


def absorb(draft: Draft, fact: Fact) -> None:
    """Add to a draft what a fact tells; what stands is kept, gaps are filled."""
    _take_type(draft, fact)
    for company in fact.investors:
        if company.id not in _ids(draft.investors) and not (draft.target and company.id == draft.target.id):
            draft.investors.append(company)
    draft.lead += [c for c in fact.lead if c.id not in _ids(draft.lead)]
    buyers = _ids(draft.investors)  # who must sell a part of it to be allowed to buy is a buyer all the same
    draft.sellers += [c for c in fact.sellers if draft.type != "acquisition" or c.id not in buyers]
    draft.target = draft.target or fact.target
    _take_sums(draft, fact)
    draft.round = fact.round if fact.round and draft.round == BRIDGE else draft.round or fact.round
    draft.stake = draft.stake if draft.stake is not None else fact.stake
    if not (fact.background and not draft.background and (_undone(draft) or _ends_talk(draft, fact))):
        draft.date = draft.date or fact.date
    draft.whole, draft.minority = draft.whole or fact.whole, draft.minority or fact.minority
    draft.public = draft.public or fact.public
    draft.unnamed = draft.unnamed or fact.unnamed
    draft.own_word = draft.own_word or fact.own_word
    draft.frames += fact.frames
    stands = draft.type == "acquisition" and fact.refused and fact.sentence > 1 and draft.sentence <= 1
    if not (stands and draft.statuses and draft.investors and draft.statuses[0][0] == "announced"):
        draft.statuses.append((fact.status, fact.firm))
    draft.evidence += fact.evidence


def _take_type(draft: Draft, fact: Fact) -> None:
    told = fact.round or fact.lead or fact.target
    firm = fact.weak and not draft.weak
    fresh = not fact.weak and fact.amount is not None and draft.amount is None and fact.sentence > draft.sentence
    if draft.type == "investment" and draft.weak and fact.type == "commercial":
        draft.type = "commercial"
    elif draft.type == "funding_round" and fact.type == "investment" and fact.sentence > draft.sentence:
        return  # "raises $9m. X, which comes in with 10%": a part of the round
    elif fact.type and ((draft.weak and not fact.weak) or not draft.type):
        draft.type, draft.weak = fact.type, fact.weak
    elif draft.type == "investment" and fact.type == "funding_round" and (told or fresh) and not firm:
        draft.type = "funding_round"


def _take_sums(draft: Draft, fact: Fact) -> None:
    lead = draft.title and fact.sentence <= 2 and (fact.target is not None or fact.type == draft.type == "capex")
    if draft.amount and fact.amount and lead and fact.amount.money.currency:
        draft.amount = fact.amount  # the lead sentence is more exact than the headline
    if _exceeds_part(draft, fact):
        draft.amount = fact.amount
    draft.amount = _better_amount(draft.amount, fact.amount)
    if draft.pre_money and fact.valuation is not None and not fact.pre_money:
        draft.valuation, draft.pre_money = fact.valuation, False
    elif draft.valuation is None:
        draft.pre_money = fact.pre_money
    draft.valuation = _better_amount(draft.valuation, fact.valuation)


def open_draft(fact: Fact, *, title: bool, paragraph: int) -> Draft:
    """A new draft that begins with a fact."""
    draft = Draft(fact.type, fact.weak, fact.sentence, fact.start, fact.end, title=title, paragraph=paragraph)
    draft.background = fact.background
    draft.inferred, draft.relative = fact.inferred, fact.relative
    draft.frames = 0
    absorb(draft, fact)
    return draft


def settle_status(draft: Draft) -> Status:
    """The status of a deal from all that the story says of it."""
    said = [status for status, _ in draft.statuses]
    firm = [status for status, outright in draft.statuses if outright]
    if "called_off" in firm:
        return "called_off"
    if draft.background:
        return "completed"
    if draft.type == "ipo" and "announced" in firm and "completed" not in firm:
        return "announced"  # papers are filed, whatever the headline's "prepares"
    if "rumoured" in firm[:2] and "rumoured" in said[:2]:
        return "rumoured"
    if "completed" in firm:
        return "completed"
    return "rumoured" if "rumoured" in firm and "announced" not in said else "announced"
