"""``dealwatch deals``: the list of deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from dealwatch.commands.filters import choose, deal_query, say_unknown_names, say_unknown_words, until_of
from dealwatch.commands.options import DEALS, LIMIT, OUTPUT
from dealwatch.commands.session import Session
from dealwatch.errors import UsageError
from dealwatch.present import DEALS as LISTING
from dealwatch.present import GROUPS, Row
from dealwatch.present.columns import REVIEW

EXAMPLE = "dealwatch deals --company Microsoft --since 2023 --min 500m"
OPTIONS = (*DEALS, *LIMIT, *OUTPUT)


def run(
    ctx: typer.Context,
    sort: Annotated[str, typer.Option(metavar="COLUMN", help="The column to sort by; -COLUMN the other way.")] = "date",
    group_by: Annotated[
        str,
        typer.Option(metavar="KEY", help="Add up by month, quarter, company, investor, type, round or currency."),
    ] = "",
    review: Annotated[bool, typer.Option("--review", help="Pairs of deals that may be one, with both sides.")] = False,
) -> int:
    """List deals, newest first."""
    session: Session = ctx.find_root().obj
    query, as_of = deal_query(session, sort=sort, review=review), until_of(session, "as_of")
    if review and group_by:
        raise UsageError("--review lists pairs, which do not add up", "leave out --group-by, or --review")
    session.check(GROUPS if group_by else REVIEW if review else LISTING)
    with session.store() as store:
        if review:
            session.show(store.review(replace(query, limit=None), as_of)[: query.limit], REVIEW)
            return 0
        rows = store.deals(replace(query, limit=None) if group_by else query, as_of)
        if not rows:
            say_unknown_names(session, store, "company", "investor", "target")
            say_unknown_words(session, store)
            if not query.any_topic and store.deals(replace(query, any_topic=True, limit=1), as_of):
                session.say("there are such deals outside the AI industry: --topic any shows them")
    if group_by:
        _show_groups(session, rows, group_by)
    else:
        session.show(rows, LISTING)
    return 0


def _show_groups(session: Session, rows: Sequence[Row], by: str) -> None:
    from dealwatch.present.groups import GROUPINGS, group_rows, with_bars

    groups = group_rows(rows, choose(by, tuple(GROUPINGS), "group"))[: session.number("limit")]
    session.show(with_bars(groups), GROUPS)
