"""The people that a text names, each with every place where they stand, their role and whom they work for.

A run of capitalised words is a person only where something licenses it: a title before, an apposition after, a given
name, a verb of saying beside. Which words those are stands in ``[people]`` of the packs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dealwatch.model import Mention, Person
from dealwatch.parser.cues import CueIndex, cue_index
from dealwatch.parser.peoplewords import (
    LONGEST,
    Gender,
    Lexicon,
    is_given,
    lexicon,
    names_kin,
    names_places,
    title_hits,
    titles_of,
)  # fmt: skip
from dealwatch.parser.phrases import GAP
from dealwatch.parser.runs import Run, runs_of
from dealwatch.parser.text import Document

BEARERS = 8  # people of one surname that are told apart: a family in one story, and no list without end
WINDOW = 110  # characters read before and after a name for its title: two thirds of a long sentence


def _could_be_person(run: Run, lex: Lexicon) -> bool:
    """Two to five words that look like a name: none of an organisation, none in capitals, no place or firm."""
    tokens = run.tokens
    if not 2 <= len(tokens) <= 6 or len(tokens[-1].rstrip(".")) < 2:
        return False
    if not lex.org_words.isdisjoint(tokens) or " ".join(tokens).lower() in lex.eponyms:
        return False
    return not any(len(token) > 1 and token.isupper() and "." not in token for token in tokens)


_GAPS = " \u00a0\u202f"
_ENDS_TITLE = ".;:!?\"“”«»\n,()"  # what a title that a comma parts from its name does not run over
LONG_TITLE = 70  # characters between a title's noun and the comma before the name


@dataclass(frozen=True, slots=True)
class _Title:
    """A title with its place: `noun_end` is where its noun ends and the house it belongs to may follow."""

    text: str
    start: int
    noun_end: int


def _title_before(doc: Document, run: Run, lex: Lexicon) -> _Title | None:
    text, at = doc.text, run.start
    titles = titles_of(doc).between(max(0, at - WINDOW), at)
    if not titles:
        return None
    last = titles[-1]
    if at - last.end in (1, 2) and not text[last.end : at].strip(_GAPS):
        return _Title(text[last.start : last.end], last.start, last.end)
    comma = at - 2 if text[at - 1] in _GAPS else at - 1
    if text[comma] != ",":
        return None
    low = max(0, comma - LONG_TITLE - 1)
    barrier = max(text.rfind(mark, low, comma) for mark in _ENDS_TITLE)
    for hit in titles:
        if max(low, barrier) < hit.end <= comma:
            rest = text[hit.end : comma]
            title = _Title(text[hit.start : comma].strip(" ,\u00a0"), hit.start, hit.end)
            if not _blocked(rest, lex):  # "the chief and co-founder, Ann Lee": the nearer one
                return title
    return None


def _blocked(words: str, lex: Lexicon) -> bool:
    return any(word in lex.not_apposed for word in words.split())


_APPOSED = re.compile(rf"{GAP}?[,(–—-]{GAP}?")
_LEAD = re.compile(rf"(?:[^\s,.;:()\"“”«»]{{1,25}}{GAP}){{0,5}}")
_NEXT_WORD = re.compile(rf"{GAP}([^\W\d_]{{1,20}})")


_ACRONYM = re.compile(r"[ \u00a0\u202f][A-Z]{2,4}[ \u00a0\u202f]")


def _one_title(text: str, end: int, start: int) -> bool:
    """Whether two title words are one title: side by side, or a subject between ("chief AI officer")."""
    return (start == end + 1 and text[end] in _GAPS) or bool(_ACRONYM.fullmatch(text, end, start))


def _title_after(doc: Document, run: Run, lex: Lexicon) -> _Title | None:
    """The title in apposition behind a name."""
    text = doc.text
    opening = _APPOSED.match(text, run.end)
    if not opening:
        return None
    titles = titles_of(doc).between(opening.end(), run.end + WINDOW)[:LONGEST]
    for number, hit in enumerate(titles):
        if not _LEAD.fullmatch(text, opening.end(), hit.start):
            return None
        if text[hit.start - 1] == "-":
            continue
        end = hit.end
        for other in titles[number + 1 :]:  # "chief" and "economist" are one title
            end = other.end if _one_title(text, end, other.start) else end
        following = _NEXT_WORD.match(text, end)
        if _blocked(text[opening.end() : hit.start], lex) or (following and following[1] in lex.firm_nouns):
            return None
        return _Title(text[run.end : end].strip(" ,(–—-\u00a0"), hit.start, end)
    return None


_WORD_BEFORE = re.compile(rf"([^\W\d_]{{3,20}}){GAP}\Z")
_INTO_QUOTE = re.compile(r"[^.;\n]{0,24}?[:\"“«]")
_OUT_OF_QUOTE = re.compile(r"[\"”»’'][^.;\n]{0,16}?\Z")


def _speaks(text: str, run: Run, index: CueIndex, lex: Lexicon) -> bool:
    """Whether a verb of saying stands beside the name and a quote beside the verb."""
    for verb in index.verbs.between(run.end, run.end + 40)[:1]:
        beside = text[run.end : verb.start].count(" ") <= 3 and _INTO_QUOTE.match(text, verb.end)
        if beside and not lex.linked.search(text, max(0, run.start - 12), run.start):
            return True  # but not "a spokesman for Acme Data said"
    before = index.verbs.between(max(0, run.start - 40), run.start)[-1:]
    return any(v.end == run.start - 1 and _OUT_OF_QUOTE.search(text, max(0, v.start - 18), v.start) for v in before)


def _names_place(text: str, run: Run, lex: Lexicon) -> bool:
    """Whether the word before says that a street, a school or a prize bears the name."""
    before = _WORD_BEFORE.search(text, max(0, run.start - 24), run.start)
    return before is not None and before[1].lower() in lex.places


def _licence(doc: Document, run: Run, lex: Lexicon) -> bool:
    """Whether the place of a run says that it names a person."""
    if run.honorific and len(run.tokens) <= 3 and run.tokens[0] not in lex.org_words:
        return True
    if len(run.tokens) == 1:
        return _kin(doc, run, lex) is not None
    if not _could_be_person(run, lex) or (names_places(doc) and _names_place(doc.text, run, lex)):
        return False
    if is_given(run.tokens[0], lex) or run.title:
        return True
    titles = (_title_before(doc, run, lex), _title_after(doc, run, lex))
    if any(title and not _of_firms(title.text, lex) for title in titles) or lex.person_verb.match(doc.text, run.end):
        return True
    return len(run.tokens) <= 3 and run.start >= doc.title_end and _speaks(doc.text, run, cue_index(doc), lex)


def _kin(doc: Document, run: Run, lex: Lexicon) -> str | None:
    """The word of kinship before a given name alone, in apposition: "his wife, Marta,"."""
    if len(run.tokens) > 1 or len(run.tokens[0]) < 3 or run.tokens[0].isupper() or not names_kin(doc):
        return None
    found = lex.kin.search(doc.text, max(0, run.start - 24), run.start)
    return found[1] if found else None


def _of_firms(title: str, lex: Lexicon) -> bool:
    """Whether a title is one that firms bear as well: "the investor", "specialist in"."""
    found = title_hits(title, lex).items[:1]
    return bool(found) and title[found[0].start : found[0].end].lower() in lex.firm_titles


def _organisation(text: str, start: int, lex: Lexicon) -> str | None:
    """The capitalised run after "of", "chez" behind a title; the house, not the field, of a "head of AI at Acme"."""
    linked = lex.linked_org.match(text, start, min(len(text), start + 30))
    if not linked:
        return None
    name = lex.run.match(text, linked.end(), min(len(text), linked.end() + 80))
    house = _house(text, start, lex) if not lex.house_link.fullmatch(text, start, linked.end()) else None
    return house or (name.group() if name else None)


def _house(text: str, start: int, lex: Lexicon) -> str | None:
    """The run behind the first "at", "chez" within a few words of the title."""
    field = lex.field.match(text, start, min(len(text), start + LONG_TITLE))
    name = lex.run.match(text, field.end(), min(len(text), field.end() + 80)) if field else None
    return name.group() if name else None


_OWNER = re.compile(r"[,(–—-] ?(?P<name>[^\W_a-zß-öø-ÿ][\w&.-]{0,30}(?: [^\W_a-zß-öø-ÿ][\w&.-]{0,30}){0,4}?)['’]s? ")


def _owner_after(text: str, run: Run) -> str | None:
    """The name that has the title behind a person: "Ann Lee, Acme's chief executive"."""
    found = _OWNER.match(text, run.end, min(len(text), run.end + WINDOW))
    return found.group("name") if found else None


def _title_gender(title: str, lex: Lexicon) -> Gender | None:
    words = title.lower()
    for tail in sorted(lex.title_tails, key=len, reverse=True):
        if words.endswith(tail):
            return lex.title_gender[tail]
    for hit in title_hits(words, lex).items:
        gender = lex.title_gender.get(words[hit.start : hit.end])
        if gender:
            return gender
    return None


def _gender(run: Run, title: str | None, lex: Lexicon) -> Gender | None:
    if run.honorific and lex.honorifics.get(run.honorific):
        return lex.honorifics[run.honorific]
    by_title = _title_gender(title, lex) if title else None
    if by_title == "f":  # men's forms serve for women too, never the reverse
        return by_title
    first = run.tokens[0]
    for word in (first, first.split("-")[0]):
        if len(run.tokens) > 1 and word in lex.female:
            return "f"
        if len(run.tokens) > 1 and word in lex.male:
            return "m"
    return by_title


def _bare(title: str, lex: Lexicon) -> str:
    """A title without the article or possessive before it: "its chief executive"."""
    head, _, rest = title.partition(" ")
    return rest if rest and head.lower() in lex.determiners else title


def _described(doc: Document, run: Run, lex: Lexicon) -> tuple[str | None, str | None]:
    """Title and organisation as the words round the name give them."""
    after = _title_after(doc, run, lex)
    if after:
        return _bare(after.text, lex), _organisation(doc.text, after.noun_end, lex) or _owner_after(doc.text, run)
    if run.title:
        return run.title, run.org
    before = _title_before(doc, run, lex)
    if not before:
        return None, None
    return before.text, _organisation(doc.text, before.noun_end, lex) or _possessor(doc.text, run, before, lex)


_POSSESSIVE = re.compile(
    r"(?<!\w)(?P<name>[^\W_a-zß-öø-ÿ](?:[\w&.-]{0,30}[\w&])?(?: [^\W_a-zß-öø-ÿ](?:[\w&.-]{0,30}[\w&])?){0,4}?)"
    r"(?:['’]s?)? (?:[a-z-]{1,20} ){0,2}\Z"
)


def _possessor(text: str, run: Run, title: _Title, lex: Lexicon) -> str | None:
    """The name left of a title: "Nadir's president", "Halden spokesman"."""
    found = _POSSESSIVE.search(text, max(0, run.start - WINDOW), title.start)
    name = found.group("name") if found else None
    return None if name is None or name in lex.not_names else name


@dataclass(slots=True)
class _Found:
    name: str
    tokens: tuple[str, ...]
    mentions: list[Mention]
    title: str | None = None
    org: str | None = None
    gender: Gender | None = None


def _same(found: _Found, tokens: tuple[str, ...]) -> bool:
    """One name is the other with words left out: "Sam Altman" and "Samuel H. Altman" are two, "Me Vialar" is one."""
    short, long = sorted((found.tokens, tokens), key=len)
    ends_alike = short in (long[:1], long[-1:]) or (short[-1] == long[-1] and short[0] == long[0])
    return short == long or (len(short) < len(long) and ends_alike)


def _collect(doc: Document, runs: Sequence[Run], lex: Lexicon) -> list[_Found]:
    people: list[_Found] = []
    by_last: dict[str, list[_Found]] = {}
    exact: dict[tuple[str, ...], _Found] = {}
    for run in runs:
        title, org = _described(doc, run, lex)
        kin = _kin(doc, run, lex)
        gender = _gender(run, title, lex) or (lex.kin_gender.get(kin) if kin else None)
        bearers = by_last.setdefault(run.tokens[-1], [])
        known = exact.get(run.tokens) or next((p for p in (*bearers, *people[-9:]) if _same(p, run.tokens)), None)
        if known is None:
            known = _Found(" ".join(run.tokens), run.tokens, [])
            people.append(known)
            if len(bearers) < BEARERS:
                bearers.append(known)
        elif len(run.tokens) > len(known.tokens):
            known.name, known.tokens = " ".join(run.tokens), run.tokens
        exact[run.tokens] = known
        known.mentions.append(Mention(run.start, run.end))
        known.title, known.org = known.title or title, known.org or org
        known.gender = known.gender or gender
    return people


def _short_forms(people: Sequence[_Found], lex: Lexicon) -> dict[str, _Found]:
    """Surname alone and, where only one bears it, given name alone -> the person."""
    forms: dict[str, _Found] = {}
    firsts: dict[str, int] = {}
    for person in people:
        firsts[person.tokens[0]] = firsts.get(person.tokens[0], 0) + 1
    for person in people:
        for size in range(1, len(person.tokens)):
            forms.setdefault(" ".join(person.tokens[size:]), person)
        if len(person.tokens) > 1 and firsts[person.tokens[0]] == 1 and is_given(person.tokens[0], lex):
            forms.setdefault(person.tokens[0], person)
    return forms


def find_people(doc: Document) -> tuple[Person, ...]:
    """The people named in a text, in order of appearance, with all their mentions, surnames alone included."""
    lex = lexicon(doc.pack)
    runs, kin = runs_of(doc), names_kin(doc)
    licensed = {
        run.start: run for run in runs if (len(run.tokens) > 1 or run.honorific or kin) and _licence(doc, run, lex)
    }
    people = _collect(doc, list(licensed.values()), lex)
    forms = _short_forms(people, lex)
    names = {person.tokens: person for person in people}
    for run in runs:
        if run.start in licensed:
            continue
        person = names.get(run.tokens) or forms.get(" ".join(run.tokens))
        if person is not None:
            person.mentions.append(Mention(run.start, run.end))
    return tuple(
        Person(p.name, tuple(sorted(p.mentions, key=lambda m: m.start)), p.title, p.org, p.gender) for p in people
    )
