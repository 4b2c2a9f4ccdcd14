"""``dealwatch alias NAME COMPANY``: two names of deals' parties are one company."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.app import suggest
from dealwatch.commands.judging import judge
from dealwatch.commands.options import NOTE
from dealwatch.commands.session import Session
from dealwatch.companies.fold import company_id
from dealwatch.errors import NotFound, UsageError
from dealwatch.store import Store

EXAMPLE = 'dealwatch alias "Lumisel" "Orelis"'
OPTIONS = NOTE


def run(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name that means another company.")],
    company: Annotated[
        str, typer.Argument(metavar="COMPANY", help="The company: its present name, or the beginning of its id.")
    ],
) -> int:
    """Make two names one company for the deals.

    What is told of either is held against the other, and both names find all of its deals. For the parser to know it,
    put it into your register.
    """
    session: Session = ctx.find_root().obj
    with session.store() as store:
        one, other = _id(store, name), _id(store, company, must_be_known=True)
    if one == other:
        raise UsageError(f"{name} and {company} are one company as it is", "`dealwatch companies show` tells its names")
    judge(session, "alias", [one, other])
    return 0


def _id(store: Store, name: str, *, must_be_known: bool = False) -> str:
    """The id under which stories know a name."""
    own = company_id(name)
    ids = store.company_ids(name) or (store.company_ids(store.whole_id("company", name)) if must_be_known else ())
    if own in ids or not ids:
        if must_be_known and not ids:
            near = suggest(name, store.company_names())
            raise NotFound(f"no company {name[:60]!r}", near or "`dealwatch companies` lists those that articles named")
        return own
    return name if name in ids else ids[0]
