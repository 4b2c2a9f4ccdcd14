"""``dealwatch split ID --articles ...``: some of a deal's stories tell another deal."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

import typer

from dealwatch.commands.judging import judge, keys_of
from dealwatch.commands.options import NOTE
from dealwatch.commands.session import Session
from dealwatch.errors import UsageError

EXAMPLE = "dealwatch split d4f2kq7xw3a --articles a4f2kq7xw3a aqz5t2mb6yc"
OPTIONS = NOTE
_LEAST = 4  # letters of an id that may stand for the whole


def run(
    ctx: typer.Context,
    deal: Annotated[str, typer.Argument(metavar="ID", help="The deal that is two: its id, or its beginning.")],
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
    stories = [_story(one, deal, by_article) for one in wanted]
    chosen = [key for one in dict.fromkeys(stories) for key in by_article[one]]
    if len(chosen) == len(keys):
        raise UsageError("these are all its articles: nothing would be left", "name those of the other deal alone")
    judge(session, "split", chosen)
    return 0


def _story(begun: str, deal: str, stories: Collection[str]) -> str:
    """The one of a deal's articles whose id begins so; UsageError where none does, or several."""
    found = [one for one in sorted(stories) if one.startswith(begun)] if len(begun) >= _LEAST else []
    if len(found) > 1:
        raise UsageError(f"{begun} is the beginning of several ids", f"which of {', '.join(found[:6])}?")
    if not found:
        hint = f"`dealwatch deal {deal} --json` lists its claims with their article_id"
        raise UsageError(f"{begun} tells nothing of deal {deal}", hint)
    return found[0]
