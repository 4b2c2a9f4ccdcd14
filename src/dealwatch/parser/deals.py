"""Deals told in a text: who put how much into whom, at what stage of truth, each slot with the words it was read from.

A sentence's frames give events (`clauses`), the story gives the parties that pronouns and "the company" stand for, and
facts about one deal are gathered into one record however often the story tells it (`drafts`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from dealwatch.model import Amount, Claim, Company, DealType, Evidence, Party
from dealwatch.parser.clauses import Event, read_events
from dealwatch.parser.dating import Dated, dates_in, find_dates
from dealwatch.parser.drafts import Draft, Fact, absorb, compatible, family, fits, open_draft, settle_status
from dealwatch.parser.frames import Item, Lexicon, Token, compile_lexicon, place_items, read_tokens
from dealwatch.parser.slots import SlotWords, compile_slots, find_name, find_place, find_rounds, find_site, find_stakes
from dealwatch.parser.status import Modality, read_modality
from dealwatch.parser.text import Document, Span

_QUOTED = re.compile(r"[“«\"][^“”«»\"\n]{60,600}[”»\"]")
_REACH = 6  # sentences after a deal in which a sum that nobody else claims is its own
_LEAD_SENTENCES = 4  # headline and the first sentences: what they date is the news of the day


@dataclass(slots=True)
class Reading:
    """One story while it is read: the tools for its language, and what has been told so far."""

    doc: Document
    lexicon: Lexicon
    words: SlotWords
    items: list[Item]
    dates: tuple[Dated, ...]
    quoted: list[Span]
    tokens: list[list[Token]] = field(default_factory=list)  # of each sentence
    drafts: list[Draft] = field(default_factory=list)
    topic: Company | None = None  # the last subject
    current: Draft | None = None
    pair: tuple[Company, ...] = ()  # the last two named together
    round_up: bool = False
    hints: dict[int, str] = field(default_factory=dict)  # paragraph (-1: the story) -> type that its nouns tell


def find_deals(doc: Document, companies: Sequence[Company], amounts: Sequence[Amount]) -> tuple[Claim, ...]:
    """Every deal that the text tells as a claim, main ones and those told as background, in order of first telling.

    `companies` are the organisations named in the text, `amounts` its sums. Time grows linearly with the text.
    """
    reading = Reading(
        doc,
        compile_lexicon(doc.pack),
        compile_slots(doc.pack),
        place_items(companies, amounts),
        find_dates(doc.text, doc.pack, doc.published),
        [m.span() for m in _QUOTED.finditer(doc.text)],
    )
    sentences = [_read_sentence(reading, number) for number in range(len(doc.sentences))]
    reading.tokens = [tokens for tokens, _ in sentences]
    reading.round_up = _is_round_up(reading, sentences)
    reading.hints = _hints(doc, sentences)
    paragraph = -1
    for number, (tokens, events) in enumerate(sentences):
        start = doc.sentences[number][0]
        if doc.paragraph_at(start)[0] != paragraph:
            paragraph = doc.paragraph_at(start)[0]
            if reading.round_up:
                reading.topic, reading.current = None, None
        _take_sentence(reading, number, tokens, events)
    for draft in reading.drafts:
        _settle_type(reading, draft)
    _fill_gaps(reading)
    claims = (_claim(reading, draft) for draft in reading.drafts)
    return tuple(claim for claim in claims if claim is not None)


def _read_sentence(reading: Reading, number: int) -> tuple[list[Token], list[Event]]:
    start, end = reading.doc.sentences[number]
    tokens = read_tokens(reading.doc.text, start, end, reading.items, reading.lexicon)
    if not any(token.cue is not None and token.cue.kind == "frame" for token in tokens):
        return tokens, []
    events = read_events(tokens, reading.lexicon)
    return tokens, [e for e in events if start == 0 or not any(a < e.start < b for a, b in reading.quoted)]


def _is_round_up(reading: Reading, sentences: list[tuple[list[Token], list[Event]]]) -> bool:
    """Whether paragraphs each tell a deal of their own: three or more with a target that the headline does not name."""
    doc = reading.doc
    named: set[str] = set()
    targets: set[str] = set()
    seen: set[int] = set()
    for number, (tokens, events) in enumerate(sentences):
        start = doc.sentences[number][0]
        if start < doc.title_end:
            named |= {t.party.id for t in tokens if t.party is not None}
            continue
        paragraph = doc.paragraph_at(start)[0]
        if paragraph in seen:
            continue
        found = {t.party.id for e in events if e.frame.type for t in e.parts.get("target", []) if t.party is not None}
        if found:
            seen.add(paragraph)
            targets |= found - named
    return len(targets) >= 3 and len(seen) >= 3


def _hints(doc: Document, sentences: list[tuple[list[Token], list[Event]]]) -> dict[int, str]:
    """For each paragraph and for the story (-1) the type of its first noun of public money, credit or a round."""
    hints: dict[int, str] = {}
    for number, (_, events) in enumerate(sentences):
        for event in events:
            if event.frame.form == "noun" and event.frame.type in ("grant", "debt", "funding_round"):
                hints.setdefault(doc.paragraph_at(doc.sentences[number][0])[0], event.frame.type)
                hints.setdefault(-1, event.frame.type)
    return hints


# --- one sentence ---------------------------------------------------------------------------------------------------


def _take_sentence(reading: Reading, number: int, tokens: list[Token], events: list[Event]) -> None:
    facts = _facts(reading, number, tokens, events)
    for fact in facts:
        _file(reading, fact, number)
    if facts:
        _file_others(reading, number, tokens, facts[0])
    subject = _main_subject(tokens)
    if subject is not None:
        reading.topic = subject
    heads = [t.head for t in tokens if t.party is not None]
    for head in heads:
        if heads.count(head) == 2:
            reading.pair = tuple(t.party for t in tokens if t.head == head and t.party is not None)
            break
    if not facts:
        _take_loose(reading, number, tokens)


def _file_others(reading: Reading, number: int, tokens: list[Token], fact: Fact) -> None:
    """ "... which follows two others in 2019 and 2021": earlier deals of the same parties, one a date."""
    for dated in _others(reading, number, tokens):
        home = reading.current
        if home is None or home.type not in ("investment", "acquisition", "funding_round", "debt"):
            return
        earlier = Fact(home.type, False, number, dated.start, dated.end, background=True, date=dated.value)
        earlier.investors = list(home.investors) if home.type == "investment" else []
        earlier.target = home.target
        if earlier.target is None or (earlier.type != "funding_round" and not earlier.investors):
            return
        for name in ("type", "target", "investor", "date"):
            earlier.note(name, dated.start, dated.end)
        reading.drafts.append(open_draft(earlier, title=False, paragraph=reading.doc.paragraph_at(dated.start)[0]))


def _others(reading: Reading, number: int, tokens: list[Token]) -> list[Dated]:
    """The past dates right after words for "others of the kind"."""
    start, end = reading.doc.sentences[number]
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


def _main_subject(tokens: list[Token]) -> Company | None:
    """The first party of a sentence that stands behind no link."""
    described = None
    for at, token in enumerate(tokens):
        if token.party is None or token.possessive:
            continue
        if token.governor < 0:
            return token.party
        follows = tokens[at + 1].cue if at + 1 < len(tokens) else None
        if described is None and follows is not None and follows.kind == "frame" and at - token.governor > 2:
            described = token.party
    return described


def _resolve(reading: Reading, tokens: list[Token], token: Token, part: str, fact: Fact) -> list[Company]:
    """The parties that a token is or stands for: one, or the whole list that is the subject of its sentence."""
    if token.party is not None:
        return [token.party]
    kind = token.cue.kind if token.cue is not None else ""
    earlier = [t for t in tokens if t.start < token.start and t.party is not None and t.governor < 0 and not t.possessive]
    current = reading.current
    if kind == "pronoun" and part == "target" and token.start > fact.start and current is not None and current.target is not None:
        return [current.target]
    if earlier and kind == "pronoun":
        head = earlier[0].head
        found = [t.party for t in earlier if t.head == head and t.party is not None]
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
            buyers = list(current.investors) if current.type in ("acquisition", "investment", "joint_venture", "commercial") else []
            found += buyers if kind != "reference_target" else []
        elif kind != "reference_buyer":
            found += targets
        if reading.topic is not None:
            found.append(reading.topic)
        found += targets if part != "investor" else []
    elif reading.topic is not None:
        found.append(reading.topic)
    return found or [thing for _, _, thing in reading.items[:1] if isinstance(thing, Company)]


def _facts(reading: Reading, number: int, tokens: list[Token], events: list[Event]) -> list[Fact]:
    """The facts of a sentence: its events with their parties known, those of one deal merged."""
    facts: list[tuple[Event, Fact]] = []
    shared = next((e for e in events if e.frame.weak and len(e.parts.get("target", [])) > 1), None)
    split = _split(reading, number, tokens, shared) if shared is not None else []
    if split:
        return split
    for event in events:
        modality = read_modality(tokens, event, reading.lexicon)
        if modality.supposed or (modality.negated and modality.status != "called_off"):
            continue
        facts.append((event, _fact(reading, number, tokens, event, modality)))
    _share_sums(reading, number, tokens, facts)
    _share_dates(reading, number, tokens, facts)
    merged = _merge(facts)
    _share_slots(reading, number, merged)
    listed = _listed(number, tokens)
    if listed:
        taken = [f.amount for f in listed]
        for _, fact in merged:
            fact.amount = None if fact.amount in taken else fact.amount
    kept: list[Fact] = []
    for _, fact in merged:
        if all(fact is not other for other in kept):
            kept.append(fact)
    return listed + [fact for fact in kept if _tells(fact) and _counts(reading, fact, [e for e, f in merged if f is fact])]


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


def _tells(fact: Fact) -> bool:
    """Whether a fact says anything: a frame that only adds must add somebody or some sum."""
    return bool(fact.type or fact.investors or fact.amount or fact.valuation or fact.round)


def _fact(reading: Reading, number: int, tokens: list[Token], event: Event, modality: Modality) -> Fact:
    fact = Fact(event.frame.type, event.frame.weak, number, event.start, event.end)
    fact.status, fact.firm, fact.unnamed = modality.status, modality.firm, modality.unnamed
    fact.background = modality.past and number > 0
    fact.note("type", event.start, event.end)
    if modality.token is not None:
        fact.note("status", modality.token.start, modality.token.end)
    for part in ("investor", "target", "seller"):
        for token in event.parts.get(part, []):
            for company in _resolve(reading, tokens, token, part, fact):
                if part == "target" and fact.type in ("debt", "grant") and event.frame.form == "noun" and _lender(reading, company):
                    if token.end <= event.start and not fact.investors:
                        _put(fact, "investor", company, token, False)
                        continue
                if token.party is not None and reading.lexicon.public.search(token.word):
                    fact.public = True
                _put(fact, part, company, token, token in event.lead)
    if event.frame.pair and not fact.investors and len(event.parts.get("target", [])) > 1:
        second = event.parts["target"][1]  # somebody merges X and Y
        if fact.target is not None and second.party is not None:
            _put(fact, "investor", fact.target, event.parts["target"][0], False)
            fact.target = second.party
    if event.frame.pair and fact.target is None and len(fact.investors) > 1:
        fact.target = fact.investors.pop(1)
        fact.note("target", fact.evidence[-1].start, fact.evidence[-1].end)
    if event.frame.subject == "seller" and fact.target is None:
        _sold_part(reading, tokens, fact)
    if event.frame.subject == "investor" and fact.type == "acquisition" and fact.target is None and fact.sellers and fact.investors:
        fact.type, fact.target = "commercial", fact.sellers.pop()  # one buys something, but no company, from another
        fact.weak = False
        fact.note("target", event.start, event.end)
    if fact.target is None and fact.investors and event.frame.type == "investment" and len(tokens) > 2:
        first = tokens[0].party  # "Acme: Nadir joins the shareholders"
        if first is not None and tokens[1].word == ":" and first.id not in {c.id for c in fact.investors}:
            _put(fact, "target", first, tokens[0], False)
    fact.figure = any(t.cue is not None and t.cue.kind == "figure" for t in tokens[event.at : event.at + 8])
    fact.relative = _in_relative(tokens, event)
    return fact


def _sold_part(reading: Reading, tokens: list[Token], fact: Fact) -> None:
    """ "Sells its stake" sells a part of the company at hand, "sells 51% of itself" a part of the seller."""
    kinds = {token.cue.kind: token for token in tokens if token.cue is not None and token.cue.kind in ("holding", "itself")}
    current = reading.current.target if reading.current is not None else None
    if "itself" in kinds and fact.sellers:
        fact.target = fact.sellers.pop(0)
        fact.note("target", kinds["itself"].start, kinds["itself"].end)
    elif "holding" in kinds and current is not None and fact.investors:
        fact.target, fact.type = current, "investment"
        fact.sellers = [c for c in fact.sellers if c.id != current.id]
        fact.note("target", kinds["holding"].start, kinds["holding"].end)


def _in_relative(tokens: list[Token], event: Event) -> bool:
    """Whether an event stands in a relative clause ("X, which bought Y in May, ...")."""
    for token in reversed(tokens[max(0, event.at - 6) : event.at]):
        if token.cue is not None and token.cue.kind == "relative":
            return True
        if token.kind in ("party", "amount"):
            return False
    return False


def _lender(reading: Reading, company: Company) -> bool:
    """Whether a party is of those that lend or grant rather than receive."""
    names = reading.lexicon
    return company.kind in ("bank", "public", "investor") or bool(names.public.search(company.name) or names.lenders.search(company.name))


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
        _, fact = min(facts, key=lambda pair: _distance(pair[0], at))
        name = "amount" if kind == "investment" else "valuation"
        if getattr(fact, name) is None:
            setattr(fact, name, token.amount)
            fact.note(name, token.start, token.end)


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
    if one.type == other.type == "acquisition" and _strangers(one.investors, other.investors):
        return False
    if one.amount and other.amount and one.amount.money != other.amount.money:
        return False
    return _same_target(one, other)


def _when_clause(tokens: list[Token], event: Event, dated: Dated) -> bool:
    """Whether an event stands in "when ..." right after a date: "fifteen months ago, when X led a round"."""
    opener = tokens[event.first - 1] if event.first else None
    return opener is not None and opener.cue is not None and opener.cue.kind == "when" and 0 <= opener.start - dated.end <= 30


def _strangers(some: list[Company], others: list[Company]) -> bool:
    return bool(some and others) and not {c.id for c in some} & {c.id for c in others}


def _same_target(one: Fact, other: Fact) -> bool:
    return one.target is None or other.target is None or one.target.id == other.target.id


def _blend(home: Fact, fact: Fact) -> None:
    kinds = {home.type, fact.type}
    if kinds == {"acquisition", "commercial"} and (home if home.type == "acquisition" else fact).target is None:
        bought = home if home.type == "acquisition" else fact  # "a contract to buy computing power": no company is bought
        bought.type, bought.weak = "commercial", True
    draft = open_draft(home, title=False, paragraph=0)
    draft.evidence = list(home.evidence)
    absorb(draft, fact)
    for name in ("type", "weak", "investors", "lead", "target", "sellers", "amount", "valuation", "date", "evidence"):
        setattr(home, name, getattr(draft, name))
    rank = {"announced": 0, "completed": 1, "rumoured": 2, "called_off": 3}
    if fact.firm and rank[fact.status] > rank[home.status]:
        home.status, home.firm = fact.status, True
    home.unnamed = home.unnamed or fact.unnamed
    home.background = home.background or fact.background
    home.frames += 1


def _share_slots(reading: Reading, number: int, merged: list[tuple[Event, Fact]]) -> None:
    """Round, stake and date go to the nearest event of the sentence."""
    if not merged:
        return
    text, (start, end) = reading.doc.text, reading.doc.sentences[number]

    def nearest(place: int) -> Fact:
        return min(merged, key=lambda pair: abs(pair[0].start - place))[1]

    for found in find_rounds(text, start, end, reading.words):
        fact = nearest(found.start)
        if fact.round is None:
            fact.round = found.value
            fact.note("round", found.start, found.end)
    for found in find_stakes(text, start, end, reading.items, reading.words):
        fact = nearest(found.start)
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
    others = _others(reading, number, tokens)
    for dated in dates_in(reading.dates, start, end):
        if dated in others:
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


def _listed(number: int, tokens: list[Token]) -> list[Fact]:
    """Rounds listed as name and sum: "Giga $61m, Inception $50m, ..."; two such pairs make a list."""
    facts = []
    for token, after in zip(tokens, tokens[1:], strict=False):
        if token.party is not None and after.amount is not None and after.amount.kind == "investment":
            fact = Fact("funding_round", False, number, token.start, after.end, target=token.party, amount=after.amount)
            for name, piece in (("type", after), ("target", token), ("amount", after)):
                fact.note(name, piece.start, piece.end)
            facts.append(fact)
    return facts if len(facts) > 1 else []


def _counts(reading: Reading, fact: Fact, events: list[Event]) -> bool:
    """Whether a fact has what its frames need to be a deal at all."""
    if fact.type == "investment" and fact.amount is not None and fact.investors and _into_site(reading, fact):
        fact.type, fact.weak, fact.target = "capex", False, None
        return True
    if fact.type == "investment" and fact.target is None and fact.amount is not None and fact.investors:
        start, end = reading.doc.sentences[fact.sentence]
        if find_site(reading.doc.text, start, end, reading.words) or _somewhere(reading, start, end):
            fact.type, fact.weak = "capex", False
            return True
    if fact.type == "" and fact.target is not None and fact.amount is not None and reading.current is None:
        fact.type, fact.weak = _hint(reading, fact.sentence), True
    return any(_has_needs(reading, fact, event.frame.needs) for event in events)


def _into_site(reading: Reading, fact: Fact) -> bool:
    """Whether money goes into something that is built ("dans un centre de données sur le port de Dunkerque")."""
    if fact.target is None or fact.target.known or fact.target.kind not in ("unknown", "place"):
        return False
    place = next((e.start for e in fact.evidence if e.field == "target"), 0)
    return fact.end < place and find_site(reading.doc.text, fact.end, place, reading.words) is not None


def _somewhere(reading: Reading, start: int, end: int) -> bool:
    return find_place(reading.doc.text, start, end, reading.words, reading.items) is not None


def _hint(reading: Reading, number: int) -> str:
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
    """Whether a fact that names no target goes on about the deal at hand ("the sale was worth $40 billion")."""
    current = reading.current
    if current is None or not fact.type or family(fact.type) != family(current.type):
        return False
    return current.target is not None or fact.type == "joint_venture"


# --- the story ------------------------------------------------------------------------------------------------------


def _file(reading: Reading, fact: Fact, number: int) -> None:
    """Add a fact to the deal that it is about, or open a new one."""
    doc = reading.doc
    start = doc.sentences[number][0]
    paragraph = doc.paragraph_at(start)[0]
    candidates = ([reading.current] if reading.current else []) + [d for d in reversed(reading.drafts[-12:]) if d is not reading.current]
    if reading.round_up:
        candidates = [d for d in candidates if d.paragraph == paragraph or fact.target is not None]
    for draft in candidates:
        if (fact.target is not None or draft is reading.current or _shares(draft, fact)) and fits(draft, fact):
            absorb(draft, fact)
            reading.current = draft
            return
    if not fact.type or fact.type == "acquisition" and fact.target is None and not _take_over_target(reading, fact):
        return
    if fact.target is None and not _fill_target(reading, fact):
        return
    draft = open_draft(fact, title=start < doc.title_end, paragraph=paragraph)
    if _retold(reading, draft):
        draft.background = True
    reading.drafts.append(draft)
    if not draft.background or reading.current is None:
        reading.current = draft


def _shares(draft: Draft, fact: Fact) -> bool:
    """Whether a fact without a target is of the type and by the parties of a draft."""
    return draft.type == fact.type and bool({c.id for c in draft.investors} & {c.id for c in fact.investors})


def _take_over_target(reading: Reading, fact: Fact) -> bool:
    """A second bidder bids for the target at hand."""
    if reading.current is None or reading.current.type != "acquisition" or reading.current.target is None:
        return False
    fact.target, fact.inferred = reading.current.target, True
    return bool(fact.investors)


def _fill_target(reading: Reading, fact: Fact) -> bool:
    """Give a fact without a target the story's, where one is told; whether it may stand as a deal."""
    if fact.type in ("capex", "joint_venture", "commercial"):
        return bool(fact.investors)
    if fact.type == "debt" and any(d.type == "acquisition" and reading.topic in d.investors for d in reading.drafts[-12:]):
        return False  # a loan that pays for a takeover is no deal of its own
    money = fact.amount is not None or fact.valuation is not None or bool(fact.round)
    current = reading.current
    if money and fact.type in ("debt", "grant") and current is not None and current.target is not None and not current.background:
        if all(current.target.id != c.id for c in fact.investors) and current.target.kind != "place":
            fact.target, fact.inferred = current.target, True
            return True
    topic = reading.topic
    if topic is not None and len(fact.investors) > 1 and fact.type == "funding_round":
        fact.investors = [c for c in fact.investors if c.id != topic.id]
    if fact.type in ("funding_round", "ipo", "debt", "grant") and reading.topic is not None and money:
        if all(reading.topic.id != c.id for c in fact.investors):
            fact.target, fact.inferred = reading.topic, True
            return True
    return bool(fact.investors and fact.amount)


def _retold(reading: Reading, draft: Draft) -> bool:
    """Whether a deal without a date stands behind the day's: same family and target, another round or sum."""
    first = next((d for d in reading.drafts[:12] if not d.background), None)
    if first is None or reading.round_up or draft.title:
        return False
    if draft.target is None or first.target is None:
        return draft.relative
    return draft.relative or (draft.target.id == first.target.id and draft.type == first.type)


def _take_loose(reading: Reading, number: int, tokens: list[Token]) -> None:
    """A sentence without a frame may still name a sum, a valuation, a stake or backers of the deal at hand."""
    draft = reading.current
    if draft is None or draft.background:
        return
    for token in tokens:
        if token.party is not None and token.head >= 0 and tokens[token.head].governor >= 0:
            place = tokens[token.head].governor
            if draft.type in ("funding_round", "investment", "debt", "ipo") and _introduces(tokens, place):
                cue = tokens[place].cue
                if all(token.party.id != c.id for c in draft.investors) and token.party != draft.target:
                    draft.investors.append(token.party)
                    draft.evidence.append(Evidence("investor", token.start, token.end))
                    if cue is not None and cue.name == "lead":
                        draft.lead.append(token.party)
                        draft.evidence.append(Evidence("lead", token.start, token.end))


def _introduces(tokens: list[Token], place: int) -> bool:
    """Whether a word in a sentence without a frame brings in investors: "Backers include X", "Led by X, with Y"."""
    cue = tokens[place].cue
    if cue is None:
        return False
    if cue.kind == "role":
        return True
    if cue.kind != "link":
        return False
    if cue.name == "include":
        return any(t.cue is not None and t.cue.kind == "role" for t in tokens[max(0, place - 4) : place])
    opener = next((t.cue for t in tokens[:3] if t.cue is not None), None)
    led = opener is not None and opener.kind == "link" and opener.name == "lead"
    return led and cue.name in ("lead", "with")


def _fill_gaps(reading: Reading) -> None:
    """Sums, values and shares told after a deal, in sentences that say no more of it, fill the slots left empty."""
    main = [d for d in reading.drafts if not d.background]
    used = {a.start for d in reading.drafts for a in (d.amount, d.valuation) if a is not None}
    told = {d.sentence for d in reading.drafts if d.background}
    alone = len(main) == 1 and not reading.round_up
    following = sorted({d.sentence for d in main})
    for draft in main:
        start, end = _reach(reading, draft, following)
        if draft.amount is None and not (draft.type == "acquisition" and draft.valuation):
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
    for a, b, thing in reading.items[first : first + 400]:
        if b > span[1]:
            return
        if isinstance(thing, Amount) and thing.kind == kind and a not in used and thing.equivalent_of is None:
            if not _taken(reading, draft, a, told):
                setattr(draft, name, thing)
                draft.evidence.append(Evidence(name, a, b))
                used.add(a)
                return


def _taken(reading: Reading, draft: Draft, place: int, told: set[int]) -> bool:
    return reading.doc.sentence_index(place) in told or _of_others(reading, draft, place)


def _of_others(reading: Reading, draft: Draft, place: int) -> bool:
    """Whether a sentence names a party that has no part in the deal, or speaks of what already is."""
    start, end = reading.doc.sentence_at(place)
    mine = {c.id for c in draft.investors} | {c.id for c in draft.sellers} | ({draft.target.id} if draft.target else set())
    first = bisect_left(reading.items, start, key=lambda item: item[0])
    for a, _, thing in reading.items[first : first + 40]:
        if a >= end:
            break
        if isinstance(thing, Company) and thing.id not in mine:
            return True
    number = reading.doc.sentence_index(place)
    return any(t.cue is not None and t.cue.kind == "past" for t in reading.tokens[number])


# --- the claim ------------------------------------------------------------------------------------------------------


def _claim(reading: Reading, draft: Draft) -> Claim | None:
    if draft.type == "capex" and draft.target is None:
        _place(reading, draft)
    if draft.type == "joint_venture":
        _name_venture(reading, draft)
    if draft.type == "grant" and not draft.investors:
        _find_giver(reading, draft)
    investors = [c for c in draft.investors if draft.target is None or c.id != draft.target.id]
    sellers = {c.id for c in draft.sellers}
    investors = [c for c in investors if c.id not in sellers]
    if not _complete(draft, investors):
        return None
    status = settle_status(draft)
    keep = {c.id for c in investors}
    return Claim(
        cast(DealType, draft.type),
        status,
        tuple(Party(c.id, c.name) for c in investors),
        tuple(Party(c.id, c.name) for c in draft.lead if c.id in keep),
        Party(draft.target.id, draft.target.name) if draft.target else None,
        draft.amount.money if draft.amount else None,
        draft.valuation.money if draft.valuation else None,
        draft.round if draft.type == "funding_round" else None,
        draft.stake if draft.type in ("acquisition", "investment", "funding_round") else None,
        _date(reading, draft),
        not draft.background,
        "unnamed" if draft.unnamed or status == "rumoured" else "press",
        confidence=_confidence(draft, investors),
        evidence=_evidence(reading, draft),
    )


def _settle_type(reading: Reading, draft: Draft) -> None:
    """The last word on the type: a large share is a takeover, money into a place is one's own spending."""
    if draft.type == "investment" and (draft.whole or (draft.stake or 0) > 50):
        draft.type = "acquisition"
    elif draft.type == "acquisition" and (draft.minority or 0 < (draft.stake or 100) < 50):
        draft.type = "investment"
    elif draft.type == "investment" and draft.round and draft.amount:
        draft.type = "funding_round"
    elif draft.type in ("investment", "funding_round") and draft.weak and _from_public(reading, draft):
        draft.type = "grant"
    elif draft.type == "investment" and draft.weak and _hint(reading, draft.sentence) in ("grant", "debt"):
        draft.type = _hint(reading, draft.sentence)
    elif draft.type == "capex" and draft.target is not None and draft.target.kind != "place":
        draft.type = "commercial"
    elif draft.type == "investment" and draft.target is None and draft.amount is not None:
        draft.type = "capex"


def _from_public(reading: Reading, draft: Draft) -> bool:
    public = reading.lexicon.public
    return draft.public or bool(draft.investors) and all(c.kind == "public" or public.search(c.name) for c in draft.investors)


def _place(reading: Reading, draft: Draft) -> None:
    doc = reading.doc
    for number in (draft.sentence, draft.sentence + 1):
        if number >= len(doc.sentences):
            break
        start, end = doc.sentences[number]
        found = find_place(doc.text, start, end, reading.words, reading.items) or find_site(doc.text, start, end, reading.words)
        if found is not None:
            draft.target = Company(found.value.lower().replace(" ", "-"), found.value, "place")
            draft.evidence.append(Evidence("target", found.start, found.end))
            return


def _name_venture(reading: Reading, draft: Draft) -> None:
    doc = reading.doc
    if draft.target is not None and all(draft.target.id != c.id for c in draft.investors):
        return
    draft.target = None
    for number in range(draft.sentence, min(draft.sentence + 6, len(doc.sentences))):
        start, end = doc.sentences[number]
        found = find_name(doc.text, start, end, reading.words)
        if found is not None:
            draft.target = Company(found.value.lower().replace(" ", "-"), found.value)
            draft.evidence.append(Evidence("target", found.start, found.end))
            return
    partners = {c.id for c in draft.investors}
    first, last = doc.sentences[draft.sentence][0], doc.sentences[min(draft.sentence + 3, len(doc.sentences) - 1)][1]
    for start, end, thing in reading.items:
        if first <= start < last and isinstance(thing, Company) and thing.id not in partners:
            draft.target = thing
            draft.evidence.append(Evidence("target", start, end))
            return


def _find_giver(reading: Reading, draft: Draft) -> None:
    """A grant without a giver comes from the first public body that its part of the story names."""
    doc, public = reading.doc, reading.lexicon.public
    first, last = (draft.paragraph, doc.paragraph_at(draft.paragraph)[1]) if reading.round_up else (0, 1500)
    for start, end, thing in reading.items:
        if first <= start < last and isinstance(thing, Company) and (thing.kind == "public" or public.search(thing.name)):
            if draft.target is None or thing.id != draft.target.id:
                draft.investors.append(thing)
                draft.evidence.append(Evidence("investor", start, end))
                return


def _complete(draft: Draft, investors: list[Company]) -> bool:
    """Whether enough of a deal is told to claim it."""
    kind, target = draft.type, draft.target is not None
    if kind in ("funding_round", "debt"):
        return target and bool(draft.amount or draft.round or draft.valuation or draft.lead or investors)
    if kind in ("investment", "acquisition"):
        return target and bool(investors)
    if kind == "grant":
        return target and draft.amount is not None
    if kind == "commercial":
        return target and bool(investors) and draft.amount is not None
    if kind == "joint_venture":
        return bool(investors) and (len(investors) > 1 or target)
    if kind == "capex":
        return target and bool(investors) and draft.amount is not None
    return target


def _date(reading: Reading, draft: Draft) -> str | None:
    if draft.date is not None and (draft.background or len(draft.date) == 10):
        return draft.date
    doc = reading.doc
    if draft.background:
        return None
    if reading.round_up:
        numbers = [n for n in range(draft.sentence, min(draft.sentence + 3, len(doc.sentences)))]
        numbers = [n for n in numbers if doc.paragraph_at(doc.sentences[n][0])[0] == draft.paragraph]
    else:
        numbers = list(range(min(_LEAD_SENTENCES, len(doc.sentences))))
    for number in numbers:
        for dated in dates_in(reading.dates, *doc.sentences[number]):
            if len(dated.value) == 10 and not dated.past:
                draft.evidence.append(Evidence("date", dated.start, dated.end))
                return dated.value
    return None


def _confidence(draft: Draft, investors: list[Company]) -> float:
    score = 0.45 + 0.15 * bool(draft.title) + 0.1 * bool(draft.target and investors) + 0.1 * bool(draft.amount)
    score += 0.1 * (not draft.weak) + 0.1 * (draft.frames > 2) - 0.2 * draft.inferred
    return round(min(0.98, max(0.05, score)), 2)


def _evidence(reading: Reading, draft: Draft) -> tuple[Evidence, ...]:
    doc, kept, seen = reading.doc, [], set()
    for item in draft.evidence:
        key = (item.field, item.start)
        if key in seen:
            continue
        seen.add(key)
        start, end = doc.sentence_at(item.start)
        kept.append(replace(item, sentence=doc.text[start:end]))
    return tuple(kept)
