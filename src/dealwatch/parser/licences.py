"""What stands round a capitalised span and makes it an organisation, or something else: points for and against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from dealwatch.companies import word_lists
from dealwatch.lang import UNKNOWN, Pack, load
from dealwatch.parser.frames import deal_words
from dealwatch.parser.spans import Span
from dealwatch.parser.text import Document
from dealwatch.parser.tokens import is_dotted

_WORD = re.compile(r"[^\W_](?:[\w.-]{0,30}\w)?['’]?")
REACH = 64  # characters looked at on either side of a name
OPEN_MARKS = " *_\u00a0\u202f\"“«„'‘("
_MARKED = 4  # characters of an elided word's last letter, its mark and what opens a name behind it
_ELIDED = re.compile(r"[^\W\d_]['’][*_\"“«„]{0,2}\Z")  # "dell'X", "d'X": the mark belongs to the word before
_CLOSES = re.compile(r"[,.;:!?()]")
_QUOTES = ('"', "“", "«", "„")
_CLOSED = re.compile(r"[ \u00a0\u202f]?[»”]")
_AGE = re.compile(r", \d\d(?: ans)?,")  # "Ada Renoir, 34, "
_TICKER, _TICKER_OF = re.compile(r"\([A-Z]{2,8}: ?\Z"), re.compile(r": ?[A-Z0-9.]{1,8}\)")
_SUM_OF = re.compile(r" \([^\w\s]?\d")  # "Quince ($4m seed, ...)"
_POT = re.compile(r"\w+ [IVX]{1,4}")  # "Fund III", "Fonds II": a firm's pot
_COMMUNE = re.compile(r"-(?:Saint|Sainte|Saints|sur|sous|lès|les|la|le|en|aux|au|du|de|des|upon|on|by|am|an|auf)-")
_NAMED = re.compile(r"\w{4,}")
_MEASURED = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?[ -]?(?:[kKMGTP]i?[Bbo]|[KMGT]?Hz|mAh|k?Wh?|px|fps|mm|cm|km|kg)\b")
_FILE = re.compile(r"\w\.(?:js|py|rb|ts|css|json|html?|php|exe|sh|md|txt|csv|xml|ya?ml|toml|dll)\Z")
_SECURITY = re.compile(r"[A-Z]{2}[A-Z0-9]{9}\d")  # a security's number, "FR0014008XY1"
_ARTICLE = re.compile(r"\A\w{1,4}['’]")
_FRAME = 160  # characters behind a name in which the verb stands that closes its clause
_CLAUSE_END = re.compile(r"[.;:!?]?\Z|[;:!?()\n]|, ")
_LABEL = re.compile(r"[ \u00a0]?: ")
_STRONG, _WEAK = 3, 1  # points: a strong licence is enough alone (see names.ENOUGH)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The word sets of one language's pack that licences are read from."""

    contractions: Mapping[str, str]
    base: int  # points of a capital inside a sentence: 1, or 0 where common nouns have one too
    role_gap: int
    ends: tuple[str, ...]  # of a role or a type in one word with what is before it ("Chemiekonzern", "Rheinkapital")
    commons: tuple[str, ...]  # ends of common nouns that are nobody's name alone ("Autozulieferer", "KI-Start-up")
    noun_ends: tuple[str, ...]  # what common nouns end with, where they have capitals ("-ung", "-heit")
    plural_ends: tuple[str, ...]  # and their plurals, more loosely ("-en")
    roles: frozenset[str]
    types: frozenset[str]
    heads: frozenset[str]
    verbs: frozenset[str]
    deal_verbs: frozenset[str]
    finite: frozenset[str]  # verbs that open the frame of a clause, where the pack's language closes it with another
    passive: frozenset[str]  # of those, what may stand behind the verb that closes it ("gekauft worden")
    closing: frozenset[str]  # the verbs of deals that close it ("gekauft", "übernehmen")
    before: frozenset[str]
    strong_before: frozenset[str]
    after: frozenset[str]
    owned: frozenset[str]
    titles: frozenset[str]
    beside: frozenset[str]  # before a name that was left or only serves ("spun out of", "advised by")
    compared: frozenset[str]  # before one that only is compared ("rival of", "unlike")
    serving: frozenset[str]  # what advisers do
    wares: frozenset[str]  # what is made and has a name: "app", "model"
    its: frozenset[str]  # whose it is
    naming: frozenset[str]  # "is called"
    studies: frozenset[str]  # what somebody says in writing: "study", "forecast"
    makers: frozenset[str]  # between a study and who made it: "by"
    ties: frozenset[str]  # before a place of work: "of", "at"
    former: frozenset[str]  # before a place of work of the past
    analysts: frozenset[str]  # whose word is that of their firm ("analysts at X")
    rates: frozenset[str]  # what a firm says by its verdict ("rated", "cut its target")
    alumni: frozenset[str]  # behind a name: people who left it or only come from it ("X veterans", "X founder's")
    offices: frozenset[str]  # whose owner is a person ("X's family office")
    holds_behind: frozenset[str]  # behind a name and a comma: a shareholder, and perhaps no more (", which owns")
    taking: frozenset[str]  # before a name that takes part in a deal ("other investors are", "Geldgeber")
    things: frozenset[str]  # what bears a maker's name, right before or behind it ("X chips", "puces X")
    place_before: frozenset[str]
    place_within: frozenset[str]  # the same before an article only ("dans le Cantal", but "investi dans X")
    not_after: frozenset[str]  # what follows a family's name, a party's: no organisation of ours
    lone: frozenset[str]  # words that name nothing alone: what names are made of, departments, subjects
    media_types: frozenset[str]
    place_types: frozenset[str]  # the first or last word of streets, lakes, counties
    public_types: frozenset[str]
    whose: frozenset[str]  # what leads up to an organisation's people (", whose founder")
    plural_verbs: frozenset[str]  # after a word in -s that opens: a common noun ("Restaurants are")
    given: frozenset[str]  # given names
    posts: frozenset[str]  # the words of people's titles
    excluded: frozenset[str]  # products, exchanges, laws: never a company
    exchanges: frozenset[str]
    places: frozenset[str]
    media: frozenset[str]
    possessives: tuple[str, ...]

    @property
    def never(self) -> tuple[frozenset[str], ...]:
        """The lists of what is never a company."""
        return self.excluded, self.places, self.media


@lru_cache(maxsize=16)
def lexicon_of(pack: Pack) -> Lexicon:
    """The licence words of a pack; before a name they are read with articles dropped and contractions undone."""
    contractions = {key.lower(): value for key, value in pack.section("names").get("contractions", {}).items()}
    plain = (
        "roles", "types", "heads", "verbs", "deal_verbs", "after", "owned", "titles", "places", "media", "not_after",
        "media_types", "place_types", "plural_verbs",
        "whose", "public_types", "things", "analysts", "rates", "alumni", "offices", "holds_behind",
        "studies", "makers", "wares", "naming", "its", "serving",
    )  # fmt: skip
    sets = {key: frozenset(pack.words("names", key)) for key in plain}
    contexts = ("before", "strong_before", "place_before", "place_within", "beside", "compared", "taking")
    read = {key: frozenset(_read(word, contractions) for word in pack.words("names", key)) for key in contexts}
    excluded = frozenset(word for key in ("products", "exchanges", "not_names") for word in pack.words("names", key))
    sets["ties"] = frozenset(pack.words("people", "ties"))
    sets["former"] = frozenset(pack.words("people", "former"))
    sets["titles"] = frozenset(word.lower() for word in sets["titles"])
    sets["lone"] = sets["types"] | sets["heads"] | frozenset(pack.words("names", "subjects"))
    sets["lone"] -= frozenset(pack.words("names", "public_types"))
    people = (book.words("people", key) for book in (pack, load(UNKNOWN)) for key in ("given_f", "given_m"))
    sets["given"] = frozenset(word for words in people for word in words)
    posts = (*pack.words("people", "titles"), *pack.words("names", "titles"), *pack.words("article", "roles"))
    sets["posts"] = frozenset(word for title in posts for word in title.lower().split())
    sets["roles"] |= frozenset(word.lower() for word in pack.words("names", "demonyms"))  # "le lillois X"
    table = pack.section("names")
    gap, base, ends = int(table.get("role_gap", 0)), int(table.get("base", 1)), pack.words("names", "ends")
    possessives = pack.words("names", "possessives")
    sets["exchanges"] = frozenset(pack.words("names", "exchanges"))
    sets |= dict.fromkeys(("closing", "finite", "passive"), frozenset())
    if table.get("from_deals", False):  # what does a deal, and whom it is done to
        doers, done_to = deal_words(pack)
        sets["deal_verbs"] |= doers
        deals = pack.section("deals")
        framed = bool(deals.get("verb_final", False))
        sets["closing"] = frozenset(word for word in doers | done_to if " " not in word)
        sets["finite"] = frozenset([*deals.get("finite", ()), *deals.get("passive", ())] if framed else ())
        sets["passive"] = frozenset(deals.get("passive", ()))
        read["strong_before"] |= {_read(word, contractions) for word in done_to}
    commons, nouns, plurals = (pack.words("names", key) for key in ("commons", "noun_ends", "plural_ends"))
    return Lexicon(
        contractions, base, gap, ends, commons, nouns, plurals, excluded=excluded, possessives=possessives, **sets,
        **read,
    )  # fmt: skip


def _read(phrase: str, contractions: Mapping[str, str]) -> str:
    words = (word.lower().replace("’", "'") for word in _WORD.findall(phrase))
    return " ".join(word for word in (contractions.get(word, word) for word in words) if word)


def points(doc: Document, span: Span) -> int:
    """How much speaks for an organisation at one place: 3 is a licence, 1 a hint, below 0 speaks against."""
    lexicon = lexicon_of(doc.pack)
    name = doc.text[span.start : span.end]
    own = _own_points(name, lexicon) - _own_doubts(doc.text, span, name, lexicon)
    if span.loud:
        return own if own >= _STRONG else 0
    if span.called:
        own += _STRONG
    own += lexicon.base * (not span.opens)
    behind = _after_points(doc.text, span, lexicon)
    if lexicon.finite and behind < _STRONG and _is_framed(doc, span, lexicon):
        behind = _STRONG
    return own + _before_points(doc.text, span, lexicon) + behind


def _is_framed(doc: Document, span: Span, lexicon: Lexicon) -> bool:
    """Does a clause that a name opens close with what organisations do ("X hat Y für 3 Mio. Euro gekauft")?"""
    if doc.text[span.end : span.end + 1] != " ":
        return False
    end = min(doc.sentence_at(span.start)[1], span.end + _FRAME)
    words = _CLAUSE_END.split(doc.text[span.end + 1 : end], 1)[0].split()
    if len(words) < 2:
        return False
    if span.opens and not any(word[:1].isdigit() for word in words):
        return False  # "Zusammen wollen sie bauen": any word opens a sentence, but few with a sum behind
    if words[-1] in lexicon.passive:
        words.pop()
    if words[0] in lexicon.finite:
        return words[-1] in lexicon.closing
    return words[0].islower() and f"{words[0]} {words[-1]}" in lexicon.deal_verbs


def is_placed(doc: Document, span: Span) -> bool:
    """Does a word of place stand before ("in", "à", "mayor of"), and nothing that calls for an organisation?"""
    lexicon = lexicon_of(doc.pack)
    phrases = _phrases_leading(doc.text[max(0, span.start - REACH) : span.start], lexicon)
    placed = phrases & lexicon.place_before or (phrases & lexicon.place_within and has_article(doc, span))
    return bool(placed) and not phrases & lexicon.strong_before


def is_called_for(doc: Document, span: Span) -> bool:
    """Does what stands before the place call for an organisation ("led by", "la start-up nantaise")?"""
    return _before_points(doc.text, span, lexicon_of(doc.pack)) >= _STRONG


def has_article(doc: Document, span: Span) -> bool:
    """Does an article stand before the place, by itself or drawn into a preposition?"""
    words = words_before(doc.text[max(0, span.start - 12) : span.start].rstrip(OPEN_MARKS))
    return bool(words) and lexicon_of(doc.pack).contractions.get(words[-1]) == ""


def has_type(name: str, pack: Pack) -> bool:
    """Does the name say itself that it is an organisation's ("X Capital", "Banque X")?"""
    return _own_points(name, lexicon_of(pack)) >= _STRONG


@lru_cache(maxsize=1)
def _acronyms() -> frozenset[str]:
    return frozenset(word_lists()["acronyms"])


def is_told(doc: Document, name: str, places: Iterable[Span]) -> bool:
    """Does the name or what stands right beside it say that it is a company's ("startup X", "X, a bank")?"""
    if has_type(name, doc.pack):
        return True
    lexicon = _without_demonyms(doc.pack)
    for place in places:
        behind = doc.text[place.end : place.end + REACH].split("\n")[0]
        if has_role(words_leading(doc.text, place, lexicon), lexicon):
            return True
        if behind.startswith(",") and _apposition_points(behind[1:], lexicon) >= _STRONG:
            return True
    return False


@lru_cache(maxsize=16)
def _without_demonyms(pack: Pack) -> Lexicon:
    """The licence words without those that say of people and firms alike where they are from."""
    lexicon = lexicon_of(pack)
    return replace(lexicon, roles=lexicon.roles - {word.lower() for word in pack.words("names", "demonyms")})


def is_excluded(name: str, pack: Pack) -> bool:
    """Is it a product, an exchange, a place or a medium: nothing that takes part in a deal?"""
    lexicon = lexicon_of(pack)
    words = _ARTICLE.sub("", name).split()
    if _SECURITY.fullmatch(name):
        return True
    if _MEASURED.match(name) or _FILE.search(name) or _acronyms().issuperset(word.removesuffix("s") for word in words):
        return True  # "32GB SD", "TB SSD", "l'API", "VMs", "Quell.js"
    if " " in name and lexicon.posts.issuperset(name.lower().split()):
        return True  # "Deputy Managing Director"
    if lexicon.commons and " " not in name and name.lower().endswith(lexicon.commons):
        return True
    if " " in name and not lexicon.exchanges.isdisjoint(_NAMED.findall(name)):
        return True  # "Euronext Growth Paris"
    if _POT.fullmatch(name) or (name.count("-") > 1 and " " not in name and _COMMUNE.search(name)):
        return True
    plain = name.replace("’", "'").rstrip(".")
    return any(form in words for form in (name, plain, f"{plain}.") for words in lexicon.never)


def noun_points(name: str, pack: Pack) -> int:
    """The points of its best place that a word needs, where common nouns have capitals and it ends as they do."""
    lexicon = lexicon_of(pack)
    if not name.replace("-", "").isalpha() or name.isupper():
        return 0
    if name.endswith(lexicon.noun_ends):
        return 2 * _STRONG
    return _STRONG if name.endswith(lexicon.plural_ends) else 0


def is_person_like(name: str, pack: Pack) -> bool:
    """Does it look like a person's name: a given name, alone or before one or two words?"""
    words = name.split()
    first = words[0].split("-")[0] if len(words) > 1 else words[0]
    given = len(first) > 2 and first in lexicon_of(pack).given  # "Al Rim" is a fund as well
    return len(words) < 4 and given and not has_type(name, pack)


@lru_cache(maxsize=2048)
def _own_points(name: str, lexicon: Lexicon) -> int:
    """What the name says of itself: a type word, a dotted name, an inner capital."""
    words = name.split()
    if len(words) > 1 and (words[-1] in lexicon.types or words[0] in lexicon.heads or words[0] in lexicon.types):
        return _STRONG
    if is_dotted(name) or " & " in name or (lexicon.ends and "-" in name and name.lower().endswith(lexicon.ends)):
        return _STRONG
    if len(words) > 1 and words[0].isupper() and 1 < len(words[0]) < 4:  # "AB Stahl"
        return _WEAK
    inner = any(map(str.isupper, name[1:])) and not name.isupper() and len(words) == 1 and "-" not in name
    return _WEAK if inner or name.isupper() or any(map(str.isdigit, name)) else 0


def _own_doubts(text: str, span: Span, name: str, lexicon: Lexicon) -> int:
    """What speaks against it by itself: a newspaper's name, a lone common noun, a title in marks, a label."""
    words = name.split()
    if words[-1] in lexicon.media_types or (len(words) > 1 and words[0] in lexicon.media_types):
        return _STRONG
    if len(words) > 1 and (words[0] in lexicon.place_types or words[-1] in lexicon.place_types):
        return _STRONG
    if _TICKER_OF.match(text, span.end) or _TICKER.search(text, max(0, span.start - 12), span.start):
        return _STRONG + _STRONG
    if len(words) > 1 and name.islower() and words[0] not in lexicon.public_types:
        return _STRONG + _STRONG  # "école de cuisine": a kind of house, no house
    if len(words) == 1 and name in lexicon.lone:
        return _STRONG
    if len(words) < 3 and _is_ware(text, span, lexicon):
        return 2 * _STRONG
    if text[span.start - 1 : span.start] in ("«", "“", "\u00a0") and _CLOSED.match(text, span.end):
        return _WEAK + _WEAK
    label = _LABEL.match(text, span.end) and text[max(0, span.start - 3) : span.start].strip(" -–—•*") in ("", "\n")
    return _WEAK if label else 0


def _is_ware(text: str, span: Span, lexicon: Lexicon) -> bool:
    """Is it what somebody makes: "its app, X", "the app is called X"?"""
    start = max(0, span.start - REACH)
    line = re.split(r"[\n.;:!?]", text[start : span.start])[-1].rstrip(OPEN_MARKS)
    words = words_before(line)
    if not words or lexicon.wares.isdisjoint(words) or (has_role(words, lexicon) and not _is_made(words, lexicon)):
        return False  # "the maker of robots X" is called by what it makes
    if words[-1] in lexicon.wares:  # "the app X"; with a comma only "its app, X"
        return not line.endswith(",") or not lexicon.its.isdisjoint(words[-3:-1])
    return not lexicon.naming.isdisjoint(endings(words))


def _is_made(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Does an article part the maker from the ware: "the maker of the chatbot X", but "the maker of robots X"?"""
    at = max((i for i, word in enumerate(words) if word in lexicon.roles), default=-1)
    drawn = [word for word in words[at + 1 : -1] if lexicon.contractions.get(word) == ""]
    return at >= 0 and words[-1] in lexicon.wares and bool(drawn)


def _before_points(text: str, span: Span, lexicon: Lexicon) -> int:
    window = text[max(0, span.start - REACH) : span.start]
    line = window[window.rfind("\n") + 1 :]
    tail = line.rstrip(OPEN_MARKS)
    if tail[-1:] == ":" and any(tail[:-1].rstrip().endswith(name) for name in lexicon.exchanges):
        return -2 * _STRONG  # a ticker: "(NASDAQ: LRCH)"
    if not tail or tail[-1] in ".!?:;—–…":
        return 0
    if tail[-1] == ",":
        return 0
    words = words_leading(text, span, lexicon)
    phrases = _phrases_leading(window, lexicon)
    if phrases & lexicon.strong_before or has_role(words, lexicon):
        return _STRONG
    if phrases & lexicon.titles:
        return -_STRONG
    if phrases & lexicon.place_before:
        return -_WEAK - _WEAK
    return _WEAK if phrases & lexicon.before else 0


def words_leading(text: str, span: Span, lexicon: Lexicon, start: int = 0) -> tuple[str, ...]:
    """The words of the line before a place, from `start` at the earliest, read as the pack says."""
    return read_leading(text[max(start, span.start - REACH, 0) : span.start], lexicon)


@lru_cache(maxsize=1024)  # every licence looks at it in turn; kept by what is read, so that no whole text is kept
def read_leading(window: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of the last line of a stretch, read as the pack says."""
    line = window[window.rfind("\n") + 1 :]
    tail = line.rstrip(OPEN_MARKS)
    if len(tail) < len(line) and _ELIDED.search(line, max(0, len(line) - _MARKED)):
        tail += line[len(tail)]
    contractions = lexicon.contractions
    return tuple([contractions.get(word, word) for word in words_before(tail)])


@lru_cache(maxsize=1024)
def _phrases_leading(window: str, lexicon: Lexicon) -> frozenset[str]:
    """The phrases that the words of a stretch end with."""
    return frozenset(endings([word for word in read_leading(window, lexicon) if word]))


def words_before(tail: str) -> list[str]:
    """The last words of a stretch, in small letters with plain apostrophes."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(tail)[-7:]]


def endings(words: Sequence[str]) -> list[str]:
    """The phrases of up to five words that some words end with."""
    found: list[str] = []
    for word in reversed(words[-5:]):
        found.append(f"{word} {found[-1]}" if found else word)
    return found


def has_role(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Does a common noun of an organisation lead up to the name ("l'éditeur nantais de logiciels X")?"""
    for gap in range(lexicon.role_gap + 1):
        end = len(words) - gap
        if end > 0 and words[end - 1].endswith(lexicon.ends):
            return True
        if any(" ".join(words[max(0, end - size) : end]) in lexicon.roles for size in (1, 2)):
            return end > 0
    return False


def _after_points(text: str, span: Span, lexicon: Lexicon) -> int:
    window = text[span.end : span.end + REACH].split("\n")[0].lstrip("*_\"”»")
    if window[:1] == " " and starts_with(window, lexicon.not_after):
        return -_STRONG
    if _AGE.match(window):
        return -_STRONG
    if span.opens and text[span.end - 1] == "s" and window[:1] == " " and starts_with(window, lexicon.plural_verbs):
        return 0
    for mark in lexicon.possessives:
        if window.startswith(mark):
            if starts_with(window[len(mark) :], lexicon.offices):
                return -2 * _STRONG
            return _STRONG if starts_with(window[len(mark) :], lexicon.owned) else _WEAK
    if window.startswith(","):
        return _apposition_points(window[1:], lexicon)
    if not window[:1].isspace():
        return _WEAK if window[:1] == "-" and window[1:2].isalpha() else 0
    if window[:2] == " (" and (window[2:3].isalpha() or (span.opens and _SUM_OF.match(window))):
        return _WEAK + _WEAK
    if starts_with(window, lexicon.deal_verbs):
        return _STRONG
    if lexicon.role_gap == 0 and starts_with(window, lexicon.analysts):
        return _STRONG
    if span.opens and text[span.start - 1 : span.start] in _QUOTES:
        return 0  # "Punctuality is a data problem"
    return _WEAK + _WEAK if starts_with(window, lexicon.verbs) or starts_with(window, lexicon.rates) else 0


def _apposition_points(window: str, lexicon: Lexicon) -> int:
    """What follows a name and a comma: ", the regional agency," says what it is, ", which" that it is something."""
    words = _CLOSES.split(window, 1)[0].lower().split()
    if len(words) > 2 and words[1] in lexicon.roles and words[2] in lexicon.verbs - lexicon.place_before:
        return 0  # "Founded by Ann Lee and X, the startup has ...": a clause of its own
    if any(word in lexicon.roles or word.split("-")[-1] in lexicon.roles for word in words):
        return _STRONG
    noun = bool(words) and words[0] not in lexicon.verbs and lexicon.whose.isdisjoint(words[:2])
    if noun and any(word in lexicon.titles for word in words[:3]):
        return -_STRONG  # ", our co-founder,": a person
    aside = window.find(",")
    ware = aside > 0 and not lexicon.wares.isdisjoint(words_before(window[:aside]))
    if ware and starts_with(window[aside + 1 :], lexicon.deal_verbs):  # "X, an app from Leeds, has raised"
        return _STRONG
    if aside > 0 and starts_with(window[aside + 1 :], lexicon.verbs):  # "X, oil-field software from Calgary, sells"
        return _WEAK + _WEAK
    return _WEAK + _WEAK if starts_with(window, lexicon.after) else 0


def starts_with(window: str, phrases: Set[str]) -> bool:
    """Does a stretch begin with one of the phrases?"""
    return not phrases.isdisjoint(_beginnings(window))


@lru_cache(maxsize=256)  # asked for one list after the other
def _beginnings(window: str) -> tuple[str, ...]:
    """The phrases of up to three words that a stretch begins with."""
    words = window.replace("’", "'").replace(",", " ").split(None, 3)[:3]
    return tuple([" ".join(words[:size]) for size in range(1, len(words) + 1)])
