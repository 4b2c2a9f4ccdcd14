"""``dealwatch judgements undo N``: a judgement taken back."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.session import Session

EXAMPLE = "dealwatch judgements undo 3"
OPTIONS = ()


def run(
    ctx: typer.Context, number: Annotated[int, typer.Argument(metavar="N", help="Its number, as the list has it.")]
) -> int:
    """Take a judgement back: its deals are what the stories make of them again."""
    from dealwatch.parser import VERSION
    from dealwatch.store.writing import Writer

    session: Session = ctx.find_root().obj
    with session.store():  # a store that is not there is not made
        pass
    with Writer(session.store_path, parser=VERSION, now=session.now) as writer:
        undone = writer.undo(number)
    session.say(f"undone: judgement {number} ({undone.verb})")
    return 0
