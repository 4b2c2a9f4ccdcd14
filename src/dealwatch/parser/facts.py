"""A sentence's events as facts: who "it" and "the company" are, which sum and date are whose, and what makes a deal."""

from __future__ import annotations

import itertools

from dealwatch.model import Company
from dealwatch.parser.clauses import Event
from dealwatch.parser.dating import Dated, dates_in
from dealwatch.parser.drafts import Draft, Fact, absorb, compatible, family, open_draft
from dealwatch.parser.frames import Token
from dealwatch.parser.passing import in_passing, in_relative
from dealwatch.parser.reading import Reading
from dealwatch.parser.slots import find_place, find_rounds, find_site, find_stakes, is_pre_money
from dealwatch.parser.status import Modality, read_modality

_HEAD = 6  # sentences in which the first name stands for "the company"
_SERIES = 14  # characters between the dates of one series


def _resolve(reading: Reading, tokens: list[Token], token: Token, part: str, fact: Fact) -> list[Company]:
    """The parties that a token is or stands for: one, or the whole list that is the subject of its sentence."""
    if token.party is not None:
        return [token.party]
    kind = token.cue.kind if token.cue is not None else ""
    earlier = [
        t for t in tokens if t.start < token.start and t.party is not None and t.governor < 0 and not t.possessive
    ]
    current = reading.current
    if (
        kind == "pronoun"
        and part == "target"
        and token.start > fact.start
        and current is not None
        and current.target is not None
    ):
        return [current.target]
    if earlier and kind == "pronoun":
        head = earlier[0].head
        found = [t.party for t in tokens if t.head == head and t.party is not None]
        if found[0].id not in {c.id for c in fact.investors}:
            return found
    if kind == "reference_pair" and reading.pair:
        return list(reading.pair)
    taken = {c.id for c in fact.investors} | ({fact.target.id} if fact.target else set())
    found = [c for c in _salient(reading, part, kind) if c.id not in taken]
    if part == "target":
        found = [c for c in found if c.kind != "public" and not reading.lexicon.public.search(c.name)] or found
    return found[:1]


def _salient(reading: Reading, part: str, kind: str) -> list[Company]:
    """Whom "it" or "the company" may mean, the likeliest first."""
    current, found = reading.current, []
    if current is not None:
        targets = [current.target] if current.target is not None else []
        if part == "investor":
            buyers = (
                list(current.investors)
                if current.type in ("acquisition", "investment", "joint_venture", "commercial")
                else []
            )
            found += buyers if kind != "reference_target" else []
        elif kind != "reference_buyer":
            found += targets
        if reading.topic is not None:
            found.append(reading.topic)
        found += targets if part != "investor" else []
    elif reading.topic is not None:
        found.append(reading.topic)
    head = (token for tokens in reading.tokens[:_HEAD] for token in tokens if not _aside(tokens, token))
    named = (token.party for token in head if token.party is not None)
    named = (company for company in named if part != "target" or not is_backer(reading, company))
    return found or list(itertools.islice(named, 1))


def _aside(tokens: list[Token], token: Token) -> bool:
    """Whether a name stands behind a link like "d'après" that keeps it out of what is told."""
    cue = tokens[token.governor].cue if token.governor >= 0 else None
    return cue is not None and cue.kind == "link" and cue.name == "at"


def read_facts(reading: Reading, number: int, tokens: list[Token], events: list[Event]) -> list[Fact]:
    """The facts of a sentence: its events with their parties known, those of one deal merged."""
    facts: list[tuple[Event, Fact]] = []
    shared = next((e for e in events if e.frame.weak and len(e.parts.get("target", [])) > 1), None)
    split = _split(reading, number, tokens, shared) if shared is not None else []
    if split:
        return split
    for event in events:
        if _goes_on(tokens, event, events):
            continue
        modality = read_modality(tokens, event, reading.lexicon)
        told = not modality.supposed and not (modality.negated and modality.status != "called_off")
        if not told or in_passing(tokens, event, reading.lexicon):
            continue
        facts.append((event, _fact(reading, number, tokens, event, modality)))
    _share_sums(reading, number, tokens, facts)
    _share_dates(reading, number, tokens, facts)
    merged = _merge(facts)
    _share_slots(reading, number, merged)
    listed = _listed(number, tokens) or _headlined(reading, number, tokens, merged)
    if listed:
        taken = [f.amount for f in listed]
        for _, fact in merged:
            fact.amount = None if fact.amount in taken else fact.amount
    kept: list[Fact] = []
    for _, fact in merged:
        if all(fact is not other for other in kept):
            kept.append(fact)
    return listed + [
        fact for fact in kept if _tells(fact) and _counts(reading, fact, [e for e, f in merged if f is fact])
    ]


def _goes_on(tokens: list[Token], event: Event, events: list[Event]) -> bool:
    """Whether a clause only says more of the deal before it: "invested in Y in 2019, when it paid $9m"."""
    opener = tokens[event.first - 1].cue if event.first else None
    if opener is None or opener.kind != "when" or event.frame.form != "verb" or event.parts.get("target"):
        return False
    named = any(t.party is not None for part in event.parts.values() for t in part)
    told = any(e.last < event.first and e.frame.subject == "investor" and e.parts.get("target") for e in events)
    return told and not named and event.frame.subject == "investor"


def _split(reading: Reading, number: int, tokens: list[Token], event: Event) -> list[Fact]:
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
            for company in _resolve(reading, tokens, giver, "investor", fact):
                _put(fact, "investor", company, giver, False)
        facts.append(fact)
    return facts


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
            if link.cue is None or link.cue.name != "for" or party is None or party.party is None:
                continue
            kind = hint_type(reading, number) or "funding_round"
            fact = Fact(kind, True, number, token.start, party.end, target=party.party, amount=token.amount)
            for name, piece in (("type", token), ("target", party), ("amount", token)):
                fact.note(name, piece.start, piece.end)
            return [fact]
    return []


def _tells(fact: Fact) -> bool:
    """Whether a fact says anything: a frame that only adds must add somebody or some sum."""
    return bool(fact.type or fact.investors or fact.amount or fact.valuation or fact.round)


def _fact(reading: Reading, number: int, tokens: list[Token], event: Event, modality: Modality) -> Fact:
    """What an event tells, its parties known."""
    fact = Fact(event.frame.type, event.frame.weak, number, event.start, event.end)
    fact.status, fact.firm, fact.unnamed = modality.status, modality.firm, modality.unnamed
    fact.background = modality.past and number > 0
    fact.figure = any(t.cue is not None and t.cue.kind == "figure" for t in tokens[event.at : event.at + 8])
    fact.relative = in_relative(tokens, event)
    fact.note("type", event.start, event.end)
    if modality.token is not None:
        fact.note("status", modality.token.start, modality.token.end)
        fact.refused = modality.status == "called_off" and modality.token.word in reading.lexicon.refusals
    for part in ("investor", "target", "seller", "lender"):
        for token in event.parts.get(part, []):
            for company in _resolve(reading, tokens, token, part, fact):
                if token.party is not None and reading.lexicon.public.search(token.word):
                    fact.public = True
                _put(fact, _part(reading, event, fact, part, company, token), company, token, token in event.lead)
    if fact.target is not None:
        fact.investors = [c for c in fact.investors if c.id != fact.target.id]  # "the fund bets on Acme" is not Acme
    _settle_parts(reading, tokens, event, fact)
    fact.own_word = _says_itself(tokens, fact)
    return fact


def _settle_parts(reading: Reading, tokens: list[Token], event: Event, fact: Fact) -> None:
    """The parts that grammar leaves open: mergers, sellers, purchases of no company, headlines with a colon."""
    named = event.parts.get("target", [])
    if event.frame.pair and not fact.investors and len(named) > 1 and fact.target is not None and named[1].party:
        _put(fact, "investor", fact.target, named[0], False)  # somebody merges X and Y
        fact.target = named[1].party
    if event.frame.pair and fact.target is None and len(fact.investors) > 1:
        fact.target = fact.investors.pop(1)
        fact.note("target", fact.evidence[-1].start, fact.evidence[-1].end)
    if event.frame.subject == "seller" and fact.target is None:
        _sold_part(reading, tokens, fact)
    bought = event.frame.subject == "investor" and fact.type == "acquisition" and fact.target is None
    current = reading.current.target if reading.current is not None else None
    papers = any(t.cue is not None and t.cue.kind == "papers" for t in tokens)
    if bought and papers and fact.investors and current is not None:
        fact.type, fact.target, fact.weak = "funding_round", current, False  # old shares change hands
        fact.note("target", event.start, event.end)
    elif bought and fact.sellers and fact.investors:
        fact.type, fact.target = "commercial", fact.sellers.pop()  # one buys something, but no company, from another
        fact.weak = False
        fact.note("target", event.start, event.end)
    first = tokens[0].party if len(tokens) > 2 and tokens[1].word == ":" else None
    headed = first is not None and fact.target is None and event.frame.type == "investment"
    if headed and first is not None and fact.investors and first.id not in {c.id for c in fact.investors}:
        _put(fact, "target", first, tokens[0], False)  # "Acme: Nadir joins the shareholders"


def _says_itself(tokens: list[Token], fact: Fact) -> bool:
    """Whether a sentence has a party to the deal announce it ("X said it had raised", "X annonce")."""
    if fact.unnamed or not any(t.cue is not None and t.cue.kind == "reporting" for t in tokens):
        return False
    parties = {c.id for c in fact.investors} | ({fact.target.id} if fact.target else set())
    subject = next((t.party for t in tokens if t.party is not None and t.governor < 0), None)
    return subject is not None and subject.id in parties


def _part(reading: Reading, event: Event, fact: Fact, part: str, company: Company, token: Token) -> str:
    """The part a party truly plays: of a loan or grant, those that lend or give are no receivers."""
    if part == "lender":
        return "investor" if _lender(reading, company) else "target"
    given = part == "target" and fact.type in ("debt", "grant") and event.frame.form == "noun"
    if given and token.end <= event.start and not fact.investors and _lender(reading, company):
        return "investor"
    return part


def _sold_part(reading: Reading, tokens: list[Token], fact: Fact) -> None:
    """ "Sells its stake" sells a part of the company at hand, "sells 51% of itself" a part of the seller."""
    kinds = {
        token.cue.kind: token for token in tokens if token.cue is not None and token.cue.kind in ("holding", "itself")
    }
    current = reading.current.target if reading.current is not None else None
    if "itself" in kinds and fact.sellers:
        fact.target = fact.sellers.pop(0)
        fact.note("target", kinds["itself"].start, kinds["itself"].end)
    elif "holding" in kinds and current is not None and fact.investors:
        fact.target, fact.type = current, "investment"
        fact.sellers = [c for c in fact.sellers if c.id != current.id]
        fact.note("target", kinds["holding"].start, kinds["holding"].end)


def is_backer(reading: Reading, company: Company) -> bool:
    """Whether a company is by its name or kind of those that put money in, and so hardly the one that receives it."""
    names = reading.lexicon
    return company.kind in ("bank", "public", "investor") or bool(
        names.investors.search(company.name) or names.public.search(company.name)
    )


def _lender(reading: Reading, company: Company) -> bool:
    """Whether a party is of those that lend or grant rather than receive."""
    names = reading.lexicon
    return company.kind in ("bank", "public", "investor") or bool(
        names.public.search(company.name) or names.lenders.search(company.name)
    )


def _put(fact: Fact, part: str, company: Company, token: Token, lead: bool) -> None:
    if part == "target":
        if fact.target is None:
            fact.target = company
            fact.note("target", token.start, token.end)
        elif fact.type == "joint_venture" or fact.target.id == company.id:
            return
    elif part == "seller":
        fact.sellers.append(company)
    elif all(company.id != other.id for other in fact.investors):
        fact.investors.append(company)
        fact.note("investor", token.start, token.end)
        if lead:
            fact.lead.append(company)
            fact.note("lead", token.start, token.end)


def _share_sums(reading: Reading, number: int, tokens: list[Token], facts: list[tuple[Event, Fact]]) -> None:
    """Give each sum of a sentence to the nearest event that can hold it."""
    for at, token in enumerate(tokens):
        if token.amount is None or not facts or token.amount.equivalent_of is not None:
            continue
        kind = token.amount.kind
        if kind not in ("investment", "valuation"):
            continue
        holders = [(e, f) for e, f in facts if e.frame.subject != "seller" or e.frame.form == "noun" or f.target]
        event, fact = min(holders or facts, key=lambda pair: _distance(pair[0], at))
        name = "amount" if kind == "investment" or _is_worth(tokens, event, at) else "valuation"
        before = name == "valuation" and is_pre_money(reading.doc.text, token.start, token.end, reading.words)
        if getattr(fact, name) is None or (name == "valuation" and fact.pre_money and not before):
            setattr(fact, name, token.amount)
            fact.pre_money = before if name == "valuation" else fact.pre_money
            fact.note(name, token.start, token.end)


def _is_worth(tokens: list[Token], event: Event, at: int) -> bool:
    """Whether a sum is what an investment or contract is worth, and not the company in it: "the investment could be
    worth about $10 billion"."""
    if event.frame.form != "noun" or event.frame.type not in ("investment", "commercial") or not event.at < at:
        return False
    ahead = [t for t in tokens[at - 6 : at] if t.cue is not None]
    return any(t.cue is not None and t.cue.kind == "worth" for t in ahead)


def _distance(event: Event, at: int) -> int:
    """How far a sum stands from an event: in its clause first, after a verb rather than before."""
    away = at - event.at
    far = 0 if event.first <= at <= event.last else 40
    return far + (away if away > 0 else -away + (2 if event.frame.form == "verb" else -1))


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
    if one.background != other.background and (one.date or other.date):
        return False
    rounds = one.type == other.type == "funding_round" and not (one.weak or other.weak)
    if rounds and one.background != other.background:
        return False  # "two years after its seed round, X closes a Series A"
    if one.type == other.type == "acquisition" and _strangers(one.investors, other.investors):
        return False
    if one.amount and other.amount and one.amount.money != other.amount.money:
        return False
    return _same_target(one, other) or one.type == "joint_venture"


def _when_clause(tokens: list[Token], event: Event, dated: Dated) -> bool:
    """Whether an event stands in "when ..." right after a date: "two years ago, when X led a round"."""
    opener = tokens[event.first - 1] if event.first else None
    return (
        opener is not None
        and opener.cue is not None
        and opener.cue.kind == "when"
        and 0 <= opener.start - dated.end <= 30
    )


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
    home.background = home.background or fact.background
    home.frames += 1


def _share_slots(reading: Reading, number: int, merged: list[tuple[Event, Fact]]) -> None:
    """Round, stake and date go to the nearest event of the sentence."""
    if not merged:
        return
    text, (start, end) = reading.doc.text, reading.doc.sentences[number]

    def nearest(place: int, told: list[tuple[Event, Fact]] = merged) -> Fact:
        return min(told, key=lambda pair: abs(pair[0].start - place))[1]

    whose = [pair for pair in merged if pair[1].target is not None] or merged

    for found in find_rounds(text, start, end, reading.words):
        fact = nearest(found.start)
        if fact.round is None:
            fact.round = found.value
            fact.note("round", found.start, found.end)
    for found in find_stakes(text, start, end, reading.items, reading.words):
        fact = nearest(found.start, whose)
        if fact.stake is None:
            fact.stake = float(found.value)
            fact.note("stake_pct", found.start, found.end)
    for match in reading.words.whole.finditer(text, start, end):
        nearest(match.start()).whole = True
    for match in reading.words.minority.finditer(text, start, end):
        nearest(match.start()).minority = True


def _share_dates(reading: Reading, number: int, tokens: list[Token], facts: list[tuple[Event, Fact]]) -> None:
    """A date goes to the events of its clause, else to the nearest; a day of the news outdoes a past one beside it."""
    start, end = reading.doc.sentences[number]
    others = find_others(reading, number, tokens)
    for dated in dates_in(reading.dates, start, end):
        if dated in others or (dated.past and _bracketed(reading.doc.text, start, dated.start)):
            continue
        own = [f for e, f in facts if tokens[e.first].start <= dated.start <= tokens[e.last].end]
        own += [f for e, f in facts if dated.past and _when_clause(tokens, e, dated)]
        if not own and facts:
            own = [min(facts, key=lambda pair: abs(pair[0].start - dated.start))[1]]
        for fact in own:
            if dated.past and (number == 0 or (fact.date is not None and len(fact.date) == 10 and not fact.background)):
                continue
            if dated.past or fact.date is None:
                fact.background = fact.background or dated.past
                fact.date = dated.value
                fact.note("date", dated.start, dated.end)


def _bracketed(text: str, start: int, place: int) -> bool:
    return text.rfind("(", start, place) > text.rfind(")", start, place)


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


def _shares_investor(fact: Fact, draft: Draft) -> bool:
    return draft.type == "investment" and bool({c.id for c in fact.investors} & {c.id for c in draft.investors})


def _counts(reading: Reading, fact: Fact, events: list[Event]) -> bool:
    """Whether a fact has what its frames need to be a deal at all."""
    if fact.type == "investment" and fact.amount is not None and fact.investors and _into_site(reading, fact):
        fact.type, fact.weak, fact.target = "capex", False, None
        return True
    current = reading.current
    if fact.type == "investment" and fact.target is None and current is not None and _shares_investor(fact, current):
        return True  # goes on about the investment at hand
    if fact.type == "investment" and fact.target is None and fact.amount is not None and fact.investors:
        if fact.background and reading.drafts:
            return True  # the story's own company is the target
        start, end = reading.doc.sentences[fact.sentence]
        placed = not fact.weak and _somewhere(reading, start, end)
        if placed or find_site(reading.doc.text, start, end, reading.words):
            fact.type, fact.weak = "capex", False
            return True
    if fact.type == "" and fact.target is not None and fact.amount is not None:
        if reading.current is None:
            fact.type, fact.weak = hint_type(reading, fact.sentence), True
        elif fact.background and fact.investors:
            fact.type, fact.weak = "funding_round", True  # "last June it had received $9m from X"
    return any(_has_needs(reading, fact, event.frame.needs) for event in events)


def _into_site(reading: Reading, fact: Fact) -> bool:
    """Whether money goes into something that is built ("dans un centre de données près de Béziers")."""
    if fact.target is None or fact.target.known or fact.target.kind not in ("unknown", "place"):
        return False
    place = next((e.start for e in fact.evidence if e.field == "target"), 0)
    return fact.end < place and find_site(reading.doc.text, fact.end, place, reading.words) is not None


def _somewhere(reading: Reading, start: int, end: int) -> bool:
    return find_place(reading.doc.text, start, end, reading.words, reading.items) is not None


def hint_type(reading: Reading, number: int) -> str:
    """The type that the nouns round a sentence tell, "" where they tell none."""
    doc = reading.doc
    place = doc.paragraph_at(doc.sentences[number][0])[0] if reading.round_up else -1
    return reading.hints.get(place, "") or reading.hints.get(0, "")


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
    if current is None or not fact.type or family(fact.type) != family(current.type):
        return False
    return current.target is not None or fact.type == "joint_venture"


def find_series(reading: Reading, number: int, fact: Fact) -> list[Dated]:
    """The other dates of a deal told to have been done again and again: "invested in 2019, then in 2021"."""
    dates = [d for d in dates_in(reading.dates, *reading.doc.sentences[number]) if d.past]
    at = next((i for i, d in enumerate(dates) if d.value == fact.date), 0)
    first, last = at, at
    while first > 0 and dates[first].start - dates[first - 1].end <= _SERIES:
        first -= 1
    while last + 1 < len(dates) and dates[last + 1].start - dates[last].end <= _SERIES:
        last += 1
    return dates[first:at] + dates[at + 1 : last + 1]


def find_others(reading: Reading, number: int, tokens: list[Token]) -> list[Dated]:
    """The past dates right after words for "others of the kind"."""
    _start, end = reading.doc.sentences[number]
    found: list[Dated] = []
    for token in tokens:
        if token.cue is not None and token.cue.kind == "others":
            here = token.end
            for dated in dates_in(reading.dates, token.end, end):
                if dated.start - here > 12 or not dated.past:
                    break
                found.append(dated)
                here = dated.end
    return found
