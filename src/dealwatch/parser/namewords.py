"""The word sets by which capitalised spans are cut, read from one language's pack."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dealwatch.companies import word_lists
from dealwatch.lang import Pack


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The word sets of one language's pack that the spans are cut by."""

    elisions: tuple[str, ...]
    clitics: tuple[str, ...]  # pronouns tied behind a verb that opens ("Faut-il", "Abonnez-vous")
    possessives: tuple[str, ...]
    ends: tuple[str, ...]  # what roles and types end with, in one word with more ("Chemiekonzern", "Rheinkapital")
    name_ends: tuple[str, ...]  # of those, what ends names rather than what they are ("Hansebank", "Rheinkapital")
    town_ends: tuple[str, ...]  # what makes a town's name say of a firm where it sits ("das Siegener Start-up X")
    openers: frozenset[str]
    verb_ends: tuple[str, ...]  # of what is done, behind one of `before_verbs`, where names go on in small letters
    before_verbs: frozenset[str]
    heads: frozenset[str]
    named_heads: frozenset[str]  # of those in small letters, the ones that a name of any kind follows ("université X")
    joiners: frozenset[str]
    ands: frozenset[str]
    ties: frozenset[str]  # the joiners that tie any two capitalised words ("Fanal d'Aure")
    links: frozenset[str]  # the joiners that can follow an "and" inside a name
    tails: frozenset[str]
    types: frozenset[str]
    stops: frozenset[str]  # capitalised words that belong to no name
    demonyms: frozenset[str]
    titles: frozenset[str]
    places: frozenset[str]
    verbs: frozenset[str]  # single verbs that a name opens a clause with
    adverbs: tuple[str, ...]  # what adverbs end with
    leading: frozenset[str]  # what leads up to a name without an article ("von")
    articles: frozenset[str]  # of a language that writes common nouns with a capital; empty elsewhere
    roles: frozenset[str]
    legal: frozenset[str]  # forms that a comma may part from the name
    adjectives: frozenset[str]  # openers that may be the first word of a name ("First Light Labs")
    bare: frozenset[str]  # articles, which alone tie nothing
    deals: frozenset[str]  # what an organisation does, strong enough for a first word
    pairs: frozenset[str]  # the first two words of places, exchanges and media that have more than one
    wholes: frozenset[str]  # what an institute is part of, a name of its own ("... de l'Université de X")
    subjects: frozenset[str]  # what institutes and ministries are for ("Trade", "Energy")
    small: frozenset[str]  # words in small letters that no name goes on with
    plain: frozenset[str]  # words in small letters that a Title Case headline writes with a capital


_SETS = (
    "openers", "heads", "named_heads", "joiners", "ands", "links", "ties", "places", "tails", "types", "demonyms",
    "before_verbs", "titles", "articles", "roles", "adjectives", "subjects", "wholes",
)  # fmt: skip


@lru_cache(maxsize=16)
def words_of(pack: Pack) -> Words:
    """The word sets of a pack."""
    sets = {key: frozenset(pack.words("names", key)) for key in _SETS}
    stops = frozenset(pack.words("names", "not_names")) | frozenset(pack.words("names", "products"))
    small = _single_words(pack, ("verbs", "joiners", "common", "before"))
    plain = small | _single_words(pack, ("deal_verbs", "strong_before", "roles", "owned", "after"))
    plain |= frozenset(word.lower() for word in sets["openers"])
    table: dict[str, str] = pack.section("names").get("contractions", {})
    sets["bare"] = frozenset(word for word, read_as in table.items() if not read_as)
    lists = ("places", "exchanges", "media", "products")
    names = [name.split() for key in lists for name in pack.words("names", key)]
    pairs = frozenset(" ".join(name[:2]) for name in names if len(name) > 1)
    verbs = pack.words("names", "verb_ends")
    sets["deals"] = frozenset(pack.words("names", "deal_verbs"))
    sets["verbs"] = frozenset(word for word in pack.words("names", "verbs") if " " not in word)
    sets["leading"] = frozenset(pack.words("names", "before")) - sets["articles"]
    sets["legal"] = frozenset(word_lists()["legal"])
    if sets["tails"]:  # "Banque cantonale vaudoise"
        sets["tails"] |= frozenset(word.lower() for word in sets["demonyms"])
    keys = ("elisions", "clitics", "possessives", "ends", "name_ends", "town_ends", "adverb_ends")
    elisions, clitics, possessives, ends, names_end, towns, adverbs = (pack.words("names", key) for key in keys)
    return Words(
        elisions, clitics, possessives, ends, names_end, towns, verb_ends=verbs, adverbs=adverbs, stops=stops,
        pairs=pairs, small=small, plain=plain, **sets,
    )  # fmt: skip


def _single_words(pack: Pack, keys: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for key in keys for phrase in pack.words("names", key) for word in phrase.lower().split())
