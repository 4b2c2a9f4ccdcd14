import pathlib
P=pathlib.Path("/work/main/src/dealwatch/parser")
def sub(f, old, new, n=1):
    p=P/f; s=p.read_text(); assert s.count(old)==n, (f, s.count(old), old[:80]); p.write_text(s.replace(old,new))
# phrases: hyphened
sub("phrases.py",'''    numbers: Mapping[str, Sequence[int]]  # word in small letters -> where it stands among them
''','''    numbers: Mapping[str, Sequence[int]]  # word in small letters -> where it stands among them
    hyphened: Sequence[str]  # those of them that a hyphen joins
''')
sub("phrases.py","parts[::2], numbers)","parts[::2], numbers, [word for word in numbers if \"-\" in word])")
sub("phrases.py",'''    return Words(text, words, small, places[:-1:2], places[1::2], parts[::2], numbers, [word for word in numbers if "-" in word])''','''    hyphened = [word for word in numbers if "-" in word]
    return Words(text, words, small, places[:-1:2], places[1::2], parts[::2], numbers, hyphened)''')
sub("cues.py",'''{word for word in words.numbers if "-" in word and word.rsplit("-", 1)[1] in cues.inverted}''','''{word for word in words.hyphened if word.rsplit("-", 1)[1] in cues.inverted}''')
# peoplewords
f="peoplewords.py"
sub(f,'''_CAPITAL = r"[^\\W\\d_a-zß-öø-ÿ]"  # further lower-case letters are refused after the match, by str.isupper
_WORD = rf"(?:[ODM]['’])?{_CAPITAL}[^\\W\\d_]{{1,30}}(?:-[^\\W\\d_]{{1,30}}){{0,3}}"
_TOKEN = rf"(?:{_WORD}|{_CAPITAL}\\.(?:-?{_CAPITAL}\\.){{0,2}}|{_CAPITAL}(?![\\w'’]))"
_ABBREVIATED = re.compile(r"\\w{1,5}\\.")
MOST, SPARSE = 2_000, 80  # capitalised runs read at most: these and one a so many characters
LONGEST = 6  # words of a run that are looked at together: no name in the news is longer with its titles
BEARERS = 8  # people of one surname that are told apart: a family in one story, and no list without end
WINDOW = 110  # characters read before and after a name for its title: two thirds of a long sentence
''','''_CAPITAL = r"[^\\W\\d_a-zß-öø-ÿ]"  # further lower-case letters are refused after the match, by str.isupper
_LETTERS = r"[^\\W\\d_]{1,30}(?:-[^\\W\\d_]{1,30}){0,3}"
_INITIALS = rf"\\.(?:-?{_CAPITAL}\\.){{0,2}}"
_TOKEN = rf"(?:(?:[ODM]['’])?{_CAPITAL}{_LETTERS}|{_CAPITAL}{_INITIALS}|{_CAPITAL}(?![\\w'’]))"
# The same where no word ends; its capital comes first, which halves the time that the search for it takes.
_FIRST = rf"{_CAPITAL}(?<![\\w@#-].)(?:(?<=[ODM])['’]{_CAPITAL}{_LETTERS}|{_LETTERS}|{_INITIALS}|(?![\\w'’]))"
LONGEST = 6  # words of a run that are looked at together: no name in the news is longer with its titles
''')
sub(f,'''    kin_gender: dict[str, Gender | None]
''','''    kin_gender: dict[str, Gender | None]
    kin_ends: frozenset[str]  # the last words of those, in small letters
''')
sub(f,'''        re.compile(rf"(?<![\\w@#-]){_TOKEN}(?:{GAP}(?:{particle}){{0,3}}{_TOKEN}){{0,{LONGEST}}}"),''','''        re.compile(rf"{_FIRST}(?:{GAP}(?:{particle}){{0,3}}{_TOKEN}){{0,{LONGEST}}}"),''')
sub(f,'''        _gendered(pack, "kin"),
''','''        _gendered(pack, "kin"),
        frozenset(read_words(kin).small[-1] for kin in _gendered(pack, "kin")),
''')
s=(P/f).read_text()
i=s.index("def _title_hits(")
s=s[:i]+'''@lru_cache(maxsize=2_048)
def title_hits(text: str, lex: Lexicon) -> Hits:
    """Every title in a few words, the longest and leftmost."""
    return _title_places(read_words(text), lex)


@lru_cache(maxsize=1)
def titles_of(doc: Document) -> Hits:
    """Every title in a text."""
    return _title_places(document_words(doc), lexicon(doc.pack))


def _title_places(words: Words, lex: Lexicon) -> Hits:
    """The titles among words; one that ends a word too where a language builds compounds."""
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


@lru_cache(maxsize=16_384)  # the words that names open with are few, and every story has them
def is_title(word: str, lex: Lexicon) -> bool:
    """Whether a word is a title, or a compound that ends with one where the language builds such."""
    small = word.lower()
    single = small[:-1] if small.endswith("s") else small  # "Founders Ann Lee and Bo Kim"
    known = small in lex.title_gender or single in lex.title_gender or small.rsplit("-", 1)[-1] in lex.title_gender
    return known or small.endswith(lex.title_tails)


@lru_cache(maxsize=16_384)
def is_given(word: str, lex: Lexicon) -> bool:
    """Whether a word, or its part before a hyphen, is a given name."""
    first = word.split("-")[0]
    return any(name in names for names in (lex.female, lex.male, lex.either) for name in (word, first))


@lru_cache(maxsize=1)
def names_kin(doc: Document, lex: Lexicon) -> bool:
    """Whether a text has a word of kinship at all."""
    words = document_words(doc)
    tails = (word.rsplit("-", 1)[1] for word in words.hyphened)
    return not (lex.kin_ends.isdisjoint(words.numbers) and lex.kin_ends.isdisjoint(tails))
'''
(P/f).write_text(s)
