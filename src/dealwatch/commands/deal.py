"""``dealwatch deal ID``: one deal whole."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.changes import history
from dealwatch.commands.filters import until_of
from dealwatch.commands.options import Option
from dealwatch.commands.session import Session
from dealwatch.present.cells import dump_json
from dealwatch.present.deal import deal_object, history_rows, show_deal

EXAMPLE = "dealwatch deal d4f2kq7xw3a --explain"
OPTIONS = (
    Option(("--as-of",), "As it was known at that time.", "WHEN"),
    Option(("--json",), "Print one object."),
)


def run(
    ctx: typer.Context,
    deal_id: Annotated[
        str, typer.Argument(metavar="ID", help="Its id, as `dealwatch deals` lists it, or the beginning of it.")
    ],
    explain: Annotated[bool, typer.Option("--explain", help="Show every claim, and why it tells this deal.")] = False,
) -> int:
    """Show one deal: its facts with their sentences, its history, the quotes about it."""
    session: Session = ctx.find_root().obj
    as_of = until_of(session, "as_of")
    with session.store() as store:
        deal_id = store.whole_id("deal", deal_id)
        deal = store.deal(deal_id, as_of)
        if deal.id != deal_id:
            session.say(f"{deal_id} is now part of {deal.id}")
        edited = store.edited_claims(deal, as_of)
        told = history_rows(deal, history(deal, store.usd, edited, store.names()), [claim for claim, _ in edited])
        names = store.other_names(deal.target.id) if deal.target else []
        shown = deal_object(
            store.deal_row(deal), deal, told, store.quotes(about=deal, until=as_of), store.relations(deal), names
        )
    if session.flag("json"):
        session.write([dump_json(shown, indent=1), "\n"])
    else:
        session.write([show_deal(shown, explain=explain, width=session.width, color=session.color)])
    return 0
