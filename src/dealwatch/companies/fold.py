"""The key by which two spellings of a name are the same company, and the id made of it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Any

_WORD = re.compile(r"\w{1,200}")
# The dots of "S.A.", "Inc.", the mark of "L'Oréal", the bar of "A/S".
_DOTTED = re.compile(r"(?<=\w)\.(?=\w?\b|\w\.|\s|$)|['’]|(?<=\b\w)/(?=\w\b)")
_DOTS = re.compile(r"[.'/]")
_LIGATURES = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "đ": "d"}
)


@lru_cache(maxsize=1)
def word_lists() -> dict[str, Any]:
    """The word lists of ``register.toml``."""
    return tomllib.loads(resources.files(__package__).joinpath("register.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def legal_forms() -> frozenset[str]:
    """Legal forms as folded words: cleanco's of one word, and our own."""
    from cleanco.termdata import terms_by_type  # 9 ms: only when a name is folded

    lists = word_lists()
    ours = frozenset(lists["legal"])
    theirs = {term.replace(".", "").strip() for terms in terms_by_type.values() for term in terms}
    return ours | frozenset(term for term in theirs if term.isalpha() and len(term) > 1) - frozenset(lists["not_legal"])


def bare(name: str) -> str:
    """The name without case, accents and punctuation, words parted by one blank.

    >>> bare("Électricité de France S.A.")
    'electricite de france sa'
    """
    if name.isascii() and not _DOTS.search(name):  # half the time, for most names
        return " ".join(_WORD.findall(name.lower()))
    marked = unicodedata.normalize("NFKD", _DOTTED.sub("", name).translate(_LIGATURES))
    plain = "".join(char for char in marked if not unicodedata.combining(char)).casefold()
    return " ".join(_WORD.findall(plain))


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """The key of a company's name: no case, accents, punctuation or legal forms at its ends.

    >>> fold("L'Atelier Numérique, SAS") == fold("L’ATELIER NUMERIQUE")
    True
    >>> fold("Groupe Morvan S.A."), fold("H Company"), fold("The Company")
    ('morvan', 'h company', 'company')
    """
    words = bare(name).split()
    legal, lead = legal_forms(), word_lists()["lead"]
    while len(words) > 1 and words[0] in lead:
        words = words[1:]
    kept = words
    while len(kept) > 1 and kept[-1] in legal:
        kept = kept[:-1]
    return " ".join(kept if len(kept) > 1 or len(kept[0] if kept else "") > 1 else words)


def company_id(name: str) -> str:
    """The id of a company that the register does not know: the fold as a slug, "" for a name without a word.

    >>> company_id("Société Générale SA")
    'societe-generale'
    """
    return fold(name).replace(" ", "-")
