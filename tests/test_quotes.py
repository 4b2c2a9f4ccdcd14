"""Quotes: what stands between the marks and who said it; other marked words are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.lang import load
from dealwatch.parser.people import find_people
from dealwatch.parser.quotes import find_quotes
from dealwatch.parser.text import read_document

ROWS = [json.loads(line) for line in (Path(__file__).parent / "data/quotes/rows.jsonl").read_text("utf-8").splitlines()]


def read(text, lang):
    document = read_document(text, load(lang), has_title=False)
    return find_quotes(document, find_people(document), ())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:40])
def test_rows(row):
    assert [[q.text, q.speaker] for q in read(row["text"], row["lang"])] == row["quotes"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="“”\"«»‘’' .,:\nAaéŒs-—") | st.text(), st.sampled_from(["en", "fr", "de", "und"]))
def test_spans_match_and_stand_apart(text, lang):
    end = 0
    for quote in read(text, lang):
        assert text[quote.start : quote.end] == quote.text
        assert quote.start >= end
        end = quote.end
