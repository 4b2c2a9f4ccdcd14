"""Capitalised spans: the places of a text that can be a name, before anybody judges them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from dealwatch.parser.namewords import Words, words_of
from dealwatch.parser.text import Document
from dealwatch.parser.tokens import COMPOUND, Token, read_tokens

_MIXED = re.compile(r"(?=\w{0,12}\d)(?=\w{0,12}[a-z])\w{2,14}")  # letters and digits in one word
_SUM = re.compile(r"\d[\d.,]*[^\W\d_]{0,3}\Z|[A-Z][A-Za-z]{0,3}\d[\d.,]+\Z")  # a figure: "40M", "230MW", "Dh275"
_DATELINE = re.compile(r"[^\n.!?]{0,40}?(?:[-–—]|:)\s")
_GRADE = re.compile(r"(?:[A-Z]\d{1,2}|[IVX]{2,6})\Z")  # "B1", "III"
_SHORT = 4  # letters of a name in small letters
_ACTS = 14  # words within which a name in small letters does what makes it one
_LONGEST = 2_000  # words of a sentence that are read: what is longer is none
_HEADLINE = 6  # words of a body's line from which on it can be another story's headline
_VERSION = re.compile(r"\d\.\d\Z")  # "Betula 4.0"


@dataclass(frozen=True, slots=True)
class Span:
    """Words that stand together as a name may."""

    start: int
    end: int
    opens: bool  # begins a sentence: its capital says nothing
    loud: bool  # in a headline in Title Case: likewise
    called: bool = False  # a common noun with an article leads up to it ("der Chemiekonzern X")


def find_spans(doc: Document, walls: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """The capitalised spans of a text, in order; none runs into a wall (a person, say)."""
    words = words_of(doc.pack)
    blocked = sorted(walls)
    read = (tuple(read_tokens(doc.text, *place, words, _LONGEST)) for place in doc.sentences)
    sentences = [_with_small_name(doc, tokens, words) for tokens in read]
    small = {tokens[0].text for tokens in sentences if tokens and tokens[0].capital and tokens[0].text.islower()}
    called = {name for tokens in sentences for name in _called_small(tokens, words)} if words.articles else set()
    if called:
        sentences = [tuple(t._replace(capital=True) if t.text in called else t for t in s) for s in sentences]
    if small:
        sentences = [_with_small_names(tokens, small) for tokens in sentences]
    numbered = _numbered(sentences, words)
    if numbered:
        sentences = [tuple(t._replace(capital=True) if t.text in numbered else t for t in s) for s in sentences]
    common = {token.text for tokens in sentences for token in tokens if not token.capital}
    found: list[Span] = []
    for tokens in sentences:
        if not tokens or _is_shouted(tokens):
            continue
        loud, begin = _is_loud(doc, tokens), _dateline_end(doc, tokens)
        body = tokens if begin == tokens[0].start else tuple(token for token in tokens if token.start >= begin)
        free = [_hushed(token, loud, common, words) if token.capital else token for token in _without(body, blocked)]
        found.extend(_spans_of(doc.text, tuple(free), loud, words))
    return tuple(found)


def _with_small_name(doc: Document, tokens: tuple[Token, ...], words: Words) -> tuple[Token, ...]:
    """The words, the first as a name where it opens a paragraph in small letters and does a deal ("perle raises")."""
    if len(tokens) < 3 or tokens[0].capital or tokens[0].text in words.plain:
        return tokens
    if not tokens[0].text.isalpha() and not _MIXED.fullmatch(tokens[0].text):
        return tokens
    if not (_acts(doc.text, tokens, words) or _is_explained(doc.text, tokens, words)):
        return tokens
    if any(map(str.isalnum, doc.text[doc.paragraph_at(tokens[0].start)[0] : tokens[0].start])):
        return tokens
    return (tokens[0]._replace(capital=True), *tokens[1:])


def _called_small(tokens: tuple[Token, ...], words: Words) -> Iterator[str]:
    """Names in small letters behind what they are and before a verb: "das Kölner Start-up | perle | hat"."""
    for at in range(1, len(tokens) - 1):
        word = tokens[at].text
        if tokens[at].capital or not word.isalpha() or len(word) < _SHORT or not tokens[at - 1].text[0].isupper():
            continue
        if word in words.plain or word.endswith(words.adverbs) or tokens[at + 1].text not in words.verbs:
            continue
        if _is_role(tokens[at - 1].text, words):
            yield word


def _acts(text: str, tokens: tuple[Token, ...], words: Words) -> bool:
    """Does the first word do a deal, what stands in brackets or says where from left out ("perle (Leeds) raises")?"""
    depth = 0
    for at in range(1, min(len(tokens), _ACTS)):
        gap = text[tokens[at - 1].end : tokens[at].start]
        depth += gap.count("(") - gap.count(")")
        if depth <= 0 and not gap.isspace() and ")" not in gap:
            return False
        following = [token.text for token in tokens[at : at + 3]]
        if depth <= 0 and any(" ".join(following[:size]) in words.deals for size in (1, 2, 3)):
            return True
    return False


def _with_small_names(tokens: tuple[Token, ...], small: set[str]) -> tuple[Token, ...]:
    """The words, those names in small letters as names wherever they open a sentence again."""
    return tuple(token._replace(capital=True) if token.opens and token.text in small else token for token in tokens)


def _numbered(sentences: list[tuple[Token, ...]], words: Words) -> set[str]:
    """The words of small letters and a number that stand before a type and so are names ("n8 Capital", "3plus1 AG")."""
    return {
        one.text
        for tokens in sentences
        for one, following in pairwise(tokens)
        if following.text in words.types and not one.capital and _MIXED.fullmatch(one.text)
    }


def _is_explained(text: str, tokens: tuple[Token, ...], words: Words) -> bool:
    """Does an apposition say that the first word is a firm ("perle, a Leeds startup, ...")?"""
    if text[tokens[0].end : tokens[1].start] != ", " or tokens[1].text not in words.bare:
        return False
    return any(token.text in words.roles for token in tokens[2:9])


def _hushed(token: Token, loud: bool, common: set[str], words: Words) -> Token:
    """The word without its capital, where the capital says nothing: first in a sentence, or in Title Case."""
    if not (token.opens or loud) or not token.capital or token.text.islower():
        return token
    if words.articles and not token.opens:
        return token  # nouns have a capital in any headline
    low = token.text.lower()
    named = token.text in words.types or token.text in words.heads
    if (low in common and not named) or (loud and low in words.plain):
        return token._replace(capital=False)
    return token


def _is_loud(doc: Document, tokens: tuple[Token, ...]) -> bool:
    """Do capitals say nothing here: a headline in Title Case?"""
    if not tokens:
        return False
    long = [token for token in tokens[1:] if len(token.text) > 3 and token.text[0].isalpha()]
    if tokens[0].start < doc.title_end:
        return len(long) > 2 and sum(token.capital for token in long) >= 0.75 * len(long)
    shown = len(long) >= _HEADLINE and sum(token.capital for token in long) >= 0.9 * len(long)
    return _is_heading(doc, tokens) or (shown and doc.paragraph_at(tokens[0].start)[1] == tokens[-1].end)


def _is_heading(doc: Document, tokens: tuple[Token, ...]) -> bool:
    """Is it a line of a few words without an end ("Top stories"), and no item of a list?"""
    start, end = doc.paragraph_at(tokens[0].start)
    return len(tokens) < 6 and tokens[0].start == start and tokens[-1].end == end


def _is_shouted(tokens: tuple[Token, ...]) -> bool:
    """Is the sentence written in capitals, so that no word of it can be told from another?"""
    return len(tokens) > 3 and sum([token.text.isupper() for token in tokens]) >= 0.6 * len(tokens)


def _dateline_end(doc: Document, tokens: tuple[Token, ...]) -> int:
    """Where the body begins after a dateline ("FRANKFURT, March 27 (Kontor) - "), its start where there is none."""
    first = tokens[0]
    if first.end - first.start < 3 or not first.text.isupper() or doc.paragraph_at(first.start)[0] != first.start:
        return first.start
    found = _DATELINE.match(doc.text, first.end, first.end + 60)
    return found.end() if found else first.start


def _spans_of(text: str, tokens: tuple[Token, ...], loud: bool, words: Words) -> Iterator[Span]:
    at = 0
    while at < len(tokens):
        if not tokens[at].capital and tokens[at].text not in words.heads:
            at += 1
            continue
        stop = _extent(text, tokens, at, words)
        if not tokens[at].capital and not _is_head(tokens, at, stop, words):
            at += 1
            continue
        if _describes(tokens, stop, text):
            at = stop + 1
            continue
        called = bool(words.articles) and _has_article(tokens, at, words)
        yield from _strip(tokens[at:stop], loud, called, words)
        at = stop


def _describes(tokens: tuple[Token, ...], stop: int, text: str) -> bool:
    """Do the words belong to a description that follows ("Kuala | Lumpur-based")?"""
    if stop >= len(tokens) or text[tokens[stop - 1].end : tokens[stop].start] != " ":
        return False
    return tokens[stop].text[0].isupper() and COMPOUND.search(tokens[stop].text) is not None


def _has_article(tokens: tuple[Token, ...], at: int, words: Words) -> bool:
    """Does an article, or an adjective after one, stand before: is what follows first a common noun?"""
    before = tokens[max(0, at - 2) : at]
    if before and before[-1].text in words.leading:
        return False  # "die von X gezeichnet wird": no adjective
    return any(token.text.lower() in words.articles for token in before)


def _is_head(tokens: tuple[Token, ...], at: int, stop: int, words: Words) -> bool:
    """Does a name begin with this word in small letters ("ministère de l'Économie", "région Bretagne")?"""
    if tokens[at].text not in words.heads or stop < at + 2:
        return False
    following = tokens[at + 1]
    if not following.capital or following.text in words.places or tokens[at].text in words.named_heads:
        return True
    return stop > at + 2 and f"{following.text} {tokens[at + 2].text}" in words.pairs  # "région | Pays de la Loire"


def _extent(text: str, tokens: tuple[Token, ...], at: int, words: Words) -> int:
    """Where the span that begins at a token ends: after the last word that can belong to it."""
    headed, stop = tokens[at].text in words.heads, at + 1
    while stop < len(tokens) and stop - at < (16 if headed else 10):
        gap = text[tokens[stop - 1].end : tokens[stop].start]
        if _goes_on(tokens[stop], gap, words):
            headed = headed or tokens[stop].text in words.heads
            stop += 1
            continue
        reach = _joined(text, tokens, stop, headed, words) if _plain_gap(text, tokens, stop) else 0
        reach = reach or (_listed(text, tokens, stop, words) if headed else 0)
        if not reach:
            break
        stop += reach
    return stop


def _goes_on(token: Token, gap: str, words: Words) -> bool:
    """Does a name go on with this word, which no small word parts from it?"""
    if gap == ", ":  # "Larch, Inc.", but "Larch, as"
        return token.text.rstrip(".").lower() in words.legal and (token.capital or token.text in words.types)
    if gap in ("' ", "’ "):
        return token.text in words.types or token.text in words.heads  # "the Growers' Union"
    return gap in (" ", " & ", " + ", "\u00a0") and (token.capital or _VERSION.match(token.text) is not None)


def _listed(text: str, tokens: tuple[Token, ...], at: int, words: Words) -> int:
    """How many words of a list of subjects go on with an institute's name ("Trade | , Energy and Skills")."""
    if not _is_subject(tokens[at - 1], words) and text[tokens[at - 1].end : tokens[at].start] == " ":
        return 0
    stop = at
    while stop < len(tokens) and stop - at < 8 and _is_listed(text, tokens, stop, words):
        stop += 1
    while stop > at and not _is_subject(tokens[stop - 1], words):
        stop -= 1
    return stop - at if any(token.text in words.ands for token in tokens[at:stop]) else 0


def _is_subject(token: Token, words: Words) -> bool:
    """Is it what an institute can be for; in small letters too, where the language writes its names so?"""
    return token.text in words.subjects or (bool(words.tails) and token.text.capitalize() in words.subjects)


def _is_listed(text: str, tokens: tuple[Token, ...], at: int, words: Words) -> bool:
    """Does the word belong to a list of subjects: one of them, or an "and" or a small word between two?"""
    gap = text[tokens[at - 1].end : tokens[at].start].replace("’", "'")
    word = tokens[at].text
    linked = gap.strip(" ,") in ("", *words.joiners)
    return linked and (_is_subject(tokens[at], words) or word in words.ands or word in words.joiners)


def _joined(text: str, tokens: tuple[Token, ...], at: int, headed: bool, words: Words) -> int:
    """How many words from here go on with a name ("Agence | du numérique", "Fanal | d'Aure")."""
    if tokens[at].text in words.tails:
        return int(headed)
    reach, mark = 0, _mark_before(text, tokens, at)
    while not mark and reach < 2 and at + reach < len(tokens) and tokens[at + reach].text in words.joiners:
        reach += 1
        mark = _mark_before(text, tokens, at + reach)
    stands = at + reach < len(tokens) and (reach or mark) and (not mark or mark in words.joiners)
    if not stands or not _plain_gap(text, tokens, at + reach):
        return 0
    joiners = [token.text for token in tokens[at : at + reach]] + ([mark] if mark else [])
    word = tokens[at + reach]
    if joiners[0] in words.bare or word.text in words.wholes:
        return 0
    if joiners[0] in words.ands and not _goes_on_after_and(text, tokens, at, word, joiners, words):
        return 0
    if word.capital:
        joined = headed or _is_tied(tokens, at + reach, joiners, words)
        return reach + 1 if joined and word.text not in words.stops else 0
    goes_on = headed and words.tails and len(word.text) > 2 and word.text not in words.small
    if goes_on and joiners[-1] in words.before_verbs and word.text.endswith(words.verb_ends):
        return 0  # "demande au ministère | de suspendre"
    return reach + 1 if goes_on else 0


def _goes_on_after_and(
    text: str, tokens: tuple[Token, ...], at: int, word: Token, joiners: list[str], words: Words
) -> bool:
    """Does an "and" stand inside one name ("Caisse des dépôts et consignations", "de Crédit et d'Investissement")?"""
    if not word.capital:
        if any(token.capital for token in tokens[at + len(joiners) + 1 : at + len(joiners) + 2]):
            return False  # "Union européenne | et neuf États"
        return not tokens[at - 1].capital and all(joiner in words.links for joiner in joiners[1:])
    before = _mark_before(text, tokens, at - 1) or (tokens[at - 2].text if at > 1 else "")
    return len(joiners) == 2 and joiners[1] in words.links and before in words.joiners


def _is_tied(tokens: tuple[Token, ...], at: int, joiners: list[str], words: Words) -> bool:
    """Does the small word tie two capitals together ("Fanal d'Aure", "Val de la Loire Capital")?"""
    typed = at + 1 < len(tokens) and tokens[at + 1].text in words.types
    return joiners[0] in words.ties or (typed and joiners[0] in words.links and len(joiners) > 1)


def _mark_before(text: str, tokens: tuple[Token, ...], at: int) -> str:
    """The elided word that stands before this one, "" where none does."""
    if not 0 < at < len(tokens):
        return ""
    return text[tokens[at - 1].end : tokens[at].start].strip().replace("’", "'").lower()


def _plain_gap(text: str, tokens: tuple[Token, ...], at: int) -> bool:
    """Is the word parted from the one before by a blank only (an elided article may stand there)?"""
    gap = text[tokens[at - 1].end : tokens[at].start] if at else ""
    elided = 2 < len(gap) < 8 and gap[0] == " " and gap[-1] in "'’" and " " not in gap.strip()
    return gap in (" ", "\u00a0") or elided


def _strip(tokens: tuple[Token, ...], loud: bool, called: bool, words: Words) -> Iterator[Span]:
    """The span without words at its ends that belong to no name, cut where one stands inside it."""
    run: list[Token] = []
    if _opens_with_role(tokens, words):
        tokens = tokens[1:]
    if words.articles and tokens[0].text in words.openers and tokens[0].text.lower() in words.articles:
        tokens, called = tokens[1:], True
    if words.articles:
        tokens, called = _without_noun(tokens, called, words)
    for index, token in enumerate(tokens):
        typed = index + 1 < len(tokens) and tokens[index + 1].text in words.types
        stop = (token.text in words.stops and not typed) or token.text in words.titles
        opener = token.opens and _is_opener(token.text, words) and not run and not _begins(tokens, index, words)
        if (stop and not (run and token.text in words.types)) or (opener and index == 0):
            yield from _span(run, loud, called, words)
            run = []
            continue
        run.append(token)
    yield from _span(run, loud, called, words)


def _opens_with_role(tokens: tuple[Token, ...], words: Words) -> bool:
    """Does a sentence begin with what the firm is before its name ("Chipmaker | Aldermoor")?"""
    first = tokens[0]
    if len(tokens) < 2 or not first.opens or first.text.lower() not in words.roles or words.articles:
        return False
    own = first.text in words.types or first.text in words.heads or tokens[1].text in words.types
    return not own and first.text.istitle()


def _is_opener(word: str, words: Words) -> bool:
    """Does the word open sentences: one of the pack's, or a verb with its pronoun behind it ("Faut-il")?"""
    return word in words.openers or word.endswith(words.clitics)


def _begins(tokens: tuple[Token, ...], at: int, words: Words) -> bool:
    """Does the word begin a place of the pack ("New York"), or a name of several words ("First Light Labs")?"""
    if at + 1 >= len(tokens):
        return False
    if tokens[at].text in words.heads and tokens[at + 1].capital:  # "Fonds X, actionnaire": no article, so a name
        return True
    long = len(tokens) > at + 2 or tokens[-1].text in words.types
    return f"{tokens[at].text} {tokens[at + 1].text}" in words.pairs or (long and tokens[at].text in words.adjectives)


def _without_noun(tokens: tuple[Token, ...], called: bool, words: Words) -> tuple[tuple[Token, ...], bool]:
    """The words after the common noun that leads up to them ("der | Berliner Chemiekonzern | X"), and was there one?"""
    while len(tokens) > 1 and (tokens[0].text in words.demonyms or (called and _is_townsman(tokens, words))):
        if len(tokens) == 2 and tokens[1].text.lower().endswith(words.name_ends):
            return tokens, True  # "die Zürcher Kantonalbank"
        tokens = tokens[1:]
    typed = all(token.text in words.types for token in tokens[1:])
    if not tokens or tokens[0].text in words.heads or (len(tokens) > 1 and typed):
        return tokens, called
    if len(tokens) > 1 and _is_role(tokens[0].text, words):
        while len(tokens) > 1 and (_is_role(tokens[0].text, words) or tokens[0].text in words.demonyms):
            tokens = tokens[1:]
        return tokens, True
    kind = tokens[0].text.lower().endswith(words.ends) and tokens[-1].text in words.types
    if called and len(tokens) > 2 and kind:
        return tokens[1:], True  # "der Klimafonds X Ventures"
    if not called or len(tokens) > 2 or (len(tokens) == 2 and tokens[0].text in words.adjectives):
        return tokens, called
    if len(tokens) == 2 and tokens[1].text not in words.types:
        return tokens[int(not tokens[0].text.lower().endswith(words.name_ends)) :], True
    word = tokens[0].text.lower()
    named = word.endswith(words.name_ends) or ("-" in word and word.endswith(words.ends))
    return (tokens, True) if len(tokens) == 1 and named else ((), False)


def _is_townsman(tokens: tuple[Token, ...], words: Words) -> bool:
    """Does the word say by its end that what follows is of a town ("das | Siegener | Start-up X")?"""
    return tokens[0].text.endswith(words.town_ends) and _is_role(tokens[1].text, words)


def _is_role(word: str, words: Words) -> bool:
    """Is it a common noun for a firm, alone or at the end of a compound, and not what names end with ("Hansebank")?"""
    low = word.lower()
    return low in words.roles or (low.removesuffix("s").endswith(words.ends) and not low.endswith(words.name_ends))


def _span(run: list[Token], loud: bool, called: bool, words: Words) -> Iterator[Span]:
    while run and (run[-1].text in words.joiners or (len(run[-1].text) < 9 and _SUM.match(run[-1].text))):
        run = run[:-1]
    if len(run) > 2 and run[0].text in words.openers and run[1].text in words.demonyms:
        run = run[2:]
    if len(run) == 2 and run[0].text in words.demonyms and run[1].text in words.types and run[1].text.isupper():
        return  # "Danish AI startups": the trade of a country
    while len(run) > 1 and run[0].text in words.demonyms and run[-1].text not in words.types:
        if f"{run[0].text} {run[1].text}" in words.pairs or (len(run) > 2 and run[1].text in words.heads):
            break  # "British Columbia", "American Federation of Teachers"
        run = run[1:]
    shouted = len(run) > 3 and all(token.text.isupper() for token in run)
    if run and not shouted and not (len(run) == 1 and _is_no_name(run[0].text, words)):
        yield Span(run[0].start, run[-1].end, run[0].opens and len(run) == 1, loud, called)


def _is_no_name(word: str, words: Words) -> bool:
    """Is it, standing alone, a nationality, a letter, a grade ("B1") or a word that opens sentences?"""
    nation = word in words.demonyms or word.rpartition("-")[2] in words.demonyms  # "African-American"
    return nation or len(word) == 1 or _is_opener(word, words) or _GRADE.match(word) is not None


def _without(tokens: tuple[Token, ...], walls: list[tuple[int, int]]) -> Iterable[Token]:
    """The words that stand in no wall; the gap that a wall leaves ends a span."""
    at = max(0, bisect_left(walls, (tokens[0].start, 0)) - 1) if tokens else 0
    while tokens and at < len(walls) and walls[at][1] <= tokens[0].start:
        at += 1
    if not tokens or at >= len(walls) or walls[at][0] >= tokens[-1].end:
        return tokens  # most sentences name nobody
    return _between(tokens, walls, at)


def _between(tokens: tuple[Token, ...], walls: list[tuple[int, int]], at: int) -> Iterator[Token]:
    for token in tokens:
        while at < len(walls) and walls[at][1] <= token.start:
            at += 1
        if at >= len(walls) or walls[at][0] >= token.end:
            yield token
