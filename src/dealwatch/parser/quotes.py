"""Quotes: stretches between marks that somebody said or wrote, each with the one who did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from dealwatch.lang import Pack
from dealwatch.model import Company, Person, Quote
from dealwatch.parser.marks import Marked, find_marked
from dealwatch.parser.people import GAP, alternatives, lexicon, speech_verbs
from dealwatch.parser.speakers import Actor, Cast, Speaker, find_cast, resolve
from dealwatch.parser.text import Document, Span

BEFORE, AFTER = 420, 260  # characters of context read left and right of a quote: the longest cues of real sentences
LEAD = 100  # from the closing mark to the verb, with the subject and its title between


@dataclass(frozen=True, slots=True, eq=False)
class _Cues:
    """The words of a pack that tell speech from other marked words, compiled."""

    verb: re.Pattern[str]
    gerund: re.Pattern[str]
    inverted: re.Pattern[str]
    according: re.Pattern[str]
    conjunction: re.Pattern[str]
    naming: re.Pattern[str]
    inner: re.Pattern[str]


@lru_cache(maxsize=32)
def _cues(pack: Pack) -> _Cues:
    verbs = speech_verbs(pack)
    stems, endings = pack.words("quotes", "stems"), pack.words("quotes", "gerund_endings")
    gerunds = {*pack.words("quotes", "gerunds"), *(stem + ending for stem in stems for ending in endings)}
    pronoun = alternatives(pack.words("quotes", "inverted"))
    inverted = rf"(?<!\w)(?:[a-zß-ÿ]{{1,3}}['’])?[a-zß-ÿ]{{1,24}}-(?:t-)?(?P<pronoun>{pronoun})(?!\w)"
    verb = rf"(?<!\w){alternatives(verbs)}(?!\w)"
    return _Cues(
        re.compile(verb),
        re.compile(rf"(?<!\w){alternatives(gerunds)}(?!\w)"),
        re.compile(inverted),
        re.compile(rf"(?<![\w'’])(?i:{alternatives(pack.words('quotes', 'according'))})(?:(?<=['’])|{GAP})"),
        re.compile(rf"(?<!\w)(?:{alternatives(pack.words('quotes', 'conjunctions'))})(?:(?<=['’])|(?!\w))"),
        re.compile(rf"(?<!\w)(?i:{alternatives(pack.words('quotes', 'naming'))}){GAP}?[:(]?{GAP}?\Z"),
        re.compile(rf"[,.!?…]{GAP}(?:{inverted}|(?:[^\W\d_]{{1,2}}['’])?(?:[^\W\d_]{{1,6}}{GAP}){{0,2}}?{verb})"),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A marked stretch with the speaker that a frame gives it."""

    marked: Marked
    speaker: Speaker | None = None
    cue: Span | None = None
    confidence: float = 0.0
    frame: str = ""  # after, before, according, colon, inner, subject, split, carried; "" where none


@dataclass(slots=True)
class _State:
    """What has been read so far, for the quotes that carry no cue of their own."""

    found: list[_Found] = field(default_factory=list)


def _context_end(doc: Document, marked: Marked, following: Marked | None) -> int:
    """Where the words after a quote end that can be its cue."""
    end = min(doc.paragraph_at(marked.start)[1], marked.outer_end + AFTER)
    if following is not None:
        end = min(end, following.outer_start)
    here = doc.sentence_index(max(marked.start, marked.outer_end - 1))
    stop = doc.sentences[here][1]
    if stop <= marked.outer_end and marked.closed and here + 1 < len(doc.sentences):
        stop = doc.sentences[here + 1][1]
    return max(marked.outer_end, min(end, stop))


def _ends_sentence(doc: Document, marked: Marked) -> bool:
    """Whether a sentence ends with the quote, so that what follows is a new one."""
    return doc.sentence_at(max(marked.start, marked.outer_end - 1))[1] <= marked.outer_end


_LEADING = re.compile(r"[\s,.;:–—-]{0,4}")


def _after(cast: Cast, marked: Marked, end: int) -> tuple[Speaker, Span, float] | None:
    """The speaker named behind the quote: "...", said X / X said / explique-t-elle."""
    text, cues = cast.doc.text, _cues(cast.doc.pack)
    start = _LEADING.match(text, marked.outer_end, end).end()  # type: ignore[union-attr]
    new_sentence = _ends_sentence(cast.doc, marked) and text[marked.end - 1 : marked.end] not in ",!?…"
    inverted = cues.inverted.search(text, start, min(end, start + 40))
    if inverted and not cues.conjunction.search(text, start, inverted.start()) and not new_sentence:
        at = inverted.start("pronoun")
        actor = next((a for a in cast.between(at, inverted.end())), None)
        actor = actor or Actor(at, inverted.end(), "pronoun")
        return resolve(cast, actor), (start, inverted.end()), 0.95
    verb = cues.verb.search(text, start, min(end, start + LEAD))
    if verb is None or (new_sentence and verb.start() - start > 30):
        return _bare_subject(cast, marked, start, end) if not new_sentence else None
    lead = cast.between(start, verb.start())
    subject = _nearest(lead) if lead and lead[0].start - start <= 30 else None
    between = lead[0].start if subject else verb.start()
    if cues.conjunction.search(text, start, between) or text[start : start + 1] == "(":
        return None
    if subject is None:
        if verb.start() - start > 24 or new_sentence:
            return None
        subject = _first_subject(cast, verb.end(), end)
        if subject is None:
            return (Speaker(), (start, verb.end()), 0.6)
    elif new_sentence and cues.conjunction.search(text, verb.end(), end):
        return None
    return resolve(cast, subject), (start, max(verb.end(), subject.end)), 0.95


def _bare_subject(cast: Cast, marked: Marked, start: int, end: int) -> tuple[Speaker, Span, float] | None:
    """A verb that no list has, between a whole quote and a name: "...", balaie la patronne."""
    text = cast.doc.text
    found = re.compile(rf"(?:[^\W\d_]{{1,2}}['’])?[a-zß-ÿ]{{2,20}}{GAP}(?:[a-zß-ÿ]{{1,12}}{GAP}){{0,2}}?").match(text, start, end)
    if not found or not _is_clause(text, marked):
        return None
    first = cast.between(start, min(end, start + 60))[:1]
    if first and not first[0].oblique and first[0].start == found.end():
        subject = _first_subject(cast, first[0].start, end) or first[0]
        return resolve(cast, subject), (start, subject.end), 0.7
    return None


def _first_subject(cast: Cast, start: int, end: int) -> Actor | None:
    """The subject behind a verb: the first actor, or the name in apposition to the role that comes first."""
    actors = [a for a in cast.between(start, end) if a.start - start <= LEAD]
    first = next((a for a in actors if not a.oblique), None)
    if first is None:
        return next((a for a in actors if a.kind != "name"), actors[0] if actors else None)
    if first.kind in ("role", "firm", "unnamed"):
        named = next((a for a in actors if a.kind in ("person", "name") and a.start >= first.end), None)
        if named is not None and not named.oblique and _apposed(cast.doc.text, first, named):
            return named
    return first


_BREAKS = re.compile(r"[.;:!?\"“”«»()]|\s[–—]\s")


def _apposed(text: str, role: Actor, named: Actor) -> bool:
    """Role and name are one phrase: nothing between but its complement and a comma."""
    between = text[role.end : named.start]
    if len(between) > 90 or _BREAKS.search(between):
        return False
    return between.count(",") <= 1 and (between.strip() in ("", ",") or between.rstrip().endswith(",") or len(between) < 40)


def _nearest(actors: Sequence[Actor]) -> Actor | None:
    """The subject left of a verb: the nearest that is not behind a preposition; a name before a bare phrase."""
    straight = [a for a in actors if not a.oblique]
    pool = straight or [a for a in actors if a.kind in ("person", "company")]
    return pool[-1] if pool else None


def _before(cast: Cast, marked: Marked, masks: Sequence[Span]) -> tuple[Speaker, Span, float, str] | None:
    """The speaker named left of the quote in its sentence."""
    doc, cues = cast.doc, _cues(cast.doc.pack)
    text = doc.text
    start = max(doc.sentence_at(marked.outer_start)[0], marked.outer_start - BEFORE)
    actors = [a for a in cast.between(start, marked.outer_start) if not any(s <= a.start < e for s, e in masks)]
    colon = text[start : marked.outer_start].rstrip().endswith(":")
    according = _last(cues.according, text, start, marked.outer_start, masks)
    if according:
        actor = _first_subject_after(actors, according.end())
        if actor is not None and actor.start - according.end() <= 40:
            return resolve(cast, actor), (according.start(), actor.end), 0.9, "according"
    inverted = _last(cues.inverted, text, start, marked.outer_start, masks)
    if inverted:
        at = inverted.start("pronoun")
        actor = next((a for a in cast.between(at, inverted.end())), Actor(at, inverted.end(), "pronoun"))
        return resolve(cast, actor), (inverted.start(), inverted.end()), 0.9, "before"
    verb = _last(cues.verb, text, start, marked.outer_start, masks)
    gerund = _last(cues.gerund, text, start, marked.outer_start, masks)
    saying = max((m for m in (verb, gerund) if m), key=lambda m: m.start(), default=None)
    if saying:
        subject = _nearest([a for a in actors if a.end <= saying.start()])
        if subject is None:
            subject = next((a for a in actors if a.start >= saying.end() and not a.oblique), None) if verb else None
        if subject is not None:
            return resolve(cast, subject), (saying.start(), saying.end()), 0.9, "colon" if colon else "before"
        return Speaker(), (saying.start(), saying.end()), 0.5, "before"
    subject = next((a for a in actors if not a.oblique and a.kind != "name"), None) or (actors[0] if actors else None)
    if subject is None:
        return None
    return resolve(cast, subject), (subject.start, subject.end), 0.8 if colon else 0.55, "colon" if colon else "subject"


def _first_subject_after(actors: Sequence[Actor], start: int) -> Actor | None:
    first = next((a for a in actors if a.start >= start), None)
    if first is not None and first.kind in ("role", "firm", "unnamed"):
        named = next((a for a in actors if a.kind in ("person", "name") and first.end <= a.start <= first.end + 60), None)
        if named is not None:
            return named
    return first


def _last(pattern: re.Pattern[str], text: str, start: int, end: int, masks: Sequence[Span]) -> re.Match[str] | None:
    last = None
    for match in pattern.finditer(text, start, end):
        if not any(s <= match.start() < e for s, e in masks):
            last = match
    return last


def _inner(cast: Cast, marked: Marked) -> tuple[Speaker, Span, float] | None:
    """The cue inside the marks: « Nous irons plus loin, explique-t-elle, et plus vite »."""
    text, cues = cast.doc.text, _cues(cast.doc.pack)
    for found in cues.inner.finditer(text, marked.start, min(marked.end, marked.start + 600)):
        if found.group("pronoun"):
            at = found.start("pronoun")
            actor = next((a for a in cast.between(at, found.end())), Actor(at, found.end(), "pronoun"))
            return resolve(cast, actor), (found.start() + 2, found.end()), 0.85
        subject = _first_subject(cast, found.end(), min(marked.end, found.end() + 90))
        if subject is not None and subject.start - found.end() <= 3 and subject.kind != "pronoun":
            return resolve(cast, subject), (found.start() + 2, subject.end), 0.85
    return None


_END = re.compile(r"[.!?…][\"'”’»)\s]{0,3}\Z")


def _is_clause(text: str, marked: Marked) -> bool:
    """Whether it reads as an utterance: opens like a sentence and has some words, or ends like one."""
    words = text[marked.start : marked.end]
    opens = words[:1].isupper() or words[:1].isdigit() or not words[:1].isalpha()
    return (opens and words.count(" ") >= 2) or bool(_END.search(words))


def _reads_as_speech(doc: Document, marked: Marked, frame: str, confidence: float) -> bool:
    """Speech or other marked words: by the frame, by the words before, by its own shape."""
    text, cues = doc.text, _cues(doc.pack)
    if frame in ("after", "inner"):
        return True
    before = text[max(doc.paragraph_at(marked.start)[0], marked.outer_start - 40) : marked.outer_start]
    words = text[marked.start : marked.end].split()
    if cues.naming.search(before) and frame != "colon":
        return False
    if frame in ("before", "according", "split"):
        return True
    if frame == "colon":
        return _is_clause(text, marked) or len(words) > 3
    stands_alone = marked.outer_start <= doc.sentence_at(marked.start)[0] + 1
    if stands_alone and _is_clause(text, marked):
        return True
    return frame == "subject" and len(words) >= 3 and not words[0][:1].isupper()


def _carry(state: _State, cast: Cast, marked: Marked) -> tuple[Speaker, float] | None:
    """The speaker of the quote before: of the same paragraph, or the one that a whole-paragraph quote goes on from."""
    doc = cast.doc
    paragraph = doc.paragraph_at(marked.start)
    for found in reversed(state.found[-4:]):
        if found.speaker is None:
            continue
        if found.marked.start >= paragraph[0]:
            return found.speaker, 0.7
        return found.speaker, 0.5
    return None


def _attribute(state: _State, cast: Cast, marked: Marked, following: Marked | None) -> _Found:
    doc, text = cast.doc, cast.doc.text
    end = _context_end(doc, marked, following)
    after = _after(cast, marked, end) if marked.closed else None
    if after is not None:
        return _Found(marked, after[0], after[1], after[2], "after")
    tail = _cues(doc.pack).according.match(text, _LEADING.match(text, marked.outer_end, end).end(), end)  # type: ignore[union-attr]
    if tail:
        actor = _first_subject_after(cast.between(tail.end(), end), tail.end())
        if actor is not None:
            return _Found(marked, resolve(cast, actor), (tail.start(), actor.end), 0.9, "according")
        return _Found(marked, Speaker(), (tail.start(), tail.end()), 0.6, "according")
    inner = _inner(cast, marked)
    if inner is not None:
        return _Found(marked, inner[0], inner[1], inner[2], "inner")
    sentence = doc.sentence_at(marked.outer_start)
    previous = state.found[-1] if state.found else None
    if previous is not None and previous.frame == "after" and previous.cue and previous.cue[0] >= sentence[0] - 1:
        gap = text[previous.marked.outer_end : marked.outer_start]
        if len(gap) < BEFORE and not _ends_sentence(doc, previous.marked) or gap.rstrip().endswith((",", ":")):
            return replace(previous, marked=marked, confidence=0.85, frame="split")
    masks = [(f.marked.outer_start, f.marked.outer_end) for f in state.found[-6:]]
    before = _before(cast, marked, masks)
    if before is not None:
        return _Found(marked, before[0], before[1], before[2], before[3])
    return _Found(marked)


def _kind(doc: Document, found: _Found) -> Literal["direct", "fragment"]:
    text, marked = doc.text, found.marked
    if _is_clause(text, marked) and (found.frame in ("after", "colon", "inner", "carried", "") or _END.search(text[marked.start : marked.end])):
        return "direct"
    return "fragment"


def _quote(doc: Document, found: _Found) -> Quote:
    marked, speaker = found.marked, found.speaker or Speaker()
    person, company, actor = speaker.person, speaker.company, speaker.actor
    return Quote(
        marked.start,
        marked.end,
        doc.text[marked.start : marked.end],
        _kind(doc, found),
        speaker=speaker.name,
        speaker_id=company.id if company else None,
        speaker_org=company.name if company else person.org if person else None,
        speaker_title=person.title if person else None,
        mention_start=actor.start if actor else None,
        mention_end=actor.end if actor else None,
        cue=doc.text[found.cue[0] : found.cue[1]] if found.cue else None,
        closed=marked.closed,
        confidence=found.confidence,
    )


def find_quotes(doc: Document, people: tuple[Person, ...], companies: tuple[Company, ...]) -> tuple[Quote, ...]:
    """The quotes of a text in order, apart from one another, each with its speaker where the text names one."""
    marked = find_marked(doc)
    cast = find_cast(doc, people, companies)
    state = _State()
    for number, stretch in enumerate(marked):
        following = marked[number + 1] if number + 1 < len(marked) else None
        found = _attribute(state, cast, stretch, following)
        if not _reads_as_speech(doc, stretch, found.frame, found.confidence):
            continue
        if not found.frame:
            carried = _carry(state, cast, stretch)
            if carried:
                found = replace(found, speaker=carried[0], confidence=carried[1], frame="carried")
        state.found.append(found)
    return tuple(_quote(doc, found) for found in state.found)
