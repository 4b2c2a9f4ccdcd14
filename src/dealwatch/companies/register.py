"""The curated register: which companies are known, by which names, and where they stand in a text."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import ahocorasick

from dealwatch.companies.fold import fold, word_lists
from dealwatch.companies.owning import add_to, check_row
from dealwatch.companies.rows import Keep, Match, Row
from dealwatch.errors import ConfigError

FILES = ("ai.toml", "technology.toml", "investors.toml", "public.toml")
_HINT = 'rows stand under [companies], a line each: acme = { name = "Acme", kind = "ai" }'
_KEY = re.compile(r'([{,] )("[^"\n]{1,200}"|[a-z_]{1,40}) = ')
_SAME = (("\u00a0", " "), ("\u202f", " "), ("\u2019", "'"), ("\u2011", "-"), ("\n", " "))  # one sign for one
_POSSESSIVE = re.compile(r"'[sS](?!\w)")
_NEXT = re.compile(r" (?:& )?([^\W\d_a-zà-öø-ÿ]\w{1,30}(?: [^\W\d_a-zà-öø-ÿ]\w{1,30}){0,2})")
_BEFORE = re.compile(r"(?:^|[^.!?:…\"«“”»'(\s—–-] )([^\W\d_a-zà-öø-ÿ][\w'-]{1,30}) \Z")


@dataclass(frozen=True, eq=False)
class Register:
    """The rows, found by name in a text or looked up one by one."""

    rows: tuple[Row, ...]
    _finder: Any = field(repr=False)

    def find(self, text: str, *, doubtful: bool = False) -> tuple[Match, ...]:
        """The known names in a text: longest, leftmost, whole words, none overlapping another.

        A name that is also a word ("Figure", "Orange") counts where a surer form of the same company stands in the
        text; with `doubtful` it is given wherever it could be a name, marked as not sure.
        """
        matches = _matches_in(self, text)
        known = {match.row.id for match in matches if match.sure}
        marked = (replace(match, sure=True) if match.row.id in known else match for match in matches)
        return tuple(match for match in marked if match.sure or doubtful)

    def lookup(self, name: str) -> Row | None:
        """The row that a name belongs to, by its fold, or None."""
        return self._by_name.get(fold(name))

    @cached_property
    def _by_name(self) -> Mapping[str, Row]:
        by_name: dict[str, Row] = {}
        for row in self.rows:
            for name in row.names:
                by_name.setdefault(fold(name), row)
        return by_name

    def _places(self, text: str) -> Iterator[Match]:
        end = 0
        for start, stop, name, row in sorted(self._candidates(text), key=lambda found: (found[0], -found[1])):
            if start >= end and not _belongs_to_longer(text, start, stop, doubtful := name in row.needs_context):
                yield Match(start, stop, row, not doubtful)
                end = stop

    def _candidates(self, text: str) -> Iterator[tuple[int, int, str, Row]]:
        if self._finder is None:
            return
        for last, (name, row) in self._finder.iter(text):
            start, stop = last + 1 - len(name), last + 1
            if start and text[start - 1].isascii() and text[start - 1].isalnum() and text[start].isascii():
                continue  # inside a longer word: most of them
            if _is_whole(text, start, stop):
                yield start, stop, name, row


def _made_plain(text: str) -> str:
    """The text with one sign for those that look alike; five times as fast as `str.translate`."""
    for sign, plain in _SAME:
        text = text.replace(sign, plain)
    return text


@lru_cache(maxsize=2)  # several ask for the names of one document
def _matches_in(register: Register, text: str) -> tuple[Match, ...]:
    return tuple(register._places(_made_plain(text)))


def _is_whole(text: str, start: int, stop: int) -> bool:
    before, after = text[start - 1 : start], text[stop : stop + 2]
    if before and (
        _goes_on(before, text[start])
        or before in "_@#/&"
        or (before == "." and _goes_on(text[start - 2 : start - 1], text[start]))
    ):
        return False
    last = text[stop - 1]
    if after[:1] == "'" and after[1:].isalpha() and not _POSSESSIVE.match(text, stop):
        return False  # an article drawn into the next word: "Dell'accordo"
    if after[:1] == "_" or _goes_on(after[:1], last):
        return False
    return not (after[:1] in (".", "@") and _goes_on(after[1:], last))


def _goes_on(beside: str, edge: str) -> bool:
    """Is a character part of the word that has `edge` at that end?

    Where no blanks part the words, the script does: "OpenAI宣布" and "阿里巴巴发布" name a company,
    "アップルパイ" names none.
    """
    if beside < "⺀":  # before the first of the scripts that are written without blanks
        return beside.isalnum() and edge < "⺀"
    if "ァ" <= beside <= "ヺ" or beside == "ー":
        return "ァ" <= edge <= "ヺ" or edge == "ー"
    return "가" <= beside <= "힣" and edge < "⺀"


def _belongs_to_longer(text: str, start: int, stop: int, doubtful: bool) -> bool:
    """Is it part of a longer name of somebody else ("Apple Valley Foods", "Orange County", "Old Oracle")?"""
    after = _NEXT.match(text, stop, stop + 100)
    if after and any(word in _part_of() for word in after.group(1).split()):
        return True
    return doubtful and _BEFORE.search(text, max(0, start - 40), start) is not None


@lru_cache(maxsize=1)
def _part_of() -> frozenset[str]:
    return frozenset(word_lists()["part_of"])


def read_quickly(text: str) -> dict[str, Any]:
    """What `tomllib` reads from a register file, in a tenth of the time; ValueError where it is not a row a line.

    A line of a row is JSON but for the signs between keys and values, and `tomllib` takes 180 ms for the 3,500.

    >>> read_quickly('ai = true\\n[companies]\\nacme = { name = "Acme", formerly = { "A" = "2021" } }')
    {'ai': True, 'companies': {'acme': {'name': 'Acme', 'formerly': {'A': '2021'}}}}
    """
    head, _, body = text.partition("\n[companies]\n")
    rows = (line.partition(" = ") for line in body.split("\n") if line and line[0] != "#")
    lines = ",\n".join(f'"{key.strip(chr(34))}": {row}' for key, _, row in rows)
    return {**tomllib.loads(head), "companies": json.loads("{" + _KEY.sub(_quoted, lines) + "}")}


def _quoted(key: re.Match[str]) -> str:
    name = key[2]
    return f"{key[1]}{name}: " if name[0] == '"' else f'{key[1]}"{name}": '


def _read_rows(name: str, text: str) -> Iterator[Row]:
    """The rows of one register file: a line each under ``[companies]``, with ``[defaults]`` above."""
    try:
        data = read_quickly(text) if name in FILES else tomllib.loads(text)
        defaults = data.get("defaults", {})
        for key, row in data["companies"].items():
            if name not in FILES:
                check_row(key, {**defaults, **row})
            yield _read_row(key, {**defaults, **row})
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError(f"{name}: not a register: {error}", _HINT) from error


def _read_row(key: str, data: Mapping[str, Any]) -> Row:
    words, kind, before = data.get("needs_context", False), data.get("kind", "other"), data.get("formerly", ())
    return Row(
        id=key, name=data["name"], kind=kind, ai=data.get("ai", kind == "ai"), aliases=tuple(data.get("aliases", ())),
        ticker=data.get("ticker"), domain=data.get("domain"), country=data.get("country"),
        people=tuple(data.get("people", ())), parent=data.get("parent"), formerly=tuple(before),
        renamed=tuple((name, until) for name, until in before.items() if until) if isinstance(before, dict) else (),
        merged_into=data.get("merged_into"), merged_on=data.get("merged_on"), shared=tuple(data.get("shared", ())),
        translated=data.get("translated", False),
        needs_context=(data["name"],) if words is True else tuple(words or ()),
    )  # fmt: skip


def build_register(rows: Iterable[Row]) -> Register:
    """A register of the rows; where two claim a name, the earlier row keeps it."""
    rows = tuple(rows)
    finder = ahocorasick.Automaton()
    for row in rows:
        for name in row.names:
            for form in _forms(name, row):
                if form not in finder:
                    finder.add_word(form, (form, row))
    if rows:
        finder.make_automaton()
    return Register(rows, finder if rows else None)


def _forms(name: str, row: Row) -> tuple[str, ...]:
    """The spellings searched for: as written, and in capitals where that is not a word of its own."""
    name = _made_plain(name)
    if name in row.needs_context or len(name) < 5 or name.isupper():
        return (name,)
    return (name, name.upper())


@lru_cache(maxsize=8)
def load_register(extra: Path | None = None, keep: Keep = "all") -> Register:
    """The register as shipped, with the rows of a file of the user's before it; "none" of it, or every second row."""
    added: tuple[Row, ...] = ()
    if extra is not None:
        try:
            added = tuple(_read_rows(str(extra), extra.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{extra}: cannot be read: {error}", "all, half, none or a register file") from error
    folder = resources.files(__package__)
    shipped = [row for name in FILES for row in _read_rows(name, folder.joinpath(name).read_text(encoding="utf-8"))]
    kept = {"all": shipped, "none": [], "half": shipped[::2]}[keep]
    theirs = {row.id: row for row in kept}
    own = [add_to(theirs.pop(row.id), row) if row.id in theirs else row for row in added]
    return build_register((*own, *theirs.values()))
