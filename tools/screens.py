"""Draws docs/screen-*.svg: what a terminal of 100 columns shows of the bundled sample site.

    python tools/screens.py

Runs `dealwatch demo` in a folder of its own, then each command as on a terminal, with colours.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dealwatch.__main__ import main as dealwatch
from dealwatch.commands.session import Session
from dealwatch.store import DealQuery, Store

DOCS = Path(__file__).resolve().parent.parent / "docs"
WIDTH = 100


class Terminal(io.StringIO):
    """A stream that takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


def show(line: str, db: Path) -> str:
    """What a terminal shows of a command, with its colours."""
    out = Terminal()
    session = Session(out, out, {"TERM": "xterm-256color"}, datetime.now(UTC))
    dealwatch([*shlex.split(line)[1:], "--db", str(db)], session)
    return f"\x1b[1;32m$\x1b[0m {line}\n{out.getvalue()}"


def draw(text: str, title: str) -> str:
    """The text as an SVG that loads nothing from elsewhere."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(Text.from_ansi(text))
    svg = console.export_svg(title=title, unique_id="dealwatch")
    bare = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return bare.replace("Fira Code", "ui-monospace, Menlo, Consolas")


def main() -> int:
    """Write the screens."""
    os.environ["COLUMNS"] = str(WIDTH)
    with tempfile.TemporaryDirectory() as folder:
        quiet = Session(io.StringIO(), io.StringIO(), os.environ, datetime.now(UTC))
        with contextlib.redirect_stdout(io.StringIO()):
            code = dealwatch(["demo", "--keep", folder], quiet)
        if code:
            print(quiet.err.getvalue(), file=sys.stderr)
            return code
        db = Path(folder) / "deals.db"
        with Store(db) as store:
            told = max(store.deals(DealQuery()), key=lambda row: int(str(row["confirmations"])))
        screens = {
            "deals": ["dealwatch deals", "dealwatch diff 2024-09-13 2025-06-30", "dealwatch deals --group-by type"],
            "deal": [f"dealwatch deal {told['deal_id']}"],
        }
        for name, lines in screens.items():
            svg = draw("\n".join(show(line, db) for line in lines).rstrip(), f"dealwatch {name}")
            (DOCS / f"screen-{name}.svg").write_text(svg, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
