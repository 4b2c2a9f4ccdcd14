"""Who may be speaking: every person, organisation, pronoun and describing phrase of a text, and whom it stands for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from dealwatch.model import Company, Person
from dealwatch.parser.cues import cue_index, document_words
from dealwatch.parser.nominals import is_noun, noun_phrases
from dealwatch.parser.people import lexicon
from dealwatch.parser.phrases import GAP, phrase_at
from dealwatch.parser.phrases import Words as TextWords
from dealwatch.parser.pointers import Kind, Words, last_word, words_of
from dealwatch.parser.text import Document, Span

POINTERS, SPREAD = 2_000, 40  # words that may open a pronoun or phrase: read at most these and one a so many characters
NEAR = 80  # actors looked back through for whom a pronoun or a role stands for: some ten sentences
ROUND = 440  # characters round a quote in which a name may be its speaker: what attribution reads of the context
MIDDLE = 3  # words between a determiner and its noun: "the listed Lyon company"
DROPPED = "-"  # the mark of a subject that stands in its verb alone
VANTAGE = 12  # characters of a preposition and an article
AHEAD = 1_500  # characters behind a role in which its name may come: two paragraphs of a paper
LINK = 60  # characters between a role and the name it belongs to: "the chief executive of the group, ..."


@dataclass(frozen=True, slots=True)
class Actor:
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
        return self.kind in ("person", "company", "name")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom a quote is given to."""

    name: str | None = None
    person: Person | None = None
    company: Company | None = None
    actor: Actor | None = None


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
        if doc.text[m.start : m.end].lower() not in words.nouns  # "Management" is nobody's name
        and doc.text[m.start : m.end] not in lex.not_names  # nor is "You"
        and re.sub("['’]", " ", doc.text[m.start : m.end].lower()) not in words.marks  # nor "The latter"
        and (company.known or not is_noun(doc.text[m.start : m.end], lex.title_tails, lex.not_names))
        and not lex.honorifics.keys() >= set(doc.text[m.start : m.end].split())  # nor is "Detective Inspector"
    ]
    names = _apart(found)
    found = _apart([*names, *_pointers(doc, words, names)])
    names = found
    taken = [actor.start for actor in names]
    found = list(names)
    windows = list(_windows(marked, len(doc.text)))
    for window in () if lex.title_tails else windows:
        for match in lex.run.finditer(doc.text, *window):
            found.extend(_unknown(match, names, taken, lex.not_names, words))
    if lex.title_tails:
        at = {actor.start for actor in names if actor.kind == "person"}
        kinds: dict[bool, Kind] = {True: "name", False: "unnamed"}
        phrases = noun_phrases(doc, windows, at)
        found.extend(Actor(p.start, p.end, kinds[p.named], oblique=p.oblique) for p in phrases)
    cast = Cast(doc, people, companies)
    _index_people(cast)
    cast.actors = _inherit([_with_case(doc, actor, words) for actor in _apart(found)])
    cast.starts = [actor.start for actor in cast.actors]
    return cast


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
    ranked = sorted(enumerate(found), key=lambda item: (item[1].start, item[0]))
    kept: list[tuple[int, Actor]] = []
    for rank, actor in ranked:
        if kept and actor.start < kept[-1][1].end:
            if rank < kept[-1][0]:
                kept[-1] = (rank, actor)
            continue
        kept.append((rank, actor))
    return [actor for _, actor in kept]


def _pointers(doc: Document, words: Words, names: Sequence[Actor]) -> list[Actor]:
    """Phrases, then plurals without an article, then pronouns and possessives: the first wins where two overlap."""
    read = document_words(doc)
    starts, run = [name.start for name in names], lexicon(doc.pack).run
    phrases: list[Actor] = []
    groups: list[Actor] = []
    pronouns: list[Actor] = []
    busy, left = 0, POINTERS + len(doc.text) // SPREAD
    for number, word in enumerate(read.small):
        if word not in words.openers:
            if "-" in word and (tail := word.rsplit("-", 1)[1]) in words.marks:
                end = read.ends[number]
                pronouns.append(Actor(end - len(tail), end, "pronoun", marks=words.marks[tail]))
            continue
        left -= 1
        if left < 0:
            break
        phrase = _phrase_at(doc, words, read, number, names, starts) if number >= busy else None
        if phrase is not None:
            phrases.append(phrase)
            busy = bisect_left(read.starts, phrase.end)
        if size := phrase_at(words.groups, read, number, fold=True):
            owner, _ = _owner(doc.text, read.ends[number + size - 1], words, names, starts, run)
            kind: Kind = "role" if owner else "unnamed"
            groups.append(Actor(read.starts[number], read.ends[number + size - 1], kind, marks="p", of=owner))
        pronouns.extend(_pronoun_at(doc.text, words, read, number))
    return [*phrases, *groups, *pronouns]


def _pronoun_at(text: str, words: Words, read: TextWords, number: int) -> Iterator[Actor]:
    start, end = read.starts[number], read.ends[number]
    if size := phrase_at(words.pronouns, read, number, fold=True):
        end = read.ends[number + size - 1]
        marks, oblique = words.marks.get(" ".join(read.small[number : number + size]), ""), False
    elif read.small[number] in words.possessives:
        marks, oblique = words.possessives[read.small[number]], True
    else:
        return
    if text[max(0, start - 1) : start] not in ("'", "’") and text[end : end + 1] not in ("'", "’"):
        yield Actor(start, end, "pronoun", marks=marks, oblique=oblique)


def _phrase_at(
    doc: Document, words: Words, read: TextWords, number: int, names: Sequence[Actor], starts: Sequence[int]
) -> Actor | None:
    """The describing phrase that a determiner opens: "the Lyon company", "le patron du groupe"."""
    size = phrase_at(words.determiners, read, number, fold=True)
    start = read.starts[number]
    if size == 0 or doc.text[max(0, start - 1) : start] in ("'", "’", "-"):
        return None
    for noun in range(number + size, min(len(read.small), number + size + MIDDLE + 1)):
        if not read.joined(noun):
            return None
        length = phrase_at(words.noun_table, read, noun, fold=True)
        tails = lexicon(doc.pack).title_tails
        if length == 0 and tails and read.words[noun][0].isupper() and "-" not in read.words[noun]:
            length = int(read.small[noun].endswith(tails))  # a noun of its own: one that ends with a title, or none
            if length == 0:
                return None
        if length == 0:
            continue
        end = read.ends[noun + length - 1]
        kind, marks = words.nouns.get(" ".join(read.small[noun : noun + length]), ("role", ""))
        owner, named = _owner(doc.text, end, words, names, starts, lexicon(doc.pack).run)
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


def _unknown(
    match: re.Match[str],
    found: Sequence[Actor],
    taken: Sequence[int],
    not_names: frozenset[str],
    words: Words,
) -> Iterator[Actor]:
    """A capitalised run that is nobody known: a name all the same where a verb of saying stands beside."""
    first = match.group().split()[0]
    start = match.start() + (len(first) + 1 if first in not_names and len(match.group()) > len(first) else 0)
    if first in not_names and start == match.start():
        return
    at = bisect_left(taken, start)
    if at < len(found) and found[at].start < match.end():
        return
    if at and found[at - 1].end > start:
        return
    before = match.string[max(0, start - 6) : start]
    noun = words.nouns.get(match.string[start : match.end()].lower())
    crowd = _crowd_end(match.string, match.end(), words) if noun is None else None
    if crowd is not None:
        yield Actor(start, crowd, "unnamed", marks="p")  # "Civil liberties groups"
        return
    if noun is not None:
        yield Actor(start, match.end(), "firm" if noun[0] == "firm" else "unnamed", marks=noun[1])
    elif not (words.article.search(before) or _in_title(match.string, start, match.end(), words)):
        yield Actor(start, match.end(), "name")


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


def _inherit(actors: list[Actor]) -> list[Actor]:
    """A name right behind a phrase stands in the case of the phrase: "to the fund Acme"."""
    for number in range(1, len(actors)):
        before, actor = actors[number - 1], actors[number]
        if before.named or before.kind == "pronoun" or actor.start - before.end != 1:
            continue
        if before.oblique:
            actors[number] = replace(actor, oblique=True)
        elif before.kind in ("role", "firm") and actor.named and not actor.owns:
            actors[number] = replace(actor, oblique=False)  # an article that is a preposition too: "a CEO Ana"
    return actors


def _with_case(doc: Document, actor: Actor, words: Words) -> Actor:
    """The actor told whether a preposition or a bracket stands before it, or a possessive behind."""
    text = doc.text
    if actor.kind == "pronoun":
        return actor
    behind = text[actor.end : actor.end + 2]
    plural = behind[:1] in ("'", "’") and behind[1:] == " " and text[actor.end - 1] == "s"
    owns = actor.named and (behind in ("'s", "’s") or plural)
    compound = actor.named and behind[:1] == "-" and behind[1:].isalpha()
    bracket = text[actor.start - 1 : actor.start] == "("
    oblique = actor.oblique or owns or bracket or compound
    if not oblique and last_word(text[max(0, actor.start - 32) : actor.start]) in words.oblique_ends:
        low = max(0, actor.start - 40)
        opens = words.clause_openers.search(text, low, actor.start) or (
            words.vantage and has_vantage(doc, doc.sentence_at(actor.start)[0], actor)
        )
        oblique = bool(words.oblique.search(text, low, actor.start)) and not opens
    return replace(actor, oblique=oblique, owns=owns) if oblique else actor


def has_vantage(doc: Document, start: int, actor: Actor) -> bool:
    """Whether only a place to speak from stands between an offset and an actor: "Desde la empresa aseguran"."""
    if actor.start - start > VANTAGE:
        return False
    words = words_of(doc.pack)
    own = re.split(r"[ '’]", doc.text[start : actor.end].strip().lower(), maxsplit=1)[0]
    between = re.split(r"[ '’]", doc.text[start : actor.start].strip().lower())[1:]
    return own in words.vantage and all(word in words.definite or not word for word in between)


_BREAKS = re.compile(r"[.;:!?](?=\s)|[\"“”«»()]|\s[–—]\s")


def apposed(text: str, role: Actor, named: Actor) -> bool:
    """Role and name are one phrase: nothing between but its complement and a comma."""
    between = text[role.end : named.start]
    if len(between) > 90 or _BREAKS.search(between):
        return False
    one_phrase = between.strip() in ("", ",") or between.rstrip().endswith(",") or len(between) < 40
    return between.count(",") <= 1 and one_phrase


def resolve(cast: Cast, actor: Actor, skip: Span = (0, 0)) -> Speaker:
    """Whom an actor stands for, never one named inside `skip`; nobody where the story names nobody."""
    if actor.person is not None:
        return Speaker(actor.person.name, actor.person, None, actor)
    if actor.company is not None:
        return Speaker(actor.company.name, None, actor.company, actor)
    if actor.kind == "name":
        return _resolve_name(cast, actor)
    if actor.kind == "pronoun":
        return _resolve_pronoun(cast, actor, skip)
    if actor.kind == "firm":
        return _resolve_firm(cast, actor, skip)
    if actor.kind == "role":
        return _resolve_role(cast, actor, skip)
    return Speaker(actor=actor)


def _resolve_name(cast: Cast, actor: Actor) -> Speaker:
    name = cast.doc.text[actor.start : actor.end]
    last = name.split()[-1]
    person = cast.by_last.get(last)
    if person:
        return Speaker(person.name, person, None, actor)
    company = cast.by_part.get(name)
    return Speaker(company.name, None, company, actor) if company else Speaker(name, None, None, actor)


def _fits(actor: Actor, marks: str) -> bool:
    if actor.kind == "person" and actor.person is not None:
        gender = actor.person.gender
        return ("m" in marks or "f" in marks) and (gender is None or gender in marks)
    if actor.kind == "company":
        return "o" in marks or "p" in marks
    if actor.kind == "role" and not actor.oblique:
        return bool(set(actor.marks or "mf") & set(marks) & {"m", "f"}) or ("p" in actor.marks and "p" in marks)
    return False


def _resolve_pronoun(cast: Cast, actor: Actor, skip: Span) -> Speaker:
    """The nearest one before that it agrees with: people of this paragraph and the one before first, then the rest."""
    if not actor.marks:
        return _resolve_anyone(cast, actor)
    paragraph = cast.doc.paragraph_at(actor.start)[0]
    near = cast.doc.paragraph_at(max(0, paragraph - 2))[0]
    before = [a for a in cast.before(actor.start, skip) if _fits(a, actor.marks)]
    if _of_nobody(cast, actor, skip, before):
        return Speaker(actor=actor)
    human = [a for a in before if a.kind in ("person", "role") and a.start >= near]
    if cast.doc.text[actor.start : actor.end].lower() in words_of(cast.doc.pack).last:
        human, before = human[:1], human[:1] or before[:1]
    for pool in (human, before):
        for choice in (pool, [a for a in pool if a.kind != "role"]):
            topic = _topic(cast, choice)
            speaker = resolve(cast, topic) if topic is not None else Speaker()
            agreed = speaker.person is None or _agrees(speaker.person, actor.marks)
            if speaker.name is not None and agreed:  # "the chair, ... she" is not the man named before
                return replace(speaker, actor=actor)
    if "o" in actor.marks and any(a.kind == "firm" for a in cast.before(actor.start, skip)):
        return Speaker(actor=actor)  # "the retailer ... it": not a firm named only further down
    if DROPPED in actor.marks:
        return Speaker(actor=actor)
    for other in cast.actors[:NEAR]:
        if other.start > actor.start and other.kind != "role" and _fits(other, actor.marks):
            return replace(resolve(cast, other), actor=actor)
    return Speaker(actor=actor)


def _of_nobody(cast: Cast, actor: Actor, skip: Span, fitting: Sequence[Actor]) -> bool:
    """Whether the one spoken of has no name: "A woman in the queue agreed. [...] she said"."""
    paragraph = cast.doc.paragraph_at(actor.start)[0]
    for other in cast.before(actor.start, skip):
        if other.start < paragraph or (fitting and other is fitting[0]):
            return False
        gendered = set(other.marks) & set(actor.marks) & {"m", "f"}
        ahead = cast.doc.text[max(0, other.start - 2) : other.start]
        said = cue_index(cast.doc).verbs.between(max(0, other.start - 30), other.start)[-1:]
        opens = ahead == ", " or cast.doc.sentence_at(other.start)[0] == other.start
        gendered = gendered if opens or any(hit.end == other.start - 1 for hit in said) else set()
        if other.kind == "unnamed" and gendered and not other.oblique and "p" not in other.marks:
            return True
    return False


def _resolve_anyone(cast: Cast, actor: Actor) -> Speaker:
    """ "On" and "someone": the organisation at which the sentence places them, else nobody named."""
    start = cast.doc.sentence_at(actor.start)[0]
    for other in cast.before(actor.start):
        if other.start < start:
            break
        if other.kind == "company" and other.oblique and "," in cast.doc.text[other.end : actor.start]:
            return replace(resolve(cast, other), actor=actor)
    return Speaker(actor=actor)


def _resolve_firm(cast: Cast, actor: Actor, skip: Span) -> Speaker:
    """The organisation last spoken of; one of the same trade before the rest."""
    if actor.of is not None:
        return Speaker(actor.of.name, None, actor.of, actor)
    named = next(iter(cast.between(actor.end, actor.end + LINK)), None)
    if named is not None and named.kind in ("company", "name") and named.start == actor.end + 1:
        return replace(resolve(cast, named), actor=actor)
    noun = cast.doc.text[actor.start : actor.end].split()[-1].lower()
    before = _meant(cast, actor, skip, noun)
    for other in before:
        if other.company and noun in other.company.name.lower().split():
            return replace(resolve(cast, other), actor=actor)
    words = cast.doc.text[actor.start : actor.end].split()
    bodies = words_of(cast.doc.pack).bodies
    if noun in bodies and len(words) > 2:
        return Speaker(" ".join(words[1:]), actor=actor)
    watchers = words_of(cast.doc.pack).watchers
    if noun in bodies or noun in watchers:
        known = [(a, a.company) for a in before if a.company]
        public = (a for a, c in known if c.kind == "public" or (bodies | watchers) & set(c.name.lower().split()))
        body = next(public, None)
        return replace(resolve(cast, body), actor=actor) if body is not None else Speaker(actor=actor)
    topic = _topic(cast, before)
    return replace(resolve(cast, topic), actor=actor) if topic is not None else Speaker(actor=actor)


def _meant(cast: Cast, actor: Actor, skip: Span, noun: str) -> list[Actor]:
    """The organisations that a phrase can stand for, nearest first: no bank where it does not say "the bank"; where
    none is known, a name that opens a sentence."""
    institutions = words_of(cast.doc.pack).institutions
    near = list(cast.before(actor.start, skip))
    before = [a for a in near if a.kind == "company"]
    if noun not in institutions:
        firms = [a for a in before if a.company and not institutions & set(a.company.name.lower().split())]
        before = firms or before
    return before or [a for a in near if a.kind == "name" and not a.oblique]


def _topic(cast: Cast, backwards: Sequence[Actor]) -> Actor | None:
    """What the nearest sentence with any of them is about: its first subject, else the last one that it names."""
    if not backwards:
        return None
    start = cast.doc.sentence_at(backwards[0].start)[0]
    sentence = [actor for actor in backwards if actor.start >= start]
    straight = [actor for actor in sentence if not actor.oblique or actor.owns]
    if len(straight) > 1 and straight[-1].owns and _owned(cast.doc.text, straight[-1], straight[-2]):
        return straight[-2]
    return straight[-1] if straight else sentence[0]


_OWNED = re.compile(r"['’]s?[ \u00a0][^\W_A-Z][\w -]{1,40},?[ \u00a0]")


def _owned(text: str, owner: Actor, named: Actor) -> bool:
    """Whether a name tells who it is that another has: "Lee's predecessor, Bo Kim"."""
    return named.kind == "person" and bool(_OWNED.fullmatch(text, owner.end, named.start))


def _resolve_role(cast: Cast, actor: Actor, skip: Span) -> Speaker:
    """The person whose title has the same noun; else whom the role speaks for; else the last one whom it can mean."""
    text = cast.doc.text
    following = next((a for a in cast.between(actor.end, actor.end + LINK)[:2] if a.kind == "person"), None)
    told = following is not None and bool(cue_index(cast.doc).verbs.between(actor.end, following.start))
    told = told or (following is not None and following.oblique and not actor.oblique)
    if following is not None and not told and apposed(text, actor, following):
        return replace(resolve(cast, following), actor=actor)
    noun = re.split(r"[\s'’]", text[actor.start : actor.end].lower())[-1]
    holders = [person for person in cast.by_title.get(noun, ()) if _same_house(actor, person)]
    leaders = words_of(cast.doc.pack).leaders
    if not holders and noun in leaders:
        leading = (person for word in leaders for person in cast.by_title.get(word, ()))
        holders = [p for p in leading if _same_house(actor, p) and _agrees(p, actor.marks)]
    if holders:
        first = min(holders, key=lambda person: person.mentions[0].start)
        return Speaker(first.name, first, None, actor)
    if noun in words_of(cast.doc.pack).offices and (actor.of is not None or actor.of_name is not None):
        return Speaker(actor=actor)
    if actor.of is not None:
        return Speaker(actor.of.name, None, actor.of, actor)
    if actor.of_name is not None:
        return Speaker(actor.of_name, actor=actor)
    if words_of(cast.doc.pack).complement.match(text, actor.end, min(len(text), actor.end + 70)):
        return Speaker(actor=actor)
    owned = text[actor.start : actor.end].split()[0].lower() in words_of(cast.doc.pack).possessives
    owned = owned or bool(_OWNING.search(text, actor.start, actor.end + 3))  # "the boy's father"
    if "p" in actor.marks or owned or _unnamed_before(cast, actor, noun):
        return Speaker(actor=actor)
    for other in cast.before(actor.start, skip):
        if other.kind == "person" and _fits(other, actor.marks or "mf"):
            return replace(resolve(cast, other), actor=actor)
    return _introduced_later(cast, actor)


def _unnamed_before(cast: Cast, actor: Actor, noun: str) -> bool:
    """Whether the phrase goes on from one without a name: "A source said so. [...] the source added"."""
    for other in cast.before(actor.start):
        if other.kind == "person":
            return False
        if other.kind == "unnamed" and noun in cast.doc.text[other.start : other.end].lower().split():
            return True
    return False


def _introduced_later(cast: Cast, actor: Actor) -> Speaker:
    """The person who is named only after the phrase: "The minister agreed. [...] Ann Lee said"."""
    doc = cast.doc
    paragraph = doc.paragraph_at(actor.start)
    stop = doc.paragraph_at(min(len(doc.text) - 1, paragraph[1] + 3))[1] if doc.text else 0
    for other in cast.between(actor.end, min(stop, actor.end + AHEAD)):
        if other.kind == "person" and other.person is not None:
            unlike = other.person.title is not None or other.oblique or not _fits(other, actor.marks or "mf")
            return Speaker(actor=actor) if unlike else replace(resolve(cast, other), actor=actor)
    return Speaker(actor=actor)


_OWNING = re.compile(r"['’]s? ")


def _same_house(actor: Actor, person: Person) -> bool:
    house = actor.of.name if actor.of else actor.of_name
    return house is None or person.org is None or house.split()[0] in person.org


def _agrees(person: Person, marks: str) -> bool:
    return person.gender is None or not marks or person.gender in marks
