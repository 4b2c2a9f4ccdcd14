"""The smaller slots of a deal as a sentence tells them: its round, the share bought, a place, a new company's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dealwatch.lang import Pack
from dealwatch.model import Company
from dealwatch.parser.dating import compile_calendar
from dealwatch.parser.frames import Item, items_in

_NUMBER = r"(?<![\d.,])(?P<number>\d{1,3}(?:[.,]\d{1,3})?)"
# Capitalised words, joined by small ones: "Oregon", "Aix-en-Provence", "Inner Mongolia".
_PROPER = r"[^\W\d_a-zà-öø-ÿ][\w'’.-]{0,30}(?:\s(?:[^\W\d_a-zà-öø-ÿ][\w'’.-]{0,30}|de\s(?=[A-Z]))){0,4}"
_STAKE_REACH = 45  # characters after a percentage in which the word that makes it a stake stands


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where it stands."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True, eq=False)
class SlotWords:
    """The compiled slot words of a pack."""

    rounds: re.Pattern[str]
    names: Mapping[str, str]
    stake: re.Pattern[str]
    stake_after: re.Pattern[str]
    stake_before: re.Pattern[str]
    parts: re.Pattern[str]
    shares: Mapping[str, str]  # what a part in words is in per cent: "a fifth" -> "20"
    held: re.Pattern[str]  # "détient 9 % du capital": an earlier holding
    whole: re.Pattern[str]
    minority: re.Pattern[str]
    place: re.Pattern[str]
    at: frozenset[str]  # the words before a place, those of one word
    site: re.Pattern[str]
    named: re.Pattern[str]
    pre_money: re.Pattern[str]
    of: re.Pattern[str]
    times: frozenset[str]  # months, weekdays and other words with a capital that are no places


def _any(words: tuple[str, ...]) -> str:
    ordered = sorted(words, key=lambda word: -len(word))
    return "|".join(re.escape(word).replace("'", "['’]").replace(r"\ ", r"\s") for word in ordered) or r"(?!)"


def _of_noun(table: Mapping[str, Any]) -> str:
    """A pattern for "of the Paris firm", "de l'éditeur lyonnais", to follow the listed words."""
    nouns = _any(tuple(table.get("classes", {}).get("refnoun", ())))
    articles = _any(tuple(word for word in table.get("determiners", ())))
    links = _any(tuple(table.get("links", {}).get("of", ())))
    return rf"|^\s(?:{links})\s?(?:{articles})\s?(?:[\w-]{{1,20}}\s){{0,2}}(?:{nouns})"


@lru_cache(maxsize=32)
def compile_slots(pack: Pack) -> SlotWords:
    """The slot words of a pack, ready for reading."""
    table = pack.section("deals")
    names: Mapping[str, str] = table.get("round_names", {})
    letters = table.get("round_letters", r"(?!)")
    percent = table.get("percent", "%")

    def words(key: str) -> str:
        return _any(tuple(table.get(key, ())))

    def whole_words(key: str) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{words(key)})(?!\w)", re.IGNORECASE)

    links = words("place_links")
    nouns = pack.section("names").get("base", 1) == 0  # capitals say nothing: "Millionen Euro ein Rechenzentrum"
    ahead = "" if nouns else rf"(?:{_PROPER}\s(?:[a-z]{{2,15}}\s)?)?"
    calendar = compile_calendar(pack)
    return SlotWords(
        re.compile(rf"\b(?:{letters}|(?P<name>(?i:{_any(tuple(names))})))(?!\w)"),
        names,
        re.compile(_NUMBER + percent, re.IGNORECASE),
        re.compile(rf"(?:{words('stake_words')}{_of_noun(table)})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{words('stake_before')})[\s(]{{1,2}}\Z", re.IGNORECASE),
        whole_words("stake_parts"),
        table.get("stake_parts", {}),
        re.compile(rf"(?<!\w)(?:{words('held')})\s(?:[\w'’-]{{1,16}}\s){{0,3}}\Z", re.IGNORECASE),
        whole_words("whole"),
        whole_words("minority"),
        re.compile(rf"(?<!\w)(?i:{links})(?:\s|(?<=['’]))(?:[a-zà-ÿ-]{{2,20}}\s)?(?P<place>{_PROPER})"),
        frozenset(word for word in table.get("place_links", ()) if " " not in word),
        re.compile(rf"\b{ahead}(?i:{words('places')})(?!\w|\s(?:{words('no_places')})\b)"),
        re.compile(rf"\b(?i:{words('named')})\s[\"“«]?\s?(?P<named>{_PROPER})"),
        re.compile(words("pre_money"), re.IGNORECASE),
        re.compile(rf"\s(?:{_any(tuple(table.get('links', {}).get('of', ())))})(?:\s|(?<=['’]))", re.IGNORECASE),
        frozenset([*calendar.months, *calendar.weekdays, *(word.lower() for word in pack.words("names", "not_names"))]),
    )


@lru_cache(maxsize=2)  # asked for each sentence of a story
def told_in(text: str, words: SlotWords) -> tuple[bool, bool, bool, bool]:
    """Whether a text has a percentage, a part in words, a word for all of a company, and one for a minority at all."""
    low = text.lower()
    part = any(name in low for name in words.shares)  # a tenth of what the pattern costs
    stake, whole, minority = (p.search(text) is not None for p in (words.stake, words.whole, words.minority))
    return stake, part, whole, minority


def find_rounds(text: str, start: int, end: int, words: SlotWords) -> Iterator[Found]:
    """The named rounds of a stretch of text, as written in English."""
    for match in words.rounds.finditer(text, start, end):
        groups = match.groupdict()
        letter = groups.get("letter") or groups.get("letter2") or groups.get("letter3")
        if letter:
            more = " extension" if groups.get("more") else ""
            yield Found(match.start(), match.end(), f"Series {letter.upper()}{groups.get('step') or ''}{more}")
        elif groups.get("name"):
            key = re.sub(r"\s", " ", groups["name"].lower().replace("’", "'"))
            yield Found(match.start(), match.end(), words.names.get(key, key))


def find_stakes(text: str, start: int, end: int, items: Sequence[Item], words: SlotWords) -> Iterator[Found]:
    """Percentages in a stretch of text that are a share of a company."""
    for match in words.stake.finditer(text, start, end):
        after = text[match.end() : min(end, match.end() + _STAKE_REACH)]
        cut = re.search(r"[.;:](?:\s|$)|\d", after)
        near = after[: cut.start()] if cut else after
        reach = 34 if words.of.match(text, match.end()) else 13  # "12 % du fabricant Acme"
        of_party = any(
            isinstance(thing, Company) for *_, thing in items_in(items, match.end() + 1, match.end() + reach)
        )
        before = text[max(start, match.start() - _STAKE_REACH) : match.start()]
        if words.held.search(before) and not words.stake_before.search(before):
            continue
        if words.stake_after.search(near) or of_party or words.stake_before.search(before):
            yield Found(match.start(), match.end(), match["number"].replace(",", "."))


def find_parts(text: str, start: int, end: int, items: Sequence[Item], words: SlotWords) -> Iterator[Found]:
    """Parts in words that are a share of a company: "a fifth of its shares", "half of Acme" but not of its staff."""
    for match in words.parts.finditer(text, start, end):
        of = words.of.match(text, match.end())
        things = items_in(items, of.start() + 1, of.end() + 1) if of else ()
        whose = any(isinstance(thing, Company) and text[b : b + 1] not in ("'", "’") for _, b, thing in things)
        if whose or words.stake_after.match(text, match.end() + 1, min(end, match.end() + _STAKE_REACH)):
            key = re.sub(r"\s", " ", match.group().lower())
            yield Found(match.start(), match.end(), words.shares[key])


def is_pre_money(text: str, start: int, end: int, words: SlotWords) -> bool:
    """Whether the words right round a valuation say that it is the one before the money."""
    return words.pre_money.search(text, max(0, start - 16), end + 22) is not None


def find_place(text: str, start: int, end: int, words: SlotWords, items: Sequence[Item]) -> Found | None:
    """The first place named after a place link in a stretch of text."""
    for match in words.place.finditer(text, start, end):
        a, b = match.span("place")
        first = match["place"].split()[0].rstrip(".,")
        if first.lower() in words.times or match["place"].isupper() or words.site.fullmatch(match["place"]):
            continue
        if not any(a < y and x < b for x, y, _ in items_in(items, a - 80, b)):
            return Found(a, b, match["place"].rstrip(".-'’"))
    return None


def find_site(text: str, start: int, end: int, words: SlotWords) -> Found | None:
    """The first thing that one builds (a data centre, a campus) in a stretch of text."""
    match = words.site.search(text, start, end)
    return Found(match.start(), match.end(), match.group()) if match else None


def find_name(text: str, start: int, end: int, words: SlotWords) -> Found | None:
    """The name given to something new: "to be called Tern Motion"."""
    match = words.named.search(text, start, end)
    return Found(match.start("named"), match.end("named"), match["named"].rstrip(".,")) if match else None
