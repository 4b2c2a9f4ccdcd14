"""A question to the person at the terminal."""

from __future__ import annotations

import sys
from typing import TextIO

from dealwatch.commands.session import Session
from dealwatch.commands.words import one_line

_YES = frozenset({"", "y", "yes"})


def confirm(session: Session, question: str, answers: TextIO | None = None) -> bool:
    """Whether the person says yes (Enter is yes); nobody is asked where nobody sits at a terminal."""
    answers = answers or sys.stdin
    if not (answers.isatty() and session.err.isatty()):
        return True
    session.err.write(f"{one_line(question)} [Y/n] ")
    session.err.flush()
    answer = answers.readline()
    if not answer:  # Ctrl-D
        session.err.write("\n")
        return False
    return answer.strip().lower() in _YES
