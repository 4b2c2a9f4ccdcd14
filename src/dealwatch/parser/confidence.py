"""How sure a deal is: the share of deals told like it that were right on the labelled stories."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dealwatch.model import Company
from dealwatch.parser.drafts import Draft

# Odds in natural logarithms, added up. Fitted on 274 deals of the development stories by logistic regression and
# rounded; the base is a little lower than fitted, since other news is harder. `bench/reliability.py` shows what comes
# of them.
_BASE = 0.45
_WEIGHTS = {
    "headline": 0.8,  # told in the headline
    "both": 1.1,  # who gives and who receives are named
    "often": 0.6,  # three phrases and more tell it
    "again": 0.4,  # four and more
    "inferred": -0.5,  # the receiver is only the company that the story is about
    "background": -0.5,
    "plan": -1.6,  # one's own spending: what for and where is told in too many ways
    "lead": 0.5,
    "valuation": 0.5,
    "round": 0.6,
    "firm": 0.5,  # the words say how far it is
}
_LEAST, _MOST = 0.05, 0.98


def weigh_deal(draft: Draft, investors: Sequence[Company]) -> float:
    """A number from 0.05 to 0.98: of deals with 0.9, about nine in ten have type, receiver, sum and status right."""
    signs = {
        "headline": draft.title,
        "both": bool(draft.target and investors),
        "often": draft.frames >= 3,
        "again": draft.frames >= 4,
        "inferred": draft.inferred,
        "background": draft.background,
        "plan": draft.type == "capex",
        "lead": bool(draft.lead),
        "valuation": draft.valuation is not None,
        "round": draft.round is not None,
        "firm": not draft.background and any(outright for _, outright in draft.statuses),
    }
    odds = _BASE + sum(_WEIGHTS[name] for name, told in signs.items() if told)
    return round(min(_MOST, max(_LEAST, 1 / (1 + math.exp(-odds)))), 2)
