"""Frames of languages whose verb stands second or last: a verb that ends its clause, its agent, and "in her view"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from dealwatch.parser.antecedents import Speaker, resolve
from dealwatch.parser.cues import cue_index, cues_of, document_words
from dealwatch.parser.phrases import Hit
from dealwatch.parser.shapes import shapes_of
from dealwatch.parser.speakers import Actor, Cast
from dealwatch.parser.subjects import can_speak, find_paper, first_subject, subject_before
from dealwatch.parser.text import Document, Span

SO = 14  # characters behind the words in which "so" and "lautet" stand before a remark
BEFORE, BEHIND = 420, 140  # characters read left of the words for their clause, and right of them for its verb


_STOPS = re.compile(r"[.,;:!?\n]|\s[–—]\s")
_OTHER = re.compile(r"[„»“\"][^„“”»«\"\n]{0,200}[“”«\"]")
_ENDS = re.compile(r"[.,;:!?)]|\s[–—]\s|\s*$", re.MULTILINE)


def closing_verb(doc: Document, end: int) -> Hit | None:
    """The verb of saying that closes the clause in which a stretch ends, other marked words between left out."""
    text, cues, shapes = doc.text, cues_of(doc.pack), shapes_of(doc.pack)
    stop = min(doc.sentence_at(max(0, end - 1))[1], end + BEHIND)
    for hit in cue_index(doc).verbs.between(end, stop):
        between = _OTHER.sub("", text[end : hit.start])
        if _STOPS.search(between):
            return None
        joined = cues.conjunction.search(between.rstrip()[-6:])
        if joined and text[hit.start : hit.end] not in shapes.participles:
            return None
        goes_on = cues.conjunction.match(text, hit.end + 1)
        if _ENDS.match(text, hit.end) or shapes.behind.match(text, hit.end) or goes_on:
            return hit
    return None


def read_bracket(cast: Cast, outer: Span, masks: Sequence[Span]) -> tuple[Speaker, Hit] | None:
    """The subject of a verb that closes the clause of a stretch: "hat X „falsch“ genannt", "den Y „falsch“ nannte"."""
    doc, shapes = cast.doc, shapes_of(cast.doc.pack)
    if not cues_of(doc.pack).verb_second or doc.sentence_at(max(0, outer[1] - 1))[1] <= outer[1]:
        return None
    verb = closing_verb(doc, outer[1])
    if verb is None:
        return None
    start = max(doc.sentence_at(outer[0])[0], outer[0] - BEFORE)
    participle = doc.text[verb.start : verb.end] in shapes.participles
    if doc.text[verb.start : verb.end] in cues_of(doc.pack).impersonal:
        paper = find_paper(cast, verb, verb.end, cast.between(start, outer[0]))
        return None if paper is None else (resolve(cast, paper), verb)
    behind = shapes.behind.match(doc.text, verb.end)
    if behind is None and participle:
        found = _main_clause(cast, (start, outer[0]), masks)
    else:
        passive = participle and behind is not None and shapes.passive.search(behind.group()) is not None
        found = _subordinate(cast, (start, outer[0]), passive)
    return None if found is None else (resolve(cast, found, outer), verb)


def _main_clause(cast: Cast, window: Span, masks: Sequence[Span]) -> Actor | None:
    """The subject of the auxiliary left of the words, or the agent of a passive one."""
    text, shapes = cast.doc.text, shapes_of(cast.doc.pack)
    found = [
        max(shape.finditer(text, *window), key=lambda m: m.start(), default=None)
        for shape in (shapes.active, shapes.passive)
    ]
    if found[1] is not None and (found[0] is None or found[1].start() > found[0].start()):
        return find_agent(cast, window)
    if found[0] is None:
        return find_agent(cast, (max(window[0], text.rfind(",", *window)), window[1]))
    auxiliary = Hit(found[0].start(), found[0].end())
    before = [a for a in cast.between(window[0], auxiliary.start) if not _inside(a.start, masks)]
    return subject_before(cast, auxiliary, window[1], before, masks) if before or auxiliary else None


def _inside(offset: int, masks: Sequence[Span]) -> bool:
    return any(start <= offset < end for start, end in masks)


def _subordinate(cast: Cast, window: Span, passive: bool) -> Actor | None:
    """The first subject behind the word that opens the clause, else the one whom its relative stands for."""
    text, shapes = cast.doc.text, shapes_of(cast.doc.pack)
    opener = max(shapes.opener.finditer(text, *window), key=lambda m: m.start(), default=None)
    if opener is None:
        return None
    if passive:
        return find_agent(cast, (opener.start(), window[1]))
    inside = [a for a in cast.between(opener.start() + 2, window[1]) if not a.oblique]
    named = [a for a in inside if can_speak(cast, a)]
    if named or inside:
        return (named or inside)[0]
    before = cast.between(window[0], opener.start())
    return before[-1] if before else None


def find_agent(cast: Cast, window: Span) -> Actor | None:
    """Who did what a passive verb tells: the last actor behind "von", "durch" who can speak."""
    text, shapes = cast.doc.text, shapes_of(cast.doc.pack)
    found: Actor | None = None
    for actor in cast.between(*window):
        first = text[actor.start : actor.end].split()[0].lower()
        if first in shapes.agents or shapes.agent.search(text, max(window[0], actor.start - 60), actor.start):
            found = actor if found is None or can_speak(cast, actor) else found
    pronoun = shapes.pronouns.search(text, *window) if found is None else None
    if pronoun is not None:
        return Actor(*pronoun.span(1), "pronoun", marks=shapes.pronoun_marks[pronoun[1]] or "p")
    return found


@lru_cache(maxsize=1)
def _view_places(doc: Document) -> list[int]:
    """Where the first words of "in her view" and the like stand: searched once a text, not once a quote."""
    words, openers = document_words(doc), shapes_of(doc.pack).view_openers
    return [words.starts[number] for number in words.find(openers)] if openers else []


def _first_view(doc: Document, shape: re.Pattern[str], window: Span) -> re.Match[str] | None:
    places = _view_places(doc)
    near = places[bisect_left(places, window[0]) : bisect_left(places, window[1])]
    return next((found for at in near if (found := shape.match(doc.text, at, window[1]))), None)


def read_view(cast: Cast, outer: Span) -> tuple[Speaker, Span] | None:
    """Whom "in her view" or "by its own account" means in the sentence of a stretch, the words pointing at them."""
    doc, shapes = cast.doc, shapes_of(cast.doc.pack)
    if not shapes.view_openers:
        return None
    start, end = doc.sentence_at(outer[0])
    left, right = (max(start, outer[0] - BEFORE), outer[0]), (outer[1], min(end, outer[1] + BEHIND))
    if doc.text[left[0] : left[1]].rstrip().endswith(":"):
        return None
    whereby = _first_view(doc, shapes.whereby, left)
    owner = next((a for a in reversed(cast.between(start, whereby.start())) if a.named), None) if whereby else None
    if whereby is not None and owner is not None:  # "die Ansicht von Meier, wonach"
        pointer = Actor(*whereby.span(), "pronoun")
        return replace(resolve(cast, owner), actor=pointer), whereby.span()
    for window in (left, right):
        view = _first_view(doc, shapes.views, window)
        if view is not None:
            pointer = Actor(*view.span(), "pronoun", marks=shapes.view_marks.get(view.group().lower(), "mf"))
            return replace(resolve(cast, pointer, outer), actor=pointer), view.span()
        own = _first_view(doc, shapes.own, window)
        if own is not None:
            subject = next((a for a in cast.between(start, min(end, outer[1] + BEHIND)) if not a.oblique), None)
            told = resolve(cast, subject, outer) if subject is not None else Speaker()
            return replace(told, actor=Actor(*own.span(), "unnamed")), own.span()
    return None


_SO = re.compile(r"[\s,.–—-]{0,4}([^\W\d_]{2,8})[ \u00a0](?:[^\W\d_A-Z][\w-]{1,12}[ \u00a0]){0,3}?\Z")


# Between a remark and whose it is: "von ", "der Zentrale ".
_OWNER = re.compile(r"[ \u00a0](?:[^\W\d_A-Z]{1,5}[ \u00a0](?:[^\W\d_][\w-]{1,40}[ \u00a0]){0,2})?")


def read_remark(cast: Cast, outer: Span) -> tuple[Speaker, Span] | None:
    """Whose remark the words are said to be: "Ihr Fazit: „…“", "„…“, so das Urteil der Jury"."""
    doc, shape = cast.doc, shapes_of(cast.doc.pack).remark
    start = doc.sentence_at(outer[0])[0]
    ahead = doc.text[max(start, outer[0] - BEFORE) : outer[0]].rstrip()
    if ahead.endswith(":"):
        found = next(shape.finditer(doc.text, max(start, outer[0] - BEFORE), outer[0]), None)
        return _remarked(cast, found) if found is not None and _opens(doc, start, found) else None
    if not cue_index(doc).verbs.between(outer[1], outer[1] + SO):
        return None
    found = shape.search(doc.text, outer[1], min(doc.paragraph_at(outer[0])[1], outer[1] + 60))
    so = _SO.match(doc.text, outer[1], found.start()) if found is not None else None
    said = so is not None and bool(cue_index(doc).verbs.between(so.start(1), so.end(1) + 1))
    return _remarked(cast, found) if found is not None and said else None


def _opens(doc: Document, start: int, found: re.Match[str]) -> bool:
    """Whether only an article stands before a remark in its sentence."""
    return not doc.text[start : found.start()].strip() or (found["owner"] is None and found.start() - start <= 5)


def _remarked(cast: Cast, found: re.Match[str]) -> tuple[Speaker, Span] | None:
    if found["owner"] is not None:
        marks = shapes_of(cast.doc.pack).remark_marks.get(found["owner"].lower(), "mf")
        return resolve(cast, Actor(*found.span("owner"), "pronoun", marks=marks)), found.span()
    owner = next(iter(cast.between(found.end(), found.end() + BEHIND)), None)
    if owner is None or owner.kind == "pronoun" or not _OWNER.fullmatch(cast.doc.text, found.end(), owner.start):
        return None
    return resolve(cast, owner), (found.start(), owner.end)


_WORD = re.compile(r"[^\W\d_]{2,24}")
_TITLE = re.compile(r"[ \u00a0](?:[^\W\d_][\w-]{1,40}[ \u00a0]){0,3}")


def read_thereby(cast: Cast, outer: Span) -> tuple[Speaker, Span] | None:
    """Who the next sentence says has said so: "Der Plan sei „tot“. Das erklärte Jan Meier am Montag."."""
    doc, number = cast.doc, cast.doc.sentence_index(outer[0])
    if number + 1 >= len(doc.sentences) or doc.text[max(0, outer[0] - 3) : outer[0]].rstrip().endswith(":"):
        return None
    start, end = doc.sentences[number + 1]
    opening = shapes_of(doc.pack).thereby.match(doc.text, start, end)
    verb = _WORD.match(doc.text, opening.end(), end) if opening else None
    if verb is None or verb.group() not in cues_of(doc.pack).verbs or ":" in doc.text[verb.end() : end]:
        return None
    first = next(iter(cast.between(verb.end(), end)), None)
    if first is None or first.oblique or not _TITLE.fullmatch(doc.text, verb.end(), first.start):
        return None
    subject = first_subject(cast, verb.end(), end) or first
    return resolve(cast, subject, outer), (start, subject.end)
