"""What `extract` and `deal` show of values, made by hand: shapes, evidence, and nothing that a terminal obeys."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.model import (
    Amount,
    Article,
    Claim,
    Company,
    Deal,
    Evidence,
    Extraction,
    Mention,
    Money,
    Origin,
    Party,
    Quote,
)
from dealwatch.present.article import show_article
from dealwatch.present.cells import dump_json
from dealwatch.present.deal import deal_object, show_deal
from dealwatch.present.extraction import extraction_object, show_published
from dealwatch.present.groups import GROUPINGS, group_rows, with_bars
from dealwatch.present.revisions import show_revisions
from dealwatch.present.story import show_story

DATA = Path(__file__).parent / "data" / "present"

TEXT = "Cordel raises €60m\n\nCordel has raised about €60m from Nordlys.\n\n\"We go on,\" said Ada Quill."
SUM = Money(Decimal(60_000_000), Decimal(60_000_000), "EUR", "approx")
VAGUE = Money(None, None, "USD", "vague", Decimal(10**9))
NOW = datetime(2025, 2, 3, 9, tzinfo=UTC)


def place(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


SENTENCE = "Cordel has raised about €60m from Nordlys."
CLAIM = Claim(
    "funding_round", "announced", (Party("nordlys", "Nordlys"),), target=Party("cordel", "Cordel"), amount=SUM,
    valuation=VAGUE, round="Seed", stake_pct=12.5, date="2025-02-03", key="k1",
    evidence=(Evidence("amount", *place("60m"), SENTENCE), Evidence("target", *place("Cordel"), SENTENCE)),
    origin=Origin("a1", "Model Watch", "https://watch.example/1", "Cordel raises €60m", NOW, NOW),
)  # fmt: skip
EXTRACTION = Extraction(
    "Cordel raises €60m", TEXT, "en", NOW, (Company("cordel", "Cordel", mentions=(Mention(*place("Cordel")),)),), (),
    (Amount(*place("€60m"), "€60m", SUM, "investment"),),
    (Quote(*place("We go on,"), "We go on,", "direct", "Ada Quill", speaker_title="founder"),), (CLAIM,),
)  # fmt: skip
DEAL = Deal("d1", "funding_round", "announced", (CLAIM,), CLAIM.investors, target=CLAIM.target, amount=SUM,
            round="Seed", support={"amount": "k1", "status": "k1"}, doubts=("d2",))  # fmt: skip


def test_an_extraction_has_the_keys_of_the_design_in_their_order():
    found = extraction_object("s1", EXTRACTION)
    assert " ".join(found) == "id title text lang published companies mentioned amounts quotes deals"
    company, amount, quote, deal = (found[key][0] for key in ("companies", "amounts", "quotes", "deals"))
    assert list(company) == ["id", "name", "kind", "known", "mentions"]
    assert {"text", "start", "end", "low", "high", "currency", "qualifier", "kind"} < set(amount)
    assert {"currency_source", "equivalent_of"} < set(amount)
    assert list(quote)[:5] == ["text", "start", "end", "speaker", "kind"]
    assert {"speaker_id", "speaker_org", "speaker_title", "mention_start", "mention_end", "cue"} < set(quote)
    slots = "type investors lead target amount valuation round stake_pct status date main confidence evidence"
    assert " ".join(deal) == slots
    assert deal["amount"] == {"low": 60_000_000, "high": 60_000_000, "currency": "EUR", "qualifier": "approx"}
    assert deal["valuation"]["scale"] == 10**9
    assert list(deal["evidence"][0]) == ["field", "start", "end"]
    assert '"low": 60000000,' in dump_json(found)


def test_a_page_adds_its_own_keys_and_a_day_stays_a_day():
    page = Article("t", ("p",), authors=("Ann",), method="json-ld", date_precision="day")
    found = extraction_object("x.html", EXTRACTION, precision="day", page=page)
    assert found["published"] == "2025-02-03"
    assert found["authors"] == ["Ann"]
    assert list(found)[10:] == ["authors", "canonical_url", "paragraphs", "method", "date_source", "date_precision",
                                 "paywalled", "modified"]  # fmt: skip
    assert show_published(NOW, "month") == "2025-02"
    assert show_published(NOW, "instant") == show_published(NOW, None) == "2025-02-03T09:00:00+00:00"
    assert show_published(None, "day") is None


def test_the_story_shows_spans_deals_with_their_sentences_and_quotes():
    text = show_story(EXTRACTION)
    assert text.startswith(TEXT)
    assert "announced funding round: Nordlys → Cordel, €60m ~, valued at multi-billion $, Seed, 12.5 %" in text
    assert f"target, amount  {SENTENCE}" in text
    assert "Ada Quill (founder): We go on," in text
    assert "\x1b[1;4;36mCordel" in show_story(EXTRACTION, width=100, color=True)


def test_a_deals_sentence_shows_the_words_behind_each_slot_and_how_sure_they_are():
    body = TEXT.index(SENTENCE)
    named = Evidence("target", body, body + len("Cordel"), SENTENCE)
    claim = replace(CLAIM, confidence=0.93, evidence=(CLAIM.evidence[0], named))
    shown = show_story(replace(EXTRACTION, claims=(claim,)), width=120, color=True)
    line = next(line for line in shown.splitlines() if "target, amount" in line)
    assert "\x1b[1;2;36mCordel\x1b[0m" in line
    assert "93% sure" in shown
    led = replace(CLAIM, investors=(Party("nordlys", "Nordlys"), Party("sud", "Sud")), lead=(Party("sud", "Sud"),))
    assert "Nordlys, Sud → Cordel, led by Sud" in show_story(replace(EXTRACTION, claims=(led,)), width=200)


def test_offsets_hold_though_the_text_has_control_characters():
    evil = TEXT.replace("\n\nCordel", "\x1b\nCordel").replace("about", "a\u202eout")
    shown = show_story(replace(EXTRACTION, text=evil), width=100, color=True)
    assert "a\ufffdout \x1b[1;4;32m€60m" not in shown  # the evidence of the amount leaves out the sign
    assert "a\ufffdout" in shown
    assert "\u202e" not in shown


def test_a_deal_is_one_object_and_its_text_shows_the_same():
    row = {
        "deal_id": "d1", "status": "announced", "type": "funding_round", "target": "Cordel", "investors": ["Nordlys"],
        "amount_low": 60_000_000, "amount_high": 60_000_000, "amount_qualifier": "approx", "currency": "EUR",
        "round": "Seed", "date": "2025-02-03",
    }  # fmt: skip
    history = [
        {"change": "new", "at": NOW, "now_source": "Model Watch"},
        {"change": "changed", "field": "round", "was": None, "now": "Seed", "at": NOW, "now_source": "Model Watch"},
        {"change": "called_off", "at": NOW, "now_source": "Le Fil"},
    ]
    quotes = [{"date": "2025-02-03T09:00:00Z", "speaker": "Ada Quill", "quote": "We go on,"}]
    found = deal_object(row, DEAL, history, quotes)
    facts = {fact["field"]: fact for fact in found["facts"]}
    assert facts["amount"]["sentence"] == SENTENCE
    assert facts["amount"]["source"] == "Model Watch"
    assert "stake_pct" not in facts
    assert json.loads(dump_json(found))["claims"][0]["evidence"][0]["sentence"] == SENTENCE
    text = show_deal(found, explain=True)
    for part in (
        "d1  Nordlys → Cordel, €60m ~, Seed, 2025-02-03  announced funding round", SENTENCE, "first told",
        "round: (none) → Seed", "called off", "Ada Quill", "Perhaps the same deal as d2", "Claims",
    ):  # fmt: skip
        assert part in text
    assert "Claims" not in show_deal(found)


def test_an_article():
    article = {
        "title": "Cordel", "text": "Cordel\n\nOne.\n\nTwo.", "source": "Le Fil", "authors": ["Ann"], "lang": "fr",
        "url": "https://f.example", "published_at": "2025-02-03T09:00:00Z", "observed_at": "2025-02-03T10:00:00Z",
    }  # fmt: skip
    lines = show_article(article).split("\n")
    assert lines[:4] == ["Cordel", "Le Fil, Ann", "2025-02-03 09:00 UTC, fr, read 2025-02-03 10:00", "https://f.example"]
    assert lines[5] == "One."


CHANGED = tomllib.loads((DATA / "revisions.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CHANGED, ids=[case["name"] for case in CHANGED])
def test_how_an_article_changed(case):
    texts = [{"number": number, "observed_at": f"2025-02-0{number}T10:00:00Z", "text": case[key]}
             for number, key in enumerate(("was", "now"), 1)]  # fmt: skip
    told = show_revisions({"title": "Title", "published_at": "2025-02-01T09:00:00Z"}, texts).splitlines()
    assert told[told.index("revision 2, read 2025-02-02 10:00 UTC: what changed:") + 1 :] == case["lines"]


def test_a_hostile_paragraph_is_compared_in_no_time():
    texts = [{"number": 1, "text": "a b " * 100_000}, {"number": 2, "text": "a c " * 100_000}]
    assert "\n+ a c" in show_revisions({"title": "T"}, texts)


DEALS = [
    {"deal_id": "d1", "date": "2025-02-03", "date_precision": "day", "type": "debt", "target": "A", "investors": ["B"],
     "amount_usd": 10_000_000, "currency": "USD", "round": None},
    {"deal_id": "d2", "date": "2025-02-09", "date_precision": "day", "type": "ipo", "target": "B", "investors": ["B"],
     "amount_usd": 30_000_000.5, "currency": "EUR", "round": "Seed"},
    {"deal_id": "d3", "date": "2024-01-01", "date_precision": "year", "type": "ipo", "target": None, "investors": [],
     "amount_usd": None, "currency": None, "round": None},
]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("month", [("2024", 1, None), ("2025-02", 2, Decimal("40000000.5"))]),
        ("quarter", [("2024", 1, None), ("2025-Q1", 2, Decimal("40000000.5"))]),
        ("company", [("B", 2, Decimal("40000000.5")), ("A", 1, Decimal(10_000_000))]),
        ("investor", [("B", 2, Decimal("40000000.5"))]),
        ("type", [("ipo", 2, Decimal("30000000.5")), ("debt", 1, Decimal(10_000_000))]),
        ("round", [("Seed", 1, Decimal("30000000.5"))]),
        ("currency", [("EUR", 1, Decimal("30000000.5")), ("USD", 1, Decimal(10_000_000))]),
    ],
)
def test_groups_add_up(by, expected):
    groups = group_rows(DEALS, by)
    assert [(group["group"], group["deals"], group["sum_usd"]) for group in groups] == expected
    assert set(GROUPINGS) == {"month", "quarter", "company", "investor", "type", "round", "currency"}


def test_bars_show_the_share_of_the_largest_sum():
    shown = with_bars(group_rows(DEALS, "type"))
    assert (shown[0]["share"], shown[1]["share"]) == ("█" * 20, "█" * 7)
    assert (shown[0]["sum"], shown[0]["median"], shown[0]["largest_deal"]) == ("$30m", "$30m", "d2")
    assert with_bars([]) == []


@given(st.text(max_size=60), st.integers(0, 70), st.integers(0, 70), st.booleans())
def test_no_text_and_no_span_makes_a_view_fail_or_emit_control_bytes(text, start, end, color):
    part = replace(CLAIM, target=Party("x", text), evidence=(Evidence("amount", start, end, text),))
    quote = Quote(start, end, text, "direct", text, speaker_org=text)
    found = Extraction(text, text, "en", claims=(part,), quotes=(quote,))
    shown = show_story(found, width=80)
    deal = deal_object({"target": text}, replace(DEAL, claims=(part,)), [], [{"quote": text}])
    shown += show_deal(deal, explain=True)
    shown += show_article({"title": text, "text": text, "url": text, "source": text})
    shown.encode("utf-8")
    assert {c for c in shown if unicodedata.category(c) == "Cc"} <= {"\n", "\t"}
    show_story(found, width=80, color=color)
