"""How sure a deal is: the plainer it is told, the surer; and never quite sure, nor quite unsure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.model import Company
from dealwatch.parser import extract
from dealwatch.parser.confidence import weigh_deal
from dealwatch.parser.drafts import Draft

PUBLISHED = datetime(2025, 3, 12, 9, tzinfo=UTC)
PLAIN = (
    "Quillon raises $45m\n\n"
    "Quillon, a Denver startup, has raised $45 million in a Series B round led by Harrow Ventures, "
    "which values it at $320 million. The round was joined by Nine Elms Capital."
)
BARE = "Notes\n\nQuillon, a Denver startup, has raised $45 million."
PLAN = "Notes\n\nQuillon Cloud will spend $45 million on a campus in Ohio."


def sure(text: str) -> float:
    return extract(text, lang="en", published=PUBLISHED).claims[0].confidence


def test_the_plainer_the_surer() -> None:
    assert sure(PLAIN) >= 0.9
    assert sure(PLAIN) > sure(BARE) > sure(PLAN)


PARTS = {"title": True, "inferred": True, "background": True, "round": "Seed"}


@given(st.sets(st.sampled_from(sorted(PARTS))), st.integers(0, 9), st.booleans())
def test_it_stays_between(parts: set[str], frames: int, both: bool) -> None:
    one, other = Company("a", "A"), Company("b", "B")
    draft = Draft("funding_round", False, 0, 0, 1, target=one, frames=frames, **{part: PARTS[part] for part in parts})
    assert 0.05 <= weigh_deal(draft, [other] if both else []) <= 0.98


@pytest.mark.parametrize("part", ["inferred", "background", "relative"])
def test_doubt_lowers_it(part: str) -> None:
    plain = Draft("funding_round", False, 0, 0, 1, target=Company("a", "A"))
    doubtful = Draft("funding_round", False, 0, 0, 1, target=Company("a", "A"), **{part: True})
    assert weigh_deal(doubtful, []) < weigh_deal(plain, [])


def test_what_is_missing_lowers_it() -> None:
    target, giver = Company("a", "A"), Company("b", "B")
    bare = Draft("investment", False, 0, 0, 1, target=target)
    told = Draft("investment", False, 0, 0, 1, target=target, stake=10.0)
    assert weigh_deal(bare, []) < weigh_deal(bare, [giver]) < weigh_deal(told, [giver])
