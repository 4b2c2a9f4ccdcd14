"""What the commands of judgements share: a deal's claims by its id, and writing a judgement with its note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dealwatch.commands.session import Session
from dealwatch.present.cells import dump_json

if TYPE_CHECKING:
    from dealwatch.store.writing import Verb


def keys_of(session: Session, deal_id: str) -> tuple[str, list[str], dict[str, list[str]]]:
    """A deal's present id, the keys of its claims, and those by their articles; raises NotFound."""
    with session.store() as store:
        deal = store.deal(store.whole_id("deal", deal_id))
    by_article: dict[str, list[str]] = {}
    for claim in deal.claims:
        if claim.origin:
            by_article.setdefault(claim.origin.article_id, []).append(claim.key)
    return deal.id, [claim.key for claim in deal.claims], by_article


def judge(session: Session, verb: Verb, claims: Sequence[str]) -> None:
    """Write a judgement with the note that was given, and say how to take it back."""
    from dealwatch.parser import VERSION
    from dealwatch.store.writing import Writer

    with Writer(session.store_path, parser=VERSION, now=session.now) as writer:
        made = writer.judge(verb, list(dict.fromkeys(claims)), session.text("note") or "")
    if session.flag("json"):
        session.write([dump_json({"judgement": made.id, "verb": verb, "claims": list(made.claims)}), "\n"])
    else:
        session.say(f"judgement {made.id}: {verb}; `dealwatch judgements undo {made.id}` takes it back")
