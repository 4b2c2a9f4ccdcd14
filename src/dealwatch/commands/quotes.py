"""``dealwatch quotes``: who said what."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.filters import say_unknown_names, say_unknown_speaker, say_unknown_words, since_of, until_of
from dealwatch.commands.options import LIMIT, ORIGIN, OUTPUT, PERIOD, SORT, Option
from dealwatch.commands.session import Session
from dealwatch.present import QUOTES

EXAMPLE = 'dealwatch quotes --speaker "Satya Nadella" --since 2023'
OPTIONS = (
    Option(("--company",), "By people who speak for this company, or by itself.", "NAME"),
    *PERIOD,
    *ORIGIN,
    *SORT,
    *LIMIT,
    *OUTPUT,
)


def run(
    ctx: typer.Context,
    speaker: Annotated[str, typer.Option(metavar="NAME", help="By this person: full name or surname.")] = "",
    about: Annotated[str, typer.Option(metavar="DEAL", help="From the stories of this deal, or on this company.")] = "",
    search: Annotated[str, typer.Option(metavar="WORDS", help="With all these words; no accent or case counts.")] = "",
) -> int:
    """List quotes with their speakers, newest first."""
    session: Session = ctx.find_root().obj
    since, until, limit = since_of(session), until_of(session), session.limit
    session.check(QUOTES)
    with session.store() as store:
        rows = store.quotes(
            speaker=speaker or None, company=session.text("company"), about=about or None, search=search or None,
            since=since, until=until, source=session.text("source"), lang=session.text("lang"), limit=limit,
        )  # fmt: skip
        if not rows:
            say_unknown_names(session, store, "company")
            say_unknown_words(session, store)
            if speaker:
                say_unknown_speaker(session, store, speaker)
    session.show(rows, QUOTES)
    return 0
