"""Quotes: stretches between marks that somebody said or wrote, each with the one who did."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from dealwatch.model import Company, Person, Quote
from dealwatch.parser.antecedents import Speaker, resolve
from dealwatch.parser.attribution import (
    BEFORE,
    Attribution,
    context_end,
    ends_like_sentence,
    ends_sentence,
    is_clause,
    read_after,
    read_before,
    read_behind,
    read_cited,
    read_closed,
    read_inner,
    read_remarked,
    read_retold,
    read_tail,
    read_trailing,
    read_viewed,
)  # fmt: skip
from dealwatch.parser.cues import cue_index, cues_of
from dealwatch.parser.houses import find_houses
from dealwatch.parser.marks import Marked, find_marked
from dealwatch.parser.shapes import shapes_of
from dealwatch.parser.speakers import LABEL, Cast, find_cast
from dealwatch.parser.text import Document
from dealwatch.parser.unspaced import find_unspaced, reads_unspaced

# Stretches read at most: these and one a so many characters. News has one in 400: all of 300 kB of it are read.
MOST, SPARSE = 400, 800


@dataclass(frozen=True, slots=True)
class _Found:
    """A marked stretch with what the words round it say."""

    marked: Marked
    said: Attribution | None = None

    @property
    def frame(self) -> str:
        return self.said.frame if self.said else ""

    @property
    def named(self) -> bool:
        return self.said is not None and self.said.speaker.name is not None


def _attribute(previous: _Found | None, recent: Sequence[_Found], cast: Cast, marked: Marked, end: int) -> _Found:
    """The best frame round a stretch; for a verb without a subject whoever spoke last, if nobody is named since."""
    found = _framed(previous, recent, cast, marked, end)
    author = _author(previous, cast, found)
    if author is not None:
        return replace(found, said=author)
    if found.said is None or not found.said.dropped or previous is None or not previous.named or not previous.said:
        return found
    above = cast.doc.paragraph_at(max(0, cast.doc.paragraph_at(marked.start)[0] - 3))[0]
    between = cast.between(previous.marked.outer_end, marked.outer_start)
    name = previous.said.speaker.name
    others = [a for a in between if a.kind == "person" and not a.oblique and a.person and a.person.name != name]
    if others or previous.marked.start < above:
        return found
    return replace(found, said=replace(found.said, speaker=previous.said.speaker))


def _author(previous: _Found | None, cast: Cast, found: _Found) -> Attribution | None:
    """Who wrote the paper that speaks, told in the sentence of the quote before: "In an email Lee wrote", "it says"."""
    said, before = found.said, previous.said if previous and previous.named else None
    if said is None or before is None or previous is None or said.speaker.name is not None:
        return None
    text, documents, actor = cast.doc.text, cues_of(cast.doc.pack).documents, said.speaker.actor
    span = (actor.start, actor.end) if actor else said.cue
    paper = documents.search(text, *span) if span else None
    above = cast.doc.paragraph_at(max(0, cast.doc.paragraph_at(found.marked.start)[0] - 3))[0]
    if paper is None or previous.marked.start < above:
        return None
    start = max(above, previous.marked.outer_start - BEFORE, cast.doc.sentence_at(previous.marked.start)[0])
    same = text.find(paper.group(), start, previous.marked.outer_end + 90)
    if same < 0:
        return None
    return replace(said, speaker=replace(before.speaker, actor=actor or before.speaker.actor), confidence=0.7)


def _framed(previous: _Found | None, recent: Sequence[_Found], cast: Cast, marked: Marked, end: int) -> _Found:
    """The best frame round a stretch, in order of trust."""
    if marked.reopened and previous is not None and previous.said is not None:
        return _Found(marked, replace(previous.said, confidence=0.85, frame="split"))
    cited = read_remarked(cast, marked) or read_cited(cast, marked, end)
    if cited is not None:
        return _Found(marked, cited)
    after = read_after(cast, marked, end) if marked.closed else None
    if after is not None and after.confidence > 0.5:
        return _Found(marked, after)
    tail = read_tail(cast, marked, end)
    if tail is not None and tail.speaker.name:
        return _Found(marked, tail)
    inner = read_inner(cast, marked)
    if inner is not None:
        return _Found(marked, inner)
    masks = [(f.marked.outer_start, f.marked.outer_end) for f in recent]
    for closing in (read_trailing(cast, marked), read_closed(cast, marked, masks)):
        if closing is not None:
            return _Found(marked, closing)
    split = read_behind(cast, marked) or _split(previous, cast.doc, marked) or _coordinated(previous, cast, marked)
    if split is not None:
        return _Found(marked, split)
    before = read_viewed(cast, marked) or read_before(cast, marked, masks)
    weak = tail is not None and before is not None and before.frame == "subject" and not _by_document(cast, tail)
    if before is None or before.frame == "subject" or _unsaid(before):
        before = read_retold(cast, marked) or before
    if before is not None and not weak and (before.speaker.name or not (tail or after)):
        return _Found(marked, before)
    return _Found(marked, tail or after or before)


def _unsaid(before: Attribution) -> bool:
    """Whether only the subject of a sentence without a verb of saying vouches for the words behind its colon."""
    actor = before.speaker.actor
    opens = actor is not None and before.cue == (actor.start, actor.end)
    return before.frame == "colon" and opens and before.confidence < 0.85


def _by_document(cast: Cast, tail: Attribution) -> bool:
    """Whether only a statement or a letter vouches for the words: they are their subject's all the same."""
    actor = tail.speaker.actor
    return actor is not None and bool(cues_of(cast.doc.pack).documents.search(cast.doc.text, actor.start, actor.end))


def _split(previous: _Found | None, doc: Document, marked: Marked) -> Attribution | None:
    """The second part of a quote that its cue broke off: "...", said X, "...". """
    if previous is None or previous.said is None or previous.said.frame not in ("after", "split"):
        return None
    gap = doc.text[previous.marked.outer_end : marked.outer_start]
    same = doc.sentence_at(marked.outer_start)[0] <= previous.marked.outer_end
    if len(gap) > BEFORE or not same or not previous.said.speaker.actor:
        return None
    tail = gap.rstrip()
    if tail.endswith((",", ":", ";", "–", "—")) or cues_of(doc.pack).conjunction.search(tail[-5:]):
        return replace(previous.said, confidence=0.85, frame="split")
    return None


def _coordinated(previous: _Found | None, cast: Cast, marked: Marked) -> Attribution | None:
    """The same speaker where a second verb has no subject of its own: X said "...", but added that "..."."""
    if previous is None or previous.said is None or not previous.named:
        return None
    start, end = previous.marked.outer_end, marked.outer_start
    verbs = cue_index(cast.doc).verbs.between(start, end)
    if end - start > 60 or cast.doc.sentence_at(end)[0] > start or not verbs:
        return None
    verb = verbs[-1]
    actors = cast.between(start, end)
    near = [a for a in actors if a.start < verb.start or (a.start - verb.end <= 2 and a.kind != "firm")]
    if any(not actor.oblique for actor in near):
        return None  # but not: said that his lab was "..."
    return replace(previous.said, confidence=0.85, frame="before", cue=verb.span())


_TITLE_CASE = re.compile(r"[^\W\d_]{4,}")


def _reads_as_title(words: str) -> bool:
    """Every longer word with a capital, and more than one: the name of a thing."""
    longer = _TITLE_CASE.findall(words)
    capitals = sum(word[0].isupper() or word[0].isdigit() for word in words.split())
    return bool(longer) and capitals >= 2 and all(word[0].isupper() for word in longer)


def _reads_as_name(doc: Document, found: _Found) -> bool:
    """Whether nouns with capitals are a name: no word before them makes them what is said of something."""
    words = doc.text[found.marked.start : found.marked.end]
    longer = _TITLE_CASE.findall(words)
    if not words[0].isupper() or ends_like_sentence(words) or not all(word[0].isupper() for word in longer):
        return False
    if doc.text[max(0, found.marked.outer_start - 2) : found.marked.outer_start] == ", ":
        return False  # Er sagte, „Ausreden“ dulde er nicht
    start = max(doc.paragraph_at(found.marked.start)[0], found.marked.outer_start - 60)
    return not cues_of(doc.pack).predicated.search(doc.text, start, found.marked.outer_start)


_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,200}|[\w-]{0,60}(?:\.[\w-]{2,60}){1,4}")  # "beispiel.de", ".app"


def _is_speech(doc: Document, found: _Found) -> bool:
    """Speech or other marked words: by the frame, by the words before, by its own shape."""
    text, marked, cues = doc.text, found.marked, cues_of(doc.pack)
    words = text[marked.start : marked.end]
    if _ADDRESS.fullmatch(words):
        return False
    start = max(doc.paragraph_at(marked.start)[0], marked.outer_start - 40)
    if found.frame in ("after", "inner"):
        weak, clause = found.said is not None and found.said.confidence < 0.5, is_clause(text, marked)
        if cues.capitals and _is_labelled(doc, found):
            return False
        if not ends_like_sentence(words) and _names_thing(text, found, cues.naming):
            return False  # "Stiller Winter", so lautet der Titel des Films
        if not clause and cues.naming.search(text, start, marked.outer_start):
            return False  # the bill, known as "Quiet Streets", would let police read
        return not (weak and (not clause or cues.thing.search(text, start, marked.outer_start)))
    if found.frame != "colon" and (_is_label(doc, marked) or _is_named_so(doc, found, start)):
        return False
    ahead = text[max(0, marked.outer_start - 3) : marked.outer_start].rstrip()
    utters = found.frame == "colon" and ahead.endswith(":") and ends_like_sentence(words)
    a_name = words[0].isupper() or found.frame not in ("before", "according", "split")
    if a_name and not utters and cues.thing.search(text, start, marked.outer_start):
        return False
    if found.frame in ("before", "according", "split", "retold"):
        named = _reads_as_name(doc, found) if cues.capitals else _reads_as_title(words)
        return not named and not _is_stray_word(text, words, found, cues.verb_second)
    if cues.thing_behind.match(text, marked.outer_end) and not ends_like_sentence(words):
        return False
    if found.frame == "colon":
        naming = cues.naming.search(text, start, marked.outer_start)
        if naming is not None and not text[naming.end() : marked.outer_start].strip(": \u00a0") and not utters:
            return False  # kurz: „Netz“
        long_enough = is_clause(text, marked) or words.count(" ") >= 3 or (found.named and words[0].isupper())
        return long_enough and (ends_like_sentence(words) or found.named or not _reads_as_title(words))
    if _stands_alone(doc, marked) and is_clause(text, marked):
        return words.endswith(("!", "?")) or not _reads_as_title(words)
    if _is_whole_sentence(doc, marked) and not _reads_as_title(words):
        return True
    return _is_fragment_of_speech(words, found, cues.trusting)


def _names_thing(text: str, found: _Found, naming: re.Pattern[str]) -> bool:
    """Whether the subject behind the words is what something is called."""
    actor = found.said.speaker.actor if found.said else None
    if actor is None or actor.kind != "unnamed":
        return False
    named = naming.search(text, max(0, actor.start - 1), actor.end)
    return named is not None and named.end() == actor.end


def _is_whole_sentence(doc: Document, marked: Marked) -> bool:
    """Whether the marks hold all of a sentence but its stop, and another stands before: ... said Lee. "It will"."""
    start, end = doc.sentence_at(marked.start)
    text, inside = doc.text, doc.text[marked.start : marked.end]
    alone = abs(marked.outer_start - start) <= 1 and marked.outer_end >= end - 1
    opened = start > doc.paragraph_at(marked.start)[0] + 1
    stopped = end == marked.outer_end + 1 and text[end - 1] in ".!?"
    return alone and opened and stopped and inside[:1].isupper() and " " in inside


def _is_labelled(doc: Document, found: _Found) -> bool:
    """Whether capitals and what stands beside make a name of the words: in der „Nordpost“ schreibt Lee."""
    text, marked = doc.text, found.marked
    if not _reads_as_title(text[marked.start : marked.end]) and " " in text[marked.start : marked.end]:
        return False
    cue = text[found.said.cue[0] : found.said.cue[1]] if found.said and found.said.cue else ""
    named = any(word in cue.split() for word in cues_of(doc.pack).impersonal)
    set_off = text[marked.outer_end : marked.outer_end + 1] == "," or text[marked.end - 1] in ",.!?"
    inside = marked.outer_start > doc.sentence_at(marked.start)[0] + 1
    return named or (inside and not set_off)


_BEFORE_LABEL = re.compile(r"(?:^|[\s'’])([^\W\d_]{1,5}['’]?)[ \u00a0]?\Z")
_BEHIND_LABEL = re.compile(r"[ \u00a0][a-zß-öø-ÿ]{3,}")


def _is_label(doc: Document, marked: Marked) -> bool:
    """Whether one capitalised word stands between an article and a noun: the "Glide" scooter."""
    text = doc.text
    if not text[marked.start].isupper() or not text[marked.start : marked.end].isalnum():
        return False
    before = _BEFORE_LABEL.search(text, max(0, marked.outer_start - 8), marked.outer_start)
    cues = cues_of(doc.pack)
    # where nouns have capitals, "ein „Ruck“" is no label
    listed = shapes_of(doc.pack).definite if cues.capitals else cues.articles
    article = before is not None and before[1].rstrip("'’").lower() in listed
    return article and bool(_BEHIND_LABEL.match(text, marked.outer_end))


def _is_named_so(doc: Document, found: _Found, start: int) -> bool:
    """Whether the words before say that what follows is what something is called; verbs of saying are told apart."""
    naming = cues_of(doc.pack).naming.search(doc.text, start, found.marked.outer_start)
    cue = found.said.cue if found.said else None
    if naming is None:
        return False
    if cue is None or cue[1] < naming.start() or (found.said and found.said.dropped and not found.named):
        return True
    if " " in doc.text[cue[0] : cue[1]] and cue[0] <= naming.start() and naming.end() - cue[1] <= 1:
        return not doc.text[found.marked.start].islower()  # l'entreprise se dit « confiante »
    compound = found.named and cue[0] < naming.start() and " " in doc.text[cue[0] : cue[1]].strip()
    words = doc.text[found.marked.start : found.marked.end]
    return not compound and not (words[0].islower() and words.count(" ") >= 3 and found.frame == "before")


def _is_stray_word(text: str, words: str, found: _Found, trusting: bool) -> bool:
    """One word far from a verb that a comma cuts off: the writer's own irony more often than somebody's speech."""
    cue = found.said.cue if found.said else None
    if " " in words or found.frame != "before" or cue is None or trusting:
        return False
    return found.marked.start - cue[1] > 40 and text[cue[1] : cue[1] + 1] == ","


def _is_fragment_of_speech(words: str, found: _Found, trusting: bool) -> bool:
    long_enough = words.count(" ") >= (2 if trusting else 3)
    actor = found.said.speaker.actor if found.said else None
    beside = actor is not None and actor.kind in ("firm", "role") and found.marked.outer_start - actor.end in (1, 2)
    if actor is not None and actor.kind != "pronoun" and found.marked.outer_start - actor.end in (1, 2):
        long_enough = long_enough or " " in words  # the predicate itself is quoted: Acme « prend acte » de la décision
    lower = not words[0].isupper() and not _reads_as_title(words)
    return found.frame == "subject" and long_enough and lower and (trusting or found.named or beside)


def _stands_alone(doc: Document, marked: Marked) -> bool:
    """It opens its sentence, and ends it or is set off from the rest."""
    opens = marked.outer_start <= doc.sentence_at(marked.start)[0] + 1
    behind = doc.text[marked.outer_end : marked.outer_end + 2].strip()
    return opens and (ends_sentence(doc, marked) or behind[:1] in (":", ",", ".", "", "–", "—"))


def _carry(doc: Document, recent: Sequence[_Found], marked: Marked) -> Attribution | None:
    """The speaker of the quote before: of the same paragraph, or the one that a whole-paragraph quote goes on from."""
    paragraph = doc.paragraph_at(marked.start)
    for found in reversed(recent):
        if found.said is not None and found.said.speaker.actor is not None:
            confidence = 0.7 if found.marked.start >= paragraph[0] else 0.5
            return replace(found.said, confidence=confidence, frame="carried", cue=None)
    return None


def _introduced(cast: Cast, marked: Marked) -> Attribution | None:
    """The one of whom the paragraph before speaks where it ends with a colon: "Her reply, whole:"."""
    doc = cast.doc
    start = doc.paragraph_at(marked.start)[0]
    before = doc.text[max(0, start - 6) : start].rstrip()
    if doc.text[start : marked.outer_start].strip() or not before.endswith(":"):
        return None
    opening = doc.paragraph_at(len(doc.text[:start].rstrip()) - 1)[0]
    actors = [a for a in cast.between(opening, start) if a.kind in ("person", "pronoun")]
    for actor in reversed(actors):
        speaker = resolve(cast, actor)
        if speaker.person is not None:
            return Attribution(speaker, None, 0.6, "carried")
    return None


def _principal(cast: Cast, marked: Marked) -> Attribution | None:
    """The person an interview is with: named in the headline, else the first one named."""
    people = [actor for actor in cast.actors[:200] if actor.kind == "person"]
    if not people:
        return None
    return Attribution(resolve(cast, people[0]), None, 0.4, "carried")


def _joined(found: Sequence[_Found], doc: Document) -> Iterator[_Found]:
    """Stretches without a cue of their own that a small word joins to one that has it: "A" and "B", said X."""
    following: _Found | None = None
    for item in reversed(found):
        if following is not None and item.frame in ("", "subject") and following.frame in ("after", "according"):
            gap = doc.text[item.marked.outer_end : following.marked.outer_start]
            if len(gap) < 60 and doc.sentence_at(following.marked.start)[0] <= item.marked.start:
                item = replace(item, said=following.said)
        yield item
        following = item


def _complete(cast: Cast, found: Sequence[_Found]) -> list[_Found]:
    """Speakers for the quotes that have none of their own: by the same words, by carry-over, as in an interview."""
    doc = cast.doc
    done: list[_Found] = []
    for number, item in enumerate(found):
        said: Attribution | None = None
        if item.marked.start < doc.title_end and not (item.said and item.said.speaker.person):
            said = _said_again(doc, item, found[number + 1 :])
        if said is None and item.frame == "":
            if not item.marked.closed and number + 1 < len(found) and found[number + 1].named:
                said = _carry(doc, found[number + 1 : number + 2], item.marked)
            said = said or _introduced(cast, item.marked) or _turned(doc, done, item.marked)
            said = said or _led_in(cast, done, item.marked) or _carry(doc, done[-4:], item.marked)
            said = said or _principal(cast, item.marked)
        elif said is None and item.frame in ("colon", "retold") and item.said and item.said.speaker.actor is None:
            above = doc.paragraph_at(max(0, doc.paragraph_at(item.marked.start)[0] - 3))[0]
            near = [f for f in done[-1:] if f.marked.outer_start >= above]
            said = _carry(doc, near, item.marked)
        done.append(replace(item, said=said) if said is not None else item)
    return done


def _turned(doc: Document, done: Sequence[_Found], marked: Marked) -> Attribution | None:
    """The other of two who talk, where a whole paragraph is speech and answers a question or goes on turn by turn."""
    if len(done) < 2 or doc.paragraph_at(marked.start) != (marked.outer_start, marked.outer_end):
        return None
    one, two = done[-2], done[-1]
    if not (one.said and two.said and one.named and two.named) or one.said.speaker.name == two.said.speaker.name:
        return None
    asked = doc.text[two.marked.start : two.marked.end].endswith("?") or two.frame == "turn"
    follows = two.marked.outer_start >= doc.paragraph_at(max(0, marked.outer_start - 3))[0]
    if not (asked and follows and two.marked.closed):
        return None
    return replace(one.said, confidence=0.5, frame="turn", cue=None)


def _led_in(cast: Cast, done: Sequence[_Found], marked: Marked) -> Attribution | None:
    """The person whom the sentence before speaks of, in the same paragraph: "Lee was blunt. "It fails." "."""
    doc = cast.doc
    number = doc.sentence_index(marked.start)
    paragraph = doc.paragraph_at(marked.start)
    if number == 0 or doc.sentences[number][0] < marked.outer_start or doc.sentences[number - 1][0] < paragraph[0]:
        return None
    start, end = doc.sentences[number - 1]
    if done and done[-1].marked.outer_end > start:
        return None
    people = [a for a in cast.between(start, end) if a.kind in ("person", "pronoun") and not a.oblique]
    for actor in people:
        speaker = resolve(cast, actor)
        if speaker.person is not None:
            last = done[-1].said if done and actor.kind == "pronoun" else None
            same = last is not None and last.speaker.name == speaker.name
            return Attribution(last.speaker if last and same else speaker, None, 0.6, "carried")
    return None


def _said_again(doc: Document, item: _Found, later: Sequence[_Found]) -> Attribution | None:
    """The speaker of the same words further down: a headline quotes what the text has."""
    words = doc.text[item.marked.start : item.marked.end].strip(" .,!?…").lower()
    for other in later[:20]:
        if other.named and other.said and words in doc.text[other.marked.start : other.marked.end].lower():
            return replace(other.said, confidence=0.7, frame="carried", cue=None)
    return None


def _kind(doc: Document, found: _Found) -> Literal["direct", "fragment"]:
    text, marked = doc.text, found.marked
    utters = found.frame in ("after", "colon", "inner", "carried", "turn", "")
    if is_clause(text, marked) and (utters or ends_like_sentence(text[marked.start : marked.end])):
        return "direct"
    return "fragment"


def _quote(cast: Cast, found: _Found, houses: Mapping[str, Company]) -> Quote:
    doc, marked, said = cast.doc, found.marked, found.said
    speaker = said.speaker if said else Speaker()
    person, actor = speaker.person, speaker.actor
    company = speaker.company or (houses.get(person.name) if person else None)
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
        cue=doc.text[said.cue[0] : said.cue[1]] if said and said.cue else None,
        closed=marked.closed,
        confidence=said.confidence if said else 0.3,
    )


# The dash comes first: a text without one is read at the speed of a search for a letter.
_DASH = re.compile(r"[—–](?:(?<=^.)|(?<=[.?!…»”] .))[ \u00a0\u202f]?(?=[^\W_a-z]|[¿¡])", re.MULTILINE)


def _dashed(doc: Document, taken: Sequence[Marked]) -> Iterator[Marked]:
    """Speech that a dash opens and a cue closes, the cue left out: — Nous irons plus loin, promet-elle."""
    outer = iter(taken)
    busy = next(outer, None)
    for dash in islice(_DASH.finditer(doc.text), MOST + len(doc.text) // SPARSE):
        end = doc.sentence_at(dash.end())[1]
        if doc.text[end - 1] in "?!…" and end < doc.paragraph_at(dash.end())[1]:
            end = doc.sentence_at(end + 1)[1]  # — Why not? — asked Lee
        while busy is not None and busy.outer_end <= dash.start():
            busy = next(outer, None)
        if busy is not None and busy.outer_start < end:
            continue
        stop = _dash_end(doc, dash.end(), min(end, dash.end() + BEFORE))
        if stop is not None:
            yield Marked(dash.end(), stop, dash.start(), stop)
            yield from _resumed(doc, stop, busy)


_BEFORE_CUE = re.compile(r"(?:(?<=[!?…])|,| (?=[—–]))[ \u00a0]?(?:[—–][ \u00a0]?)?(?:[^\W\d_]{1,2}['’]|se )?\Z")


_RESUMED = re.compile(
    r"(?:[ \u00a0]?[—–][ \u00a0]?[^\n—–]{3,160}[—–][.,;:…]?|[^\n—–]{3,160}[.!?…][ \u00a0][—–])"
    r"[ \u00a0](?=[^\W\d_]|[¿¡])"
)


def _resumed(doc: Document, stop: int, busy: Marked | None) -> Iterator[Marked]:
    """Speech that goes on behind a cue between dashes: —No vendemos —dijo Ana—. Compramos."""
    found = _RESUMED.match(doc.text, stop)
    if found is None:
        return
    end = doc.paragraph_at(stop)[1]
    end = _dash_end(doc, found.end(), min(end, found.end() + BEFORE)) or end
    if found.end() < end and (busy is None or busy.outer_start >= end):
        yield Marked(found.end(), end, found.end() - 1, end, reopened=True)


def _dash_end(doc: Document, start: int, end: int) -> int | None:
    """Where the words that a dash opened end: before the first cue that a comma or dash sets off."""
    index = cue_index(doc)
    hits = [*index.inverted.between(start, end), *index.verbs.between(start, end)]
    for hit in sorted(hits, key=lambda hit: hit.start):
        found = _BEFORE_CUE.search(doc.text, max(start, hit.start - 8), hit.start)
        if found:
            return found.start()
    return None


def find_quotes(doc: Document, people: tuple[Person, ...], companies: tuple[Company, ...]) -> tuple[Quote, ...]:
    """The quotes of a text in order, apart from one another, each with its speaker where the text names one."""
    between = find_marked(doc)
    if reads_unspaced(doc.pack):
        return find_unspaced(doc, companies, between[: MOST + len(doc.text) // SPARSE])
    marked = sorted((*between, *_dashed(doc, between)), key=lambda stretch: stretch.start)
    del marked[MOST + len(doc.text) // SPARSE :]
    if not marked:
        return ()
    cast = find_cast(doc, people, companies, [(stretch.outer_start, stretch.outer_end) for stretch in marked])
    found: list[_Found] = []
    named = {actor.start for actor in cast.actors if actor.marks == LABEL}
    for number, stretch in enumerate(marked):
        following = next((other for other in marked[number + 1 : number + 3] if other.start not in named), None)
        previous = found[-1] if found else None
        found.append(_attribute(previous, found[-6:], cast, stretch, context_end(doc, stretch, following)))
    joined = list(_joined(found, doc))[::-1]
    speech = [item for item in joined if _is_speech(doc, item)]
    houses = find_houses(doc, people, companies)
    return tuple(_quote(cast, item, houses) for item in _complete(cast, speech))
