"""From what a user typed to what the store is asked: sums, choices, dates, and the query over deals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from dealwatch.commands.app import suggest
from dealwatch.commands.session import Session
from dealwatch.errors import UsageError
from dealwatch.store import DealQuery, Store

_SUM = r"(\d{1,15}(?:\.\d{1,6})?)\s?(k|m|mn|b|bn|t|tn)?"
_SCALES = {"k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "t": 12, "tn": 12}


def parse_sum(text: str, option: str) -> Decimal:
    """The number that "500m", "1.5bn" or "1,000,000" stands for.

    >>> parse_sum("1.5bn", "--min")
    Decimal('1500000000.0')
    """
    match = re.fullmatch(_SUM, text.strip().lower().replace(",", "").replace("_", ""), re.ASCII)
    if match is None:
        hint = "write 500m, 1.5bn or 1000000; --currency says in which currency"
        raise UsageError(f"{option} cannot read the sum {text[:40]!r}", hint)
    return Decimal(match[1]) * Decimal(10) ** _SCALES.get(match[2] or "", 0)


def choose(text: str, known: Sequence[str], what: str) -> str:
    """The one of some words that was meant, however it was spelled ("funding-round"); UsageError where none was."""
    word = text.strip().lower().replace("-", "_").replace(" ", "_")
    if word in known:
        return word
    near = suggest(word, known)
    raise UsageError(f"unknown {what} {text[:40]!r}", f"{near} {'one of ' + ', '.join(known)}".strip())


def any_topic(session: Session) -> bool:
    """Whether --topic asks for deals of all industries."""
    return choose(session.text("topic") or "ai", ("ai", "any"), "topic") == "any"


def since_of(session: Session) -> datetime | None:
    """The start that --since names."""
    text = session.text("since")
    if not text:
        return None
    from dealwatch.dates import parse_since  # its patterns cost every start 2 ms

    return parse_since(text, session.now)


def until_of(session: Session, key: str = "until") -> datetime | None:
    """The inclusive end that --until (or --as-of) names; UsageError for one before --since.

    The empty list of a period that ends before it begins would be read as "nothing happened".
    """
    text = session.text(key)
    if not text:
        return None
    from dealwatch.dates import parse_until

    until = parse_until(text, session.now)
    since = since_of(session) if key == "until" else None
    if since and since > until:
        raise UsageError("--since is later than --until", "write the earlier time first")
    return until


def _sum_of(session: Session, key: str) -> Decimal | None:
    text = session.text(key)
    return parse_sum(text, f"--{key}") if text else None


def _choices(session: Session, key: str) -> tuple[str, ...]:
    texts = session.texts(key)
    if not texts:
        return ()
    from dealwatch.model import DEAL_TYPES, STATUSES  # 16 ms of dataclasses

    known = {"type": DEAL_TYPES, "status": STATUSES}[key]
    return tuple(choose(text, known, key) for text in texts)


def deal_query(session: Session, *, sort: str = "date", review: bool = False) -> DealQuery:
    """The query over deals that the options ask for; UsageError for what cannot be meant."""
    since, until = since_of(session), until_of(session)
    minimum, maximum = _sum_of(session, "min"), _sum_of(session, "max")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise UsageError("--min is more than --max", "no deal can be both")
    return DealQuery(
        company=session.text("company"), investor=session.text("investor"), target=session.text("target"),
        types=_choices(session, "type"), statuses=_choices(session, "status"),
        round=session.text("round"), currency=session.text("currency"), minimum=minimum,
        maximum=maximum, since=since.date() if since else None, until=until.date() if until else None,
        lang=session.text("lang"), source=session.text("source"), any_topic=any_topic(session), review=review,
        sort=sort, limit=session.number("limit"),
    )  # fmt: skip


def say_unknown_names(session: Session, store: Store, *keys: str) -> None:
    """Say which company of the options nothing in the store is called, with the nearest name."""
    for key in keys:
        name = session.text(key)
        if name and not store.company_ids(name):
            session.say(f"nothing in the store is called {name!r}. {suggest(name, store.company_names())}".strip())


def say_unknown_words(session: Session, store: Store) -> None:
    """Say which source, language, currency or round of the options nothing in the store has, with the nearest one."""
    for key, what in (("source", "source"), ("lang", "language"), ("currency", "currency"), ("round", "round")):
        word = session.text(key)
        known = store.words(key) if word else []
        if word and word.casefold() not in {name.casefold() for name in known}:
            near = suggest(word, known) or (f"there is {', '.join(known[:12])}" if 0 < len(known) <= 12 else "")
            session.say(f"nothing in the store has the {what} {word!r}. {near}".strip())


def say_unknown_speaker(session: Session, store: Store, name: str) -> None:
    """Say that nobody of that name is quoted, with the nearest of the names and surnames that are."""
    if store.quotes(speaker=name, limit=1):
        return
    names = store.speaker_names()
    surnames = {full.rpartition(" ")[2]: full for full in names}
    near = suggest(name, [*names, *surnames])
    session.say(f"nobody in the store is quoted as {name!r}. {near}".strip())
