"""Backers that short items put in brackets behind a sum or a round: "Acme, $14M Series A (Nadir, Zenith Fund)"."""

from __future__ import annotations

from dealwatch.parser.drafts import Fact
from dealwatch.parser.frames import Cue, Lexicon, Token
from dealwatch.parser.parts import put

_FAR = 6  # tokens between a sum and the bracket behind it
_LONG = 40  # tokens of a bracket
_PLAIN = 4  # words of a bracket beside its names
_LINKS = ("lead", "with", "include", "from", "by")


def add_bracketed(tokens: list[Token], fact: Fact, lexicon: Lexicon) -> None:
    """Give a round the names in the bracket behind its sum, where nothing but names stands there."""
    if fact.type not in ("funding_round", "") or fact.amount is None:
        return
    at = next((i for i, t in enumerate(tokens) if t.amount is fact.amount), -1)
    opens = next((i for i in range(at + 1, min(at + _FAR, len(tokens))) if tokens[i].word == "("), 0) if at >= 0 else 0
    if not opens or any(t.party is not None or t.word in ".,;" for t in tokens[at + 1 : opens]):
        return
    closes = next((i for i in range(opens, min(opens + _LONG, len(tokens))) if tokens[i].word == ")"), 0)
    inside = tokens[opens + 1 : closes] if closes else []
    if not any(t.party is not None for t in inside) or not _is_list(inside, lexicon):
        return
    leads = False
    for token in inside:
        if token.party is None:
            leads = _says_lead(token) or (leads and token.word in (":", *lexicon.conjunctions))
        elif fact.target is None or token.party.id != fact.target.id:
            put(fact, "investor", token.party, token, leads or _is_led(tokens, token))


def _says_lead(token: Token) -> bool:
    cue = token.cue
    return cue is not None and (cue.name == "lead" or (cue.frame is not None and cue.frame.lead))


def _is_led(tokens: list[Token], token: Token) -> bool:
    """Whether "lead" stands right behind a name: "(Nadir, lead; Zenith)", "(Nadir lead)"."""
    at = tokens.index(token)
    after = [t for t in tokens[at + 1 : at + 3] if t.word != ","]
    return bool(after) and _says_lead(after[0]) and tokens[at + 1].word != ";" and tokens[at + 3].word != ":"


def _is_round(cue: Cue) -> bool:
    """Whether a cue names a round: "9 M€ (série A, Nadir en tête)"."""
    return cue.frame is not None and cue.frame.form == "noun" and cue.frame.type == "funding_round"


def _is_list(inside: list[Token], lexicon: Lexicon) -> bool:
    """Whether a bracket holds names, what parts them and what calls them investors, and hardly a word more."""
    plain = 0
    for token in inside:
        cue = token.cue
        told = cue is not None and (cue.kind == "role" or cue.name in _LINKS or _says_lead(token) or _is_round(cue))
        if token.amount is not None or (cue is not None and not told):
            return False
        plain += token.kind == "word" and token.word not in lexicon.conjunctions
    return plain <= _PLAIN
