"""Who leaves a round that goes on without it ("Brackwater pulls out of Acme's Series A"); a part of one that is paid.

Neither is a deal of its own. A claim of the round says so by its evidence: `left:` and the id of who leaves; `tranche`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.model import LEFT, TRANCHE, Amount, Company, Evidence
from dealwatch.parser.drafts import Draft, Fact
from dealwatch.parser.frames import Lexicon, Token, items_in
from dealwatch.parser.reading import Reading

_BEFORE, _BEHIND = 14, 14  # tokens round "pulls out of" in which who leaves stands, and whose round it is
_NEXT = 3  # sentences behind it in which the whole round may fall
_ASIDE = 60  # characters between a part's name and its sum


def find_exit(reading: Reading, number: int, tokens: list[Token]) -> list[Fact] | None:
    """The round that somebody leaves in a sentence: one fact, none where it is only talked of; None if nobody does."""
    exits = reading.lexicon.exits
    at = next((i for i, token in enumerate(tokens) if token.cue is not None and token.word in exits), -1)
    if at < 0:
        return None
    ahead, behind = tokens[max(0, at - _BEFORE) : at], tokens[at + 1 : at + _BEHIND]
    leaver = next((t for t in reversed(ahead) if t.party is not None and not t.possessive), None)
    owner = next((t for t in behind if t.party is not None and leaver and t.party is not leaver.party), None)
    if leaver is None or leaver.party is None or not _of_round(reading, behind, owner):
        return None
    if _is_talk(tokens, at, reading.lexicon):
        return []
    fact = Fact("funding_round", False, number, tokens[at].start, tokens[at].end)
    fact.note("type", tokens[at].start, tokens[at].end)
    fact.note(LEFT + leaver.party.id, leaver.start, leaver.end)
    current = reading.current
    if owner is not None and owner.party is not None:
        fact.target = owner.party
        fact.note("target", owner.start, owner.end)
    elif current is not None and current.type == "funding_round":
        fact.target, fact.inferred = current.target, True
    if _falls_through(reading, number):
        fact.status, fact.firm = "called_off", True
        sums = [t.amount for t in behind if t.amount is not None]
        fact.amount = sums[0] if len(sums) == 1 else None
    return [fact] if fact.target is not None else []


def _falls_through(reading: Reading, number: int) -> bool:
    """Whether the next sentences say that the round is off with it: "The deal has been called off"."""
    for tokens in reading.tokens[number + 1 : number + _NEXT]:
        cues = [t.cue for t in tokens if t.cue is not None and t.word not in reading.lexicon.exits]
        kinds = {cue.kind for cue in cues}
        rounds = any(cue.frame is not None and cue.frame.type == "funding_round" for cue in cues)
        if "off" in kinds and (rounds or "dealnoun" in kinds):
            return True
    return False


def _of_round(reading: Reading, behind: list[Token], owner: Token | None) -> bool:
    """Whether what is left is a round: a noun for one stands behind, or the story is about one of the same company."""
    for token in behind:
        if token.cue is not None and token.cue.frame is not None and token.cue.frame.form == "noun":
            return token.cue.frame.type == "funding_round"
    current = reading.current
    if current is None or current.type != "funding_round" or current.target is None or owner is None:
        return False
    return owner.party is not None and owner.party.id == current.target.id


def _is_talk(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    ahead = tokens[max(0, at - _BEFORE) : at + 1]
    return any(
        (t.cue is not None and t.cue.kind in ("rumour", "modal", "source"))
        or any(lexicon.conditional.search(word) for word in t.word.split() if t.party is None)
        for t in ahead
    )


def without_leavers(draft: Draft, investors: Sequence[Company]) -> list[Company]:
    """The investors of a round but those that its story says have left it."""
    left = {item.field.removeprefix(LEFT) for item in draft.evidence if item.field.startswith(LEFT)}
    return [company for company in investors if company.id not in left]


def has_leaver(draft: Draft) -> bool:
    """Whether a story says of a round that somebody has left it."""
    return any(item.field.startswith(LEFT) for item in draft.evidence)


@lru_cache(maxsize=16)
def _part_pattern(pack: Pack) -> re.Pattern[str] | None:
    words = pack.section("deals").get("tranche", "")
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if words else None


def find_tranche(reading: Reading, draft: Draft) -> list[Evidence]:
    """Where a draft's sum is said to be one part of a round's: "the second tranche, of $9m"."""
    pattern = _part_pattern(reading.doc.pack)
    if pattern is None or draft.amount is None or draft.type not in ("funding_round", "investment"):
        return []
    start, end = reading.doc.sentence_at(draft.amount.start)
    sums = [thing for _, _, thing in items_in(reading.items, start, end) if isinstance(thing, Amount)]
    for found in pattern.finditer(reading.doc.text, start, min(end, start + 1000)):
        nearest = min(sums, key=lambda one: _apart(one, found.span()), default=None)
        if nearest is draft.amount and _apart(draft.amount, found.span()) <= _ASIDE:
            return [Evidence(TRANCHE, *found.span())]
    return []


def _apart(amount: Amount, span: tuple[int, int]) -> int:
    return max(0, span[0] - amount.end, amount.start - span[1])
