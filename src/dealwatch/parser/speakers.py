"""Who may be speaking: every person, organisation, pronoun and describing phrase of a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from dealwatch.model import Company, Person
from dealwatch.parser.cues import cue_index, document_words
from dealwatch.parser.nominals import is_noun, labels, noun_phrases
from dealwatch.parser.peoplewords import Lexicon, lexicon
from dealwatch.parser.phrases import APOSTROPHES, BETWEEN, GAP, GAPS, phrase_at
from dealwatch.parser.phrases import Words as TextWords
from dealwatch.parser.pointers import Kind, Words, article_places, is_oblique, last_word, words_of
from dealwatch.parser.runs import spans_within
from dealwatch.parser.shapes import shapes_of
from dealwatch.parser.text import Document, Span

POINTERS, SPREAD = 2_000, 40  # words that may open a pronoun or phrase: read at most these and one a so many characters
NEAR = 80  # actors looked back through for whom a pronoun or a role stands for: some ten sentences
ROUND = 440  # characters round a quote in which a name may be its speaker: what attribution reads of the context
DETERMINER = 3  # words that a determiner has at most
MIDDLE = 3  # words between a determiner and its noun: "the listed Lyon company"
LINK = 60  # characters between a role and the name it belongs to: "the chief executive of the group, ..."
LABEL = "l"  # the mark of a name that stands in marks: der „Elbkurier“
DROPPED = "-"  # the mark of a subject that stands in its verb alone
VANTAGE = 12  # characters of a preposition and an article


class Actor(NamedTuple):
    """A stretch of text that names or points at somebody who could speak."""

    start: int
    end: int
    kind: Kind
    person: Person | None = None
    company: Company | None = None
    marks: str = ""  # of a pronoun or role: m, f, o (an organisation), p (several)
    of: Company | None = None  # the organisation that a role belongs to: "a spokesman for Acme"
    of_name: str | None = None  # its name where it is none of the companies found
    oblique: bool = False  # behind a preposition or with a possessive: seldom the subject
    owns: bool = False  # with a possessive: no subject, but what its sentence is about

    @property
    def named(self) -> bool:
        """Whether it is a name by itself."""
        return self.kind in _NAMED


@dataclass(slots=True, eq=False)
class Cast:
    """All actors of a text in order, with what is needed to say whom each stands for."""

    doc: Document
    people: tuple[Person, ...]
    companies: tuple[Company, ...]
    actors: list[Actor] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    by_last: dict[str, Person] = field(default_factory=dict)  # surname -> the first who bears it
    by_part: dict[str, Company] = field(default_factory=dict)  # first or last word of a longer name -> its company
    by_title: dict[str, list[Person]] = field(default_factory=dict)  # word of a title -> those whose title has it

    def between(self, start: int, end: int) -> list[Actor]:
        """The actors that stand wholly in a stretch."""
        low = bisect_left(self.starts, start)
        high = bisect_left(self.starts, end)
        return [actor for actor in self.actors[low:high] if actor.end <= end]

    def before(self, offset: int, skip: Span = (0, 0)) -> Iterator[Actor]:
        """The actors left of an offset and outside a stretch, nearest first, a bounded number of them."""
        high = bisect_left(self.starts, offset)
        near = reversed(self.actors[max(0, high - NEAR) : high])
        yield from (actor for actor in near if not skip[0] <= actor.start < skip[1])


def find_cast(
    doc: Document, people: tuple[Person, ...], companies: tuple[Company, ...], marked: Sequence[Span] = ()
) -> Cast:
    """Every actor of a text, in order and without overlaps: names first, then phrases and pronouns.

    Names that nobody knows count only round the stretches `marked`, where they may speak.
    """
    words, lex = words_of(doc.pack), lexicon(doc.pack)
    inner = {m.end: m.start for company in companies for m in company.mentions}
    found = [
        Actor(m.start, m.end, "person", person=person)
        for person in people
        for m in person.mentions
        if inner.get(m.end, m.start) >= m.start  # "Catalyst" of "General Catalyst" is nobody
    ]
    people = tuple({id(actor.person): actor.person for actor in found if actor.person}.values())
    found += [
        Actor(m.start, m.end, "company", company=company)
        for company in companies
        for m in company.mentions
        if not _is_nobody(doc.text[m.start : m.end], company.known, words, lex)
    ]
    names = _apart(found)
    found = _apart([*names, *_pointers(doc, words, names)])
    names = found
    found = list(names)
    windows = list(_windows(marked, len(doc.text)))
    if not lex.title_tails:
        found += _unknown(doc, windows, names, words)
    if lex.title_tails:
        at = {actor.start for actor in names if actor.kind == "person"}
        kinds: dict[bool, Kind] = {True: "name", False: "unnamed"}
        found.extend(Actor(p.start, p.end, "name", marks=LABEL, oblique=p.oblique) for p in labels(doc, marked))
        phrases = list(noun_phrases(doc, windows, at))
        cases = {p.end: p.start for p in phrases if p.oblique}
        found = [a._replace(oblique=True) if a.company and cases.get(a.end, a.start) < a.start else a for a in found]
        found.extend(Actor(p.start, p.end, kinds[p.named], oblique=p.oblique) for p in phrases)
    cast = Cast(doc, people, companies)
    _index_people(cast)
    cast.actors = _inherit(doc, [_with_case(doc, actor, words) for actor in _apart(found)])
    cast.starts = [actor.start for actor in cast.actors]
    return cast


@lru_cache(maxsize=4096)  # a story has few names, each many times
def _is_nobody(name: str, known: bool, words: Words, lex: Lexicon) -> bool:
    """Whether what is written like a company can be none that speaks."""
    low = name.lower()
    return (
        low in words.nouns  # "Management"
        or name in lex.not_names  # "You"
        or low.replace("'", " ").replace("’", " ") in words.marks  # "The latter"
        or (not known and is_noun(name, lex.title_tails, lex.not_names))
        or lex.honorifics.keys() >= set(name.split())  # "Detective Inspector"
    )


def _windows(marked: Sequence[Span], size: int) -> Iterator[Span]:
    """The text round stretches, joined where they meet."""
    start = end = 0
    for span in marked:
        if span[0] - ROUND > end:
            if start < end:
                yield start, end
            start = span[0] - ROUND
        end = max(end, min(size, span[1] + ROUND))
    if start < end:
        yield start, end


def _index_people(cast: Cast) -> None:
    for company in cast.companies:
        words = company.name.split()
        for part in (words[-1], words[0]) if len(words) > 1 else ():
            cast.by_part.setdefault(part, company)
    for person in cast.people:
        cast.by_last.setdefault(person.name.split()[-1], person)
        for word in _title_words(person):
            holders = cast.by_title.setdefault(word, [])
            if len(holders) < NEAR:
                holders.append(person)


def _title_words(person: Person) -> list[str]:
    return re.split(r"[\s'’]", person.title.lower()) if person.title else []


def _apart(found: Sequence[Actor]) -> list[Actor]:
    """Without overlaps: the earlier in the list wins where two stand on the same words."""
    ranked = sorted(range(len(found)), key=[actor.start for actor in found].__getitem__)
    kept: list[tuple[int, Actor]] = []
    for rank in ranked:
        actor = found[rank]
        if kept and actor.start < kept[-1][1].end:
            if rank < kept[-1][0]:
                kept[-1] = (rank, actor)
            continue
        kept.append((rank, actor))
    return [actor for _, actor in kept]


def _pointers(doc: Document, words: Words, names: Sequence[Actor]) -> list[Actor]:
    """Phrases, then plurals without an article, then pronouns and possessives: the first wins where two overlap."""
    read = document_words(doc)
    starts, lex = [name.start for name in names], lexicon(doc.pack)
    phrases: list[Actor] = []
    groups: list[Actor] = []
    pronouns: list[Actor] = []
    busy, left = 0, POINTERS + len(doc.text) // SPREAD
    tied = {word for word in read.hyphened if word.rsplit("-", 1)[1] in words.marks and word not in words.openers}
    reach = range(1, DETERMINER + MIDDLE + 1)
    near = {noun - back for noun in read.find(words.noun_openers) for back in reach}
    for number in read.find(words.openers | tied if tied else words.openers):
        word = read.small[number]
        if word in tied:
            end, tail = read.ends[number], word.rsplit("-", 1)[1]
            pronouns.append(Actor(end - len(tail), end, "pronoun", marks=words.marks[tail]))
            continue
        left -= 1
        if left < 0:
            break
        if word in words.determiners and number >= busy and (number in near or lex.title_tails):
            phrase = _phrase_at(doc, words, lex, read, number, names, starts)
            if phrase is not None:
                phrases.append(phrase)
                busy = bisect_left(read.starts, phrase.end)
        if word in words.groups and (size := phrase_at(words.groups, read, number, fold=True)):
            owner, _ = _owner(doc.text, read.ends[number + size - 1], words, names, starts, lex.run)
            kind: Kind = "role" if owner else "unnamed"
            groups.append(Actor(read.starts[number], read.ends[number + size - 1], kind, marks="p", of=owner))
        if word in words.pronouns or word in words.possessives:
            pronoun = _pronoun_at(words, read, number)
            if pronoun is not None:
                pronouns.append(pronoun)
    return [*phrases, *groups, *pronouns]


def _pronoun_at(words: Words, read: TextWords, number: int) -> Actor | None:
    last, word = number, read.small[number]
    if size := phrase_at(words.pronouns, read, number, fold=True):
        last = number + size - 1
        marks, oblique = words.marks.get(word if size == 1 else " ".join(read.small[number : last + 1]), ""), False
    elif word in words.possessives:
        marks, oblique = words.possessives[word], True
    else:
        return None
    if read.gaps[number][-1:] in APOSTROPHES or read.follows(last) in APOSTROPHES:
        return None
    return Actor(read.starts[number], read.ends[last], "pronoun", None, None, marks, None, None, oblique)


def _phrase_at(
    doc: Document, words: Words, lex: Lexicon, read: TextWords, number: int, names: Sequence[Actor],
    starts: Sequence[int],
) -> Actor | None:  # fmt: skip
    """The describing phrase that a determiner opens: "the Lyon company", "le patron du groupe"."""
    size = phrase_at(words.determiners, read, number, fold=True)
    start, gaps = read.starts[number], read.gaps
    if size == 0 or gaps[number][-1:] in ("'", "’", "-"):
        return None
    for noun in range(number + size, min(len(read.small), number + size + MIDDLE + 1)):
        if gaps[noun] not in BETWEEN:
            return None
        length = phrase_at(words.noun_table, read, noun, fold=True) if read.small[noun] in words.noun_table else 0
        if length == 0 and lex.title_tails and read.words[noun][0].isupper() and "-" not in read.words[noun]:
            length = int(read.small[noun].endswith(lex.title_tails))  # a noun with a title at its end, or none of ours
            if length == 0:
                return None
        if length == 0:
            continue
        end = read.ends[noun + length - 1]
        if noun > number + size and shapes_of(doc.pack).thereby.match(doc.text, start):
            return None  # "Das sagte Geschäftsführer"
        kind, marks = words.nouns.get(" ".join(read.small[noun : noun + length]), ("role", ""))
        owner, named = _owner(doc.text, end, words, names, starts, lex.run)
        named = None if kind == "firm" or "p" in marks else named
        definite = " ".join(read.small[number : number + size]) in words.definite
        if (kind != "unnamed" and definite) or owner is not None or named is not None:
            return Actor(start, end, "role" if kind == "unnamed" else kind, marks=marks, of=owner, of_name=named)
        return Actor(start, end, "unnamed", marks=marks)
    return None


def _owner(
    text: str, end: int, words: Words, names: Sequence[Actor], starts: Sequence[int], run: re.Pattern[str]
) -> tuple[Company | None, str | None]:
    """The organisation right behind "of", "chez" after a role, and its bare name where it is none of those found."""
    linked = words.complement.match(text, end, min(len(text), end + 70))
    if not linked:
        return None, None
    at = bisect_left(starts, linked.end())
    if at < len(names) and names[at].start == linked.end():
        return names[at].company, None
    name = run.match(text, linked.end(), min(len(text), linked.end() + LINK))
    person = at < len(names) and name is not None and names[at].kind == "person" and names[at].start < name.end()
    return None, name.group() if name and " " in name.group() and not person else None


def _unknown(doc: Document, windows: Sequence[Span], names: Sequence[Actor], words: Words) -> Iterator[Actor]:
    """The capitalised runs that are nobody known: a name all the same where a verb of saying stands beside."""
    text, not_names, behind = doc.text, lexicon(doc.pack).not_names, article_places(doc)
    taken = [actor.start for actor in names]
    for start, end in chain.from_iterable(spans_within(doc, *window) for window in windows):
        run = text[start:end]
        first = run.split(maxsplit=1)[0]
        if first in not_names:
            if len(first) == len(run):
                continue
            start += len(first) + 1
            run = text[start:end]
        at = bisect_left(taken, start)
        if (at < len(names) and taken[at] < end) or (at and names[at - 1].end > start):
            continue
        noun = words.nouns.get(run.lower())
        goes_on = text[end : end + 1] in GAPS and text[end + 1 : end + 2].isalpha()
        if noun is not None:
            yield Actor(start, end, "firm" if noun[0] == "firm" else "unnamed", marks=noun[1])
        elif goes_on and (crowd := _crowd_end(text, end, words)) is not None:
            yield Actor(start, crowd, "unnamed", marks="p")  # "Civil liberties groups"
        elif start in behind and text[start - 1 : start] in GAPS:
            continue
        elif not (goes_on and _in_title(text, start, end, words)):
            yield Actor(start, end, "name")


_SMALL = re.compile(rf"{GAP}([a-zß-öø-ÿ][\w-]{{2,20}})(?![\w'’])")


def _crowd_end(text: str, end: int, words: Words) -> int | None:
    """Where a plural that means people ends, at most three small words behind a name."""
    for _ in range(3):
        found = _SMALL.match(text, end)
        if found is None:
            return None
        end = found.end()
        if "p" in words.nouns.get(found[1], ("", ""))[1]:
            return end
    return None


_WORD_AFTER = re.compile(rf"{GAP}([^\W\d_]{{1,24}})")


def _in_title(text: str, start: int, end: int, words: Words) -> bool:
    """Whether words of one title stand on both sides: "chief AI scientist" names a subject, and nobody."""
    after = _WORD_AFTER.match(text, end)
    if after is None or after[1].lower() not in words.nouns:
        return False
    return last_word(text[max(0, start - 32) : start]) in words.nouns


def _inherit(doc: Document, actors: list[Actor]) -> list[Actor]:
    """A name right behind a phrase stands in the case of the phrase: "to the fund Acme"; so does one joined to it."""
    joined = frozenset(doc.pack.words("article", "and"))
    for number in range(1, len(actors)):
        before, actor = actors[number - 1], actors[number]
        beside = actor.named and doc.text[before.end : actor.start].strip() in joined
        if beside and before.oblique and not before.owns and before.kind != "pronoun":
            actors[number] = actor._replace(oblique=True)
        if before.named or before.kind == "pronoun" or actor.start - before.end != 1:
            continue
        if before.oblique:
            actors[number] = actor._replace(oblique=True)
        elif before.kind in ("role", "firm") and actor.named and not actor.owns:
            actors[number] = actor._replace(oblique=False)  # an article that is a preposition too: "a CEO Ana"
    return actors


_NAMED = ("person", "company", "name")


def _with_case(doc: Document, actor: Actor, words: Words) -> Actor:
    """The actor told whether a preposition or a bracket stands before it, or a possessive behind."""
    if actor.kind == "pronoun":
        return actor
    text, start, end = doc.text, actor.start, actor.end
    owns = compound = False
    if text[end : end + 1] in ("'", "’", "-") and actor.kind in _NAMED:
        behind = text[end : end + 2]
        plural = behind[1:] == " " and text[end - 1] == "s" and behind[0] != "-"
        owns, compound = behind in ("'s", "’s") or plural, behind[0] == "-" and behind[1:].isalpha()
    oblique = actor.oblique or owns or compound or text[start - 1 : start] == "("
    if not oblique and is_oblique(doc, start):
        oblique = not (
            words.clause_openers.search(text, max(0, start - 40), start)
            or (words.vantage and has_vantage(doc, doc.sentence_at(start)[0], actor))
            or _opens_clause(doc, actor, words)
        )
    return actor._replace(oblique=oblique, owns=owns) if oblique else actor


_LAST_WORD = re.compile(r"(?:^|[,.]\s)([^\W\d_]{1,3})[ \u00a0]\Z", re.MULTILINE)


def _opens_clause(doc: Document, actor: Actor, words: Words) -> bool:
    """Whether a word that is both article and preposition opens a clause whose verb follows: "a Acme afirma que"."""
    found = _LAST_WORD.search(doc.text, max(0, actor.start - 7), actor.start)
    if found is None or found[1].lower() not in words.definite or actor.kind == "pronoun":
        return False
    verb = cue_index(doc).verbs.between(actor.end, actor.end + 24)[:1]
    return bool(verb) and verb[0].start == actor.end + 1


def has_vantage(doc: Document, start: int, actor: Actor) -> bool:
    """Whether only a place to speak from stands between an offset and an actor: "Desde la empresa aseguran"."""
    if actor.start - start > VANTAGE:
        return False
    words = words_of(doc.pack)
    own = re.split(r"[ '’]", doc.text[start : actor.end].strip().lower(), maxsplit=1)[0]
    between = re.split(r"[ '’]", doc.text[start : actor.start].strip().lower())[1:]
    return own in words.vantage and all(word in words.definite or not word for word in between)


