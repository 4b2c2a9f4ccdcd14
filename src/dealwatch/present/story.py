"""One document as the parser sees it, for people: the story with its spans in colour, then its deals and quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dealwatch.model import Claim, Evidence, Extraction, Money, Party
from dealwatch.present.cells import flatten
from dealwatch.present.extraction import money_object
from dealwatch.present.money import show_money
from dealwatch.present.table import STYLES, draw

_COMPANY, _AMOUNT, _QUOTE, _EVIDENCE, _FAINT = "bold cyan", "bold green", "italic yellow", "underline", "dim"
_SLOTS = ("type", "investor", "lead", "target", "amount", "valuation", "round", "stake_pct", "status", "date")
_PARTIES, _SUMS = ("investor", "lead", "target"), ("amount", "valuation")
_COLOURS = dict.fromkeys(_PARTIES, _COMPANY) | dict.fromkeys(_SUMS, _AMOUNT)
_UNSEEN = dict.fromkeys([*range(0x09), 0x0B, 0x0C, 0x0D, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F,
                         *range(0x2028, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)], "\ufffd")  # fmt: skip


def show_sum(money: Money | None) -> str:
    """A sum for people, "" where there is none."""
    return show_money(money_object(money) or {})


def _names(parties: tuple[Party, ...]) -> str:
    return ", ".join(flatten(party.name) for party in parties)


def _story(extraction: Extraction) -> Text:
    """The text with companies, sums, quotes and evidence marked; as many code points as before, so offsets hold."""
    text = Text(extraction.text.translate(_UNSEEN))
    for quote in extraction.quotes:
        text.stylize(_QUOTE, quote.start, quote.end)
    for claim in extraction.claims:
        for part in claim.evidence:
            text.stylize(_EVIDENCE, part.start, part.end)
    for company in extraction.companies:
        for mention in company.mentions:
            text.stylize(_COMPANY, mention.start, mention.end)
    for amount in extraction.amounts:
        text.stylize(_AMOUNT, amount.start, amount.end)
    return text


def describe_claim(claim: Claim) -> str:
    """A claim in one line: "Microsoft → OpenAI, about …": parties, sum, valuation, round and date."""
    target = flatten(claim.target.name) if claim.target else ""
    parties = " → ".join(part for part in (_names(claim.investors), target) if part) or "nobody named"
    value = show_sum(claim.valuation)
    facts = (
        f"led by {_names(claim.lead)}" if claim.lead and len(claim.lead) < len(claim.investors) else "",
        show_sum(claim.amount), f"valued at {value}" if value else "", claim.round or "",
        f"{claim.stake_pct:g} %" if claim.stake_pct is not None else "", claim.date or "",
    )  # fmt: skip
    return ", ".join(flatten(part) for part in (parties, *facts) if part)


def _evidence(claim: Claim, text: str) -> Table:
    """A line a sentence: the slots that were read from it, and the sentence with the very words marked."""
    told: dict[str, list[Evidence]] = {}
    for part in claim.evidence:
        told.setdefault(part.sentence, []).append(part)
    grid = Table.grid(padding=(0, 2, 0, 0))
    for sentence, parts in told.items():
        names = dict.fromkeys(part.field.replace("_", " ") for part in sorted(parts, key=_rank))
        grid.add_row("  ", Text(", ".join(names)), _mark(sentence, parts, text))
    return grid


def _rank(part: Evidence) -> int:
    """Where a slot stands among the others of a line: the parties first."""
    return _SLOTS.index(part.field) if part.field in _SLOTS else len(_SLOTS)


def _mark(sentence: str, parts: Sequence[Evidence], text: str) -> Text:
    """A sentence, faint, with the words that slots were read from in the colour of what they are."""
    shown = Text(flatten(sentence), style=_FAINT)
    if len(shown.plain) != len(sentence):
        return shown  # its blanks were folded: the places no longer hold
    for part in sorted(parts, key=_rank, reverse=True):
        start = part.start - text.rfind(sentence, 0, part.start + len(sentence))
        if 0 <= start < len(sentence) and sentence in text:
            shown.stylize(_COLOURS.get(part.field, _EVIDENCE), start, start + part.end - part.start)
    return shown


def _deal(number: int, claim: Claim, text: str) -> Iterator[RenderableType]:
    status = Text(claim.status.replace("_", " "), style=STYLES.get(claim.status, ""))
    background = "" if claim.main else " (told as background)"
    yield Text.assemble(f"{number}. ", status, f" {claim.type.replace('_', ' ')}: ",
                        (describe_claim(claim), "bold"), (background, _FAINT),
                        (f"  {claim.confidence:.0%} sure", _FAINT))  # fmt: skip
    yield _evidence(claim, text)


def _quotes(extraction: Extraction) -> Iterator[Text]:
    for quote in extraction.quotes:
        about = ", ".join(part for part in (quote.speaker_title, quote.speaker_org) if part)
        speaker = flatten(quote.speaker or "nobody named") + (f" ({flatten(about)})" if about else "")
        yield Text.assemble((speaker, "bold"), ": ", (flatten(quote.text), _QUOTE))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else f"no {many}"


def show_story(extraction: Extraction, *, width: int | None = None, color: bool = False) -> str:
    """The story, then its deals with the sentence behind every slot, then its quotes with their speakers."""
    deals, quotes = (_count(len(extraction.claims), "deal", "deals"), _count(len(extraction.quotes), "quote", "quotes"))
    parts: list[RenderableType] = [_story(extraction), Text(), Text(deals, style="bold")]
    for number, claim in enumerate(extraction.claims, 1):
        parts.extend(_deal(number, claim, extraction.text))
    parts += [Text(), Text(quotes, style="bold"), *_quotes(extraction)]
    return draw(Group(*parts), width=width, color=color)
