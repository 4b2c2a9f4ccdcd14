"""``dealwatch split ID --articles ...``: some of a deal's stories tell another deal."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.judging import judge, keys_of
from dealwatch.commands.options import NOTE
from dealwatch.commands.session import Session
from dealwatch.errors import UsageError

EXAMPLE = "dealwatch split d4f2kq7xw3a --articles a4f2kq7xw3a aqz5t2mb6yc"
OPTIONS = NOTE


def run(
    ctx: typer.Context,
    deal: Annotated[str, typer.Argument(metavar="ID", help="The deal that is two.")],
    articles: Annotated[
        list[str], typer.Option("--articles", metavar="ID", help="The articles that tell the other deal.")
    ],
    more: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="More such articles.")] = None,
) -> int:
    """Part a deal: some of its articles tell another one.

    What they tell is a deal of its own, whatever else it shares with the first.
    """
    session: Session = ctx.find_root().obj
    wanted = [one for part in (*articles, *(more or ())) for one in part.replace(",", " ").split()]
    _, keys, by_article = keys_of(session, deal)
    unknown = [one for one in wanted if one not in by_article]
    if unknown:
        hint = f"`dealwatch deal {deal} --explain` lists its stories"
        raise UsageError(f"{unknown[0]} tells nothing of deal {deal}", hint)
    chosen = [key for one in dict.fromkeys(wanted) for key in by_article[one]]
    if len(chosen) == len(keys):
        raise UsageError("these are all its articles: nothing would be left", "name those of the other deal alone")
    judge(session, "split", chosen)
    return 0
