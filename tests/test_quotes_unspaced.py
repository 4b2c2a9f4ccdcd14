"""Quotes where words are not parted by spaces: Chinese and Japanese, by their marks, verbs and particles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counting import count_work
from dealwatch.lang import load
from dealwatch.parser import extract
from dealwatch.parser.quotes import find_quotes
from dealwatch.parser.text import read_document

DATA = Path(__file__).parent / "data" / "quotes"
PIECES = st.sampled_from([
    "“", "”", '"', "「", "」", "『", "』", "《", "》", "。", "，", "、", "：", "\n", "陈立", "表示", "说", "他",
    "该公司", "首席执行官", "马丁·霍尔特", "的", "在", "据", "田中健一", "氏", "社長", "は", "と", "述べた",
    "によると", "同社", "NovaMind", "次のように",
])  # fmt: skip
HOSTILE = [
    "“", "“a”", "「", "「あ」", "『", "说", "说：“", "表示：“好。”", "述べた", "「需要」と", "氏は", "的", "·王",
    "の", "《", "，", "同氏は「需要は強い」と述べた。", "他说：“我们很好。”",
]  # fmt: skip


def rows():
    lines = [line for lang in ("zh", "ja") for line in (DATA / f"{lang}.jsonl").read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def read(text, lang):
    return find_quotes(read_document(text, load(lang), has_title=False), (), ())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"][:40])
def test_rows(row):
    assert [[q.text, q.speaker] for q in read(row["text"], row["lang"])] == row["quotes"]


def test_title_and_house_stand_apart_from_the_name():
    (found,) = read("云帆科技首席执行官陈立周二表示：“订单已经排到明年。”", "zh")
    assert (found.speaker, found.speaker_title, found.speaker_org) == ("陈立", "首席执行官", "云帆科技")
    (found,) = read("ノヴァ工業の田中健一社長は「需要は強い」と話した。", "ja")
    assert (found.speaker, found.speaker_title, found.speaker_org) == ("田中健一", "社長", "ノヴァ工業")


def test_an_unclosed_quote_says_so():
    (found,) = read("陈立说：“谈判还在继续。", "zh")
    assert (found.text, found.closed) == ("谈判还在继续。", False)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["zh", "ja"]))
def test_spans_match_and_stand_apart(text, lang):
    end = 0
    for quote in read(text, lang):
        assert text[quote.start : quote.end] == quote.text
        assert quote.start >= end
        assert (quote.mention_start is None) == (quote.mention_end is None)
        end = quote.end


def work(text, lang):
    """Calls and returns while the quotes of a text are found."""
    document = read_document(text, load(lang), has_title=False)
    return count_work(lambda: find_quotes(document, (), ()))


@pytest.mark.parametrize("lang", ["zh", "ja"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_with_the_text(piece, lang):
    work(piece * 3, lang)
    small, large = work(piece * (2_000 // len(piece)), lang), work(piece * (20_000 // len(piece)), lang)
    assert large <= 12 * small + 20_000


@pytest.mark.parametrize(("lang", "text"), [
    ("zh", "OpenAI首席执行官阿尔特曼表示：“我们将继续投资。”"),
    ("ja", "OpenAIのアルトマンCEOは「投資を続ける」と話した。"),
])  # fmt: skip
def test_a_house_that_the_register_knows_has_its_id(lang, text):
    (quote,) = extract(text, lang=lang, has_title=False).quotes
    assert (quote.speaker_org, quote.speaker_id) == ("OpenAI", "openai")
