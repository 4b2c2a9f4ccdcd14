"""Why: in words for people, why a story tells a deal, and why what it told was believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dealwatch.model import Change, Claim

_VOICES = {"party": "a party says so", "press": "a paper reports it", "unnamed": "unnamed sources"}
_RANK = {"unnamed": 0, "press": 1, "party": 2}
_EVIDENCE = {"investors": "investor", "lead_investors": "lead"}


def say_reason(code: str) -> str:
    """A reason of the resolver in words.

    >>> say_reason("investors:ostara, halden"), say_reason("sum"), say_reason("days:3"), say_reason("retold:2023")
    ('it shares ostara, halden', 'the same sum', '3 days after the last news', 'it retells a deal of 2023')
    """
    name, _, value = code.partition(":")
    if name == "sum":
        near = {"near": "a sum within 15 %", "scale": "the same digits under another scale word"}
        return near.get(value, "the same sum")
    if name == "days":
        return "the same day" if value == "0" else f"{value} day{'' if value == '1' else 's'} after the last news"
    words = {
        "investors": "it shares {}", "round": "the same round, {}", "judgement": "a person's merge, judgement {}",
        "tranche": "it pays a part of it", "retold": "it retells a deal of {}" if value else "it retells a deal",
    }  # fmt: skip
    return words.get(name, code).format(value)


def say_reasons(codes: Sequence[str]) -> str:
    """Why a story tells a deal; what begins one needs no reason."""
    return "; ".join(map(say_reason, codes)) or "it begins the deal"


def explain_change(change: Change, claims: Mapping[str, Claim]) -> dict[str, object]:
    """The sentence that brought a change, and why it was believed."""
    claim, before = claims.get(change.claim or ""), claims.get(change.was_claim or "")
    if claim is None:
        return {"sentence": None, "why": None}
    slot = _EVIDENCE.get(change.field or "", change.field or "type")
    told = [part.sentence for part in claim.evidence if part.sentence and part.field == slot]
    told += [part.sentence for part in claim.evidence if part.sentence]
    return {"sentence": told[0] if told else None, "why": _why(change, claim, before)}


def _why(change: Change, claim: Claim, before: Claim | None) -> str:
    parts = [_VOICES[claim.voice]]
    if change.change == "changed" and before is not None and before.key != claim.key:
        if _RANK[claim.voice] > _RANK[before.voice]:
            parts.append("where before " + _VOICES[before.voice])
        elif claim.status == "completed" and before.status != "completed":
            parts.append("at its closing")
        elif claim.origin and before.origin and claim.origin.source == before.origin.source:
            parts.append("the same paper, later")
        else:
            parts.append("later")
    return ", ".join(parts)
