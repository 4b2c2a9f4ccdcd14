"""Who plays which part where grammar leaves it open: mergers, sellers, lenders, purchases of no company."""

from __future__ import annotations

from dealwatch.model import Company
from dealwatch.parser.drafts import Fact
from dealwatch.parser.events import Event
from dealwatch.parser.frames import Token
from dealwatch.parser.reading import Reading
from dealwatch.parser.whom import is_backer, is_fund, is_lender


def settle_parts(reading: Reading, tokens: list[Token], event: Event, fact: Fact) -> None:
    """The parts that grammar leaves open: mergers, sellers, purchases of no company, headlines with a colon."""
    named = event.parts.get("target", [])
    if event.frame.pair and not fact.investors and len(named) > 1 and fact.target is not None and named[1].party:
        put(fact, "investor", fact.target, named[0], False)  # somebody merges X and Y
        fact.target = named[1].party
    if event.frame.type == "acquisition" and event.frame.pair and fact.target is None and len(fact.investors) == 1:
        fact.investors = [c for c in fact.investors if c.kind != "public"]  # "X sued to stop the merger"
    if event.frame.pair and fact.target is None and len(fact.investors) > 1:
        fact.target = fact.investors.pop(1)
        fact.note("target", fact.evidence[-1].start, fact.evidence[-1].end)
    if fact.type == "acquisition" and event.frame.form == "verb" and named and _buys_shares(tokens, event, reading):
        fact.type, fact.weak = "investment", False
    if event.frame.needs == "pair" and len(fact.investors) == 1:
        _name_founded(reading, fact)
    _turn_backers(reading, tokens, event, fact)
    _stay_with_deal(reading, event, fact)
    if event.frame.type == "ipo" and fact.target is None and fact.sellers:
        fact.target = fact.sellers.pop()  # "Acme is to float" beside "the group is to float Acme"
        fact.note("target", event.start, event.end)
    elif event.frame.subject == "seller" and fact.target is None:
        if fact.sellers and _sells_itself(tokens, event, reading.lexicon.own):
            fact.target = fact.sellers.pop(0)
            fact.note("target", event.start, event.end)
        else:
            _sold_part(reading, tokens, fact)
        sold = event.frame.form == "noun" or _is_sold(tokens, event, reading)
        if fact.target is None and fact.sellers and fact.investors and sold:
            fact.target = fact.sellers.pop(0)  # "called off a sale to Y"
            fact.note("target", event.start, event.end)
    if fact.type == "debt" and event.frame.form == "noun" and fact.target is not None:
        _turn_lenders(reading, event, fact, fact.target)
    bought = event.frame.subject == "investor" and fact.type == "acquisition" and fact.target is None
    if bought and fact.sellers and event.frame.form == "verb" and _buy_behind(tokens, event, fact):
        bought = False
    current = reading.current.target if reading.current is not None else None
    listing = reading.current is not None and reading.current.type == "ipo" and not fact.background
    if bought and listing and fact.investors and any(t.word in reading.lexicon.shares for t in tokens):
        fact.type, fact.weak = "ipo", True  # who commits to buy shares of a listing
        return
    papers = any(t.cue is not None and t.cue.kind == "papers" for t in tokens)
    if bought and papers and fact.investors and current is not None:
        fact.type, fact.target, fact.weak = "funding_round", current, False  # old shares change hands
        fact.note("target", event.start, event.end)
    elif bought and fact.sellers and fact.investors and _has_goods(reading, tokens, event):
        fact.type, fact.target = "commercial", fact.sellers.pop()  # one buys something, but no company, from another
        fact.weak = False
        fact.note("target", event.start, event.end)
    first = tokens[0].party if len(tokens) > 2 and tokens[1].word == ":" else None
    headed = first is not None and fact.target is None and event.frame.type in ("investment", "acquisition")
    if headed and first is not None and fact.investors and first.id not in {c.id for c in fact.investors}:
        put(fact, "target", first, tokens[0], False)  # "Acme: Nadir joins the shareholders"


def _buys_shares(tokens: list[Token], event: Event, reading: Reading) -> bool:
    """Whether what is bought are shares and no firm: "buys $9m of new Acme shares"."""
    at = tokens.index(event.parts["target"][0])
    return event.at < at < len(tokens) - 1 and tokens[at + 1].word in reading.lexicon.shares


def _buy_behind(tokens: list[Token], event: Event, fact: Fact) -> bool:
    """Take the name behind the seller's for what is bought: "rachète à X sa filiale Y"; whether there is one."""
    sold = {c.id for c in (*fact.sellers, *fact.investors)}
    for token in tokens[event.at + 1 : event.last + 1]:
        if token.kind in ("mark", "hard") and token.word != "-":
            return False
        if token.party is not None and token.governor < 0 and token.party.id not in sold:
            put(fact, "target", token.party, token, False)
            return True
    return False


def _name_founded(reading: Reading, fact: Fact) -> None:
    """The one name beside "the new company" is its own, where its founders are known: "die neue Gesellschaft X"."""
    current = reading.current
    if current is None or current.type != "joint_venture" or len(current.investors) < 2:
        return
    if current.target is None and fact.target is None and all(fact.investors[0].id != c.id for c in current.investors):
        fact.target = fact.investors.pop()


def _stay_with_deal(reading: Reading, event: Event, fact: Fact) -> None:
    """What an investment gives its investor is no money for it: "l'investissement donnera à A 4 % du capital"."""
    current, target = reading.current, fact.target
    if current is None or target is None or current.target is None or fact.investors:
        return
    if fact.type != "investment" or event.frame.form != "noun" or current.type not in ("investment", "funding_round"):
        return
    if any(target.id == c.id for c in current.investors) and target.id != current.target.id:
        fact.target = current.target


def _turn_backers(reading: Reading, tokens: list[Token], event: Event, fact: Fact) -> None:
    """Funds that study a round put money into it, where somebody else's is at hand: "A and B study a bridge round"."""
    current = reading.current.target if reading.current is not None else None
    target = fact.target
    if event.frame.form != "noun" or target is None or current is None or current.id == target.id:
        return
    named = [t for t in event.parts.get("target", []) if t.party is not None]
    alone = fact.type == "funding_round" and not fact.investors
    alone = alone and all(t.end <= event.start and t.party and is_fund(reading, t.party) for t in named)
    if not named or not alone or is_backer(reading, current):
        return
    between = [t.cue for t in tokens[tokens.index(named[-1]) : event.at] if t.cue is not None]
    if not any(cue.kind == "rumour" or (cue.frame is not None and cue.frame.form == "support") for cue in between):
        return  # "the bank is a house of finance"
    fact.target, fact.inferred = current, True
    for token in named:
        if token.party is not None:
            put(fact, "investor", token.party, token, False)


def _turn_lenders(reading: Reading, event: Event, fact: Fact, target: Company) -> None:
    """Banks that sign loans with a company are the ones that lend: "A and B have signed loans of $9m with X"."""
    named = [t.party for t in event.parts.get("target", []) if t.party is not None]
    receivers = [c for c in fact.investors if not is_lender(reading, c)]
    if len(receivers) == 1 and is_lender(reading, target) and all(is_lender(reading, c) for c in named):
        fact.target = receivers[0]
        fact.investors = [c for c in fact.investors if c.id != fact.target.id]
        fact.investors += [c for c in named if all(c.id != other.id for other in fact.investors)]


def _has_goods(reading: Reading, tokens: list[Token], event: Event) -> bool:
    """Whether goods stand behind a verb of buying, where the pack says what goods are."""
    goods = reading.lexicon.turns["goods"]
    behind = (word for t in tokens[event.at : event.last + 1] for word in t.word.split())
    return not goods or any(word in goods for word in behind)


def _is_sold(tokens: list[Token], event: Event, reading: Reading) -> bool:
    """Whether a headline's participle has the subject for its object: "Acme sold to Nadir for $9m"."""
    after = tokens[event.at + 1].cue if event.at + 1 < len(tokens) else None
    said = reading.lexicon.participle.search(tokens[event.at].word) is not None
    return said and after is not None and after.kind == "link" and after.name == "to"


def _sells_itself(tokens: list[Token], event: Event, owns: frozenset[str]) -> bool:
    """Whether a sale without an object is the subject's own: "in talks with Y over its sale"."""
    return event.frame.form == "noun" and any(t.word in owns for t in tokens[max(0, event.at - 2) : event.at])


def says_itself(tokens: list[Token], fact: Fact) -> bool:
    """Whether a sentence has a party to the deal announce it ("X said it had raised", "X annonce")."""
    if fact.unnamed or not any(t.cue is not None and t.cue.kind == "reporting" for t in tokens):
        return False
    parties = {c.id for c in fact.investors} | ({fact.target.id} if fact.target else set())
    subject = next((t.party for t in tokens if t.party is not None and t.governor < 0), None)
    return subject is not None and subject.id in parties


def part_of(reading: Reading, event: Event, fact: Fact, part: str, company: Company, token: Token) -> str:
    """The part a party truly plays: of a loan or grant, those that lend or give are no receivers."""
    if part == "lender":
        money = fact.type == "funding_round" and is_backer(reading, company)
        given = fact.target is not None and fact.target.id != company.id
        return "investor" if money or given or is_lender(reading, company) else "target"
    given = part == "target" and fact.type in ("debt", "grant") and event.frame.form == "noun"
    first = all(is_lender(reading, c) for c in fact.investors)  # nobody yet, or the banks before it
    if given and token.end <= event.start and first and is_lender(reading, company):
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
    elif fact.investors and not fact.sellers and reading.topic is not None and _all_of_it(reading, fact):
        fact.target = reading.topic  # "the founders have sold all of the capital to X"
        fact.note("target", fact.start, fact.end)
    elif "holding" in kinds and current is not None and fact.investors:
        fact.target, fact.type = current, "investment"
        fact.sellers = [c for c in fact.sellers if c.id != current.id]
        fact.note("target", kinds["holding"].start, kinds["holding"].end)


def _all_of_it(reading: Reading, fact: Fact) -> bool:
    """Whether a sentence speaks of all or most of a company's capital."""
    return reading.words.whole.search(reading.doc.text, *reading.doc.sentences[fact.sentence]) is not None


def put(fact: Fact, part: str, company: Company, token: Token, lead: bool) -> None:
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
