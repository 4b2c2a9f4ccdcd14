"""``dealwatch search WORDS``: full text over deals, quotes and articles."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.filters import choose, say_unknown_names, say_unknown_words, since_of, until_of
from dealwatch.commands.options import LIMIT, ORIGIN, OUTPUT, PERIOD, SORT, Option
from dealwatch.commands.session import Session
from dealwatch.errors import UsageError
from dealwatch.present.columns import HITS
from dealwatch.store.searching import KINDS, MOST, SearchQuery, match_of

EXAMPLE = "dealwatch search 'data cent*' --in quotes --since 2023"
OPTIONS = (
    Option(("--company",), "In articles that name this company.", "NAME"), *PERIOD, *ORIGIN, *SORT, *LIMIT, *OUTPUT,
)  # fmt: skip


def run(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help='All of them: levee, "a phrase", cent*.')],
    within: Annotated[
        str, typer.Option("--in", metavar="ROWS", show_default=False, help="deals, quotes or articles only.")
    ] = "",
) -> int:
    """Search deals, quotes and articles, the best first.

    Accents and case do not count; a * ends a beginning. Deals are found by the sentences they were read from.
    """
    session: Session = ctx.find_root().obj
    session.check(HITS)
    sort = session.text("sort") or ""
    sort = sort[:1] + sort[1:].replace("-", "_")
    if sort and session.text("limit") is None:
        session.given["limit"] = str(MOST)
    asked = " ".join(f'"{word}"' if " " in word and '"' not in word and "*" not in word else word for word in words)
    if not match_of(asked):
        raise UsageError("no word to search for", "name a word with a letter or a digit in it")
    kinds = (choose(within.rstrip("s"), KINDS, "kind of rows"),) if within else KINDS
    with session.store() as store:
        name = session.text("company")
        if name and not store.company_ids(name):
            say_unknown_names(session, store, "company")
        rows = store.search(SearchQuery(
            asked, kinds, store.company_ids(name) if name else None, since_of(session), until_of(session),
            session.text("source"), session.text("lang"), session.number("limit") or MOST, sort,
        ))  # fmt: skip
        if not rows:
            say_unknown_words(session, store)
    session.show(rows, HITS)
    return 0
