"""``dealwatch articles``: what was read."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.filters import choose, say_unknown_names, say_unknown_words, since_of, until_of
from dealwatch.commands.options import LIMIT, ORIGIN, OUTPUT, PERIOD, SORT, Option
from dealwatch.commands.session import Session
from dealwatch.present import ARTICLES

EXAMPLE = "dealwatch articles --company OpenAI --since 30d"
OPTIONS = (
    Option(("--company",), "That name this company.", "NAME"),
    *PERIOD,
    *ORIGIN,
    Option(("--topic",), "any (unless said otherwise) or ai.", "TOPIC"),
    *SORT,
    *LIMIT,
    *OUTPUT,
)


def run(
    ctx: typer.Context,
    search: Annotated[str, typer.Option(metavar="WORDS", help="With these words in title or text.")] = "",
) -> int:
    """List articles, newest first."""
    session: Session = ctx.find_root().obj
    topic = choose(session.text("topic") or "any", ("any", "ai"), "topic")
    since, until, limit = since_of(session), until_of(session), session.limit
    session.check(ARTICLES)
    with session.store() as store:
        rows = store.articles(
            company=session.text("company"), search=search or None, since=since, until=until,
            source=session.text("source"), lang=session.text("lang"), any_topic=topic == "any", limit=limit,
        )  # fmt: skip
        if not rows:
            say_unknown_names(session, store, "company")
            say_unknown_words(session, store)
    session.show(rows, ARTICLES)
    return 0
