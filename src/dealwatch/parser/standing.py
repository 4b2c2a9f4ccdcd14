"""What stands beside a name and says whether it takes part in what is told, or only is named.

A rival, an adviser, a former employer, the maker of a thing and a place take no part; "the other investors are" do.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dealwatch.parser.licences import (
    OPEN_MARKS,
    REACH,
    Lexicon,
    endings,
    has_role,
    has_type,
    is_placed,
    lexicon_of,
    read_leading,
    starts_with,
    words_before,
    words_leading,
)
from dealwatch.parser.spans import Span
from dealwatch.parser.text import Document

_CLOSES = re.compile(r"[,.;:!?()]")
_PEOPLE = re.compile(r" ((?:[A-Za-z][\w-]{1,20} ){1,3})(?=[^\W\d_a-z])")  # "'s venture fund | Y", " chairman | Ann Lee"
_OF_NAME = re.compile(r" [^\W\d_a-zà-öø-ÿ]\w{1,20} [^\W\d_a-zà-öø-ÿ]\w{1,20}(?!\w)")
_OF_PERSON = re.compile(r"[^\W\d_]\w{1,20}(?: [^\W\d_]\w{1,20}){0,2}['’]s ")
_HOLDING = re.compile(r" \(\d{1,2}(?:[.,]\d{1,2})? ?%\)")  # "X (27 %)": a shareholder and no more


def only_named(doc: Document, span: Span, *, compared: bool = True, held: bool = True) -> bool:
    """Does what stands beside the name say that it takes no part: an adviser, a former employer, the maker of a thing?

    With `compared` a rival too, who may be the one that is bought; with `held` whose share stands in brackets.
    """
    text, start, end = doc.text, span.start, span.end
    share = _HOLDING.match(text, end)
    if share and held:
        return True
    end = share.end() if share else end
    labelled = text[max(0, start - 2) : start].strip() in (":", ",")  # "Chips and servers: X"
    ahead = "" if labelled else _sentence_before(doc, start)
    rival, other = _named_as(ahead, text[end : end + REACH], lexicon_of(doc.pack))
    return other or (compared and rival)


# Each name is asked about by those who look for parties, for voices and for houses. Kept by the little that is read,
# so that no whole text is kept.
@lru_cache(maxsize=1024)
def _named_as(ahead: str, behind: str, lexicon: Lexicon) -> tuple[bool, bool]:
    """Whether a name between two stretches is only compared, and whether it takes no part for another reason."""
    words = _last_words(ahead, lexicon)
    if words and words[-1] in lexicon.things and not has_role(words, lexicon):  # but "fabricante de chips X"
        return False, True
    past = not lexicon.former.isdisjoint(words[-4:]) or any(word.startswith("ex-") for word in words[-3:])
    if past and (words[-1] in lexicon.ties or not lexicon.former.isdisjoint(words[-2:])):
        # "former head of X", "the former footballer X", but "former banker joins X"
        return False, True
    rival = False
    while words:
        phrases = endings(words)
        if not lexicon.beside.isdisjoint(phrases):
            return rival, True
        rival = rival or not lexicon.compared.isdisjoint(phrases)
        if words[-1] not in lexicon.roles:
            break
        words = words[:-1]
    return rival, _is_apart(behind, lexicon)


def _is_apart(behind: str, lexicon: Lexicon) -> bool:
    """Does what stands behind the name say that it takes no part ("X (27 %)", "X chips", "X advised")?"""
    behind = behind.split("\n")[0]
    if starts_with(behind, lexicon.alumni):
        return True
    if behind[:1] == " " and not lexicon.serving.isdisjoint(words_before(behind[:24].split(",")[0])[:3]):
        return True
    tied = behind[:1] == "-" or (behind[:1] == " " and lexicon.base > 0)  # where nouns have capitals: "X-Chips" only
    return tied and lexicon.role_gap == 0 and starts_with(behind.lstrip(" -"), lexicon.things)


def takes_part(doc: Document, span: Span) -> bool:
    """Does what stands before the name say that it takes part in a deal ("the other investors are", "Geldgeber:")?"""
    lexicon = lexicon_of(doc.pack)
    words = _words_in_sentence(doc, span.start, lexicon)
    while len(words) > 1 and words[-1] in lexicon.roles and words[-1] not in lexicon.taking:
        words = words[:-1]
    return not lexicon.taking.isdisjoint(endings(words))


def _words_in_sentence(doc: Document, place: int, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of the sentence right before a place, read as the pack says."""
    return _last_words(_sentence_before(doc, place), lexicon)


def _sentence_before(doc: Document, place: int) -> str:
    """What stands of the sentence right before a place."""
    return doc.text[max(place - REACH, doc.sentence_at(place)[0]) : place]


def _last_words(ahead: str, lexicon: Lexicon) -> tuple[str, ...]:
    if ahead.rstrip(OPEN_MARKS)[-1:] in (".", "!", "?", ";"):
        return ()
    words = read_leading(ahead, lexicon)
    return tuple([word for word in words if word]) if "" in words else words


def is_named_by(doc: Document, start: int, span: Span) -> bool:
    """Does nothing but a role stand between a place and a name ("according to the research house X")?"""
    between = doc.text[start : span.start]
    if len(between) > REACH or _CLOSES.search(between):
        return False
    lexicon = lexicon_of(doc.pack)
    words = [word for word in words_leading(doc.text, span, lexicon) if word][-len(between.split()) :]
    return len(words) < 5 and has_role(words, lexicon)


def is_author(doc: Document, span: Span) -> bool:
    """Is the name that of who made a study that the sentence gives ("a forecast published this week by X")?"""
    lexicon = lexicon_of(doc.pack)
    words = _words_in_sentence(doc, span.start, lexicon)
    while len(words) > 1 and words[-1] in lexicon.roles:
        words = words[:-1]
    return bool(words) and words[-1] in lexicon.makers and not lexicon.studies.isdisjoint(words[-6:-1])


def speaks_by_staff(doc: Document, span: Span) -> bool:
    """Do its analysts speak ("analysts at X", "X analyst Ann Lee"), or does the name rate something ("X rated")?"""
    lexicon = lexicon_of(doc.pack)
    behind = _CLOSES.split(doc.text[span.end : span.end + REACH].split("\n")[0], 1)[0]
    if behind[:1] == " " and starts_with(behind, lexicon.rates):
        return True
    if lexicon.role_gap == 0 and starts_with(behind[1:], lexicon.analysts) and behind[:1] in (" ", "-"):
        return True
    words = [word for word in _words_in_sentence(doc, span.start, lexicon) if word]
    return len(words) > 1 and words[-1] in lexicon.ties and words[-2] in lexicon.analysts


def only_holds(doc: Document, span: Span) -> bool:
    """Does a clause behind the name say that it is a shareholder ("X, which owns 12%,")?"""
    behind = doc.text[span.end : span.end + REACH]
    return behind[:2] == ", " and starts_with(behind[2:], lexicon_of(doc.pack).holds_behind)


def is_owner(doc: Document, span: Span) -> bool:
    """Does the name only say whose hand or whose people take part ("X's venture fund Y", "by X chairman Ann Lee")?

    The firm of a person is a party where it opens its line: "X chairman Ann Lee said that it had raised".
    """
    lexicon, text = lexicon_of(doc.pack), doc.text
    behind = text[span.end : span.end + REACH].split("\n")[0]
    for mark in lexicon.possessives:
        if behind.startswith(mark):
            owned = _PEOPLE.match(behind, len(mark))
            if starts_with(behind[len(mark) :], lexicon.titles | lexicon.alumni):
                return _is_linked(doc, span, lexicon)  # "by X's chairman"
            if owned is None and _OF_NAME.match(behind, len(mark)):
                return _is_linked(doc, span, lexicon)  # "such as X's Ann Lee"
            return owned is not None and not lexicon.roles.isdisjoint(endings(words_before(owned[1])))
    titled = _PEOPLE.match(behind)
    if titled is None or lexicon.titles.isdisjoint(endings(words_before(titled[1]))):
        return False
    named = _OF_PERSON.match(behind, titled.end())  # "X founder Ann Lee's start-up buys"
    return named is not None or _is_linked(doc, span, lexicon)


def _is_linked(doc: Document, span: Span, lexicon: Lexicon) -> bool:
    """Does the name stand behind a small word ("by", "from"), so that it opens nothing?"""
    words = [word for word in _words_in_sentence(doc, span.start, lexicon) if word]
    return not lexicon.before.isdisjoint(endings(words))


def heads_line(doc: Document, span: Span) -> bool:
    """Does the name open its line, or what stands behind a label ("Results: Acme"), but for a role before it?"""
    lexicon = lexicon_of(doc.pack)
    window = doc.text[max(0, span.start - REACH) : span.start]
    line = window[window.rfind("\n") + 1 :].rpartition(": ")[2]
    return all(word in lexicon.roles or not lexicon.contractions.get(word, word) for word in words_before(line))


def stands_as_place(doc: Document, span: Span) -> bool:
    """Is a name without a type used as a place ("a campus in X")? A bank or a fund stands behind such words too."""
    return is_placed(doc, span) and not has_type(doc.text[span.start : span.end], doc.pack)
