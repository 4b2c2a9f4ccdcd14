"""The sample pages and single sentences through the whole parser: one test a field, known failures strict.

`tests/data/golden/known.toml` names what is not read right yet, with the reason; what starts to work fails here until
its line goes.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from dealwatch import extract
from dealwatch.companies import fold
from dealwatch.config import load_config
from dealwatch.model import Claim, Extraction, Money, Source
from dealwatch.pipeline.tasks import read_page_document
from make_site import GOLDEN, SITE, money

ANSWERS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}
SENTENCES = tomllib.loads((GOLDEN / "sentences.toml").read_text("utf-8"))["sentence"]
KNOWN: Mapping[str, str] = tomllib.loads((GOLDEN / "known.toml").read_text("utf-8"))
DEPECHE = Source("Dépêche", "html", "", selectors={"body": "div.texte", "remove": "div.encart", "title": "h1.titre"})


@cache
def read(story: str) -> Extraction:
    """The page as a fetch would read it."""
    page = ANSWERS[story]["page"]
    source = DEPECHE if page.startswith("depeche") else None
    return read_page_document((SITE / page).read_bytes(), "", None, source, None).extraction


def known(name: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=KNOWN[name], strict=True)] if name in KNOWN else []


# -- what a field is, told and found ---------------------------------------------------------------------------------


def sum_of(value: Money | Mapping[str, Any] | None) -> tuple[object, ...] | None:
    if value is None:
        return None
    if isinstance(value, Money):
        return value.currency, value.qualifier, *(None if v is None else float(v) for v in (value.low, value.high))
    ends = (None if value[key] is None else float(value[key]) for key in ("low", "high"))
    return value["currency"], value["qualifier"], *ends


def names(told: str) -> frozenset[str]:
    return frozenset(fold(name) for name in told.split("|"))


def same_party(told: str | None, found: str | None) -> bool:
    return found is None if told is None else found is not None and fold(found) in names(told)


def same_parties(told: list[str], found: list[str]) -> bool:
    return len(told) == len(found) and all(any(same_party(one, other) for other in found) for one in told)


def same_deal(told: Mapping[str, Any], found: Claim) -> bool:
    """The same kind of deal of the same parties, at the same stage, for the same sum."""
    target = found.target.name if found.target else None
    return (
        found.type == told["type"] and found.status == told["status"] and found.main == told["main"]
        and (told["type"] in ("capex", "joint_venture") or same_party(told["target"], target))
        and same_parties(told["investors"], [party.name for party in found.investors])
        and sum_of(told["amount"]) == sum_of(found.amount)
    )  # fmt: skip


def check_deals(story: str) -> None:
    told, found = ANSWERS[story]["deals"], list(read(story).claims)
    for deal in told:
        match = next((claim for claim in found if same_deal(deal, claim)), None)
        assert match, f"missed: {deal}"
        found.remove(match)
    assert not found, "claimed, and not told"


def in_standfirst(story: str, start: int) -> bool:
    """Whether an offset lies in the page's standfirst, which repeats the story and has no answers of its own."""
    parts, own = read(story).text.split("\n\n"), set(ANSWERS[story]["text"].split("\n\n"))
    begin = len(parts[0]) + 2
    return parts[1] not in own and begin <= start < begin + len(parts[1])


def check_amounts(story: str) -> None:
    told = sorted((a["text"], sum_of(a)) for a in ANSWERS[story]["amounts"])
    found = [a for a in read(story).amounts if not in_standfirst(story, a.start)]
    assert sorted((a.text, sum_of(a.money)) for a in found) == told


def check_quotes(story: str) -> None:
    told = [(q["text"], q["speaker"]) for q in ANSWERS[story]["quotes"]]
    found = [(q.text, q.speaker) for q in read(story).quotes]
    assert [text for text, _ in found] == [text for text, _ in told]
    assert all(same_party(one, other) for (_, one), (_, other) in zip(told, found, strict=True)), found


def check_companies(story: str) -> None:
    found = [company.name for company in read(story).companies]
    missed = [one for one in ANSWERS[story]["companies"] if not any(same_party(one, name) for name in found)]
    assert not missed


FIELDS = {"deals": check_deals, "amounts": check_amounts, "quotes": check_quotes, "companies": check_companies}
CASES = [
    pytest.param(story, field, id=f"{story}/{field}", marks=known(f"{story}/{field}"))
    for story in ANSWERS
    for field in FIELDS
]


@pytest.mark.parametrize(("story", "field"), CASES)
def test_a_page_says_what_a_reader_finds(story: str, field: str) -> None:
    FIELDS[field](story)


def test_pages_keep_spans_evidence_and_dates() -> None:
    for story, answer in ANSWERS.items():
        found = read(story)
        for part in (*found.amounts, *found.quotes):
            assert found.text[part.start : part.end] == part.text
        for claim in found.claims:
            filled = {"target": claim.target, "investor": claim.investors, "amount": claim.amount, "round": claim.round,
                      "valuation": claim.valuation, "stake_pct": claim.stake_pct}  # fmt: skip
            assert {slot for slot, value in filled.items() if value} <= {e.field for e in claim.evidence}
            assert all(found.text[e.start : e.end] and e.sentence in found.text for e in claim.evidence)
        assert found.published
        assert found.published.date() == datetime.fromisoformat(answer["published"]).date()


@pytest.mark.parametrize(
    "number", [pytest.param(n, id=f"sentence/{n}", marks=known(f"sentence/{n}")) for n in range(len(SENTENCES))]
)
def test_a_sentence_tells_its_deal(number: int) -> None:
    row = SENTENCES[number]
    found = [claim for claim in extract(row["text"], lang=row["lang"], has_title=False).claims if claim.main]
    if "type" not in row:
        assert not found
        return
    told = {"main": True, "amount": money(row["amount"]) if row.get("amount") else None, "target": None, **row}
    told["amount"] = money(row["amount"]) if row.get("amount") else None
    assert [same_deal(told, claim) for claim in found] == [True], found


def test_known_failures_name_tests() -> None:
    tests = {f"{story}/{field}" for story in ANSWERS for field in FIELDS}
    assert set(KNOWN) <= tests | {f"sentence/{number}" for number in range(len(SENTENCES))}


def test_the_depeche_is_read_as_the_demo_reads_it(tmp_path: Any) -> None:
    text = (SITE.parent / "demo.toml").read_text("utf-8")
    host = "127.0.0.1:9"
    (tmp_path / "c.toml").write_text(text.format(base=f"http://{host}", host=host, store="x"), "utf-8")
    sources = {source.name: source for source in load_config(tmp_path / "c.toml", {}).sources}
    wanted = dict(sources["La Dépêche des Modèles"].selectors)
    assert DEPECHE.selectors == {key: wanted[key] for key in DEPECHE.selectors}
