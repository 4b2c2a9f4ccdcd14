"""A sentence's tokens marked: what stands for a party, what governs each name, which names make one list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dealwatch.parser.frames import Cue, Lexicon, Token

_REFERENCE, _PAIR, _NEAR = Cue("reference"), Cue("reference_pair"), Cue("rumour")
_CLAUSE = 40  # tokens from a verb to the particle that closes its clause
_QUOTE_MARKS = "\"“”«»„‘’'-"


def mark_tokens(tokens: list[Token], lexicon: Lexicon) -> None:
    """Mark references, governors and lists in the tokens of a sentence."""
    if lexicon.verb_final:
        _join_particles(tokens, lexicon)
        _mark_articles(tokens, lexicon)
    _mark_references(tokens, lexicon)
    _mark_governors(tokens, lexicon)
    _mark_lists(tokens, lexicon)


def _mark_references(tokens: list[Token], lexicon: Lexicon) -> None:
    """Make "the American group" a reference, but not "the group Acme" or "Acme, the group", which describe a name."""
    for at, token in enumerate(tokens):
        kind = token.cue.kind if token.cue is not None else ""
        if kind in ("refnoun", "refnouns"):
            whom = _REFERENCE if kind == "refnoun" else _PAIR
            token.cue = whom if _is_definite(tokens, at, lexicon) else None
            kind = whom.kind
        if token.kind == "party" and token.word.lower() in lexicon.generic:
            token.kind, token.party, token.cue = "cue", None, _REFERENCE  # "the Company" in a release
            continue
        if token.kind == "party" and _goes_through(tokens, at):
            token.kind, token.party = "word", None
        if kind.startswith("reference") and kind != "reference_pair" and token.cue is not None:
            ahead = tokens[at + 1 : at + 10]
            describing = (t.kind == "word" or t.word == "-" or _describes(t) for t in ahead)
            plain = next((i for i, plain in enumerate(describing) if not plain), len(ahead))
            if (plain < len(ahead) and ahead[plain].kind == "party") or _is_apposition(tokens, at):
                token.cue = None
        if kind == "off" and at and tokens[at - 1].word == "-" and tokens[at - 1].end == token.start:
            token.cue = None  # "noise-cancelling"
        if kind == "verge":  # "Acme close to $9m deal", but "raised close to $9m"
            token.cue = _NEAR if at and tokens[at - 1].kind == "party" else None
        if token.cue is None and token.kind == "cue":
            token.kind = "word"


def _join_particles(tokens: list[Token], lexicon: Lexicon) -> None:
    """Read a verb with the particle that closes its clause: "sagt den Börsengang ab" is "sagt ab"."""
    end = len(tokens)  # of the clause, from behind
    for at in range(len(tokens) - 1, -1, -1):
        token, last = tokens[at], tokens[end - 1] if end else None
        if token.kind in ("mark", "hard") and token.word not in _QUOTE_MARKS:
            end = at
            continue
        if last is None or not 1 < end - at <= _CLAUSE or last.kind not in ("word", "cue"):
            continue
        whole = _whole(token.word, last.word, lexicon)
        if whole is not None and token.kind in ("word", "cue"):
            last.kind, last.cue = "word", None
            token.kind, token.cue = ("word", None) if whole.kind == "neutral" else ("cue", whole)


def _whole(verb: str, particle: str, lexicon: Lexicon) -> Cue | None:
    """What a verb, of several words perhaps ("kauft sich"), and the last word of its clause tell together."""
    node: Mapping[str, Any] = lexicon.trie
    for word in (*verb.split(), particle):
        node = node.get(word, {})
        if not node:
            return None
    return node.get("")


def _mark_articles(tokens: list[Token], lexicon: Lexicon) -> None:
    """A pronoun that is an article as well ("die") is one only behind a comma where no noun of a party follows it."""
    for at, token in enumerate(tokens):
        if token.cue is None or token.cue.kind != "relative" or token.word not in lexicon.determiners:
            continue
        noun = any(t.kind == "party" or (t.cue and t.cue.kind[:3] in ("ref", "rol")) for t in tokens[at + 1 : at + 3])
        if noun or not at or tokens[at - 1].word != ",":
            token.kind, token.cue = "word", None


def _goes_through(tokens: list[Token], at: int) -> bool:
    """Whether a party is only the hand of another: "Nadir via son fonds Zenith"."""
    for token in reversed(tokens[max(0, at - 4) : at]):
        if token.cue is not None and token.cue.kind == "through":
            return True
        if token.kind in ("party", "amount", "mark", "hard"):
            return False
    return False


def _is_definite(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    for token in reversed(tokens[max(0, at - 6) : at]):  # "the London-listed software firm"
        if token.kind in ("word", "cue") and token.word.rpartition(" ")[2] in lexicon.determiners:
            return True  # "in die Firma" too
        if token.word != "-" and (token.kind != "word" or token.word in lexicon.conjunctions):
            return False
    return False


def _is_apposition(tokens: list[Token], at: int) -> bool:
    """Whether a noun stands right after "Acme, the ..."."""
    for back in range(at - 1, max(0, at - 6), -1):
        if tokens[back].word == ",":
            return tokens[back - 1].kind == "party"
        if tokens[back].kind not in ("word",) and not (_describes(tokens[back]) or _is_adverb(tokens[back])):
            return False
    return False


def _is_adverb(token: Token) -> bool:
    """Whether a cue only says when: "Acme, already a client, ..."."""
    return token.cue is not None and token.cue.kind == "past"


def _describes(token: Token) -> bool:
    """Whether a cue may stand between a describing noun and the name it describes ("opérateur de campus Acme")."""
    return token.cue is not None and (token.cue.kind.startswith("ref") or token.cue.name == "of" or _is_trade(token))


def _is_trade(token: Token) -> bool:
    """Whether a noun of what is built may say what a firm does: "data centre operator Acme"."""
    frame = token.cue.frame if token.cue is not None else None
    return frame is not None and frame.type == "capex" and frame.form == "noun" and frame.weak


def _mark_governors(tokens: list[Token], lexicon: Lexicon) -> None:
    """Each party's governor: the last link, role, frame or reference noun before it with only plain words between."""
    last, words, outer = -1, 0, -1  # outer: the governor of the noun before an "of"
    outside: list[tuple[int, int]] = []  # where we were before a bracket opened
    for at, token in enumerate(tokens):
        if token.word == "(":
            outside.append((last, words))
            last = at - 1 if at and _is_role(tokens[at - 1]) else -1  # "ses actionnaires (A, B)"
            continue
        if token.word == ")" and outside:
            last, words = outside.pop()
            continue
        if token.kind == "cue" and token.cue is not None:
            if token.cue.kind in ("frame", "link", "role") and not is_compound(tokens, at):
                of = token.cue.name == "of" and last >= 0 and words > 0 and at - last <= 10
                of = of and tokens[at - 1].kind != "amount"  # "un soutien de 9 M€ de la région": whose it is
                role = token.cue.kind == "role" and not token.cue.name and _leads_up(tokens, last, at)
                if not (of or role):
                    outer, last, words = last, at, 0
            elif token.cue.kind in ("break", "after", "when", "condition", "pronoun"):
                last = -1
            elif token.cue.kind == "relative" and at and _opens_clause(tokens, last, at, lexicon):
                last = -1  # "announce that Acme leads", "glad to share that Acme leads": a clause of its own
            elif token.word in lexicon.drawn and at and last == at - 1 and _is_link(tokens[last]):
                last = -1  # "X, in which Acme invested": a clause that its own subject opens
        elif token.kind == "word":
            words += 1
            if token.word in lexicon.finite and last >= 0 and _is_link(tokens[last]):
                last = -1
            elif words > 1 and token.word in lexicon.passive and _is_link(tokens[last]):
                last = -1  # "a round in 2023 was Acme's alone"
            elif token.word in lexicon.conjunctions and tokens[at - 1].kind == "amount" and last == at - 2 >= 0:
                last = -1  # "rachète X pour 9 M€ et Y met ..."
            elif words > 9 or (
                token.word in lexicon.conjunctions and tokens[last].cue is not None and _is_verb(tokens[last])
            ):
                last = -1
        elif token.kind == "party":
            token.governor = outer if lexicon.inverts and _is_maker(tokens, last, at, lexicon) else last
            last = last if token.possessive else -1
        elif token.word == "," and last >= 0 and words and _introduces_names(tokens, last, at, lexicon):
            words = 0  # "souscrit par deux fonds luxembourgeois, A et B"
        elif token.word == "," and last >= 0 and _presents(tokens, last, at, lexicon):
            words = 0  # "auprès d'un chef de file américain, A."
        elif token.word == ":" and at and _is_role(tokens[at - 1]):
            words = 0  # "Investors: A and B"
        elif token.kind in ("mark", "hard") and token.word not in "\"“”«»'’(*-":
            last = -1


def _opens_clause(tokens: list[Token], last: int, at: int, lexicon: Lexicon) -> bool:
    """Whether a relative pronoun opens a clause that what stood before it does not govern."""
    if last == at - 1:
        return _is_verb(tokens[last])
    return not (lexicon.verb_final or lexicon.inverts) and at + 1 < len(tokens) and tokens[at + 1].kind == "party"


def is_compound(tokens: list[Token], at: int) -> bool:
    """Whether a word hangs by a hyphen on the name before it: "Nadir-backed Acme", "a Nadir-led round"."""
    return at > 1 and tokens[at - 1].word == "-" and tokens[at - 2].end == tokens[at - 1].start


def _is_maker(tokens: list[Token], last: int, at: int, lexicon: Lexicon) -> bool:
    """Whether a name stands behind what its owner makes, and not behind "of": "el fabricante de chips Acme"."""
    between = tokens[last + 1 : at]
    if lexicon.verb_final or last < 1 or not 1 <= len(between) <= 3 or tokens[last].word != lexicon.of:
        return False
    small = lexicon.determiners | lexicon.plurals | lexicon.presenting | lexicon.conjunctions
    return tokens[last - 1].kind != "party" and all(t.kind == "word" and t.word not in small for t in between)


def _leads_up(tokens: list[Token], last: int, at: int) -> bool:
    """Whether a role only says what those are that a link names as leading: "led by the investor A"."""
    cue = tokens[last].cue if 0 <= at - last - 1 <= 4 and last >= 0 else None
    return cue is not None and cue.kind == "link" and cue.name == "lead"


def _is_role(token: Token) -> bool:
    return token.cue is not None and token.cue.kind == "role"


def _introduces_names(tokens: list[Token], last: int, at: int, lexicon: Lexicon) -> bool:
    """Whether between a link and a comma stands a plural for the names that follow ("two funds, A and B")."""
    cue = tokens[last].cue
    if cue is None or cue.kind not in ("link", "role"):
        return False
    return any(token.word in lexicon.plurals for token in tokens[last:at])


def _presents(tokens: list[Token], last: int, at: int, lexicon: Lexicon) -> bool:
    """Whether "from a new investor" is followed by its name: "X raised $9m from a new investor, Y, and from Z"."""
    cue = tokens[last].cue
    if cue is None or at + 2 >= len(tokens) or tokens[at + 1].kind != "party":
        return False
    if cue.kind != "role" and not any(t.kind == "party" and t.governor < 0 for t in tokens[:last]):
        return False  # "backed by a new investor, X opened ...": the name is the subject
    links = [t for t in tokens[max(0, last - 4) : last + 1] if t.cue is not None and t.cue.kind == "link"]
    given = any(t.cue and (cue.kind == "role" or t.cue.name in ("by", "from", "with", "lead")) for t in links)
    told = any(t.word in lexicon.presenting for t in tokens[max(0, last - 4) : at])
    after = tokens[at + 2]
    return given and told and (after.kind in ("mark", "hard") or after.word in lexicon.conjunctions)


def _is_link(token: Token) -> bool:
    return token.cue is not None and token.cue.kind == "link"


def _is_verb(token: Token) -> bool:
    return token.cue is not None and token.cue.frame is not None and token.cue.frame.form != "noun"


_LIST_GAP = 9


def _chains(tokens: list[Token], first: int, second: int, lexicon: Lexicon) -> bool:
    """Whether two parties stand in one list: a comma or "and" between, and nothing that governs."""
    depth, joined, role = 0, False, False
    for token in tokens[first + 1 : second]:
        if token.word in ("(", ")"):
            depth += 1 if token.word == "(" else -1
        elif depth > 0:
            continue
        elif token.word in lexicon.besides and joined:
            return False
        elif token.word == "," or token.word in lexicon.conjunctions:
            joined, role = True, False
        elif role and token.cue is not None and token.cue.frame is not None and not _is_verb(token):
            continue  # "A, chef de file du tour, et B"
        elif token.cue is not None and token.cue.kind == "role":
            role = True
        elif (
            token.kind == "amount"
            or token.kind == "hard"
            or (token.kind == "cue" and token.cue is not None and not _passes(token.cue))
        ):
            return False
    return joined


def _passes(cue: Cue) -> bool:
    """Whether a cue may stand between two members of a list ("A et du fonds B", "A, l'investisseur B")."""
    return cue.kind in ("role", "reference", "through") or (
        cue.kind == "link" and cue.name in ("of", "from", "lead_of")
    )


def _acts(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a verb stands right behind a party, so that it opens a clause."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None:
        return False
    frame = after.cue.frame if after.cue is not None else None
    buys = frame is not None and frame.form == "verb" and frame.type == "acquisition" and not lexicon.verb_final
    verb = lexicon.verb_final and _is_verb(after) and not lexicon.participle.search(after.word)
    return buys or verb or after.word in lexicon.perfect or after.word in lexicon.passive


def _is_fronted(tokens: list[Token], at: int) -> bool:
    """Whether a name only says whose word it is: "Selon A, B tient des discussions"."""
    cue = tokens[tokens[at].governor].cue if tokens[at].governor >= 0 else None
    return cue is not None and cue.kind == "link" and cue.name == "at"


def _mark_lists(tokens: list[Token], lexicon: Lexicon) -> None:
    previous, closed = -1, False
    for at, token in enumerate(tokens):
        if token.kind != "party":
            continue
        token.head = at
        if previous == at - 2 and tokens[at - 1].word == "(" and token.party is tokens[previous].party:
            token.head, previous = tokens[previous].head, at  # "the European Bank (EB), A and B"
            continue
        if previous >= 0 and at - previous <= _LIST_GAP * 2 and _chains(tokens, previous, at, lexicon):
            ends = any(t.word in lexicon.conjunctions for t in tokens[previous + 1 : at])
            if not ends and (_acts(tokens, at, lexicon) or _is_fronted(tokens, previous)):
                closed = False  # "took $9m from X, Y has grown": another sentence's subject
            elif ends or not closed:  # "and" brings the last of a list: what follows a comma is another matter
                token.head = tokens[previous].head
                closed = ends
            else:
                closed = False
        else:
            closed = False
        previous = at
