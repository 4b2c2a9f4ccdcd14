"""Whom an actor stands for: names completed, pronouns and describing phrases led back to who was named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dealwatch.model import Company, Person
from dealwatch.parser.cues import cue_index
from dealwatch.parser.pointers import words_of
from dealwatch.parser.speakers import DROPPED, LINK, NEAR, Actor, Cast
from dealwatch.parser.text import Span

AHEAD = 1_500  # characters behind a role in which its name may come: two paragraphs of a paper


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom a quote is given to."""

    name: str | None = None
    person: Person | None = None
    company: Company | None = None
    actor: Actor | None = None


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
    person = cast.by_last.get(cast.doc.text[actor.start : actor.end].split()[-1])
    return Speaker(person.name, person, None, actor) if person else Speaker(actor=actor)


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
            for_house = topic is not None and topic.kind == "role" and speaker.person is None
            if for_house and topic and _heads(cast, topic) and any(a.kind == "person" for a in human):
                continue  # "Ann Lee: [...] The founder of Acme agrees. [...] she says"
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


def _heads(cast: Cast, role: Actor) -> bool:
    """Whether a role is that of one who leads: whoever is named near it is meant before the house is."""
    noun = re.split(r"[\s'’]", cast.doc.text[role.start : role.end].lower())[-1]
    return noun in words_of(cast.doc.pack).leaders


def _of_nobody(cast: Cast, actor: Actor, skip: Span, fitting: Sequence[Actor]) -> bool:
    """Whether the one spoken of has no name: "A woman in the queue agreed. [...] she said"."""
    paragraph = cast.doc.paragraph_at(actor.start)[0]
    for other in cast.before(actor.start, skip):
        if other.start < paragraph or (fitting and other is fitting[0]):
            return False
        gendered = set(other.marks) & set(actor.marks) & {"m", "f"}
        if other.kind != "unnamed" or not gendered or other.oblique or "p" in other.marks:
            continue
        ahead = cast.doc.text[max(0, other.start - 2) : other.start]
        said = cue_index(cast.doc).verbs.between(max(0, other.start - 30), other.start)[-1:]
        opens = ahead == ", " or cast.doc.sentence_at(other.start)[0] == other.start
        if opens or any(hit.end == other.start - 1 for hit in said):
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
    if named is not None and named.kind in ("company", "name") and _aside(cast.doc.text, actor, named):
        return replace(resolve(cast, named), actor=actor)  # "The watchdog, the Data Office, said"
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


_BETWEEN_COMMAS = re.compile(r",[ \u00a0](?:[^\W\d_A-Z]{1,3}(?:[ \u00a0]|['’]))?")


def _aside(text: str, actor: Actor, named: Actor) -> bool:
    """Whether a name between commas tells which organisation a phrase means."""
    return text[named.end : named.end + 1] == "," and bool(_BETWEEN_COMMAS.fullmatch(text, actor.end, named.start))


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
        bearer = next((cast.by_last[word] for word in actor.of.name.split() if word in cast.by_last), None)
        if bearer is not None and noun in leaders and _agrees(bearer, actor.marks):
            return Speaker(bearer.name, bearer, None, actor)  # "the founder of Lee Capital": Ann Lee
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
