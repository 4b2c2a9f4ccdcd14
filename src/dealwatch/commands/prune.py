"""``dealwatch prune``: forgetting old articles that told no deal."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.options import Option
from dealwatch.commands.session import Session
from dealwatch.commands.summary import count
from dealwatch.dates import parse_before
from dealwatch.errors import UsageError
from dealwatch.present.cells import dump_json
from dealwatch.store.values import Row

EXAMPLE = "dealwatch prune --older-than 2y --dry-run"
OPTIONS = (Option(("--json",), "The counts as one object."),)
_FEW_DAYS = 1  # a span below would take what the feeds still hold


def run(
    ctx: typer.Context,
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="WHEN", help="What was published and read before then: 2y, 2023-06.")
    ],
    dry: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and take nothing.")] = False,
    compact: Annotated[bool, typer.Option("--compact", help="Give the freed room back to the disk.")] = False,
) -> int:
    """Forget articles older than that which told no deal, with their quotes.

    Claims stay for ever, and so do the articles and texts that their evidence stands in. The freed room serves new
    articles; --compact gives it back, for which it takes as much room again while it runs.
    """
    session: Session = ctx.find_root().obj
    before = parse_before(older_than, session.now)
    if (session.now - before).days < _FEW_DAYS:
        raise UsageError(f"{older_than} is too near: that would take today's articles", "name a day that has passed")
    if dry:
        with session.store() as store:
            counts = store.count_old(before)
    else:
        from dealwatch.parser import VERSION
        from dealwatch.store.writing import Writer

        with session.store():  # a store that is not there is not made
            pass
        with Writer(session.store_path, parser=VERSION, now=session.now) as writer:
            counts = writer.prune(before, compact=compact)
    if session.flag("json"):
        session.write([dump_json(counts), "\n"])
    else:
        session.say(_line(counts, dry=dry))
    return 0


def _line(counts: Row, *, dry: bool) -> str:
    told = ", ".join(count(int(str(counts[f"{one}s"])), one) for one in ("article", "quote", "text"))
    return f"{'would forget' if dry else 'forgot'} {told}; every claim and its evidence stay"
