"""Deals told in a text: who put how much into whom, at what stage of truth, each slot with the words it was read from.

A sentence's frames give events (`clauses`), the story gives the parties that pronouns and "the company" stand for
(`facts`), and facts about one deal are gathered into one record however often the story tells it (`drafts`, `claims`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from dealwatch.model import Amount, Claim, Company, Evidence, Money
from dealwatch.parser.claims import make_claim, settle_parties, settle_type
from dealwatch.parser.dating import Dates, is_past
from dealwatch.parser.days import find_clocks
from dealwatch.parser.drafts import Draft, Fact, absorb, fits, open_draft
from dealwatch.parser.events import Event
from dealwatch.parser.facts import read_facts
from dealwatch.parser.frames import Token
from dealwatch.parser.gaps import fill_gaps, take_loose
from dealwatch.parser.listing import read_item
from dealwatch.parser.reading import Reading
from dealwatch.parser.sharing import find_others, find_series
from dealwatch.parser.slots import compile_slots
from dealwatch.parser.telling import Telling, open_telling
from dealwatch.parser.text import Document
from dealwatch.parser.waiting import join_waiting, name_waiting, wait_for_name
from dealwatch.parser.whom import is_backer, is_lender

_ANSWER = re.compile(r"\n[^\n:“«\"]{2,40}: ?[“«\"]")
_MANY = 60  # deals of a story among which a venture's own spending is looked for
_BESIDE = 3  # sentences between a round and one investor's part of it
_NEAR = 4  # sentences behind a round in which credit from nobody is a part of it
_OPENING = 1  # headline and first sentence
_INTERVIEW = 3  # paragraphs "Name: “...”" that make an interview
_LEAD = 3  # sentences in which the headline's company may go without saying
_QUOTED = re.compile(r"[“«\"][^“”«»\"\n]{60,600}[”»\"]")


def find_deals(
    doc: Document, companies: Sequence[Company], amounts: Sequence[Amount], telling: Telling | None = None
) -> tuple[Claim, ...]:
    """Every deal that the text tells as a claim, main ones and those told as background, in order of first telling.

    `companies` are the organisations named in the text, `amounts` its sums, `telling` its sentences where somebody
    has opened them. Time grows linearly with the text.
    """
    telling = telling or open_telling(doc, companies, amounts)
    reading = Reading(
        doc,
        telling.lexicon,
        compile_slots(doc.pack),
        telling.items,
        Dates(doc.text, doc.pack, doc.published),
        _quoted_spans(doc),
        telling.lower,
    )
    sentences = [_read_sentence(reading, telling, number) for number in range(len(doc.sentences))]
    reading.tokens = [tokens for tokens, _ in sentences]
    reading.round_up = _is_round_up(reading, sentences)
    reading.hints = _hints(doc, sentences)
    reading.itemised = frozenset(n for n, tokens in enumerate(reading.tokens) if n and read_item(tokens)[0] is not None)
    reading.correction = _says(reading, "correction", 2)
    reading.clocks = find_clocks(doc.text)
    taken_back = _says(reading, "retraction", 8)
    if _says(reading, "hoax", 6) and not taken_back:
        return ()
    paragraph = -1
    for number, (tokens, events) in enumerate(sentences):
        start = doc.sentences[number][0]
        if doc.paragraph_at(start)[0] != paragraph:
            paragraph = doc.paragraph_at(start)[0]
            if reading.round_up:
                reading.topic, reading.current = None, None
        _take_sentence(reading, number, tokens, events)
    for draft in reading.drafts:
        settle_type(reading, draft)
        settle_parties(reading, draft)
    if taken_back:
        for draft in reading.drafts:
            draft.statuses.append(("called_off", True))
            draft.background, draft.date = False, None  # what was told then is the news: it is off
    _join_rivals(reading)
    _join_twins(reading)
    _bring_forward(reading)
    fill_gaps(reading)
    _take_outlays(reading)
    claims = (make_claim(reading, draft) for draft in reading.drafts)
    return tuple(claim for claim in claims if claim is not None)


def _bring_forward(reading: Reading) -> None:
    """What a story opens with is its news, though told by the way ("is a unicorn after raising $9m")."""
    first = reading.drafts[0] if reading.drafts else None
    if first is None or first.sentence > _OPENING or first.relative or any(not d.background for d in reading.drafts):
        return
    if first.date is None or not is_past(first.date, reading.doc.published):
        first.background = False


def _quoted_spans(doc: Document) -> list[tuple[int, int]]:
    """The long stretches in marks; none in an interview, where the news itself is told so."""
    if len(_ANSWER.findall(doc.text)) >= _INTERVIEW:
        return []
    return [m.span() for m in _QUOTED.finditer(doc.text)]


def _take_outlays(reading: Reading) -> None:
    """What a new venture will build is what it costs its partners, where nothing else is told of their money."""
    for venture in reading.drafts[:_MANY]:
        if venture.type != "joint_venture":
            continue
        reading.drafts = [draft for draft in reading.drafts if not _is_outlay(draft, venture)]
        if venture.target is None or venture.amount is not None:
            continue
        for draft in reading.drafts[:_MANY]:
            spends = draft.type in ("capex", "commercial") and [c.id for c in draft.investors] == [venture.target.id]
            given = draft.type == "investment" and draft.target is not None and draft.target.id == venture.target.id
            if (spends or (given and _overlap(draft, venture))) and draft.amount is not None:
                venture.amount = draft.amount
                venture.evidence.append(Evidence("amount", draft.amount.start, draft.amount.end))
                reading.drafts = [d for d in reading.drafts if d is not draft]
                break


def _join_rivals(reading: Reading) -> None:
    """A bidder bids for what its rival wants, not for the rival: "A will not top the offer of B for C and gives up"."""
    bids = [d for d in reading.drafts[:12] if d.type == "acquisition" and d.target is not None and d.investors]
    for bid in bids if len(bids) > 1 else ():
        if bid.amount is None and any(_is_reversed(bid, other) for other in bids):
            reading.drafts = [d for d in reading.drafts if d is not bid]
            return
        for own, rival in ((a, b) for a in bids for b in bids if a is not b and bid not in (a, b)):
            same = own.target == rival.target and {c.id for c in bid.investors} == {c.id for c in own.investors}
            if same and bid.target in rival.investors:
                own.amount = own.amount or bid.amount
                own.evidence += [e for e in bid.evidence if e.field == "amount"]
                reading.drafts = [d for d in reading.drafts if d is not bid]
                return


def _is_reversed(bid: Draft, other: Draft) -> bool:
    """Whether one story's two purchases are one, its headline read the wrong way round."""
    return bid.target in other.investors and other.target in bid.investors and other.amount is not None


def _is_outlay(draft: Draft, venture: Draft) -> bool:
    """Whether a spending plan is only what the partners of a venture put into it: the same sum, by the same."""
    if draft.type not in ("capex", "investment") or draft.amount is None or venture.amount is None:
        return False
    partners = {c.id for c in venture.investors}
    return draft.amount.money == venture.amount.money and {c.id for c in draft.investors} <= partners


def _join_twins(reading: Reading) -> None:
    """One deal told under two types ("signs a cheque", then "a contract") is one: the firmer type stands."""
    seen: dict[tuple[str, Money, bool], Draft] = {}
    kept = []
    for draft in reading.drafts:
        if draft.target is None or draft.amount is None:
            kept.append(draft)
            continue
        twin = seen.setdefault((draft.target.id, draft.amount.money, draft.background), draft)
        if twin is draft or not (twin.weak or draft.weak) or not _overlap(twin, draft):
            kept.append(draft)
        else:
            firm = draft if twin.weak else twin
            kind, weak = firm.type, firm.weak
            absorb(twin, draft)
            twin.type, twin.weak = kind, weak
    reading.drafts = kept if reading.round_up else _join_slices(_join_same(kept))


def _join_slices(drafts: list[Draft]) -> list[Draft]:
    """One investor's part of a round that is told beside it is no deal of its own: it makes the investor one of it."""
    kept: list[Draft] = []
    for draft in drafts:
        home = next((d for d in drafts[:_MANY] if d is not draft and _is_slice(d, draft)), None)
        if home is None:
            kept.append(draft)
            continue
        draft.amount, draft.statuses, draft.date = None, [], None
        draft.evidence = [e for e in draft.evidence if e.field not in ("amount", "status", "date", "type")]
        home.investors = [*draft.investors, *(c for c in home.investors if c not in draft.investors)]
        absorb(home, draft)
    return kept


def _is_slice(whole: Draft, part: Draft) -> bool:
    """Whether an investment is a part of a round told near it, by its receiver and its smaller sum."""
    if whole.type != "funding_round" or part.type != "investment" or whole.background or part.background:
        return False
    if whole.target is None or part.target is None or whole.target.id != part.target.id:
        return False
    if whole.amount is None or part.amount is None or abs(whole.sentence - part.sentence) > _BESIDE:
        return False
    mine, other = whole.amount.money.middle, part.amount.money.middle
    return mine is not None and other is not None and other < mine


def _join_same(drafts: list[Draft]) -> list[Draft]:
    """What the last word on their types makes one deal: same type and target, a party shared, nothing at odds."""
    kept: list[Draft] = []
    for draft in drafts:
        home = next((k for k in kept if _is_same(k, draft)), None)
        if home is None:
            kept.append(draft)
        else:
            absorb(home, draft)
    return kept


def _is_same(one: Draft, other: Draft) -> bool:
    if one.type != other.type or one.background != other.background or one.target is None or other.target is None:
        return False
    if one.type == "funding_round" and not (one.round == other.round or one.amount is None or other.amount is None):
        return False
    return one.target.id == other.target.id and _overlap(one, other) and fits(one, other)


def _overlap(one: Draft, other: Draft) -> bool:
    return bool({c.id for c in one.investors} & {c.id for c in other.investors})


def _read_sentence(reading: Reading, telling: Telling, number: int) -> tuple[list[Token], list[Event]]:
    sentence = telling.at(number)
    if reading.doc.sentences[number][0] == 0 or not reading.quoted:
        return sentence.tokens, sentence.events
    return sentence.tokens, [event for event in sentence.events if not _is_quoted(reading, event.start)]


def _is_quoted(reading: Reading, place: int) -> bool:
    """Whether a place stands in a long stretch of quoted speech."""
    at = bisect_right(reading.quoted, (place, place)) - 1
    return at >= 0 and reading.quoted[at][0] < place < reading.quoted[at][1]


def _says(reading: Reading, kind: str, sentences: int) -> bool:
    """Whether a story says at its head what turns all that it tells: that it is a joke, corrects, or is withdrawn."""
    return any(t.cue is not None and t.cue.kind == kind for tokens in reading.tokens[:sentences] for t in tokens)


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
        paragraph = doc.paragraph_at(start)[0] if events else -1
        if not events or paragraph in seen:
            continue
        told = [e for e in events if e.frame.type and (e.frame.type == "acquisition" or any(t.amount for t in tokens))]
        found = {t.party.id for e in told for t in e.parts.get("target", []) if t.party is not None}
        if found:
            seen.add(paragraph)
            targets |= found - named
    return len(targets) >= 3 and len(seen) >= 3


def _hints(doc: Document, sentences: list[tuple[list[Token], list[Event]]]) -> dict[int, str]:
    """For each paragraph and for the story (-1) the type of its first noun of public money, credit or a round."""
    hints: dict[int, str] = {}
    for number, (_, events) in enumerate(sentences):
        for event in events:
            told = event.frame.form == "noun" and event.frame.type in ("grant", "debt", "funding_round")
            if told or event.frame.type == "grant":
                hints.setdefault(doc.paragraph_at(doc.sentences[number][0])[0], event.frame.type)
                hints.setdefault(-1, event.frame.type)
    return hints


def _take_sentence(reading: Reading, number: int, tokens: list[Token], events: list[Event]) -> None:
    facts = read_facts(reading, number, tokens, events)
    if reading.topic is None:
        reading.topic = _fronted_for(tokens, events)
    if reading.correction and _quotes_itself(tokens):
        reading.void |= {t.start for t in tokens if t.amount is not None}
        for fact in facts:
            fact.amount, fact.valuation, fact.background = None, None, False
            fact.date = None  # of the article, not of the deal
    for fact in facts:
        _file(reading, fact, number)
    if facts:
        _file_others(reading, number, tokens, facts[0])
    subject = _main_subject(tokens)
    if subject is not None and not _comes_along(reading, subject):
        reading.topic = subject
    heads = [t.head for t in tokens if t.party is not None]
    for head in heads:
        if heads.count(head) == 2:
            reading.pair = tuple(t.party for t in tokens if t.head == head and t.party is not None)
            break
    if not facts:
        named = name_waiting(reading, number, tokens)
        if named is not None:
            _file(reading, named, number)
        take_loose(reading, number, tokens)


def _fronted_for(tokens: list[Token], events: list[Event]) -> Company | None:
    """The subject behind a deal that opens its sentence: "Fresh from a round of $9m, Acme is worth ..."."""
    subject = _main_subject(tokens)
    if subject is None or not events:
        return None
    place = next(token.start for token in tokens if token.party is subject)
    return subject if events[0].end < place else None


def _quotes_itself(tokens: list[Token]) -> bool:
    """Whether a sentence of a correction tells what the paper had wrong: "we reported that", "the article said"."""
    kinds = [t.cue.kind if t.cue is not None else "" for t in tokens]
    return "misprint" in kinds or ("pronoun", "reporting") in pairwise(kinds)


def _comes_along(reading: Reading, company: Company) -> bool:
    """Whether a company only puts money into the deal at hand, so that the story stays with who receives it."""
    current = reading.current
    if current is None or current.type not in ("funding_round", "investment") or current.target is None:
        return False
    return is_backer(reading, company) and any(company.id == c.id for c in current.investors)


def _file_others(reading: Reading, number: int, tokens: list[Token], fact: Fact) -> None:
    """ "... which follows two others in 2019 and 2021": earlier deals of the same parties, one a date."""
    told = find_others(reading, number, tokens)
    home = reading.current
    if fact.background and fact.type == "investment" and fact.target is not None and fact.date:
        told = told or find_series(reading, number, fact)
        home = open_draft(fact, title=False, paragraph=0)
    _file_series(reading, tokens, fact)
    for dated in told:
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


def _file_series(reading: Reading, tokens: list[Token], fact: Fact) -> None:
    """ "Its fourth acquisition, after those of A, B and C": earlier deals of the same buyer, one a name."""
    at = next((i for i, t in enumerate(tokens) if t.cue is not None and t.cue.kind == "series"), -1)
    buyers = fact.investors or (reading.current.investors if reading.current is not None else [])
    if at < 0 or at + 1 >= len(tokens) or fact.type != "acquisition" or not buyers:
        return
    first = next((t for t in tokens[at + 1 : at + 4] if t.party is not None), None)
    for token in tokens[at + 1 :] if first is not None else ():
        if token.party is None or first is None or token.head != first.head:
            continue
        earlier = Fact("acquisition", False, fact.sentence, token.start, token.end, background=True)
        earlier.investors, earlier.target = list(buyers), token.party
        for name in ("type", "target"):
            earlier.note(name, token.start, token.end)
        reading.drafts.append(open_draft(earlier, title=False, paragraph=reading.doc.paragraph_at(token.start)[0]))


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


def _file(reading: Reading, fact: Fact, number: int) -> None:
    """Add a fact to the deal that it is about, or open a new one."""
    doc = reading.doc
    start = doc.sentences[number][0]
    paragraph = doc.paragraph_at(start)[0]
    candidates = ([reading.current] if reading.current else []) + [
        d for d in reversed(reading.drafts[-12:]) if d is not reading.current
    ]
    if reading.round_up:
        candidates = [d for d in candidates if d.paragraph == paragraph or fact.target is not None]
    for draft in candidates:
        if (fact.target is not None or draft is reading.current or _shares(draft, fact)) and fits(draft, fact):
            absorb(draft, fact)
            reading.current = draft
            return
    if not fact.type or (fact.type == "acquisition" and fact.target is None and not _take_over_target(reading, fact)):
        return
    if not _worth_opening(fact) or (fact.status == "called_off" and fact.type == "debt" and not fact.investors):
        return
    if fact.target is None and not _fill_target(reading, fact):
        wait_for_name(reading, reading.tokens[number], [fact])
        return
    draft = open_draft(fact, title=start < doc.title_end, paragraph=paragraph)
    join_waiting(reading, draft)
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
    if fact.type == "capex" and not fact.investors and reading.current and reading.current.type == "joint_venture":
        return False  # what the partners build
    if fact.type == "capex" and not fact.investors and fact.sentence <= _LEAD:
        fact.investors = _title_company(reading)  # "Acme, $4bn for the cloud": the body leaves the name out
    if fact.type in ("capex", "joint_venture", "commercial"):
        return bool(fact.investors)
    if fact.type == "debt" and (_pays_takeover(reading) or _is_debt_part(reading, fact)):
        return False
    if fact.type == "investment" and fact.background and fact.amount is not None and _take_main_target(reading, fact):
        return True
    if fact.type == "investment" and fact.public and fact.amount is not None and _adds_aid(reading, fact):
        return True
    topic = reading.topic
    if topic is not None and len(fact.investors) > 1 and fact.type == "funding_round":
        fact.investors = [c for c in fact.investors if c.id != topic.id]
    known = {c.id for c in fact.investors}
    company = next((c for c in _likely_targets(reading, fact) if c.id not in known), None)
    if company is None:
        return bool(fact.investors and fact.amount)
    fact.target, fact.inferred = company, True
    current = reading.current
    told = not (fact.investors or fact.background)
    if fact.type == "debt" and told and current is not None and current.type == "investment":
        fact.investors = list(current.investors)  # "the ticket comes with convertible bonds"
    return True


def _adds_aid(reading: Reading, fact: Fact) -> bool:
    """Whether a second public body gives to the receiver of the aid at hand: "the agency, for its part, adds $1m"."""
    aid = reading.current
    if aid is None or aid.type not in ("grant", "debt") or aid.background or aid.target is None:
        return False
    fact.type, fact.target, fact.inferred = "grant", aid.target, True
    return bool(fact.investors) and all(c.id != aid.target.id for c in fact.investors)


def _pays_takeover(reading: Reading) -> bool:
    """Whether a loan told now pays for the takeover at hand, and so is no deal of its own."""
    return any(d.type == "acquisition" and reading.topic in d.investors for d in reading.drafts[-12:])


def _is_debt_part(reading: Reading, fact: Fact) -> bool:
    """Whether credit that names nobody is part of the round at hand: "468m in equity and 132m in debt"."""
    whole = reading.current
    if whole is None or whole.type != "funding_round" or fact.investors or fact.background or whole.background:
        return False
    if whole.amount is None or fact.amount is None or fact.sentence - whole.sentence > _NEAR:
        return False
    mine, other = whole.amount.money.middle, fact.amount.money.middle
    return mine is not None and other is not None and other < mine


def _likely_targets(reading: Reading, fact: Fact) -> list[Company]:
    """Who receives the money of a fact that names no receiver, the likeliest first; nobody without a sum or round."""
    talked = fact.type == "investment" and fact.amount is not None and fact.status == "called_off"
    if fact.type not in ("funding_round", "ipo", "debt", "grant") and not talked:
        return []
    named = fact.round and (fact.sentence or fact.investors)
    if fact.amount is None and fact.valuation is None and not named:
        return []
    current, topic, found = reading.current, reading.topic, []
    if current is not None and current.target is not None and current.target.kind != "place":
        lent = fact.type in ("debt", "grant") and not current.background
        own = topic in current.investors or (not reading.round_up and topic is not None and is_backer(reading, topic))
        own = own and (current.type != "acquisition" or fact.background)
        if lent or (fact.type in ("funding_round", "ipo") and own):
            found.append(current.target)
    found += [topic] if topic is not None else []
    return [c for c in found if not is_backer(reading, c)] or _title_company(reading)


def _title_company(reading: Reading) -> list[Company]:
    """The first company of the headline that is no investor."""
    for tokens in reading.tokens[:3]:
        for token in tokens:
            if token.start >= reading.doc.title_end:
                return []
            if token.party is not None and not is_backer(reading, token.party):
                return [token.party]
    return []


def _take_main_target(reading: Reading, fact: Fact) -> bool:
    """Money put in years ago went into the company that the story is about."""
    first = next((d for d in reading.drafts[:12] if not d.background and d.target is not None), None)
    if first is None or first.target is None or any(first.target.id == c.id for c in fact.investors):
        return False
    if all(is_lender(reading, c) and c.kind != "investor" for c in fact.investors):
        return False  # what a bank lends in a year goes to many
    fact.target, fact.inferred = first.target, True
    return bool(fact.investors)


def _worth_opening(fact: Fact) -> bool:
    """Whether a fact is enough to begin a deal with; a loan or grant without a sum, late in a story, is not."""
    if fact.type == "funding_round" and fact.background and not (fact.target or fact.investors or fact.date):
        return fact.amount is not None or fact.valuation is not None
    return fact.sentence <= 1 or fact.amount is not None or fact.type not in ("grant", "debt", "commercial", "capex")


def _ids_of(draft: Draft) -> set[str]:
    return {c.id for c in draft.investors}


def _retold(reading: Reading, draft: Draft) -> bool:
    """Whether a deal without a date stands behind the day's: same family and target, another round or sum."""
    first = next((d for d in reading.drafts[:12] if not d.background), None)
    if first is None or reading.round_up or draft.title:
        return False
    if draft.target is None or first.target is None:
        return draft.relative
    rival = draft.type == first.type == "acquisition" and not {c.id for c in draft.investors} & _ids_of(first)
    if rival and draft.investors and first.investors and any(status == "rumoured" for status, _ in draft.statuses):
        return draft.relative  # another bidder
    return draft.relative or (draft.target.id == first.target.id and draft.type == first.type)
