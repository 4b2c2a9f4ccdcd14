"""A draft made a claim: the last word on its type, target and date, whether it is whole, and how sure it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain, pairwise
from typing import cast

from dealwatch.lang import Pack
from dealwatch.model import Claim, Company, DealType, Evidence, Party
from dealwatch.parser.believing import is_believable
from dealwatch.parser.confidence import weigh_deal
from dealwatch.parser.days import settle_date
from dealwatch.parser.drafts import Draft, settle_status
from dealwatch.parser.exits import find_tranche, has_leaver, without_leavers
from dealwatch.parser.frames import FURTHEST, Token, items_in
from dealwatch.parser.listing import hint_type
from dealwatch.parser.phrases import alternatives
from dealwatch.parser.reading import Reading
from dealwatch.parser.slots import Found, find_name, find_place, find_site
from dealwatch.parser.whom import is_backer, is_fund, is_lender

_NOT_NAMED = ("in", "at", "under", "for", "with", "from", "by")  # links behind which no new venture stands
_BRIDGE = 100_000_000  # the most that a start-up borrows to get to its next round
_VALUED = ("funding_round", "investment", "acquisition", "ipo")


def make_claim(reading: Reading, draft: Draft) -> Claim | None:
    """The claim of a draft, None where too little is told."""
    investors = [c for c in draft.investors if draft.target is None or c.id != draft.target.id]
    sellers = {c.id for c in draft.sellers}
    investors = without_leavers(draft, [c for c in investors if c.id not in sellers])
    unmade = _lends_nothing(reading, draft, investors) or _joins_state(reading, draft)
    unmade = unmade or _only_pays(reading, draft, investors)
    if unmade or not _complete(draft, investors) or not is_believable(reading, draft, investors):
        return None
    status = settle_status(draft)
    keep = {c.id for c in investors}
    return Claim(
        cast(DealType, draft.type),
        status,
        tuple(Party(c.id, c.name) for c in investors),
        tuple(Party(c.id, c.name) for c in draft.lead if c.id in keep),
        _target(reading, draft),
        draft.amount.money if draft.amount else None,
        draft.valuation.money if draft.valuation and draft.type in _VALUED else None,
        draft.round if draft.type == "funding_round" else None,
        draft.stake if draft.type in ("acquisition", "investment", "funding_round") else None,
        settle_date(reading, draft),
        not draft.background,
        "unnamed" if draft.unnamed or status == "rumoured" else "party" if draft.own_word else "press",
        confidence=weigh_deal(draft, investors),
        evidence=(*_evidence(reading, draft, investors), *find_tranche(reading, draft)),
    )


def _target(reading: Reading, draft: Draft) -> Party | None:
    """The target as a party; a plan's place by the id that it has in every language ("Gand", "Ghent")."""
    if draft.target is None:
        return None
    names: Mapping[str, str] = reading.doc.pack.section("deals").get("exonyms", {})
    known = names.get(draft.target.name.lower()) if draft.type == "capex" else None
    return Party(known or draft.target.id, draft.target.name)


def _lends_nothing(reading: Reading, draft: Draft, investors: list[Company]) -> bool:
    """Whether the only party to a loan is a bank that speaks of loans: "a loan that cost 2%, says Hollis Bank"."""
    bank = draft.type == "debt" and draft.target is not None and is_lender(reading, draft.target)
    return bank and not investors and (draft.background or draft.inferred)


def _only_pays(reading: Reading, draft: Draft, investors: list[Company]) -> bool:
    """Whether a purchase told by the way is what a loan of the story pays for: its lenders buy nothing."""
    if draft.type != "acquisition" or not investors or draft.amount is not None:
        return False
    buyers = {c.id for c in investors}
    return any(d.type == "debt" and buyers <= {c.id for c in d.investors} for d in reading.drafts[:12])


def settle_parties(reading: Reading, draft: Draft) -> None:
    """The parties that grammar does not give: a plan's place, a venture's name, who gives a grant."""
    if draft.type == "capex" and draft.target is None:
        _place(reading, draft)
    if draft.type == "joint_venture":
        _name_venture(reading, draft)
    if draft.type == "commercial":
        _turn_supplier(reading, draft)
    if draft.type == "grant" and not draft.investors:
        _find_giver(reading, draft)
    if draft.type == "ipo" and draft.lead:  # who leads a listing arranges it
        draft.investors = [c for c in draft.investors if c not in draft.lead]
        draft.lead = []
    if draft.type == "grant" and len(draft.investors) > 1:
        _drop_country(reading, draft)
    if draft.type == "acquisition" and len(draft.investors) > 1:
        buyers = [c for c in draft.investors if not _is_public(reading, c)]
        draft.investors = buyers or draft.investors  # who must approve it buys nothing


def settle_type(reading: Reading, draft: Draft) -> None:
    """The last word on the type: a large share is a takeover, money into a place is one's own spending."""
    if draft.type == "investment" and (draft.whole or (draft.stake or 0) > 50):
        draft.type = "acquisition"
    elif draft.type == "acquisition" and (draft.minority or 0 < (draft.stake or 100) < 50):
        draft.type = "investment"
    elif draft.type == "investment" and draft.amount and (draft.round or _by_several(reading, draft)):
        draft.type = "funding_round"
    elif _is_grant(reading, draft) or _is_granted(reading, draft):
        draft.type = "grant"
    elif draft.type == "debt" and _is_bridge(reading, draft):
        draft.type = "funding_round"
    elif draft.type == "funding_round" and _is_lent(reading, draft):
        draft.type = "debt"
    elif draft.type == "investment" and draft.weak and hint_type(reading, draft.sentence) in ("grant", "debt"):
        draft.type = hint_type(reading, draft.sentence)
    elif draft.type == "capex" and draft.target is not None and _is_site(reading, draft):
        draft.target = replace(draft.target, kind="place")
    elif _is_paid_for(reading, draft) or _is_rented(draft):
        draft.type = "commercial"
    elif draft.type == "investment" and draft.target is None and draft.amount is not None:
        draft.type = "capex"


def _by_several(reading: Reading, draft: Draft) -> bool:
    """Whether several put money in together, one of them in the lead or all of them funds: then it is a round."""
    if len(draft.investors) < 2 or draft.stake is not None:
        return False
    funds = draft.weak and all(is_backer(reading, c) and c.kind != "public" for c in draft.investors)
    return bool(draft.lead) or funds


@lru_cache(maxsize=16)
def _paid_for(pack: Pack) -> re.Pattern[str]:
    """What money buys that is no share: "pour accéder à ses archives", "de puces"."""
    return re.compile(rf"(?<!\w)(?:{alternatives(pack.words('deals', 'paid_for'))})(?!\w)")


def _is_paid_for(reading: Reading, draft: Draft) -> bool:
    """Whether money that somebody hands over pays for goods or rights that its sentence names."""
    if draft.type != "investment" or not draft.weak or draft.stake is not None:
        return False
    if draft.target is None or not draft.investors or draft.amount is None:
        return False
    start, end = reading.doc.sentences[draft.sentence]
    return _paid_for(reading.doc.pack).search(reading.lower, start, min(end, start + FURTHEST)) is not None


def _is_site(reading: Reading, draft: Draft) -> bool:
    """Whether what somebody builds stands at a name that nothing shows to be a company: "a campus at Port Ellery"."""
    target, doc = draft.target, reading.doc
    if target is None or target.known or target.kind != "unknown":
        return False
    start = next((e.start for e in draft.evidence if e.field == "target"), 0)
    first, end = doc.sentences[min(draft.sentence, len(doc.sentences) - 1)]
    before = doc.text[first:start].split()
    stands = bool(before) and before[-1].lower() in reading.words.at
    return stands and reading.words.site.search(doc.text, first, min(start, end)) is not None


def _is_rented(draft: Draft) -> bool:
    """Whether somebody's own spending goes to a company ("will spend $9m at Acme")."""
    return draft.type == "capex" and draft.target is not None and draft.target.kind != "place"


def _is_grant(reading: Reading, draft: Draft) -> bool:
    if draft.type not in ("investment", "funding_round") or draft.round or draft.lead or draft.stake:
        return False
    return (draft.weak or draft.type == "funding_round") and _from_public(reading, draft)


def _is_granted(reading: Reading, draft: Draft) -> bool:
    """Whether money that somebody only receives is part of the grant that the story is about: "of it X gets $2m"."""
    plain = draft.type == "funding_round" and draft.weak and not (draft.investors or draft.round or draft.lead)
    return plain and hint_type(reading, draft.sentence) == "grant"


def _is_bridge(reading: Reading, draft: Draft) -> bool:
    """Whether a loan is the bridge to a firm's next round: no bank lends it, and it pays for no purchase."""
    money = draft.amount.money.middle if draft.amount is not None else None
    if draft.round != "Bridge" or draft.background or (money or 0) > _BRIDGE:
        return False
    if any(is_lender(reading, c) for c in draft.investors):
        return False
    return not any(other.type == "acquisition" for other in reading.drafts[:12])


def _is_lent(reading: Reading, draft: Draft) -> bool:
    """Whether financing that no round's name speaks for comes from banks alone: they lend it."""
    if draft.round or draft.lead or draft.valuation or draft.stake or not draft.investors or draft.background:
        return False
    return all(reading.lexicon.lenders.search(c.name) and not is_fund(reading, c) for c in draft.investors)


def _from_public(reading: Reading, draft: Draft) -> bool:
    public = reading.lexicon.public
    if draft.public and not (draft.type == "funding_round" and draft.investors):
        return True  # of a round all must be public bodies: one that takes part in it buys shares
    return bool(draft.investors) and all(c.kind == "public" or public.search(c.name) for c in draft.investors)


def _is_public(reading: Reading, company: Company) -> bool:
    return company.kind == "public" or bool(reading.lexicon.public.search(company.name))


def _place(reading: Reading, draft: Draft) -> None:
    """Give a spending plan its place: where money goes into something built, there; else the thing itself."""
    doc = reading.doc
    last = min(draft.sentence + 1, len(doc.sentences) - 1)
    near = (doc.sentences[draft.sentence][0], doc.sentences[last][1])
    site = find_site(doc.text, *near, reading.words) or find_site(doc.text, 0, doc.title_end, reading.words)
    if site is None:
        if not draft.weak and draft.sentence <= 1:
            _country(reading, draft)
        return  # money promised to no site is no plan of this kind
    told = [doc.sentences[number] for number in range(draft.sentence, max(last, draft.sentence) + 1)]
    behind = ((max(site.start, a), b) for a, b in told if a <= site.start < b)  # "in Asia: $9m for the cloud in India"
    places = (find_place(doc.text, *span, reading.words, reading.items) for span in (*behind, *told))
    sites = (find_site(doc.text, *span, reading.words) for span in told)
    found = next((found for found in chain(places, sites) if found is not None), None)
    found = found or _named_place(site)
    draft.target = Company(found.value.lower().replace(" ", "-"), found.value, "place")
    draft.evidence.append(Evidence("target", found.start, found.end))


def _country(reading: Reading, draft: Draft) -> None:
    """A country is a plan's place, though no site is named: "to invest $9m in Spain"."""
    start, end = reading.doc.sentences[draft.sentence]
    found = find_place(reading.doc.text, start, end, reading.words, reading.items)
    if found is not None and found.value in reading.doc.pack.words("names", "places"):
        draft.target = Company(found.value.lower().replace(" ", "-"), found.value, "place")
        draft.evidence.append(Evidence("target", found.start, found.end))


def _named_place(site: Found) -> Found:
    """The place in a site's name, where it begins with one: "Ohio data center"."""
    words = site.value.split()
    proper = [word for word in words if word[:1].isupper()]
    if not proper or len(proper) == len(words) or words[: len(proper)] != proper:
        return site
    name = " ".join(proper)
    return Found(site.start, site.start + len(name), name)


def _name_venture(reading: Reading, draft: Draft) -> None:
    doc = reading.doc
    placed = draft.target is not None and draft.target.kind == "place"
    if draft.target is not None and not placed and all(draft.target.id != c.id for c in draft.investors):
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
    if _take_named(reading, draft):
        return
    for tokens in reading.tokens[draft.sentence : draft.sentence + 4]:
        for token in tokens:
            if token.party is None or token.party.id in partners or _is_where(tokens, token):
                continue
            if token.party.kind == "place":
                continue
            if _is_public(reading, token.party):
                continue
            draft.target = token.party
            draft.evidence.append(Evidence("target", token.start, token.end))
            return


def _take_named(reading: Reading, draft: Draft) -> bool:
    """Whether a name stands right behind the word for the venture, "their joint venture Acme": no partner's, where two
    others are told.
    """
    for tokens in reading.tokens[draft.sentence : draft.sentence + 4]:
        for at, token in enumerate(tokens[1:], 1):
            cue = tokens[at - 1].cue
            venture = cue is not None and cue.frame is not None and cue.frame.type == "joint_venture"
            others = [c for c in draft.investors if token.party is None or c.id != token.party.id]
            if venture and token.party is not None and (len(others) == len(draft.investors) or len(others) > 1):
                draft.target, draft.investors = token.party, others
                draft.evidence.append(Evidence("target", token.start, token.end))
                return True
    return False


def _is_where(tokens: list[Token], token: Token) -> bool:
    """Whether a name stands behind "in" or "at", as places do, or "for" and "with", as others do."""
    cue = tokens[token.governor].cue if token.governor >= 0 else None
    return cue is not None and cue.kind == "link" and cue.name in _NOT_NAMED


def _turn_supplier(reading: Reading, draft: Draft) -> None:
    """Of two partners in a contract, the one that is told to supply is paid: "X will provide servers"."""
    if draft.target is None or len(draft.investors) != 1:
        return
    payer, payee = draft.investors[0], draft.target
    for number, tokens in enumerate(reading.tokens[draft.sentence : draft.sentence + 4]):
        for one, two in pairwise(tokens):
            supplies = two.word in reading.lexicon.supplying
            if supplies and not number and one.cue is not None and one.cue.name == "for":
                draft.investors, draft.target = [payee], payer  # "signe un contrat pour équiper X"
                return
            if one.party is None or one.governor >= 0 or not (supplies or two.word in reading.lexicon.turns["paying"]):
                continue
            if one.party.id == (payer.id if supplies else payee.id):
                draft.investors, draft.target = [payee], payer
            return


def _drop_country(reading: Reading, draft: Draft) -> None:
    """A headline's country or capital that the story goes on to name more exactly gives nothing of its own."""
    end = reading.doc.title_end
    headed = [c for c in draft.investors if _is_public(reading, c) and all(m.start < end for m in c.mentions[:2])]
    if draft.title and headed and len(headed) < len(draft.investors):
        draft.investors = [c for c in draft.investors if c not in headed]


def _find_giver(reading: Reading, draft: Draft) -> None:
    """A grant without a giver comes from the first public body that its part of the story names."""
    doc, public = reading.doc, reading.lexicon.public
    first, last = (draft.paragraph, doc.paragraph_at(draft.paragraph)[1]) if reading.round_up else (0, 1500)
    for start, end, thing in items_in(reading.items, first, last):
        if not isinstance(thing, Company) or thing == draft.target:
            continue
        if thing.kind == "public" or public.search(thing.name):
            draft.investors.append(thing)
            draft.evidence.append(Evidence("investor", start, end))
            return


def _joins_state(reading: Reading, draft: Draft) -> bool:
    """Whether somebody only enters a public body: "X entra en el Gobierno de Y" buys nothing."""
    if draft.type != "investment" or draft.amount is not None or draft.stake is not None or draft.target is None:
        return False
    return draft.target.kind == "public" or reading.lexicon.public.search(draft.target.name) is not None


def _complete(draft: Draft, investors: list[Company]) -> bool:
    """Whether enough of a deal is told to claim it."""
    kind, target = draft.type, draft.target is not None
    if kind in ("funding_round", "ipo") and draft.target is not None and draft.target.kind == "public":
        return False  # a public body that raises money is no start-up
    if kind in ("funding_round", "debt"):
        told = bool(draft.amount or (draft.round and draft.frames > 1) or draft.lead or investors or has_leaver(draft))
        return target and (told or (draft.valuation is not None and not draft.background))
    if kind in ("investment", "acquisition"):
        return target and bool(investors)
    if kind == "grant":
        return target and draft.amount is not None
    if kind == "commercial":
        return target and bool(investors) and draft.amount is not None
    if kind == "joint_venture":
        return bool(investors) and (len(investors) > 1 or target)
    if kind == "capex":
        return target and bool(investors) and draft.amount is not None and draft.amount.money.qualifier != "vague"
    return target


def _evidence(reading: Reading, draft: Draft, investors: list[Company]) -> tuple[Evidence, ...]:
    """The words of every filled slot, each once, with the sentence round them."""
    doc, kept, seen = reading.doc, [], set()
    for item in [*draft.evidence, *_inherited(draft, investors)]:
        if (item.field, item.start) in seen:
            continue
        seen.add((item.field, item.start))
        start, end = doc.sentence_at(item.start)
        kept.append(Evidence(item.field, item.start, item.end, doc.text[start:end]))
    return tuple(kept)


def _inherited(draft: Draft, investors: list[Company]) -> Iterator[Evidence]:
    """For a party taken from the story and not from a sentence of its own, its last mention before the deal is told."""
    told = {item.field for item in draft.evidence}
    targets = [draft.target] if draft.target is not None else []
    for name, companies in (("target", targets), ("investor", investors)):
        for company in companies if name not in told else ():
            at = bisect_right(company.mentions, draft.end, key=lambda mention: mention.start)
            yield from (Evidence(name, m.start, m.end) for m in company.mentions[max(0, at - 1) :][:1])
