"""The people that a text names, each with every place where they stand, their role and whom they work for.

A run of capitalised words is a person only where something licenses it: a title before, an apposition after, a given
name, a verb of saying beside. Which words those are stands in ``[people]`` of the packs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from dealwatch.lang import UNKNOWN, Pack, codes, load
from dealwatch.model import Mention, Person
from dealwatch.parser.cues import CueIndex, cue_index, document_words
from dealwatch.parser.phrases import GAP, Hit, Hits, Table, Words, alternatives, phrase_at, phrase_table, read_words
from dealwatch.parser.text import Document

Gender = Literal["f", "m"]

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"  # further lower-case letters are refused after the match, by str.isupper
_WORD = rf"(?:[ODM]['’])?{_CAPITAL}[^\W\d_]{{1,30}}(?:-[^\W\d_]{{1,30}}){{0,3}}"
_TOKEN = rf"(?:{_WORD}|{_CAPITAL}\.(?:-?{_CAPITAL}\.){{0,2}}|{_CAPITAL}(?![\w'’]))"
_ABBREVIATED = re.compile(r"\w{1,5}\.")
MOST, SPARSE = 2_000, 80  # capitalised runs read at most: these and one a so many characters
LONGEST = 6  # words of a run that are looked at together: no name in the news is longer with its titles
BEARERS = 8  # people of one surname that are told apart: a family in one story, and no list without end
WINDOW = 110  # characters read before and after a name for its title: two thirds of a long sentence


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What a pack says about people, compiled."""

    female: frozenset[str]
    male: frozenset[str]
    either: frozenset[str]
    honorifics: dict[str, Gender | None]
    title_gender: dict[str, Gender | None]
    org_words: frozenset[str]
    eponyms: frozenset[str]
    not_names: frozenset[str]
    not_apposed: frozenset[str]
    particles: frozenset[str]
    ands: frozenset[str]
    firm_titles: frozenset[str]
    title_tails: tuple[str, ...]
    firm_nouns: frozenset[str]
    places: frozenset[str]
    titles: Table
    run: re.Pattern[str]
    linked_org: re.Pattern[str]
    house_link: re.Pattern[str]
    field: re.Pattern[str]  # what stands between a title and its house, the word for "at" included
    linked: re.Pattern[str]
    person_verb: re.Pattern[str]
    kin: re.Pattern[str]  # before a given name alone: "his wife, Marta"
    kin_gender: dict[str, Gender | None]
    determiners: frozenset[str]


def _given_names(pack: Pack) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Female, male and undecided given names: of the text's own language first, then those of all the others."""
    own_f, own_m = set(pack.words("people", "given_f")), set(pack.words("people", "given_m"))
    packs = [load(code) for code in (*codes(), UNKNOWN)]
    all_f = {word for other in packs for word in other.words("people", "given_f")}
    all_m = {word for other in packs for word in other.words("people", "given_m")}
    either = {word for other in packs for word in other.words("people", "given")} | (all_f & all_m)
    female = own_f - own_m | (all_f - own_m - either)
    male = own_m - own_f | (all_m - own_f - either)
    return frozenset(female), frozenset(male), frozenset((either | all_f | all_m) - female - male)


def _words(pack: Pack, key: str) -> tuple[str, ...]:
    bare = load(UNKNOWN)
    return pack.words("people", key) if pack is bare else (*bare.words("people", key), *pack.words("people", key))


def _gendered(pack: Pack, key: str) -> dict[str, Gender | None]:
    found: dict[str, Gender | None] = dict.fromkeys(_words(pack, f"{key}_f"), "f")
    found.update(dict.fromkeys(_words(pack, f"{key}_m"), "m"))
    found.update(dict.fromkeys(_words(pack, key)))  # listed for both: "responsable" says nothing
    return found


@lru_cache(maxsize=32)
def lexicon(pack: Pack) -> Lexicon:
    """The compiled words of a pack about people."""
    female, male, either = _given_names(pack)
    titles, honorifics = _gendered(pack, "titles"), _gendered(pack, "honorifics")
    particle = rf"(?:{alternatives(_words(pack, 'particles'))}(?:(?<=['’])|{GAP}))"
    link = rf"(?:{alternatives(pack.words('people', 'title_links'))}(?:(?<=['’])|{GAP}))"
    house = rf"(?:{alternatives(pack.words('people', 'house_links'))})"
    return Lexicon(
        female, male, either, honorifics, {word.lower(): gender for word, gender in titles.items()},
        frozenset(_words(pack, "org_words")), frozenset(word.lower() for word in _words(pack, "eponyms")),
        frozenset(_words(pack, "not_names")), frozenset(_words(pack, "not_apposed")),
        frozenset(_words(pack, "particles")), frozenset(pack.words("names", "ands")),
        frozenset(_words(pack, "firm_titles")),
        tuple(word for word in titles if len(word) > 3) if pack.section("quotes").get("compounds") else (),
        frozenset(_words(pack, "firm_nouns")), frozenset(_words(pack, "places")),
        phrase_table(title.lower() for title in titles),
        re.compile(rf"(?<![\w@#-]){_TOKEN}(?:{GAP}(?:{particle}){{0,3}}{_TOKEN}){{0,{LONGEST}}}"),
        re.compile(rf"{GAP}{link}"),
        re.compile(rf"{GAP}{house}{GAP}"),
        re.compile(rf"(?:{GAP}[^\W_][\w’'-]{{0,24}}){{1,5}}?{GAP}{house}{GAP}"),
        re.compile(rf"(?<!\w){link}\Z"),
        re.compile(rf"(?:{GAP}|,{GAP}\d\d{GAP}[^\W\d_]{{1,8}},){alternatives(_words(pack, 'person_verbs'))}(?!\w)"),
        re.compile(rf"(?<!\w)({alternatives(_gendered(pack, 'kin'))}),?{GAP}\Z"),
        _gendered(pack, "kin"),
        frozenset((*pack.words("quotes", "definite"), *pack.words("quotes", "indefinite"))),
    )  # fmt: skip


def _title_hits(text: str, lex: Lexicon) -> Hits:
    """Every title in a text, the longest and leftmost; one that ends a word too where a language builds compounds."""
    return _title_places(read_words(text), lex)


def _title_places(words: Words, lex: Lexicon) -> Hits:
    hits, busy, tails = Hits(), 0, lex.title_tails
    listed = {*lex.titles, *(word for word in words.numbers if word.endswith(tails))} if tails else lex.titles.keys()
    for number in words.find(listed):
        if number < busy:
            continue
        size = phrase_at(lex.titles, words, number, fold=True) or int(words.small[number].endswith(tails))
        if size:
            hits.add(Hit(words.starts[number], words.ends[number + size - 1]))
            busy = number + size
    return hits


@lru_cache(maxsize=1)
def _titles_of(doc: Document) -> Hits:
    return _title_places(document_words(doc), lexicon(doc.pack))


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text that may name a person, its titles cut off, and what the place says about it."""

    start: int
    end: int
    tokens: tuple[str, ...]
    honorific: str | None = None
    title: str | None = None
    org: str | None = None


_TOKENS = re.compile(r"[^ \u00a0\u202f]{1,120}")


def _cut(text: str, start: int, end: int, lex: Lexicon) -> Iterator[_Run]:
    """The run without sentence openers before and behind, parted where a title stands inside it."""
    spans = [(m.start(), m.end(), m.group()) for m in _TOKENS.finditer(text, start, end)]
    if len(spans) == 1:  # most runs are one word: no title before it, nothing to part
        word = spans[0][2]
        if word not in lex.honorifics and word not in lex.not_names and not _is_title(word, lex):
            yield _Run(start, end, (word,))
        return
    honorific: str | None = None
    kept: list[tuple[int, int, str]] = []
    org: str | None = None
    title: str | None = None
    for number, span in enumerate(spans):
        word = span[2]
        if len(kept) > 1 and word in lex.ands and number + 2 < len(spans) and _given(spans[number + 1][2], lex):
            yield _run(kept, honorific, title, org)  # two people, where a name may hold the word for "and" as well
            honorific = org = title = None
            kept = []
        elif kept and word.lower() in lex.particles and number + 1 < len(spans):
            kept.append(span)
        elif word in lex.honorifics or word in lex.not_names or _is_title(word, lex):
            if kept and _is_title(word, lex):
                org, title = text[kept[0][0] : kept[-1][1]], word
            elif kept:
                yield _run(kept, honorific, title, org)
                org = title = None
            honorific = word if word in lex.honorifics else None
            if _is_title(word, lex):
                title = word
            kept = []
        elif lex.title_tails and kept and _opens_name(spans, number, lex) and not any(_given(w, lex) for *_, w in kept):
            title, kept = kept[-1][2], [span]  # a noun has a capital too: "Projektleiter Jan Meier"
        elif kept and _opens_name(spans, number, lex) and _is_house(text, kept, lex):
            org, kept = text[kept[0][0] : kept[-1][1]], [span]  # "el socio de Altos Ventures Ana Pol"
        elif kept or word[0].isupper():
            kept.append(span)
    if kept:
        yield _run(kept, honorific, title, org)


def _is_house(text: str, kept: Sequence[tuple[int, int, str]], lex: Lexicon) -> bool:
    """Whether a title and its link stand before words that hold no given name: they name whom the title serves."""
    start = kept[0][0]
    link = lex.linked.search(text, max(0, start - 12), start)
    if link is None or any(_given(word, lex) for *_, word in kept):
        return False
    low = max(0, link.start() - 40)
    titles = _title_hits(text[low : link.start()], lex).items[-1:]
    return any(low + hit.end >= link.start() - 1 for hit in titles)


def _opens_name(spans: Sequence[tuple[int, int, str]], number: int, lex: Lexicon) -> bool:
    """Whether a given name stands there with another word behind it."""
    return number + 1 < len(spans) and "-" not in spans[number][2][-3:] and _given(spans[number][2], lex)


def _is_title(word: str, lex: Lexicon) -> bool:
    """Whether a word is a title, or a compound that ends with one where the language builds such."""
    small = word.lower()
    single = small[:-1] if small.endswith("s") else small  # "Founders Ann Lee and Bo Kim"
    known = small in lex.title_gender or single in lex.title_gender or small.rsplit("-", 1)[-1] in lex.title_gender
    return known or small.endswith(lex.title_tails)


def _run(kept: Sequence[tuple[int, int, str]], honorific: str | None, title: str | None, org: str | None) -> _Run:
    while len(kept) > 1 and kept[-1][2].islower():
        kept = kept[:-1]
    return _Run(kept[0][0], kept[-1][1], tuple(word for _, _, word in kept), honorific, title, org)


def _given(word: str, lex: Lexicon) -> bool:
    first = word.split("-")[0]
    return any(name in names for names in (lex.female, lex.male, lex.either) for name in (word, first))


def _could_be_person(run: _Run, lex: Lexicon) -> bool:
    """Two to five words that look like a name: none of an organisation, none in capitals, no place or firm."""
    tokens = run.tokens
    if any(token in lex.org_words for token in tokens) or " ".join(tokens).lower() in lex.eponyms:
        return False
    if any(len(token) > 1 and token.isupper() and "." not in token for token in tokens):
        return False
    return 2 <= len(tokens) <= 6 and len(tokens[-1].rstrip(".")) > 1


_GAPS = " \u00a0\u202f"
_ENDS_TITLE = ".;:!?\"“”«»\n,()"  # what a title that a comma parts from its name does not run over
LONG_TITLE = 70  # characters between a title's noun and the comma before the name


@dataclass(frozen=True, slots=True)
class _Title:
    """A title with its place: `noun_end` is where its noun ends and the house it belongs to may follow."""

    text: str
    start: int
    noun_end: int


def _title_before(doc: Document, run: _Run, lex: Lexicon) -> _Title | None:
    text, at = doc.text, run.start
    titles = _titles_of(doc).between(max(0, at - WINDOW), at)
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


def _title_after(doc: Document, run: _Run, lex: Lexicon) -> _Title | None:
    """The title in apposition behind a name."""
    text = doc.text
    opening = _APPOSED.match(text, run.end)
    if not opening:
        return None
    titles = _titles_of(doc).between(opening.end(), run.end + WINDOW)[:LONGEST]
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


def _speaks(text: str, run: _Run, index: CueIndex, lex: Lexicon) -> bool:
    """Whether a verb of saying stands beside the name and a quote beside the verb."""
    linked = lex.linked.search(text, max(0, run.start - 12), run.start)  # "a spokesman for Acme Data said"
    for verb in () if linked else index.verbs.between(run.end, run.end + 40)[:1]:
        if text[run.end : verb.start].count(" ") <= 3 and _INTO_QUOTE.match(text, verb.end):
            return True
    before = index.verbs.between(max(0, run.start - 40), run.start)[-1:]
    return any(v.end == run.start - 1 and _OUT_OF_QUOTE.search(text, max(0, v.start - 18), v.start) for v in before)


def _names_place(text: str, run: _Run, lex: Lexicon) -> bool:
    """Whether the word before says that a street, a school or a prize bears the name."""
    before = _WORD_BEFORE.search(text, max(0, run.start - 24), run.start)
    return before is not None and before[1].lower() in lex.places


def _licence(doc: Document, run: _Run, lex: Lexicon) -> bool:
    """Whether the place of a run says that it names a person."""
    if run.honorific and len(run.tokens) <= 3 and run.tokens[0] not in lex.org_words:
        return True
    if _kin(doc.text, run, lex):
        return True
    if not _could_be_person(run, lex) or _names_place(doc.text, run, lex):
        return False
    if _given(run.tokens[0], lex) or run.title:
        return True
    titles = (_title_before(doc, run, lex), _title_after(doc, run, lex))
    if any(title and not _of_firms(title.text, lex) for title in titles) or lex.person_verb.match(doc.text, run.end):
        return True
    return len(run.tokens) <= 3 and run.start >= doc.title_end and _speaks(doc.text, run, cue_index(doc), lex)


def _kin(text: str, run: _Run, lex: Lexicon) -> str | None:
    """The word of kinship before a given name alone, in apposition: "his wife, Marta,"."""
    if len(run.tokens) > 1 or len(run.tokens[0]) < 3 or run.tokens[0].isupper():
        return None
    found = lex.kin.search(text, max(0, run.start - 24), run.start)
    return found[1] if found else None


def _of_firms(title: str, lex: Lexicon) -> bool:
    """Whether a title is one that firms bear as well: "the investor", "specialist in"."""
    found = _title_hits(title, lex).items[:1]
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


def _owner_after(text: str, run: _Run) -> str | None:
    """The name that has the title behind a person: "Ann Lee, Acme's chief executive"."""
    found = _OWNER.match(text, run.end, min(len(text), run.end + WINDOW))
    return found.group("name") if found else None


def _title_gender(title: str, lex: Lexicon) -> Gender | None:
    words = title.lower()
    for tail in sorted(lex.title_tails, key=len, reverse=True):
        if words.endswith(tail):
            return lex.title_gender[tail]
    for hit in _title_hits(words, lex).items:
        gender = lex.title_gender.get(words[hit.start : hit.end])
        if gender:
            return gender
    return None


def _gender(run: _Run, title: str | None, lex: Lexicon) -> Gender | None:
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


def _described(doc: Document, run: _Run, lex: Lexicon) -> tuple[str | None, str | None]:
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


def _possessor(text: str, run: _Run, title: _Title, lex: Lexicon) -> str | None:
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


def _collect(doc: Document, runs: Sequence[_Run], lex: Lexicon) -> list[_Found]:
    people: list[_Found] = []
    by_last: dict[str, list[_Found]] = {}
    exact: dict[tuple[str, ...], _Found] = {}
    for run in runs:
        title, org = _described(doc, run, lex)
        kin = _kin(doc.text, run, lex)
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
        if len(person.tokens) > 1 and firsts[person.tokens[0]] == 1 and _given(person.tokens[0], lex):
            forms.setdefault(person.tokens[0], person)
    return forms


def find_people(doc: Document) -> tuple[Person, ...]:
    """The people named in a text, in order of appearance, with all their mentions, surnames alone included."""
    lex = lexicon(doc.pack)
    matches = islice(lex.run.finditer(doc.text), MOST + len(doc.text) // SPARSE)
    runs = [run for match in matches for run in _cut(doc.text, match.start(), match.end(), lex)]
    licensed = {run.start: run for run in runs if _licence(doc, run, lex)}
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
