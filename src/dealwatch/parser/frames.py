"""The words that tell a deal, compiled once a language (frames, links, modals, references); a sentence as tokens.

A pack's ``[deals]`` holds frames (a verb or a noun, the type of deal that it tells and who stands where round it) and
small classes of words. A word ending in ``+name`` stands for its forms by the endings of that name.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Any

from dealwatch.lang import Pack
from dealwatch.model import Amount, Company

_WORD = re.compile(r"\d{1,15}(?:[.,]\d{1,6})?|[^\W_]{1,40}['’]?|[^\w\s]")
_CUT = re.compile(rf"((?! )(?:[a-zß-öø-ÿ]{{1,40}}+(?![\w'’])|{_WORD.pattern}))")  # the same, in lower case
_PHRASE = 8  # words of a phrase at most
_TURNS = ("goods", "staff", "choosing", "private", "paying", "spending", "burdens")
_HARD = frozenset(";:•●|🟢🔴🔵")


@dataclass(frozen=True, slots=True)
class Frame:
    """What one verb or noun tells: the type of deal, and which part its subject, object and links play."""

    type: str  # a type of deal, or "" for a frame that only adds to one
    form: str  # verb, noun or support (a verb that lends its subject to a noun)
    subject: str = ""  # the part of the subject: investor, target, seller
    object: str = ""
    of: str = ""
    links: Mapping[str, str] = field(default_factory=dict)  # link class -> part
    needs: str = ""  # what must stand in its sentence: sum, party, round
    lead: bool = False  # its investors lead
    pair: bool = False  # of two subjects the second is the target: a merger
    weak: bool = False  # its type gives way to a stronger one
    status: str = ""  # what the word itself says: completed, announced, called_off


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase of the pack: a frame, or a member of a class."""

    kind: str  # frame, link, break, pronoun, reference, role, rumour, off, closing, negation, ...
    name: str = ""
    frame: Frame | None = None


@dataclass(slots=True)
class Token:
    """A piece of a sentence: a party, an amount, a cue, a mark or any other word."""

    kind: str
    start: int
    end: int
    word: str = ""
    cue: Cue | None = None
    party: Company | None = None
    amount: Amount | None = None
    head: int = -1  # for a party in a list: the position of the list's first
    governor: int = -1  # position of the token that governs it, -1 where none does
    possessive: bool = False


def cue_kind(token: Token) -> str:
    """The kind of a token's cue; "" for one that is none."""
    return token.cue.kind if token.cue is not None else ""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The compiled ``[deals]`` of one pack."""

    trie: Mapping[str, Any]
    passive: frozenset[str]
    participle: re.Pattern[str]
    conditional: re.Pattern[str]
    possessive: re.Pattern[str]
    conjunctions: frozenset[str]
    public: re.Pattern[str]
    lenders: re.Pattern[str]
    determiners: frozenset[str]
    generic: frozenset[str]
    plurals: frozenset[str]
    perfect: frozenset[str]
    articles: frozenset[str]
    agreed: re.Pattern[str]  # participles that cannot be active
    refusals: frozenset[str]  # words of a bid's refusal, after which it may still stand
    exits: frozenset[str]  # words of leaving a round, which goes on
    answers: frozenset[str]  # those and words of its acceptance: who gives the answer is bid for
    crowds: frozenset[str]  # words for companies at large: "start-ups raised ..."
    strangers: frozenset[str]  # names that are nobody's: "Press", "AI"
    investors: re.Pattern[str]  # names of those that invest
    whose: frozenset[str]  # relative pronouns of possession
    drawn: frozenset[str]  # relative pronouns that a link can draw to the head of their clause: "in which"
    records: frozenset[str]  # what makes a deal one of several: "largest", "previous"
    shares: frozenset[str]  # "buys Acme shares"
    alone: frozenset[str]  # "the round was Acme's alone"
    comparing: frozenset[str]  # "than"
    turns: Mapping[str, frozenset[str]]  # the words that `turning` looks for, by their key in the pack
    supplying: frozenset[str]  # verbs of who supplies: of two partners the one that is paid
    pending: frozenset[str]  # auxiliaries of what is still to come
    since: frozenset[str]  # before the year that a total counts from
    several: frozenset[str]  # pronouns of more than one: "they"
    joining: frozenset[str]  # "X joins Y", which buys it where the story speaks of a deal
    own: frozenset[str]  # "its", of what one has
    presenting: frozenset[str]  # articles before a role whose name follows: "by a new investor, X"
    of: str  # the link that ties what somebody makes to the maker: "fabricante de chips Acme"
    finite: frozenset[str]  # verbs behind which a fronted phrase is over: "laut Acme hat B"
    besides: frozenset[str]  # what parts a new member from a list: "led by A, also B took part"
    intransitive: frozenset[str]  # participles that no passive has: "è entrato"
    inverts: bool  # a subject may stand behind its verb ("Participa también Acme")
    verb_final: bool  # participles, infinitives and verbs of subordinate clauses stand behind all their parties


def _forms(word: str, endings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    stem, plus, name = word.partition("+")
    if not plus:
        yield word
        return
    name, _, tail = name.partition(" ")
    for ending in endings[name]:
        yield f"{stem}{ending} {tail}".strip()


def deal_words(pack: Pack) -> tuple[frozenset[str], frozenset[str]]:
    """The verbs of a pack whose subject has a part in a deal, and the words whose object or whom "by" names has one."""
    table = pack.section("deals")
    endings = table.get("endings", {})
    doers, done_to = set(), set(table.get("links", {}).get("lead", ()))
    for row in table.get("frames", ()):
        if row["form"] == "noun":
            continue
        forms = {form for phrase in row["words"] for form in _forms(phrase, endings)}
        gives = row.get("weak", False) and row.get("subject") == "investor" and not row.get("lead", False)
        doers |= forms if row.get("subject") and row.get("type") and not gives else set()
        done_to |= forms if row.get("object") and not row.get("weak") else set()
    return frozenset(doers), frozenset(done_to)


def split_words(text: str) -> list[str]:
    """The words and marks of a phrase, in lower case, typographic apostrophes made plain."""
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]


def _plant(trie: dict[str, Any], phrase: str, cue: Cue) -> None:
    node = trie
    for word in split_words(phrase):
        node = node.setdefault(word, {})
    node.setdefault("", cue)  # the first meaning of a phrase stands


def _frame(row: Mapping[str, Any]) -> Frame:
    keys = ("subject", "object", "of", "needs", "lead", "pair", "weak", "status")
    return Frame(row.get("type", ""), row["form"], links=row.get("links", {}), **{k: row[k] for k in keys if k in row})


def _plant_all(table: Mapping[str, Any]) -> dict[str, Any]:
    """The trie of all phrases of a pack's deals: links and classes first, then frames."""
    endings = table.get("endings", {})
    trie: dict[str, Any] = {}
    for kind in ("links", "classes"):
        for name, phrases in table.get(kind, {}).items():
            role = name.removesuffix("_role")
            cue = Cue("link", name) if kind == "links" else Cue(name) if role == name else Cue("role", role)
            for phrase in phrases:
                for form in _forms(phrase, endings):
                    _plant(trie, form, cue)
    for row in table.get("frames", ()):
        cue = Cue("frame", row.get("type", ""), _frame(row))
        for phrase in row["words"]:
            for form in _forms(phrase, endings):
                _plant(trie, form, cue)
    for phrase in table.get("exits", ()):
        _plant(trie, phrase, Cue("off"))
    return trie


@lru_cache(maxsize=32)
def compile_lexicon(pack: Pack) -> Lexicon:
    """The deal words of a pack, ready for reading; empty where it has none."""
    table = pack.section("deals")
    never = r"(?!)"
    return Lexicon(
        _plant_all(table),
        frozenset(table.get("passive", ())),
        re.compile(table.get("participle", never)),
        re.compile(table.get("conditional", never)),
        re.compile(table.get("possessive", never)),
        frozenset(table.get("conjunctions", ())),
        re.compile(rf"\b(?:{table.get('public_names', never)})", re.IGNORECASE),
        re.compile(rf"\b(?:{table.get('lender_names', never)})", re.IGNORECASE),
        frozenset(table.get("determiners", ())),
        frozenset(table.get("classes", {}).get("refnoun", ())),
        frozenset(table.get("plurals", ())),
        frozenset(table.get("perfect", ())),
        frozenset(table.get("articles", ())),
        re.compile(table.get("agreed", never)),
        frozenset(table.get("refusals", ())),
        frozenset(table.get("exits", ())),
        frozenset((*table.get("refusals", ()), *table.get("accepting", ()))),
        frozenset(table.get("crowds", ())),
        frozenset(table.get("strangers", ())),
        re.compile(rf"\b(?:{table.get('investor_names', never)})\b", re.IGNORECASE),
        frozenset(table.get("whose", ())),
        frozenset(table.get("drawn", ())),
        frozenset(table.get("records", ())),
        frozenset(table.get("shares", ())),
        frozenset(table.get("alone", ())),
        frozenset(table.get("comparing", ())),
        {key: frozenset(table.get(key, ())) for key in _TURNS},
        frozenset(table.get("supplying", ())),
        frozenset(table.get("pending", ())),
        frozenset(table.get("since", ())),
        frozenset(table.get("several", ())),
        frozenset(table.get("joining", ())),
        frozenset(table.get("own", ())),
        frozenset(table.get("presenting", ())),
        next(iter(table.get("links", {}).get("of", ())), ""),
        frozenset(table.get("finite", ())),
        frozenset(table.get("besides", ())),
        frozenset(table.get("intransitive", ())),
        bool(table.get("inverts", False)),
        bool(table.get("verb_final", False)),
    )


def _match(node: Mapping[str, Any] | None, words: list[str], at: int) -> tuple[Cue | None, int]:
    """The longest phrase that begins at a word, and how many words it takes; `node` is the word's in the trie."""
    best, length, step = None, 1, 1
    while node is not None:
        if "" in node:
            best, length = node[""], step
        if step == _PHRASE or at + step >= len(words):
            break
        node = node.get(words[at + step])
        step += 1
    return best, length


def lower_plain(text: str) -> str:
    """The text in lower case with plain apostrophes, every place in it kept."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter that grows in lower case would shift every place
        lower = "".join(char if len(char.lower()) != 1 else char.lower() for char in text)
    return lower.replace("’", "'")


def _read_gap(lower: str, start: int, end: int, lexicon: Lexicon, tokens: list[Token]) -> None:
    """Add the tokens of a stretch in which no party and no sum stands."""
    trie, add = lexicon.trie, tokens.append
    parts = _CUT.split(lower[start:end])  # gap, word, gap, word, ..., gap: half of what matches cost
    words, places = parts[1::2], list(accumulate(map(len, parts), initial=start))
    at, last = 0, len(words)
    while at < last:
        word = words[at]
        a, b = places[2 * at + 1], places[2 * at + 2]
        node = trie.get(word)
        if node is not None:
            cue, length = _match(node, words, at)
            if cue is not None:
                b = places[2 * (at + length)]
                phrase = " ".join(words[at : at + length]) if length > 1 else word
                at += length
                add(Token("word", a, b, phrase) if cue.kind == "neutral" else Token("cue", a, b, phrase, cue))
                continue
        at += 1
        if word[0].isalnum():
            add(Token("word", a, b, word))
        else:
            add(Token("hard" if word in _HARD else "mark", a, b, word))


Item = tuple[int, int, "Company | Amount"]


def place_items(companies: Sequence[Company], amounts: Sequence[Amount]) -> list[Item]:
    """Every mention and amount in order of place, the overlapped left out."""
    items: list[Item] = [(a.start, a.end, a) for a in amounts]
    items += [(m.start, m.end, c) for c in companies for m in c.mentions]
    items.sort(key=lambda item: (item[0], -item[1]))
    kept: list[Item] = []
    for item in items:
        if not kept or item[0] >= kept[-1][1]:
            kept.append(item)
    return kept


def items_in(items: Sequence[Item], start: int, end: int) -> Sequence[Item]:
    """The mentions and amounts that begin in a stretch of the text."""
    first = bisect_left(items, start, key=lambda item: item[0])
    return items[first : bisect_left(items, end, lo=first, key=lambda item: item[0])]


FURTHEST = 6000  # characters of a sentence that are looked at
_LONGEST = 400  # tokens of a sentence that are read: what is longer is no sentence, and costs its square


def read_tokens(
    text: str, start: int, end: int, items: Sequence[Item], lexicon: Lexicon, lower: str = ""
) -> list[Token]:
    """The tokens of a sentence in order, nothing marked yet; `lower` is the text from `lower_plain`, where at hand."""
    lower = lower or lower_plain(text)
    tokens: list[Token] = []
    here, end = start, min(end, start + FURTHEST)
    for a, b, thing in items_in(items, start, end):
        _read_gap(lower, here, a, lexicon, tokens)
        here = b
        if isinstance(thing, Company):
            mark = lexicon.possessive.match(text, b)
            here = mark.end() if mark else b
            tokens.append(Token("party", a, b, text[a:b], party=thing, possessive=bool(mark)))
        else:
            tokens.append(Token("amount", a, b, text[a:b], amount=thing))
    _read_gap(lower, min(here, end), end, lexicon, tokens)
    del tokens[_LONGEST:]
    return tokens
