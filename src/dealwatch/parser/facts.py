"""A sentence's events as facts: who "it" and "the company" are, which sum and date are whose, and what makes a deal."""

from __future__ import annotations

from dealwatch.model import REFUSAL, Company
from dealwatch.parser.bracketed import add_bracketed
from dealwatch.parser.drafts import Draft, Fact, absorb, compatible, family, listing_raised, open_draft
from dealwatch.parser.events import Event
from dealwatch.parser.exits import find_exit
from dealwatch.parser.frames import Token
from dealwatch.parser.listing import find_listed, hint_type, split_sums
from dealwatch.parser.parts import part_of, put, says_itself, settle_parts
from dealwatch.parser.passing import in_passing, in_relative
from dealwatch.parser.reading import Reading
from dealwatch.parser.sharing import share_dates, share_slots, share_sums
from dealwatch.parser.slots import find_place, find_site
from dealwatch.parser.status import Modality, is_lapsed, read_modality
from dealwatch.parser.waiting import wait_for_name
from dealwatch.parser.whom import is_fund, resolve

_SPENT = 5  # tokens between a verb of spending and the purchase that the money is for


def read_facts(reading: Reading, number: int, tokens: list[Token], events: list[Event]) -> list[Fact]:
    """The facts of a sentence: its events with their parties known, those of one deal merged."""
    if (left := find_exit(reading, number, tokens)) is not None:
        return left
    facts: list[tuple[Event, Fact]] = []
    shared = next((e for e in events if e.frame.weak and len(e.parts.get("target", [])) > 1), None)
    split = split_sums(reading, number, tokens, shared) if shared is not None else []
    if split:
        return split
    dropped: list[Event] = []
    for event in events:
        if _goes_on(tokens, event, events) or _is_about_money(tokens, event):
            continue
        modality = read_modality(tokens, event, reading.lexicon)
        told = not modality.supposed and not (modality.negated and modality.status != "called_off")
        asked = not event.frame.type and number > 0 and tokens[-1].word == "?"
        if asked or not told or in_passing(tokens, event, reading.lexicon):
            dropped += [event] if told else []
            continue
        facts.append((event, _fact(reading, number, tokens, event, modality)))
    merged = _shared(reading, number, tokens, facts, dropped) if facts else []
    for _, fact in merged:
        add_bracketed(tokens, fact, reading.lexicon)
    listed = find_listed(reading, number, tokens, merged)
    if listed:
        taken = [f.amount for f in listed]
        for _, fact in merged:
            fact.amount = None if fact.amount in taken else fact.amount
    kept: list[Fact] = []
    for _, fact in merged:
        if all(fact is not other for other in kept):
            kept.append(fact)
    for fact in kept:
        if not fact.type and all(e.frame.form == "support" for e, f in merged if f is fact) and _without_money(fact):
            fact.investors, fact.lead = [], []  # "got a fine from the regulator": no backer of the round at hand
    _share_target(kept)
    whole = [fact for fact in kept if _tells(fact) and _counts(reading, fact, [e for e, f in merged if f is fact])]
    if not whole:
        wait_for_name(reading, tokens, kept)
    return listed + whole


def _shared(
    reading: Reading, number: int, tokens: list[Token], facts: list[tuple[Event, Fact]], dropped: list[Event]
) -> list[tuple[Event, Fact]]:
    """The facts of a sentence with the sums, dates and other slots that are theirs, those of one deal merged."""
    share_sums(reading, number, tokens, facts)
    share_dates(reading, number, tokens, facts, dropped)
    merged = _merge(facts)
    share_slots(reading, number, merged)
    return merged


def _without_money(fact: Fact) -> bool:
    return fact.amount is None and fact.valuation is None and fact.round is None


def _share_target(facts: list[Fact]) -> None:
    """A round without a receiver is that of the investment told beside it: "invests $3m in Y as part of a Series B"."""
    told = [f for f in facts if f.type == "investment" and f.target is not None and f.investors]
    for fact in facts:
        if fact.type != "funding_round" or len(told) != 1 or fact.background or fact.relative or fact.investors:
            continue
        if fact.round is None and fact.amount is None:
            continue  # "invests 50m in the startup Y for 10% of its capital": no round beside it
        backers = {c.id for c in told[0].investors}
        if fact.target is None or (fact.target.id in backers and told[0].start < fact.start):
            fact.target, fact.inferred = told[0].target, True


def _trades(verb: Event, noun: Event) -> bool:
    """Whether a verb tells what two firms do about the thing that is built."""
    both = bool(verb.parts.get("investor")) and bool(verb.parts.get("target"))
    return verb.frame.form == "verb" and verb.frame.type == "commercial" and verb.first == noun.first and both


def _goes_on(tokens: list[Token], event: Event, events: list[Event]) -> bool:
    """Whether a clause only says more of the deal before it ("invested in Y in 2019, when it paid $9m"), or a verb of
    spending only of the purchase behind it ("spends $9m on buying Y")."""
    if event.frame.type == "capex" and event.frame.weak and any(_trades(e, event) for e in events):
        return True  # "leases a data centre from Y"
    bought = next((e for e in events if e.at > event.at), None)
    if event.frame.type == "capex" and event.frame.form == "verb" and bought is not None:
        verb = bought.frame.type == "acquisition" and bought.frame.form == "verb" and bought.at - event.at <= _SPENT
        return verb and bool(bought.parts.get("target"))
    opener = tokens[event.first - 1].cue if event.first else None
    if opener is None or opener.kind != "when" or event.frame.form != "verb" or event.parts.get("target"):
        return False
    named = any(t.party is not None for part in event.parts.values() for t in part)
    told = any(e.last < event.first and e.frame.subject == "investor" and e.parts.get("target") for e in events)
    return told and not named and event.frame.subject == "investor"


def _is_about_money(tokens: list[Token], event: Event) -> bool:
    """Whether talks are for a sum and so not for a company: "in talks for $5 billion from Acme"."""
    talks = event.frame.type == "acquisition" and event.frame.form == "noun" and event.frame.status == "rumoured"
    return talks and any(token.amount is not None for token in tokens[event.at + 1 : event.at + 3])


def _join_house(reading: Reading, tokens: list[Token], event: Event, fact: Fact) -> None:
    """ "X joins Y" is a purchase where the next sentences speak of a deal that they close."""
    if fact.type or tokens[event.at].word not in reading.lexicon.joining or len(fact.investors) != 1:
        return
    house = next((t for t in tokens[event.at + 1 : event.at + 3] if t.party is not None), None)
    ahead = [t for more in reading.tokens[fact.sentence + 1 : fact.sentence + 3] for t in more if t.cue is not None]
    kinds = {t.cue.kind for t in ahead if t.cue is not None}
    if house is None or house.party is None or house.possessive or not {"dealnoun", "closing"} <= kinds:
        return
    fact.type, fact.weak, fact.target, fact.investors = "acquisition", False, fact.investors[0], [house.party]
    fact.note("investor", house.start, house.end)
    fact.note("target", event.start, event.end)


def _by_the_state(reading: Reading, tokens: list[Token], event: Event) -> bool:
    """Whether a public body that no name stands for gives: "the federal government will contribute"."""
    if event.frame.type != "investment" or event.frame.form != "verb":
        return False
    ahead = " ".join(t.word for t in tokens[max(event.first, event.at - 8) : event.at] if t.kind == "word")
    return reading.lexicon.public.search(ahead) is not None


def _tells(fact: Fact) -> bool:
    """Whether a fact says anything: a frame that only adds must add somebody or some sum."""
    return bool(fact.type or fact.investors or fact.amount or fact.valuation or fact.round)


def _fact(reading: Reading, number: int, tokens: list[Token], event: Event, modality: Modality) -> Fact:
    """What an event tells, its parties known."""
    fact = Fact(event.frame.type, event.frame.weak, number, event.start, event.end)
    fact.status, fact.firm, fact.unnamed = modality.status, modality.firm, modality.unnamed
    lapsed = modality.past and is_lapsed(tokens, event)
    fact.background = modality.past and (number > 0 or lapsed)
    fact.figure = any(t.cue is not None and t.cue.kind == "figure" for t in tokens[event.at : event.at + 8])
    fact.relative = in_relative(tokens, event) or (lapsed and number == 0)
    fact.note("type", event.start, event.end)
    if modality.token is not None:
        fact.note("status", modality.token.start, modality.token.end)
        fact.refused = modality.status == "called_off" and modality.token.word in reading.lexicon.refusals
        if fact.refused:
            fact.note(REFUSAL, modality.token.start, modality.token.end)
    for part in ("investor", "target", "seller", "lender"):
        for token in event.parts.get(part, []):
            for company in resolve(reading, tokens, token, part, fact):
                given = token.party is not None and part != "target"
                if given and (company.kind == "public" or reading.lexicon.public.search(token.word)):
                    fact.public = True
                put(fact, part_of(reading, event, fact, part, company, token), company, token, token in event.lead)
    if not fact.type and any(t.cue is not None and t.cue.kind == "dealnoun" for t in tokens[: event.at]):
        fact.target = None  # "the deal, put at $2bn, will bring its models to X": X is no party to it
    if event.frame.weak and not fact.investors and _by_the_state(reading, tokens, event):
        fact.public = True
    if fact.target is not None:
        fact.investors = [c for c in fact.investors if c.id != fact.target.id]  # "the fund bets on Acme" is not Acme
    settle_parts(reading, tokens, event, fact)
    _join_house(reading, tokens, event, fact)
    fact.own_word = says_itself(tokens, fact)
    return fact


def _merge(facts: list[tuple[Event, Fact]]) -> list[tuple[Event, Fact]]:
    """Events of one sentence that tell one deal, made one fact."""
    merged: list[tuple[Event, Fact]] = []
    for event, fact in facts:
        home = next((f for _, f in merged if _one_deal(f, fact)), None)
        if home is None:
            merged.append((event, fact))
            continue
        _blend(home, fact)
        merged.append((event, home))
    return merged


def _one_deal(one: Fact, other: Fact) -> bool:
    if not compatible(one, other):
        return False
    rounds = one.type == other.type == "funding_round"
    led_by = rounds and one.background and other.relative and bool(other.lead) and other.target is None
    if led_by:
        return True  # "it follows a Series D that Acme led"
    if one.background != other.background and one.date != other.date and not listing_raised(one, other):
        return False
    if rounds and one.background != other.background:
        return False  # "two years after its seed round, X closes a Series A"
    if one.type == other.type == "acquisition" and _strangers(one.investors, other.investors):
        return False
    if one.amount and other.amount and one.amount.money != other.amount.money:
        return False
    return _same_target(one, other) or one.type == "joint_venture"


def _strangers(some: list[Company], others: list[Company]) -> bool:
    return bool(some and others) and not {c.id for c in some} & {c.id for c in others}


def _same_target(one: Fact, other: Fact) -> bool:
    return one.target is None or other.target is None or one.target.id == other.target.id


def _blend(home: Fact, fact: Fact) -> None:
    kinds = {home.type, fact.type}
    if kinds == {"acquisition", "commercial"} and (home if home.type == "acquisition" else fact).target is None:
        bought = (
            home if home.type == "acquisition" else fact
        )  # "a contract to buy computing power": no company is bought
        bought.type, bought.weak = "commercial", True
    if kinds == {"joint_venture", ""}:
        home.target, fact.target = (t if f.type else None for f, t in ((home, home.target), (fact, fact.target)))
    if kinds == {"capex", "investment"}:
        home.type, home.weak, fact.type, fact.weak = "capex", False, "capex", False
    if kinds == {"joint_venture", "investment"}:
        fact.investors, fact.target = [], None  # only its sum: who puts it in is told already
    draft = open_draft(home, title=False, paragraph=0)
    draft.evidence = list(home.evidence)
    absorb(draft, fact)
    for name in (
        "type",
        "weak",
        "investors",
        "lead",
        "target",
        "sellers",
        "amount",
        "valuation",
        "pre_money",
        "date",
        "evidence",
    ):
        setattr(home, name, getattr(draft, name))
    rank = {"announced": 0, "completed": 1, "rumoured": 2, "called_off": 3}
    only_sum = kinds == {"ipo", "funding_round"} and home.type == "ipo"  # "filed for a listing that could raise $9m"
    if fact.firm and not only_sum and rank[fact.status] > rank[home.status]:
        home.status, home.firm = fact.status, True
    home.unnamed = home.unnamed or fact.unnamed
    if home.background != fact.background and not (fact.relative and fact.lead):
        home.background = not home.date  # of one day, "after raising $9m" tells of the same deal
    home.frames += 1


def _shares_investor(fact: Fact, draft: Draft) -> bool:
    return draft.type == "investment" and bool({c.id for c in fact.investors} & {c.id for c in draft.investors})


def _counts(reading: Reading, fact: Fact, events: list[Event]) -> bool:
    """Whether a fact has what its frames need to be a deal at all."""
    if fact.type == "investment" and fact.amount is not None and fact.investors and _into_site(reading, fact):
        fact.type, fact.weak, fact.target = "capex", False, None
        return True
    current = reading.current
    if current is not None and current.type == "ipo" and _sells_out(fact, current):
        fact.type, fact.target, fact.weak = "ipo", current.target, False  # what an owner takes from the listing
        return True
    if fact.type == "investment" and fact.target is None and current is not None and _shares_investor(fact, current):
        return True  # goes on about the investment at hand
    pays = fact.type == "acquisition" and all(event.frame.needs.startswith("sum") for event in events)
    spent = pays or fact.type == "investment"
    if spent and fact.target is None and fact.amount is not None and fact.investors:
        if fact.background and reading.drafts:
            return True  # the story's own company is the target
        start, end = reading.doc.sentences[fact.sentence]
        placed = not pays and not fact.weak and _somewhere(reading, start, end)
        if placed or find_site(reading.doc.text, fact.end if pays else start, end, reading.words):
            fact.type, fact.weak = "capex", False
            return True
    if fact.type == "" and fact.target is not None and fact.investors and _lets_in(reading, fact):
        fact.type, fact.weak = "investment", True  # "Y welcomes X among its shareholders"
    if fact.type == "" and fact.target is not None and fact.amount is not None:
        if reading.current is None:
            fact.type, fact.weak = hint_type(reading, fact.sentence) or _kind_of_money(reading, fact), True
        elif fact.investors and _elsewhere(reading, fact):
            fact.type, fact.weak = reading.current.type, True  # "X raised $9m. Y took $3m from Z"
        elif fact.background and fact.investors:
            fact.type, fact.weak = "funding_round", True  # "last June it had received $9m from X"
    return any(_has_needs(reading, fact, event.frame.needs) for event in events)


def _kind_of_money(reading: Reading, fact: Fact) -> str:
    """What money is that somebody only receives: a round where funds give it or a headline says no more."""
    if fact.investors:
        return "funding_round" if all(is_fund(reading, c) for c in fact.investors) else "investment"
    return "funding_round" if fact.sentence == 0 and not fact.background else ""


def _lets_in(reading: Reading, fact: Fact) -> bool:
    """Whether a sentence tells that somebody becomes an owner, where no deal of the receiver's is at hand."""
    current = reading.current
    if current is not None and current.target is not None and fact.target and current.target.id == fact.target.id:
        return False
    return any(t.cue is not None and t.cue.kind == "owning" for t in reading.tokens[fact.sentence])


def _elsewhere(reading: Reading, fact: Fact) -> bool:
    """Whether a fact that says no type tells of another receiver than the deal of money at hand."""
    current = reading.current
    if current is None or current.target is None or fact.target is None or fact.background:
        return False
    return current.type in ("funding_round", "debt", "grant") and current.target.id != fact.target.id


def _sells_out(fact: Fact, listing: Draft) -> bool:
    """Whether another than the company that lists raises money from nobody named: its owner, selling shares."""
    raised = fact.type == "funding_round" and fact.weak and not (fact.investors or fact.round or fact.background)
    other = fact.target is not None and listing.target is not None and fact.target.id != listing.target.id
    return raised and other and listing.amount is None and fact.amount is not None


def _into_site(reading: Reading, fact: Fact) -> bool:
    """Whether money goes into something that is built ("dans un centre de données près de Béziers")."""
    if fact.target is None or fact.target.known or fact.target.kind not in ("unknown", "place"):
        return False
    place = next((e.start for e in fact.evidence if e.field == "target"), 0)
    return fact.end < place and find_site(reading.doc.text, fact.end, place, reading.words) is not None


def _somewhere(reading: Reading, start: int, end: int) -> bool:
    return find_place(reading.doc.text, start, end, reading.words, reading.items) is not None


def _has_needs(reading: Reading, fact: Fact, needs: str) -> bool:
    money = fact.amount is not None or fact.valuation is not None
    for need in needs.split("+") if needs else ():
        if need == "sum" and not (money or fact.round or fact.lead or (fact.figure and fact.sentence <= 1)):
            return False
        if need == "target" and fact.target is None and not _of_current(reading, fact):
            return False
        if need == "investor" and not fact.investors:
            return False
        if need == "stake" and fact.stake is None:
            return False
        if need == "party" and fact.target is None and not fact.investors:
            return False
        if need == "pair" and len(fact.investors) < 2 and not _of_current(reading, fact):
            return False
        if need == "round" and not (money or fact.round or reading.current is not None):
            return False
        if need == "deal" and not (fact.type or reading.current is not None):
            return False
        if need == "place" and fact.type == "capex" and fact.amount is None:
            return False
    return True


def _of_current(reading: Reading, fact: Fact) -> bool:
    """Whether a fact that names no target goes on about the deal at hand ("the sale was worth $9 billion")."""
    current = reading.current
    if current is None or not fact.type:
        return False
    aids = fact.public and fact.weak and current.type in ("grant", "debt")
    if family(fact.type) != family(current.type) and not aids:
        return False
    return current.target is not None or fact.type == "joint_venture"


