"""Work on sums grows with the text and no faster, in every language, and a text of nothing but numbers has its bound.

No clock: calls and returns of functions are counted. bench/amounts.py --growth tells the seconds.
"""

from __future__ import annotations

import pytest

from counting import count_work
from dealwatch.lang import UNKNOWN, codes, load
from dealwatch.parser.amounts import find_amounts
from dealwatch.parser.numbers import most_numbers
from dealwatch.parser.text import most_sentences, read_document
from dealwatch.parser.textwords import most_words, text_words

SEEDS = ["$1-", "1,111,", "million ", "$5m ", "万2亿", "5 Mrd. de "]


def work(text: str, lang: str) -> int:
    """Calls and returns while the sums of a text are found."""
    doc = read_document(text, load(lang), has_title=False)
    return count_work(lambda: find_amounts(doc))


@pytest.mark.parametrize("lang", [*codes(), UNKNOWN])
def test_work_grows_with_the_text_in_every_language(lang: str) -> None:
    find_amounts(read_document("$1", load(lang)))  # the vocabulary is compiled once
    for seed in SEEDS:
        small, large = (work((seed * size)[:size], lang) for size in (400, 3_200))
        assert large <= 12 * small + 500, seed


def test_no_more_words_are_read_than_a_language_writes() -> None:
    text = "$1-" * 50_000
    assert len(text_words(text).words) == most_words(text) < 0.6 * len(text)
    story = "Die drei haben 1,5 Mio. € (1,6 Mio. $) erhalten; 2 + 2 = 4. " * 500
    assert text_words(story).words.count("erhalten") == 500


def test_no_more_sentences_are_read_than_a_story_has() -> None:
    """The whole parser goes through a text sentence by sentence: bare line ends and full stops are bounded for all."""
    for text in ("1\n" * 50_000, "Aa. " * 50_000):
        doc = read_document(text, load("en"))
        assert len(doc.sentences) == most_sentences(text) < 4_000
        assert doc.sentence_at(len(text) - 1) == doc.sentences[-1]
    story = "Acme buys Nadir. " * 2_000
    assert len(read_document(story[:17_000], load("en")).sentences) == 1_000


def test_no_more_numbers_are_read_than_a_story_has() -> None:
    text = "$5m " * 50_000
    found = find_amounts(read_document(text, load("en"), has_title=False))
    assert len(found) == most_numbers(text)
    assert most_numbers("x" * 20_000) > 1_000
