"""Frames: how the words round a quote say whose it is, in order of trust."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dealwatch.parser.antecedents import Speaker, apposed, resolve
from dealwatch.parser.brackets import find_agent, read_bracket, read_remark, read_thereby, read_view
from dealwatch.parser.cues import cue_index, cues_of, first_hit, last_hit, masked
from dealwatch.parser.marks import Marked
from dealwatch.parser.phrases import GAP, Hit
from dealwatch.parser.shapes import shapes_of
from dealwatch.parser.speakers import DROPPED, LABEL, Actor, Cast
from dealwatch.parser.subjects import (
    LEAD,
    SECOND,
    across_comma,
    can_speak,
    described,
    find_paper,
    first_subject,
    gerund_subject,
    nearest,
    pronoun_actor,
    subject_before,
    unlisted,
    verbs_between,
)  # fmt: skip
from dealwatch.parser.text import Document, Span

BEFORE, AFTER = 420, 260  # characters of context read left and right of a quote: the longest cues of real sentences
RETOLD = 7  # sentences looked back through for whose words a sentence retells
LONG = 7  # blanks in words that are an utterance wherever they stand: no name in marks is so long
INNER = 600  # characters of a quote searched for a cue inside it

Frame = Literal[
    "", "after", "before", "according", "colon", "inner", "subject", "split", "tail", "carried", "turn", "retold",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom a frame gives a quote to, by which words, and how far it can be trusted."""

    speaker: Speaker
    cue: Span | None
    confidence: float
    frame: Frame
    dropped: bool = False  # its verb stands without a subject


def context_end(doc: Document, marked: Marked, following: Marked | None) -> int:
    """Where the words after a quote end that can be its cue."""
    end = min(doc.paragraph_at(marked.start)[1], marked.outer_end + AFTER)
    if following is not None:
        end = min(end, following.outer_start)
    here = doc.sentence_index(max(marked.start, marked.outer_end - 1))
    stop = doc.sentences[here][1]
    if stop <= marked.outer_end and marked.closed and here + 1 < len(doc.sentences):
        stop = doc.sentences[here + 1][1]
    return max(marked.outer_end, min(end, stop))


def ends_sentence(doc: Document, marked: Marked) -> bool:
    """Whether a sentence ends with the quote, so that what follows is a new one."""
    return doc.sentence_at(max(marked.start, marked.outer_end - 1))[1] <= marked.outer_end


_LEADING = re.compile(r"[\s,.;:–—-]{0,4}")


def skip_leading(text: str, start: int, end: int) -> int:
    """The offset behind white space, comma or dash."""
    found = _LEADING.match(text, start, end)
    return found.end() if found else start


def read_after(cast: Cast, marked: Marked, end: int) -> Attribution | None:
    """The speaker named behind the quote: "...", said X / X said / explique-t-elle."""
    text, cues = cast.doc.text, cues_of(cast.doc.pack)
    start = skip_leading(text, marked.outer_end, end)
    calls = text[marked.end - 1 : marked.end] in ",!?…" and not cues.verb_second
    opens_anew = ends_sentence(cast.doc, marked) and not calls
    thus = _thus(cast.doc, marked)
    if thus is not None:
        (start, end), opens_anew = thus, False
    if opens_anew and text[max(0, marked.outer_start - 3) : marked.outer_start].rstrip().endswith(":"):
        return None  # Lee said: "It was hard." The others did not reply.
    index = cue_index(cast.doc)
    inverted = first_hit(index.inverted, start, min(end, start + 40))
    if inverted and not opens_anew and not cues.conjunction.search(text, start, inverted.start):
        speaker = resolve(cast, pronoun_actor(cast, inverted), (marked.start, marked.end))
        written = next((a for a in cast.between(inverted.end, end) if a.kind == "firm"), None)
        if speaker.name is None and written is not None:  # « ... », peut-on lire dans le communiqué
            speaker = resolve(cast, written)
        return Attribution(speaker, (start, inverted.end), 0.95, "after")
    if thus is None and not opens_anew and not _sets_off(cast.doc, marked, start):
        return None
    verb = first_hit(index.verbs, start, min(end, start + LEAD))
    if verb is None and thus is not None:
        first = next(iter(cast.between(start, end)), None)
        alone = first is not None and first.named and first.start == start
        return Attribution(resolve(cast, first), (start, first.end), 0.8, "after") if alone and first else None
    if verb is None:
        return None if opens_anew else _bare_verb(cast, marked, start, end)
    return _after_verb(cast, marked, verb, (start, end), opens_anew) or (
        None if opens_anew else _bare_verb(cast, marked, start, end)
    )


def _thus(doc: Document, marked: Marked) -> Span | None:
    """The rest of a new sentence that ties itself to the words before it: "...". With these words Lee greeted."""
    text, stop = doc.text, doc.paragraph_at(marked.start)[1]
    start = skip_leading(text, marked.outer_end, stop)
    found = cues_of(doc.pack).thus.match(text, start, stop)
    if found is None:
        return None
    end = min(doc.sentence_at(found.end())[1], found.end() + AFTER)
    return None if ":" in text[found.end() : end] else (found.end(), end)


def _sets_off(doc: Document, marked: Marked, start: int) -> bool:
    """Whether a comma or dash stands between the quote and what follows, or the quote is an utterance by itself.

    Where the verb stands second, one that follows words in the middle of a sentence closes a clause.
    """
    if set(doc.text[marked.end - 1 : start]) & set(",!?…–—-"):
        return True
    first = not cues_of(doc.pack).verb_second or marked.outer_start <= doc.sentence_at(marked.start)[0] + 1
    long = doc.text.count(" ", marked.start, marked.end) >= LONG
    return (first or long) and is_clause(doc.text, marked)


def _after_verb(cast: Cast, marked: Marked, verb: Hit, window: Span, opens_anew: bool) -> Attribution | None:
    text, cues = cast.doc.text, cues_of(cast.doc.pack)
    start, end = window
    lead = cast.between(start, verb.start)
    subject = across_comma(cast, verb, lead) or nearest(cast, lead) if lead and lead[0].start - start <= 30 else None
    if cues.conjunction.search(text, start, lead[0].start if subject else verb.start) or text[start] == "(":
        return None
    if subject is not None and cues.verb_second and not opens_anew and not _compares(cast.doc, start, verb):
        return None  # "... „X“, Meier sagte" begins a clause of its own
    paper = find_paper(cast, verb, end, []) if not opens_anew else None
    if paper is not None:
        return Attribution(resolve(cast, paper), (start, max(verb.end, paper.end)), 0.9, "after")
    if subject is None:
        if verb.start - start > 24 or opens_anew:
            return None
        goes_on = cues.prodrop and text[verb.end : verb.end + 1] == ","  # "...", added, and ruled out that
        if not goes_on and cues.conjunction.match(text, skip_leading(text, verb.end, end), end):
            return None
        subject = first_subject(cast, verb.end, end)
        if cues.prodrop and subject is not None and subject.start - verb.end > 24 and not subject.named:
            subject = None
        if subject is None and cues.prodrop:
            nobody = Actor(start, verb.end, "pronoun", marks=f"mfo{DROPPED}")
            dropped = resolve(cast, nobody, (marked.start, marked.end))
            return Attribution(dropped, (start, verb.end), 0.9, "after", dropped=True)
        subject = subject or described(cast, verb, end)
        if subject is None:
            return Attribution(Speaker(), (start, verb.end), 0.4, "after")
    elif opens_anew and (verb.start - start > 45 or re.search(r"\w{2}|:", text[verb.end : end])):
        return None
    speaker = resolve(cast, subject, (marked.start, marked.end))
    return Attribution(speaker, (start, max(verb.end, subject.end)), 0.95, "after")


def _compares(doc: Document, start: int, verb: Hit) -> bool:
    """Whether the words behind a quote may have their subject before the verb: "wie Meier sagte", "so Meier"."""
    first = re.match(r"[^\W\d_]{1,12}", doc.text[start : start + 12])
    helped = first is not None and shapes_of(doc.pack).active.fullmatch(first.group())  # "..., hatte Meier gesagt"
    return first is not None and bool(helped or first.group() in shapes_of(doc.pack).comparing or verb.start == start)


_BARE = re.compile(rf"(?:[^\W\d_]{{1,2}}['’])?[a-zß-ÿ]{{1,20}}{GAP}(?:[a-zß-ÿ]{{1,14}}{GAP}){{0,2}}?")


def _bare_verb(cast: Cast, marked: Marked, start: int, end: int) -> Attribution | None:
    """A verb that no list has, between a whole quote and a name: "...", balaie la patronne."""
    text = cast.doc.text
    if not is_clause(text, marked) or cues_of(cast.doc.pack).conjunction.match(text, start, end):
        return None
    first = next(iter(cast.between(start, min(end, start + 60))), None)
    if first and first.start == start and text[marked.end - 1] in ",!?" and first.kind != "name":
        return Attribution(resolve(cast, first), (start, first.end), 0.6, "after")
    found = _BARE.match(text, start, first.start) if first and not first.oblique else None
    if found is not None and not _may_be_verb(cast.doc, marked, found.group()):
        return None
    if found is None or first is None or (found.end() != first.start and not _BARE.fullmatch(text, start, first.start)):
        return None
    subject = first_subject(cast, first.start, end) or first
    return Attribution(resolve(cast, subject), (start, subject.end), 0.7, "after")


def _may_be_verb(doc: Document, marked: Marked, words: str) -> bool:
    """Whether the small words between a quote and a name can be its verb; where a verb stands second, one word is."""
    cues, shapes = cues_of(doc.pack), shapes_of(doc.pack)
    if not cues.verb_second:
        return True
    word = words.strip()
    helps = shapes.active.fullmatch(word) or shapes.passive.fullmatch(word) or word in shapes.comparing
    parted = bool(set(doc.text[marked.end - 1 : marked.outer_end + 1]) & set(",!?…"))
    return parted and " " not in word and not helps and not shapes.opener.fullmatch(f", {word}")


def read_cited(cast: Cast, marked: Marked, end: int) -> Attribution | None:
    """The one whom a paper quotes behind the words: "...", zitiert das Blatt X / wird X zitiert."""
    text, cues = cast.doc.text, cues_of(cast.doc.pack)
    if not shapes_of(cast.doc.pack).citing:
        return None
    start = skip_leading(text, marked.outer_end, end)
    citing = next((hit for hit in cue_index(cast.doc).verbs.between(start, end) if _is_citing(cast, hit)), None)
    if citing is None or _BREAK.search(text, start, citing.start):
        return None
    actors = cast.between(start, end)
    if shapes_of(cast.doc.pack).passive.match(text, start) or cues.relative.match(text, start):
        subject = next((a for a in actors if not a.oblique and a.end <= citing.start), None)
    elif start == citing.start:
        behind = [a for a in actors if a.start > citing.end]
        subject = behind[1] if len(behind) > 1 and not _BREAK.search(text, citing.end, behind[1].start) else None
    else:
        return None
    if subject is None:
        return None
    subject = first_subject(cast, subject.start, end) or subject
    return Attribution(resolve(cast, subject), (start, max(citing.end, subject.end)), 0.9, "after")


_BREAK = re.compile(r"[.;:!?\n]")


def _is_citing(cast: Cast, hit: Hit) -> bool:
    return cast.doc.text[hit.start : hit.end] in shapes_of(cast.doc.pack).citing


def _cited_before(cast: Cast, citing: Hit, window: Span, before: Sequence[Actor]) -> Actor | None:
    """The one whom a paper quotes left of the words: "zitiert X mit den Worten", "X wird mit den Worten zitiert"."""
    if shapes_of(cast.doc.pack).passive.search(cast.doc.text, window[0], citing.start):
        straight = [a for a in before if not a.oblique]
        return (first_subject(cast, straight[0].start, citing.start) or straight[0]) if straight else None
    behind = cast.between(citing.end, window[1])
    named = next((a for a in behind if a.kind in ("person", "name")), None)
    return named or next((a for a in behind if a.kind != "pronoun"), None)


def read_closed(cast: Cast, marked: Marked, masks: Sequence[Span]) -> Attribution | None:
    """The subject of a verb that closes the clause in which the words stand: "hat den Plan „falsch“ genannt"."""
    found = read_bracket(cast, (marked.outer_start, marked.outer_end), masks)
    return Attribution(found[0], found[1].span(), 0.85, "before") if found is not None else None


def read_remarked(cast: Cast, marked: Marked) -> Attribution | None:
    """Whose remark the words beside the quote say it is: "Ihr Fazit: „…“", "„…“, so das Urteil der Jury"."""
    found = read_remark(cast, (marked.outer_start, marked.outer_end))
    if found is None:
        return None
    return Attribution(*found, 0.85, "colon" if found[1][1] <= marked.outer_start else "after")


def read_behind(cast: Cast, marked: Marked) -> Attribution | None:
    """Who the next sentence says has said so: "... „tot“. Das erklärte Jan Meier am Montag."."""
    found = read_thereby(cast, (marked.outer_start, marked.outer_end))
    return Attribution(*found, 0.8, "before") if found is not None else None


def read_viewed(cast: Cast, marked: Marked) -> Attribution | None:
    """Whom "in her view", "by its own account" in the sentence means."""
    found = read_view(cast, (marked.outer_start, marked.outer_end))
    return Attribution(found[0], found[1], 0.8, "according") if found is not None else None


def read_according(cast: Cast, found: Hit, end: int) -> Attribution | None:
    """Whom "according to" names; None where it names a paper or a report of nobody."""
    text, cues = cast.doc.text, cues_of(cast.doc.pack)
    actors = [a for a in cast.between(found.start, end) if a.end > found.end]
    first = actors[0] if actors else None
    lead = text[found.end : first.start] if first else ""
    if cues.aside.match(text, found.end):
        return None  # "for his part" names nobody
    if first and first.kind == "person" and len(lead) < 60 and lead.rstrip().endswith(",") and lead.count(",") == 1:
        return Attribution(resolve(cast, first), (found.start, first.end), 0.85, "according")
    told = first is not None and verbs_between(cast, found.end, first.start)  # "as explained to the papers by"
    if first is None or len(lead) > (60 if told or cues.verb_second else 22) or "," in lead:
        if cues.relative.match(text, found.end):
            person = next((a for a in cast.before(found.start) if a.kind == "person"), None)
            if person is not None:
                return Attribution(resolve(cast, person), (found.start, found.end), 0.8, "according")
        return None
    if first.kind in ("role", "firm", "unnamed"):
        named = next((a for a in actors if a.kind in ("person", "name") and a.start >= first.end), None)
        if named is not None and apposed(text, first, named):
            first = named
    return Attribution(resolve(cast, first), (found.start, first.end), 0.9, "according")


def read_tail(cast: Cast, marked: Marked, end: int) -> Attribution | None:
    """The speaker behind "according to" right after a quote."""
    if ends_sentence(cast.doc, marked):
        return None
    text = cast.doc.text
    start = skip_leading(text, marked.outer_end, end)
    behind = _postposed(cast, start, min(end, start + 90))
    if behind is not None and behind.cue and not verbs_between(cast, start, behind.cue[0]):
        return behind
    found = first_hit(cue_index(cast.doc).according, start, min(end, start + 60))
    if found is None or verbs_between(cast, start, found.start):
        return None
    named = read_according(cast, found, end)
    if named is not None:
        return named
    words = re.compile(r"[^,.;:«»\"“”\n]{0,60}").match(text, found.end, end)
    stop = words.end() if words else found.end
    return Attribution(Speaker(actor=Actor(found.end, stop, "unnamed")), (found.start, stop), 0.5, "according")


def read_trailing(cast: Cast, marked: Marked) -> Attribution | None:
    """The speaker at the end of the sentence whose words a fragment is: "... sei „zu spät“ gekommen, so Jan Meier."."""
    doc, cues = cast.doc, cues_of(cast.doc.pack)
    stop = min(doc.sentence_at(marked.start)[1], marked.outer_end + AFTER)
    if not cues.verb_second or ends_sentence(doc, marked):
        return None
    for verb in cue_index(doc).verbs.between(marked.outer_end, stop):
        first = next(iter(cast.between(verb.end, stop)), None)
        comma = doc.text[max(0, verb.start - 2) : verb.start].strip() == ","
        helper = _helper_before(doc, (marked.outer_end, verb.start))
        if helper is not None:  # "..., hatte Meier gesagt"
            first = next((a for a in cast.between(helper, verb.start) if not a.oblique), None)
            comma, gap = True, (helper, first.start if first else helper)
        else:
            gap = (verb.end, first.start if first else verb.end)
        near = gap[1] - gap[0] <= SECOND or _NOUN_GAP.fullmatch(doc.text, *gap) is not None
        if comma and first is not None and not first.oblique and near:
            subject = find_paper(cast, verb, stop, []) or first_subject(cast, first.start, stop) or first
            return Attribution(resolve(cast, subject), (verb.start, subject.end), 0.8, "before")
    return None


_CLAUSE_END = re.compile(r"[,;:]")


def _helper_before(doc: Document, window: Span) -> int | None:
    """Where an auxiliary behind a comma ends, in a stretch that a participle follows."""
    comma = doc.text.rfind(", ", *window)
    found = shapes_of(doc.pack).active.match(doc.text, comma + 2, window[1]) if comma >= 0 else None
    return found.end() if found else None


_NOUN_GAP = re.compile(rf"(?:{GAP}[A-ZÄÖÜ][\w-]{{1,40}}){{0,2}}{GAP}")


def read_retold(cast: Cast, marked: Marked) -> Attribution | None:
    """The one who spoke in the sentence before, where the form of the verb says that the words are still theirs."""
    doc = cast.doc
    start, end = doc.sentence_at(marked.start)
    near = (max(start, marked.outer_start - BEFORE), min(end, marked.outer_end + AFTER))
    stop = _CLAUSE_END.search(doc.text, marked.outer_end, near[1])
    forms = cue_index(doc).retold
    told = first_hit(forms, near[0], marked.outer_start) or first_hit(
        forms, marked.outer_end, stop.start() if stop else near[1]
    )
    if not told:
        return None
    hence = shapes_of(doc.pack).hence.match(doc.text, start)
    number = doc.sentence_index(marked.start)
    for before in range(number - 1, max(-1, number - RETOLD), -1):
        window = doc.sentences[before]
        window = (max(window[0], window[1] - BEFORE), window[1])
        according = first_hit(cue_index(doc).according, *window)
        found = read_according(cast, according, window[1]) if according else None
        found = found or _by_verb(cast, window, cast.between(*window), [], colon=False)
        if found is not None and found.speaker.actor is not None:
            speaker = replace(found.speaker, actor=Actor(*hence.span(), "pronoun")) if hence else found.speaker
            return Attribution(speaker, told.span(), 0.6, "before")
    return Attribution(Speaker(), told.span(), 0.4, "retold")


def _postposed(cast: Cast, start: int, end: int) -> Attribution | None:
    """Whom an "according to" that stands behind its noun names: "dem Bericht zufolge"."""
    for match in cues_of(cast.doc.pack).according_behind.finditer(cast.doc.text, start, end):
        actor = next((a for a in reversed(cast.between(start, match.start())) if not a.owns), None)
        if actor is not None and match.start() - actor.end <= LEAD // 2:
            return Attribution(resolve(cast, actor), (actor.start, match.end()), 0.85, "according")
    return None


def read_before(cast: Cast, marked: Marked, masks: Sequence[Span]) -> Attribution | None:
    """The speaker named left of the quote in its sentence."""
    doc, index = cast.doc, cue_index(cast.doc)
    text, end = doc.text, marked.outer_start
    start = max(doc.sentence_at(end)[0], end - BEFORE)
    if text[max(0, end - 3) : end].rstrip()[-1:] in (".", "!", "?", "…"):
        return None
    actors = [a for a in cast.between(start, end) if a.marks == LABEL or not masked(a.start, masks)]
    opening = _as_told(cast, (start, end), actors)
    if opening is not None:
        return opening
    colon = text[start:end].rstrip().endswith(":")
    according = last_hit(index.according, start, end, masks)
    if according and colon and cues_of(doc.pack).verb_second:  # "Meier sagte laut „Nordpost“ wörtlich: "
        said = _by_verb(cast, (start, according.start), [a for a in actors if a.end <= according.start], masks, colon)
        if said and said.cue and said.speaker.actor and not _BREAK.search(text, said.cue[1], according.start):
            return said
    if according:
        named = read_according(cast, according, end)
        if named is not None:
            return named
        if colon:
            actor = Actor(according.end, end, "unnamed")
            return Attribution(Speaker(actor=actor), (according.start, end), 0.6, "colon")
    behind = _postposed(cast, start, end)
    if behind is not None:
        return behind
    inverted = last_hit(index.inverted, start, end, masks)
    if inverted:
        speaker = resolve(cast, pronoun_actor(cast, inverted))
        return Attribution(speaker, inverted.span(), 0.9, "before")
    return _by_verb(cast, (start, end), actors, masks, colon) or _by_subject(cast, actors, colon)


def _as_told(cast: Cast, window: Span, actors: Sequence[Actor]) -> Attribution | None:
    """The subject of a clause that opens the sentence and says whose its words are: "Wie Meier berichtet, ..."."""
    text = cast.doc.text
    first = re.match(r"[^\W\d_]{1,12}", text[window[0] : window[0] + 12])
    if first is None or first.group().lower() not in shapes_of(cast.doc.pack).comparing:
        return None
    for verb in cue_index(cast.doc).verbs.between(*window):
        if text[verb.end : verb.end + 1] == ",":
            subject = next((a for a in actors if not a.oblique and a.end <= verb.start), None)
            subject = subject and (first_subject(cast, subject.start, verb.start) or subject)
            return Attribution(resolve(cast, subject), verb.span(), 0.9, "before") if subject else None
    return None


def _by_verb(
    cast: Cast, window: Span, actors: Sequence[Actor], masks: Sequence[Span], colon: bool
) -> Attribution | None:
    text, cues, index = cast.doc.text, cues_of(cast.doc.pack), cue_index(cast.doc)
    gerund = last_hit(index.gerunds, *window, masks)
    hits = [hit for hit in (last_hit(index.verbs, *window, masks), gerund) if hit]
    saying = max(hits, key=lambda hit: hit.start, default=None)
    if saying is None or (not colon and cues.clause.search(text, saying.end, window[1])):
        return None
    frame: Frame = "colon" if colon else "before"
    before = [a for a in actors if a.end <= saying.start]
    if saying is gerund:  # it hangs on the sentence, words in marks and all: "Lee, the “godfather”, left, saying"
        subject = gerund_subject(cast, saying, before)
    elif _is_citing(cast, saying):
        subject = _cited_before(cast, saying, window, before)
    else:
        subject = subject_before(cast, saying, window[1], before, masks)
    if subject is None and cues.verb_second:
        subject = find_agent(cast, (window[0], saying.start))
    if cues.prodrop and _stands_alone(cast, saying, subject):
        dropped = resolve(cast, Actor(saying.start, saying.end, "pronoun", marks=f"mfo{DROPPED}"))
        if dropped.name is not None or subject is None:
            return Attribution(dropped, saying.span(), 0.8, frame, dropped=True)
    subject = subject or unlisted(cast, saying, window[0])
    if subject is None:
        return Attribution(Speaker(), saying.span(), 0.4, frame)
    return Attribution(resolve(cast, subject), saying.span(), 0.9, frame)


def _stands_alone(cast: Cast, verb: Hit, subject: Actor | None) -> bool:
    """Whether a verb has no subject of its own, and no relative before it ("there are those who said")."""
    if subject is not None and (not subject.oblique or subject.kind == "pronoun"):
        return False
    before = re.split(r"\s", cast.doc.text[max(0, verb.start - 24) : verb.start].strip())[-1]
    return not cues_of(cast.doc.pack).relative.fullmatch(before)


def _by_subject(cast: Cast, actors: Sequence[Actor], colon: bool) -> Attribution | None:
    """The first actor of the sentence, where no verb of saying stands in it."""
    text = cast.doc.text
    subject = next((a for a in actors if not a.oblique and a.kind != "name"), None)
    if subject is None and colon:
        alone = [a for a in actors if text[a.end : a.end + 2].strip() == ":" and _opens_sentence(cast.doc, a)]
        people = [a for a in actors if a.kind == "person"]
        subject = next((a for a in (*alone, *people, *actors) if a.kind != "name" or a in alone), None)
    if subject is None and not colon:
        return None
    fills = subject is not None and colon and _fills_sentence(cast, actors)
    if colon and subject is not None and actors and not can_speak(cast, subject) and not fills:
        agent = find_agent(cast, (actors[0].start, actors[-1].end))
        speaking = [a for a in actors if not a.oblique and a.kind != "name" and can_speak(cast, a)]
        subject = agent if agent is not None and agent.kind == "person" else next(iter(speaking), None)
    if subject is None:
        return Attribution(Speaker(), None, 0.4, "colon")
    last = actors[-1]
    if colon and last.kind == "person" and not text[last.end : last.end + 3].strip(" \u00a0\u202f:"):
        subject = last
    frame: Frame = "colon" if colon else "subject"
    return Attribution(resolve(cast, subject), (subject.start, subject.end), 0.8 if colon else 0.55, frame)


def _fills_sentence(cast: Cast, actors: Sequence[Actor]) -> bool:
    """Whether the words before a colon are one phrase: "Ein Polizist der Wache Nord: "."""
    at = cast.doc.sentence_at(actors[0].start)[0] if actors else 0
    for actor in actors:
        if actor.start - at > 2:
            return False
        at = actor.end
    return cast.doc.text[at : at + 1] == ":"


def _opens_sentence(doc: Document, actor: Actor) -> bool:
    return doc.sentence_at(actor.start)[0] == actor.start


_INNER = re.compile(rf"[,.!?…]{GAP}(?:[^\W\d_]{{1,2}}['’])?(?:[^\W\d_]{{1,6}}{GAP}){{0,2}}\Z")


def read_inner(cast: Cast, marked: Marked) -> Attribution | None:
    """The cue inside the marks: « Nous irons plus loin, explique-t-elle, et plus vite »."""
    text, index = cast.doc.text, cue_index(cast.doc)
    inside = (marked.start, marked.end)
    end = min(marked.end, marked.start + INNER)
    hits = [*((hit, True) for hit in index.inverted.between(marked.start, end))]
    hits += [(hit, False) for hit in index.verbs.between(marked.start, end)]
    for hit, inverted in sorted(hits, key=lambda item: item[0].start):
        if not _INNER.search(text, max(marked.start, hit.start - 20), hit.start):
            continue
        if inverted:
            return Attribution(resolve(cast, pronoun_actor(cast, hit), inside), hit.span(), 0.85, "inner")
        window = min(marked.end, hit.end + LEAD)
        first = next(iter(cast.between(hit.end, window)), None)
        if first is not None and first.start - hit.end <= 3 and first.kind != "pronoun":
            subject = first_subject(cast, hit.end, window) or first
            return Attribution(resolve(cast, subject, inside), (hit.start, subject.end), 0.85, "inner")
    return None


_END = re.compile(r"[.!?…][\"'”’»)\s]{0,3}\Z")


def ends_like_sentence(words: str) -> bool:
    """Whether the words end with a full stop, question or exclamation mark."""
    return bool(_END.search(words[-6:]))


def is_clause(text: str, marked: Marked) -> bool:
    """Whether it reads as an utterance: opens like a sentence and has some words, or ends like one."""
    words = text[marked.start : marked.end]
    opens = words[:1].isupper() or words[:1].isdigit() or not words[:1].isalpha()
    return (opens and words.count(" ") >= 2) or ends_like_sentence(words)
