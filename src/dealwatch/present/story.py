"""One document as the parser sees it, for people: the story with its spans in colour, then its deals and quotes."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dealwatch.model import Claim, Extraction, Money, Party
from dealwatch.present.cells import flatten
from dealwatch.present.extraction import money_object
from dealwatch.present.money import show_money
from dealwatch.present.table import STYLES, draw

_COMPANY, _AMOUNT, _QUOTE, _EVIDENCE, _FAINT = "bold cyan", "bold green", "italic yellow", "underline", "dim"
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
        show_sum(claim.amount), f"valued at {value}" if value else "", claim.round or "",
        f"{claim.stake_pct:g} %" if claim.stake_pct is not None else "", claim.date or "",
    )  # fmt: skip
    return ", ".join(flatten(part) for part in (parties, *facts) if part)


def _evidence(claim: Claim) -> Table:
    """A line a sentence: the slots that were read from it, and the sentence."""
    slots: dict[str, list[str]] = {}
    for part in claim.evidence:
        slots.setdefault(flatten(part.sentence), []).append(part.field.replace("_", " "))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for sentence, names in slots.items():
        grid.add_row("  ", Text(", ".join(dict.fromkeys(names))), Text(sentence, style=_FAINT))
    return grid


def _deal(number: int, claim: Claim) -> Iterator[RenderableType]:
    status = Text(claim.status.replace("_", " "), style=STYLES.get(claim.status, ""))
    background = "" if claim.main else " (told as background)"
    yield Text.assemble(f"{number}. ", status, f" {claim.type.replace('_', ' ')}: ",
                        (describe_claim(claim), "bold"), (background, _FAINT))  # fmt: skip
    yield _evidence(claim)


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
        parts.extend(_deal(number, claim))
    parts += [Text(), Text(quotes, style="bold"), *_quotes(extraction)]
    return draw(Group(*parts), width=width, color=color)
