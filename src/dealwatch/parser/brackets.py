"""Frames of languages whose verb stands second or last: a verb that ends its clause, its agent, and "in her view"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dealwatch.parser.antecedents import Speaker, resolve
from dealwatch.parser.cues import cue_index, cues_of
from dealwatch.parser.phrases import Hit
from dealwatch.parser.shapes import shapes_of
from dealwatch.parser.speakers import Actor, Cast
from dealwatch.parser.subjects import can_speak, find_paper, subject_before
from dealwatch.parser.text import Document, Span

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


def read_view(cast: Cast, outer: Span) -> tuple[Speaker, Span] | None:
    """Whom "in her view" or "by its own account" means in the sentence of a stretch, the words pointing at them."""
    doc, shapes = cast.doc, shapes_of(cast.doc.pack)
    if not cues_of(doc.pack).verb_second:
        return None
    start, end = doc.sentence_at(outer[0])
    left, right = (max(start, outer[0] - BEFORE), outer[0]), (outer[1], min(end, outer[1] + BEHIND))
    if doc.text[left[0] : left[1]].rstrip().endswith(":"):
        return None
    for window in (left, right):
        view = shapes.views.search(doc.text, *window)
        if view is not None:
            pointer = Actor(*view.span(), "pronoun", marks=shapes.view_marks.get(view.group().lower(), "mf"))
            return replace(resolve(cast, pointer, outer), actor=pointer), view.span()
        own = shapes.own.search(doc.text, *window)
        if own is not None:
            subject = next((a for a in cast.between(start, min(end, outer[1] + BEHIND)) if not a.oblique), None)
            told = resolve(cast, subject, outer) if subject is not None else Speaker()
            return replace(told, actor=Actor(*own.span(), "unnamed")), own.span()
    return None
