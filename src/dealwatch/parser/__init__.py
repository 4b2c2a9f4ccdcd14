"""What one document says: companies, amounts, quotes and deals, each with its place in the text.

Rules, lexicons and patterns only; time and memory grow linearly with the text. No file, network or clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from dealwatch.companies import Register, company_id, load_register
from dealwatch.lang import detect, load
from dealwatch.model import Claim, Company, Extraction, Party, Quote
from dealwatch.parser.amounts import find_amounts
from dealwatch.parser.deals import find_deals
from dealwatch.parser.names import find_companies
from dealwatch.parser.parties import find_parties, find_topics, without_asides
from dealwatch.parser.people import find_people
from dealwatch.parser.quotes import find_quotes
from dealwatch.parser.telling import open_telling
from dealwatch.parser.text import Document, read_document
from dealwatch.parser.topic import is_ai, tells_ai
from dealwatch.parser.voices import find_voices

__all__ = ["VERSION", "extract"]

VERSION = "1"  # of the parser: kept with every claim, so that a store knows what a newer one would read again


def extract(
    text: str, *, title: str | None = None, lang: str | None = None, published: datetime | None = None,
    register: Register | None = None, default_currency: str | None = None, has_title: bool = True,
) -> Extraction:  # fmt: skip
    """Everything the parser sees in a text: its headline, a blank line, then paragraphs parted by a blank line.

    `title` only names the document where the text's first paragraph is not its headline; `lang` is detected when not
    given; relative dates count from `published`, in the publisher's own offset; a bare "$" is `default_currency`, else
    US dollars, unless the story says otherwise.

    >>> found = extract("Acme AI raises $5m\\n\\nAcme AI has raised $5m in a seed round led by Nadir Capital.")
    >>> [(c.type, c.target.name, c.amount.low) for c in found.claims]
    [('funding_round', 'Acme AI', Decimal('5000000'))]
    """
    register = register or load_register()
    code = lang or detect(text)
    day = published.date() if published else None
    document = read_document(text, load(code), day, has_title=has_title)
    people = find_people(document)
    named = find_companies(document, register, people)
    amounts = find_amounts(document, default_currency)
    quotes = tuple(_housed(quote, register) for quote in find_quotes(document, people, named))
    about_ai = is_ai(document)
    forms = dict(_short_forms(text, named, register))
    known_ai = {company.id for company in named if company.ai}
    plain = without_asides(document, named)
    telling = open_telling(document, plain, amounts)
    found = find_deals(document, plain, amounts, telling)
    claims = tuple(_completed(claim, about_ai or _tells_ai(claim, document), known_ai, forms) for claim in found)
    parties = set(_party_ids(claims))
    parties |= find_topics(document, named, amounts)
    parties |= find_parties(document, named, telling, parties, amounts)
    parties |= {quote.speaker_id for quote in quotes if quote.speaker_id} | find_voices(document, people, named)
    return Extraction(
        title=title or text[: document.title_end] or text.split("\n", 1)[0][:200], text=text, lang=code,
        published=published, companies=tuple(company for company in named if company.id in parties),
        mentioned=tuple(company for company in named if company.id not in parties and company.known),
        amounts=amounts, quotes=quotes, claims=claims, ai=about_ai,
    )  # fmt: skip


def _housed(quote: Quote, register: Register) -> Quote:
    """The quote with the id of its speaker's house where only the register knows it: "OpenAI首席执行官阿尔特曼"."""
    if quote.speaker_id is not None or quote.speaker_org is None:
        return quote
    row = register.lookup(quote.speaker_org)
    return quote if row is None else replace(quote, speaker_id=row.id, speaker_org=row.name)


def _party_ids(claims: Iterable[Claim]) -> set[str]:
    """The ids of the parties; where somebody builds, the target is a place or a project."""
    return {
        party.id for claim in claims for party in _parties(claim)
        if claim.type != "capex" or party is not claim.target
    }  # fmt: skip


def _parties(claim: Claim) -> Iterator[Party]:
    yield from claim.investors
    if claim.target:
        yield claim.target


def _short_forms(text: str, named: Iterable[Company], register: Register) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Id -> the ids that the other forms of its name in this text would have, but for those of known companies."""
    for company in named:
        forms = {company_id(text[mention.start : mention.end]) for mention in company.mentions}
        forms |= {company_id(company.name)} if not company.known else set()
        yield company.id, tuple(sorted(form for form in forms - {company.id, ""} if not register.lookup(form)))


def _tells_ai(claim: Claim, document: Document) -> bool:
    return tells_ai(document.pack, {evidence.sentence for evidence in claim.evidence})


def _completed(claim: Claim, about_ai: bool, known_ai: set[str], forms: dict[str, tuple[str, ...]]) -> Claim:
    """The claim with its topic, and each party with the other forms of its name."""

    def known_as(party: Party) -> Party:
        return replace(party, forms=forms.get(party.id, ()))

    return replace(
        claim, ai=about_ai or any(party.id in known_ai for party in _parties(claim)),
        investors=tuple(map(known_as, claim.investors)), lead=tuple(map(known_as, claim.lead)),
        target=known_as(claim.target) if claim.target else None,
    )  # fmt: skip
