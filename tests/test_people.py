"""People: who a text names, by which title, for which house, and where each stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.lang import codes, load
from dealwatch.parser.people import find_people
from dealwatch.parser.text import read_document

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "quotes" / "people.jsonl").read_text("utf-8").splitlines()
]
PIECES = st.sampled_from(
    ["Ann", "Lee", "Dr", "Mme", "M.", "J.", "de", "d'", "van", "PDG", "chief of", " ", ", ", ". ", "\n", "("]
)


def read(text, lang):
    return find_people(read_document(text, load(lang), has_title=False))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:40])
def test_rows(row):
    found = read(row["text"], row["lang"])
    assert [[p.name, p.title, p.org, p.gender, len(p.mentions)] for p in found] == row["people"]


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(), st.sampled_from(["en", "fr", "de", "und"]))
def test_mentions_stand_in_the_text_in_order(text, lang):
    for person in read(text, lang):
        assert person.name
        assert person.mentions
        starts = [mention.start for mention in person.mentions]
        assert starts == sorted(starts)
        assert all(0 <= m.start < m.end <= len(text) for m in person.mentions)


@pytest.mark.parametrize("code", codes())
def test_given_names_are_listed_once_and_in_one_list(code):
    female, male = load(code).words("people", "given_f"), load(code).words("people", "given_m")
    assert len(set(female)) == len(female)
    assert len(set(male)) == len(male)
    assert len(set(female) & set(male)) <= 5
