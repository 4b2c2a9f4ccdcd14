"""Makes the bundled sample site and the golden answers from tests/data/golden/stories/*.toml.

    python tests/make_site.py          # writes both; a test fails when they are stale

A story is written once, with its labels; the pages, the feeds and the offsets follow from it. Any label that does not
hold is named, and nothing is written.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from site_pages import OUTLETS, render_site

ROOT = Path(__file__).parent.parent
SITE = ROOT / "src/dealwatch/data/site"
GOLDEN = ROOT / "tests/data/golden"

KINDS = {"investment", "valuation", "total_raised", "revenue", "price", "other"}
TYPES = {"funding_round", "investment", "acquisition", "ipo", "debt", "grant", "commercial", "joint_venture", "capex"}
STATUSES = {"rumoured", "announced", "completed", "called_off"}
SLOTS = {"type", "investors", "lead", "target", "amount", "valuation", "round", "stake_pct", "status", "date", "main"}
QUALIFIERS = {"": "exact", "~": "approx", ">": "at_least", "<": "at_most", "*": "vague"}
# French sets a no-break space inside guillemets, before high marks and between a number and its unit.
_NO_BREAK = re.compile(r"(?<=«) | (?=[»:;?!%])|(?<=\d) (?=\d{3}\b|millions?\b|milliards?\b|euros?\b|%)")


class BadLabel(ValueError):
    """A label that does not hold; the message says which."""


def number(text: str) -> int | float:
    """The number written so, an integer where it is one."""
    value = float(text)
    return int(value) if value.is_integer() else value


def money(short: str) -> dict[str, Any]:
    """The sum that a short form stands for: "~10e9 USD", "3e8..4e8 EUR", "*1e9 USD"."""
    match = re.fullmatch(r"([~><*]?)([\d.]+?(?:e\d+)?)(?:\.\.([\d.]+(?:e\d+)?))? ([A-Z]{3})", short)
    if not match:
        raise BadLabel(f"no sum of money: {short!r}")
    mark, first, last, currency = match.groups()
    low, high = number(first), number(last or first)
    qualifier = "range" if last else QUALIFIERS[mark]
    if qualifier == "vague":
        return {"currency": currency, "qualifier": qualifier, "low": None, "high": None, "scale": low}
    return {
        "currency": currency,
        "qualifier": qualifier,
        "low": None if mark == "<" else low,
        "high": None if mark == ">" else high,
    }


def deal(short: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """A deal in the full shape from its short form; its parties must stand among `names`."""
    if set(short) - SLOTS or short["type"] not in TYPES or short["status"] not in STATUSES:
        raise BadLabel(f"no deal: {short}")
    target = [short["target"]] if short.get("target") and short["type"] not in {"capex", "joint_venture"} else []
    for party in [*short["investors"], *short.get("lead", ()), *target]:
        if not set(party.split("|")) & names:
            raise BadLabel(f"{party!r} is in a deal but not among the companies")
    return {
        "type": short["type"],
        "investors": short["investors"],
        "lead": short.get("lead", []),
        "target": short.get("target"),
        "amount": money(short["amount"]) if "amount" in short else None,
        "valuation": money(short["valuation"]) if "valuation" in short else None,
        "round": short.get("round"),
        "stake_pct": short.get("stake_pct"),
        "status": short["status"],
        "date": short.get("date"),
        "main": short.get("main", True),
    }


def _places(text: str, labels: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Where each label stands, in the order of the text: no label of a kind overlaps another."""
    at = 0
    for label in labels:
        place = re.compile(r"(?<![\w.,])" + re.escape(label[0]) if label[0][0].isdigit() else re.escape(label[0]))
        match = place.search(text, at)
        if not match:
            raise BadLabel(f"not in the text, or not in this order: {label[0]!r}")
        at = match.end()
        yield match.start(), label


def _split(labels: list[str]) -> list[list[str]]:
    return [label.split(" | ", 2) for label in labels]


def golden(story: dict[str, Any]) -> dict[str, Any]:
    """What a reader should find in a story, offsets counted in its text."""
    plain = "\n\n".join((story["title"], *story["paragraphs"]))
    text = typeset(plain, story["lang"])
    names = {name for company in story["companies"] for name in company.split("|")}
    amounts, quotes = [], []
    for start, (words, short, kind) in _places(plain, _split(story["amounts"])):
        if kind not in KINDS:
            raise BadLabel(f"no kind of amount: {kind!r}")
        end = start + len(words)
        amounts.append({"text": text[start:end], "start": start, "end": end} | money(short) | {"kind": kind})
    for start, (words, *rest) in _places(plain, _split(story["quotes"])):
        speaker, kind = " | ".join(rest).split(" | ")
        if kind not in {"direct", "fragment"}:
            raise BadLabel(f"no kind of quote: {kind!r}")
        end = start + len(words)
        said = {"text": text[start:end], "start": start, "end": end}
        quotes.append(said | {"speaker": None if speaker == "-" else speaker, "kind": kind})
    return {
        "id": story["id"],
        "lang": story["lang"],
        "published": story["published"].isoformat(),
        "page": story["page"],
        "title": typeset(story["title"], story["lang"]),
        "text": text,
        "companies": story["companies"],
        "amounts": amounts,
        "quotes": quotes,
        "deals": [deal(short, names) for short in story["deals"]],
    }


def typeset(text: str, lang: str) -> str:
    """The text with the no-break spaces of its language, as many characters as before."""
    return _NO_BREAK.sub("\N{NO-BREAK SPACE}", text) if lang == "fr" else text


def load_stories() -> list[dict[str, Any]]:
    """Every story, with what its outlet adds."""
    stories = []
    for path in sorted((GOLDEN / "stories").glob("*.toml")):
        outlet = OUTLETS[path.stem]
        for raw in tomllib.loads(path.read_text("utf-8"))["story"]:
            page = f"{path.stem}/{raw['path']}.html"
            paragraphs = raw["body"].strip().split("\n\n")
            when = datetime.fromisoformat(raw["published"])
            stories.append(
                raw
                | {"outlet": path.stem, "lang": outlet.lang, "page": page, "paragraphs": paragraphs, "published": when}
            )
    return stories


def build() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of the site and those of the golden answers, by their relative paths."""
    stories, faults, answers = load_stories(), [], {}
    for story in stories:
        try:
            answers[f"{story['id']}.json"] = (json.dumps(golden(story), ensure_ascii=False, indent=1) + "\n").encode()
        except BadLabel as fault:
            faults.append(f"{story['id']}: {fault}")
    if faults:
        raise BadLabel("\n".join(faults))
    shown = [
        story
        | {key: typeset(story[key], story["lang"]) for key in ("title", "summary")}
        | {"paragraphs": [typeset(paragraph, story["lang"]) for paragraph in story["paragraphs"]]}
        for story in stories
    ]
    return render_site(shown), answers


def main() -> int:
    try:
        site, answers = build()
    except BadLabel as fault:
        print(fault, file=sys.stderr)
        return 1
    for old in (*GOLDEN.glob("*.json"), *(path for path in SITE.rglob("*") if path.is_file())):
        old.unlink()
    for folder, files in ((SITE, site), (GOLDEN, answers)):
        for name, body in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(body)
    print(f"{len(answers)} stories, {len(site)} files, all labels hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
