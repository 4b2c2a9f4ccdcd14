"""Names in a sentence that take no part in what it tells: the paper that was told, the wire in a dateline."""

from __future__ import annotations

from collections.abc import Sequence

from dealwatch.parser.frames import Lexicon, Token, cue_kind

_DATELINE = 14  # tokens at the head of a sentence among which "(Name) --" is a dateline
_SPOKEN = 9  # tokens between a word of saying and the paper that it is said to


def drop_bystanders(tokens: list[Token], lexicon: Lexicon) -> None:
    """Make plain words of the names that only carry the news, so that nobody takes them for a party."""
    for at, token in enumerate(tokens):
        if token.kind != "party":
            continue
        if (
            token.word.lower() in lexicon.strangers
            or _is_told(tokens, at)
            or _is_cited(tokens, at)
            or _says_last(tokens, at)
            or _in_dateline(tokens, at)
            or _is_denied(tokens, at)
        ):
            token.kind, token.party, token.possessive = "word", None, False


def _is_cited(tokens: list[Token], at: int) -> bool:
    """Whether a name stands right behind "as first reported by" or "told": "told the Evening Ledger"."""
    for token in reversed(tokens[max(0, at - 4) : at]):
        if cue_kind(token) == "cites" or (cue_kind(token) == "source" and token is tokens[at - 1]):
            return True
        if token.kind != "word" and token.word not in "«“\"'":
            return False
    return False


def _is_denied(tokens: list[Token], at: int) -> bool:
    """Whether a name is only who it was not: "led by X (and not Y)", "auprès de X et non de Y"."""
    before = tokens[at - 2 : at] if at > 1 and cue_kind(tokens[at - 1]) == "link" else tokens[max(0, at - 1) : at]
    return bool(before) and cue_kind(before[0]) == "negation" and not before[0].word.startswith("n")


def _says_last(tokens: list[Token], at: int) -> bool:
    """Whether a name ends its sentence as the one who says the rest: "Funding hit a record, says Granger"."""
    if at < 3 or cue_kind(tokens[at - 1]) != "reporting" or tokens[at - 2].word != ",":
        return False
    return all(token.kind == "mark" for token in tokens[at + 1 :])


def _is_told(tokens: list[Token], at: int) -> bool:
    """Whether something is said to a name: "confirme la société au Quotidien du Rhône"."""
    before = tokens[max(0, at - _SPOKEN) : at]
    if not before or before[-1].cue is None or before[-1].cue.name != "to":
        return False
    for token in reversed(before[:-1]):
        if cue_kind(token) in ("saying", "reporting"):
            return True
        if token.kind in ("amount", "hard", "mark") or cue_kind(token) in ("frame", "link"):
            return False
    return False


def _in_dateline(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name stands alone in brackets with a dash behind them, at the head of its sentence."""
    if not 0 < at < _DATELINE or at + 2 >= len(tokens):
        return False
    return tokens[at - 1].word == "(" and tokens[at + 1].word == ")" and tokens[at + 2].word in ("-", "–", "—")
