"""The subject of a verb of saying: which of those named round it says what the verb says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dealwatch.parser.antecedents import apposed
from dealwatch.parser.cues import cue_index, cues_of, first_hit
from dealwatch.parser.phrases import GAP, Hit
from dealwatch.parser.shapes import shapes_of
from dealwatch.parser.speakers import Actor, Cast, has_vantage
from dealwatch.parser.text import Span

SECOND = 7  # from a verb to the subject behind it: a space, or a reflexive pronoun between
THIRD = 48  # the same where a title, a day or an object stands before a person's name
LEAD = 100  # from the closing mark to the verb, with the subject and its title between


def first_subject(cast: Cast, start: int, end: int) -> Actor | None:
    """The subject behind a verb: the first actor, or the name in apposition to the role that comes first."""
    actors = [a for a in cast.between(start, end) if a.start - start <= LEAD]
    first = next((a for a in actors if not a.oblique), None)
    placed = actors[:1] if actors and actors[0].oblique and has_vantage(cast.doc, start, actors[0]) else []
    if placed and (first is None or "," in cast.doc.text[placed[0].end : first.start]):
        return placed[0]  # "spiegano dall'associazione"
    behind = next((a for a in actors if first and a.start >= first.end), None)
    if first and behind and first.kind in ("company", "name") and behind.kind == "person" and not behind.oblique:
        titled = _COMPOUND.fullmatch(cast.doc.text, first.end, behind.start)  # "Rovers captain Bo Kim"
        if titled and not verbs_between(cast, first.end, behind.start):
            return behind
    if first is None:
        return next((a for a in actors if a.kind in ("person", "company")), None)
    if first.kind in ("role", "firm", "unnamed"):
        named = next((a for a in actors if a.kind in ("person", "name") and a.start >= first.end), None)
        if named is not None and not named.oblique and apposed(cast.doc.text, first, named):
            return named
    return first


_COMPOUND = re.compile(r"(?: [a-zß-öø-ÿ][\w-]{1,24}){1,4} ")


def is_subject(cast: Cast, actor: Actor) -> bool:
    """Whether what stands right behind a verb is its subject: one who can speak, or a noun with a subject's article."""
    first = cast.doc.text[actor.start : actor.end].split()[0]
    return can_speak(cast, actor) or first in shapes_of(cast.doc.pack).nominative


def can_speak(cast: Cast, actor: Actor) -> bool:
    """Whether an actor is no mere thing: named, known, or a noun of those who speak."""
    speaking = shapes_of(cast.doc.pack).speaking
    if actor.kind != "unnamed" or not speaking:
        return True
    words = cast.doc.text[actor.start : actor.end].split()
    return "p" in actor.marks or any(word.lower().endswith(speaking) for word in words if word[0].isupper())


def nearest(cast: Cast, actors: Sequence[Actor]) -> Actor | None:
    """The subject left of a verb: the nearest that is not behind a preposition nor the object of another verb."""
    straight = [a for a in actors if not a.oblique and not (a.kind == "pronoun" and _is_object(cast, a))]
    if straight:
        return _whole_phrase(cast.doc.text, straight)
    people = [a for a in actors if a.kind == "person" and not a.owns]
    rest = [a for a in actors if a.kind in ("person", "company") or a.marks]
    left = people or rest
    return left[-1] if left else None


def _whole_phrase(text: str, straight: Sequence[Actor]) -> Actor:
    """The last subject; the person before it where it is only what that person is ("Ada Morel, the author,")."""
    last = straight[-1]
    other = straight[-2] if len(straight) > 1 else None
    if other is None or other.kind != "person":
        return last
    between = text[other.end : last.start]
    if last.kind in ("role", "firm", "unnamed") and between.strip() == ",":
        return other
    behind = text[last.end : last.end + 1]
    if last.kind == "company" and behind == "," and between[:1] == "," and between.count(",") == 1:
        return other  # "Ann Lee, of the broker Acme, who calls"
    return last


def _is_object(cast: Cast, actor: Actor) -> bool:
    verbs = cue_index(cast.doc).verbs.between(max(0, actor.start - 30), actor.start)
    return bool(verbs) and verbs[-1].end == actor.start - 1


def described(cast: Cast, verb: Hit, end: int) -> Actor | None:
    """The noun that no list has, with its article, right behind a verb: "répond le marin", "said the sailor"."""
    found = _ARTICLE_NOUN.match(cast.doc.text, verb.end, end)
    marks = cues_of(cast.doc.pack).article_marks
    if found is None or found["article"].lower() not in marks:
        return None
    return Actor(found.start("article"), found.end(), "role", marks=marks[found["article"].lower()])


_ARTICLE_NOUN = re.compile(
    rf"{GAP}(?P<article>[^\W\d_]{{1,3}})(?:{GAP}|['’])[a-zß-öø-ÿ][\w-]{{2,24}}(?=[.,;]|$)", re.MULTILINE
)


def verbs_between(cast: Cast, start: int, end: int) -> bool:
    """Whether a verb of saying stands in a stretch."""
    return first_hit(cue_index(cast.doc).verbs, start, end) is not None


def gerund_subject(cast: Cast, gerund: Hit, before: Sequence[Actor]) -> Actor | None:
    """Whose the gerund is: of the one beside it, else of the first of the sentence: "A judge freed Lee, saying"."""
    straight = [a for a in before if not a.oblique and a.kind in ("person", "role", "unnamed", "pronoun")]
    if straight and gerund.start - straight[-1].end == 1:
        return straight[-1]
    if straight:
        return first_subject(cast, straight[0].start, gerund.start) or straight[0]
    return nearest(cast, before)


def unlisted(cast: Cast, verb: Hit, start: int) -> Actor | None:
    """The subject that no list has, where an article opens the clause: "A notice on the railings reads"."""
    text = cast.doc.text
    phrase = _PHRASE.search(text, max(start, verb.start - 70), verb.start)
    if phrase is None or phrase.start() != start or phrase[1].lower() not in cues_of(cast.doc.pack).articles:
        return None
    return Actor(phrase.start(), phrase.end() - 1, "unnamed")


_PHRASE = re.compile(r"([^\W\d_]{1,4})[ \u00a0'’][^.,;:!?()\"“”«»\n]{2,64}[ \u00a0]\Z")


def _in_clause(before: list[Actor], cast: Cast, masks: Sequence[Span]) -> list[Actor]:
    """The actors behind the last quote before a verb, where its subject is among them: "... “a”, while Kim said"."""
    last = max((end for _, end in masks if before and end <= before[-1].start), default=0)
    behind = [a for a in before if a.start >= last]
    straight = [a for a in behind if not a.oblique and not (a.kind == "pronoun" and _is_object(cast, a))]
    own = any(can_speak(cast, a) for a in straight)
    return behind if own else before


def across_comma(cast: Cast, verb: Hit, before: Sequence[Actor]) -> Actor | None:
    """The subject of a verb that follows a comma: before the apposition or relative clause that the comma ends."""
    text = cast.doc.text
    if not text[max(0, verb.start - 3) : verb.start].rstrip().endswith((",", "–", "—")):
        return None
    straight = [a for a in before if not a.oblique and a.kind != "pronoun"]
    if not straight:
        return None
    last = straight[-1]
    if last.kind == "person" and text[last.end : verb.start].strip() == ",":
        return last
    return first_subject(cast, straight[0].start, verb.start)


def _paper_before(cast: Cast, verb: Hit) -> Actor | None:
    """The paper of the sentence before, where the verb's own sentence opens with "therein"."""
    doc, shapes = cast.doc, shapes_of(cast.doc.pack)
    number = doc.sentence_index(verb.start)
    start = doc.sentences[number][0]
    if number == 0 or not shapes.therein.match(doc.text, start):
        return None
    for back in range(number - 1, max(-1, number - 3), -1):
        start, end = doc.sentences[back]
        found = list(shapes.paper.finditer(doc.text, max(start, end - LEAD * 3), end))
        if found:
            return Actor(found[-1].start(), found[-1].end(), "unnamed")
    return None


def find_paper(cast: Cast, verb: Hit, end: int, before: Sequence[Actor]) -> Actor | None:
    """Where a verb says only that something is written ("heißt es"): the paper, behind it or else before."""
    if cast.doc.text[verb.start : verb.end] not in cues_of(cast.doc.pack).impersonal:
        return None
    behind = [a for a in cast.between(verb.end, end) if a.kind != "pronoun" and a.start - verb.end <= LEAD]
    behind = [a for a in behind if cast.doc.text[a.start : a.end].split()[0] not in shapes_of(cast.doc.pack).aims]
    ahead = [a for a in before if a.kind != "pronoun"]
    papers = [a for a in ahead if cues_of(cast.doc.pack).documents.search(cast.doc.text, a.start, a.end)]
    if papers:
        return papers[0]
    if ahead and verb.start - ahead[-1].end <= 2:
        return ahead[-1]
    return next(iter(behind or ahead), None) or _paper_before(cast, verb)


_CLAUSE_MARK = re.compile(r"[,;:–—]")


def _leading(cast: Cast, verb: Hit, before: Sequence[Actor]) -> Actor | None:
    """The first subject of a sentence whose last is a thing away from the verb: "He keeps the plan and calls it"."""
    straight = [a for a in before if not a.oblique] if cues_of(cast.doc.pack).verb_second else []
    if not straight or straight[-1].kind != "unnamed" or verb.start - straight[-1].end <= 2:
        return None
    return next((a for a in straight if can_speak(cast, a)), straight[0])


def _second(cast: Cast, verb: Hit, end: int, before: Sequence[Actor]) -> Actor | None:
    """The subject right behind a verb that always stands second: "Dem Blatt sagte Jan Meier", "Dazu sagt sie"."""
    text, cues = cast.doc.text, cues_of(cast.doc.pack)
    behind = cast.between(verb.end, end) if cues.verb_second else []
    first = next((a for a in behind if not a.oblique), None)
    if first is None or first.start - verb.end > (THIRD if first.kind == "person" else SECOND):
        return None
    if _CLAUSE_MARK.search(text, verb.end, first.start):
        return None
    ahead = [a for a in before if not a.oblique and not _CLAUSE_MARK.search(text, a.end, verb.start)]
    if first.kind == "pronoun" and (not ahead or text[first.start : first.end].lower() not in cues.objects):
        return first
    if text[max(0, verb.start - 3) : verb.start].rstrip().endswith(","):
        straight = [a for a in before if not a.oblique]
        turned = straight and not can_speak(cast, straight[0]) and is_subject(cast, first) and first.kind != "pronoun"
        return first if turned else None
    if not ahead and not can_speak(cast, first) and any(not a.oblique for a in before):
        return None  # "Pau, die ..., spricht von ... und fordert eine Rücknahme"
    things = not any(can_speak(cast, a) for a in ahead)
    if not ahead or (ahead[-1].kind == "unnamed" and first.kind in ("person", "name")) or (
        things and is_subject(cast, first)
    ):
        return first_subject(cast, first.start, end) or first
    return None


def _adjacent(cast: Cast, verb: Hit, end: int) -> Actor | None:
    """The subject right behind a verb that has none before it: "Zum Preis sagte sie nur"."""
    first = next(iter(cast.between(verb.end, end)), None)
    return first if first is not None and not first.oblique and first.start - verb.end <= 2 else None


def _inverted_subject(cast: Cast, verb: Hit, end: int, before: Sequence[Actor]) -> Actor | None:
    """The subject right behind a verb that a comma sets off: ", says the author, Ada Morel, "."""
    text = cast.doc.text
    first = next(iter(cast.between(verb.end, end)), None)
    if first is None or first.oblique or first.start - verb.end > 2 or first.kind == "pronoun":
        return None
    if not first.named and any(a.named and not a.oblique for a in before):
        return None
    if not is_subject(cast, first):
        return None
    opens = text[max(0, verb.start - 8) : verb.start].rstrip().endswith((",", "."))
    return first_subject(cast, verb.end, end) if opens else None


def pronoun_actor(cast: Cast, hit: Hit) -> Actor:
    """The pronoun of an inverted verb, as the cast has it."""
    return next((a for a in cast.between(hit.tail, hit.end)), Actor(hit.tail, hit.end, "pronoun"))


def subject_before(cast: Cast, verb: Hit, end: int, before: list[Actor], masks: Sequence[Span]) -> Actor | None:
    """The subject of a verb that stands left of a quote: before the verb, or behind it where a clause turns round."""
    before = _in_clause(before, cast, masks)
    subject = find_paper(cast, verb, end, before) or _inverted_subject(cast, verb, end, before)
    subject = subject or _second(cast, verb, end, before) or across_comma(cast, verb, before)
    subject = subject or _leading(cast, verb, before) or nearest(cast, before)
    return subject or _adjacent(cast, verb, end)
