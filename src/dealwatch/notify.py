"""Telling changes to the outside: a command of the user's gets them, one JSON object a line, on its standard input."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from dealwatch.errors import DealwatchError

DEADLINE = 60.0  # seconds that the command may take; a cron job must end


def run_command(command: Sequence[str], lines: Sequence[str]) -> None:
    """Hand the lines to a command (no shell, its output left alone); nothing where there are none.

    Raises DealwatchError where the command cannot start, fails or takes longer than a minute.
    """
    if not lines:
        return
    text = "".join(f"{line}\n" for line in lines)
    try:
        subprocess.run(command, input=text, encoding="utf-8", timeout=DEADLINE, check=True)
    except FileNotFoundError:
        raise DealwatchError(f"[notify] command: no program {command[0]!r}", "give its whole path") from None
    except OSError as error:
        raise DealwatchError(f"[notify] command: {error.strerror}", "is it executable?") from error
    except subprocess.TimeoutExpired:
        raise DealwatchError(f"[notify] command took over {DEADLINE:g} s", "let it work in the background") from None
    except subprocess.CalledProcessError as error:
        raise DealwatchError(f"[notify] command: exit code {error.returncode}", "see what it printed") from None
