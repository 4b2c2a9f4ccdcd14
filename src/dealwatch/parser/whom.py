"""Who "it" and "the company" are: the parties that the tokens of a sentence stand for, with the story at hand."""

from __future__ import annotations

import itertools

from dealwatch.model import Company
from dealwatch.parser.drafts import Fact
from dealwatch.parser.frames import Token
from dealwatch.parser.reading import Reading

_HEAD = 6  # sentences in which the first name stands for "the company"


def resolve(reading: Reading, tokens: list[Token], token: Token, part: str, fact: Fact) -> list[Company]:
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
    many = kind == "pronoun" and part == "investor" and token.word in reading.lexicon.several
    if (kind == "reference_pair" or (many and not earlier)) and reading.pair:
        return list(reading.pair)
    taken = {c.id for c in fact.investors} | ({fact.target.id} if fact.target else set())
    near = _just_named(reading, tokens, token, fact) if kind == "reference" and part == "target" else None
    if near is not None and near.id not in taken:
        return [near]
    found = [c for c in _salient(reading, part, kind) if c.id not in taken]
    if part == "target":
        found = [c for c in found if c.kind != "public" and not reading.lexicon.public.search(c.name)] or found
    if not found and part == "target" and kind == "reference":
        found = [c for c in _named_first(reading) if c.id not in taken and not is_backer(reading, c)]
    return found[:1]


def _named_first(reading: Reading) -> list[Company]:
    """The companies that a story's first sentences name, in order, those left out that only vouch."""
    head = (token for tokens in reading.tokens[:_HEAD] for token in tokens if not _aside(tokens, token))
    return [token.party for token in head if token.party is not None]


def _just_named(reading: Reading, tokens: list[Token], token: Token, fact: Fact) -> Company | None:
    """The only company of the sentence before, where a noun for one opens this one: "... at Acme. The host, which"."""
    if fact.sentence == 0 or not any(token is t for t in tokens[:3]):
        return None
    named = {t.party.id: t.party for t in reading.tokens[fact.sentence - 1] if t.party is not None}
    company = next(iter(named.values()), None)
    return company if company is not None and len(named) == 1 and not is_backer(reading, company) else None


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
    named = (company for company in _named_first(reading) if part != "target" or not is_backer(reading, company))
    return found or list(itertools.islice(named, 1))


def _aside(tokens: list[Token], token: Token) -> bool:
    """Whether a name stands behind a link like "d'après" that keeps it out of what is told."""
    cue = tokens[token.governor].cue if token.governor >= 0 else None
    return cue is not None and cue.kind == "link" and cue.name in ("at", "under")


def is_backer(reading: Reading, company: Company) -> bool:
    """Whether a company is by its name or kind of those that put money in, and so hardly the one that receives it."""
    names = reading.lexicon
    return company.kind in ("bank", "public", "investor") or bool(
        names.investors.search(company.name) or names.public.search(company.name)
    )


def is_lender(reading: Reading, company: Company) -> bool:
    """Whether a party is of those that lend or grant rather than receive."""
    names = reading.lexicon
    return company.kind in ("bank", "public", "investor") or bool(
        names.public.search(company.name) or names.lenders.search(company.name)
    )


def is_fund(reading: Reading, company: Company) -> bool:
    """Whether a company is by its name or kind one that buys shares rather than lends."""
    return company.kind == "investor" or reading.lexicon.investors.search(company.name) is not None
