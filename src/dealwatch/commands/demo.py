"""``dealwatch demo``: a whole run without network, on the bundled sample site."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from dealwatch.commands.app import run as run_line
from dealwatch.commands.session import Session
from dealwatch.commands.site import SampleSite
from dealwatch.errors import UsageError
from dealwatch.store import DealQuery, Store

EXAMPLE = "dealwatch demo --keep /tmp/dealwatch-demo"
OPTIONS = ()


def run(
    ctx: typer.Context,
    keep: Annotated[str, typer.Option(metavar="DIR", help="Leave the configuration and the store there.")] = "",
) -> int:
    """Fetch a bundled sample site on this machine and show what comes out of it; no network, nothing left behind."""
    session: Session = ctx.find_root().obj
    with _folder(keep) as folder, SampleSite() as site:
        config, store = folder / "dealwatch.toml", folder / "deals.db"
        config.write_text(site.config_text(str(store)), encoding="utf-8")
        code = _show(session, config, ["fetch"])
        for line in _lines(store):
            code = code or _show(session, config, line)
    if keep:
        session.say(f"kept: try `dealwatch --config {shlex.quote(str(config))} deals`; the site itself is gone")
    return code


@contextmanager
def _folder(keep: str) -> Iterator[Path]:
    if not keep:
        with tempfile.TemporaryDirectory(prefix="dealwatch-demo-") as name:
            yield Path(name)
        return
    folder = Path(keep).expanduser().resolve()
    try:
        for name in ("dealwatch.toml", "deals.db"):
            if (folder / name).exists():
                raise UsageError(f"{folder / name} exists already", "name a new folder: the demo overwrites nothing")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make {folder}: {error.strerror}", "name a folder that you can write") from None
    yield folder


def _lines(path: Path) -> Iterator[list[str]]:
    """The command lines to show; the deal shown is the one that most articles tell."""
    yield ["deals", "--company", "Microsoft"]
    yield ["deals"]
    with Store(path) as store:
        rows = store.deals(DealQuery(sort="confirmations"))
    most = max(rows, key=lambda row: int(str(row["confirmations"])), default=None)
    if most:
        yield ["deal", str(most["deal_id"])]
    yield ["diff", "2024-09-13", "2025-06-30"]
    yield ["quotes", "--limit", "8"]


def _show(session: Session, config: Path, line: list[str]) -> int:
    """Run a command line as a person would, under the line itself."""
    session.write([f"\n$ {shlex.join(['dealwatch', *line])}\n"])
    table = [] if session.is_terminal or line[0] in ("fetch", "deal") else ["--format", "table"]
    env = {key: value for key, value in session.env.items() if not key.startswith("DEALWATCH_")}
    inner = Session(session.out, session.err, env, session.now)
    inner.given = {"config": str(config)} | {key: session.flag(key) for key in ("no_color", "debug")}
    return run_line([*line, *table], inner)
