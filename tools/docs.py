"""Writes docs/commands.md, docs/configuration.md, docs/dictionary.md and the table of docs/companies.md.

    python tools/docs.py            writes them
    python tools/docs.py --check    says which differ from what it would write, and exits 1 for any

Commands, keys, defaults, tables and columns are the program's own; what they mean stands in tools/words/*.toml, where
nothing may be missing and nothing be said of what there is not. Examples are run on the stories beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shlex
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from dealwatch.__main__ import main as dealwatch
from dealwatch.commands.app import COMMANDS, Node
from dealwatch.commands.session import Session
from dealwatch.companies import load_register
from dealwatch.companies.owning import KINDS
from dealwatch.config import reading
from dealwatch.config.settings import FetchSettings
from dealwatch.model import Source
from dealwatch.present import columns
from dealwatch.present.columns import EXPORTS, Listing
from dealwatch.present.fields import type_of
from dealwatch.store.schema import migrate

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MADE = "<!-- written by `python tools/docs.py`: do not edit -->\n\n"
Words = Mapping[str, str]


def read_words(name: str) -> dict[str, dict[str, object]]:
    """What a file of meanings holds."""
    return tomllib.loads((HERE / f"words/{name}.toml").read_text(encoding="utf-8"))


# -- configuration ---------------------------------------------------------------------------------------------------


def config_keys() -> dict[str, tuple[str, ...]]:
    """Every key that the reader takes, by table."""
    tables = {name: tuple(keys) for name, keys in reading._TABLES.items()}
    order = tuple(words for words in read_words("configuration")["selectors"] if words in reading._SELECTORS)
    rest = tuple(sorted(reading._SELECTORS - set(order)))
    return {**tables, "source": tuple(reading._SOURCE), "selectors": order + rest}


def _default(table: str, key: str) -> str:
    made = {"fetch": FetchSettings(), "source": Source("", "feed", "")}.get(table)
    value = getattr(made, key, None) if made else None
    if table == "source" and key in ("name", "url"):
        return "needed"
    if key == "user_agent":
        return '`"dealwatch/VERSION (news reader; respects robots.txt)"`'
    if value is None or value in ("", (), {}):
        return "none"
    text = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else f"{value:g}"
    return f"`{text}`" if "e+" not in text else f"`{int(value)}`"


def configuration() -> str:
    """docs/configuration.md."""
    words = read_words("configuration")
    heads = {
        "store": "## `[store]`", "fetch": "## `[fetch]`", "companies": "## `[companies]`", "notify": "## `[notify]`",
        "source": "## `[[source]]`\n\nA block a source, as many as you like; `dealwatch sources add` writes them.",
        "selectors": "### `[source.selectors]`\n\nCSS selectors for `kind = \"html\"`; `body`, `remove`, `title` and"
        " `date` also for the pages that other kinds lead to.",
    }  # fmt: skip
    parts = [MADE + (HERE / "words/configuration.md").read_text(encoding="utf-8")]
    for table, keys in config_keys().items():
        lines = [heads[table], "", "| key | takes | default | meaning |", "| --- | --- | --- | --- |"]
        for key in keys:
            takes, meaning = words[table][key]  # type: ignore[misc]
            lines.append(f"| `{key}` | {takes} | {_default(table, key)} | {meaning} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


# -- tables and columns ----------------------------------------------------------------------------------------------


def tables() -> dict[str, list[tuple[str, str]]]:
    """Every table and view of the schema, each column with its type; without FTS5's own."""
    connection = sqlite3.connect(":memory:")
    migrate(connection)
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY rowid"
    names = [row[0] for row in connection.execute(query)]
    indexes = tuple(f"{name}_" for name in names if name.endswith("_index"))
    kept = sorted((name for name in names if not name.startswith(indexes)),
                  key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))  # fmt: skip
    return {
        name: [(row[1], row[2].lower() or "any") for row in connection.execute(f"PRAGMA table_info({name})")]
        for name in kept
    }  # fmt: skip


_ORDER = ("sources", "fetches", "entries", "articles", "revisions", "amounts", "quotes", "mentions", "claims", "deals",
          "deal_parties", "deal_claims", "deal_changes", "doubts", "judgements", "companies", "aliases", "kin", "rates",
          "marks", "meta")  # fmt: skip


def listings() -> dict[str, Listing]:
    """Every kind of row that is listed or exported, by its name."""
    found = {listing.name: listing for listing in EXPORTS.values()}
    for name, value in vars(columns).items():
        if isinstance(value, Listing):
            found.setdefault("preview" if name == "PREVIEW" else value.name, value)
    return found


def _meaning(words: Mapping[str, Mapping[str, object]], own: Mapping[str, str], column: str) -> str:
    shared: Mapping[str, str] = words["shared"]  # type: ignore[assignment]
    if column.startswith("other_") and column not in own:
        column = column.removeprefix("other_")
    return own.get(column) or shared.get(column, "")


def dictionary() -> str:
    """docs/dictionary.md."""
    words = read_words("dictionary")
    parts = [MADE + (HERE / "words/dictionary.md").read_text(encoding="utf-8"), "## Tables of the store\n"]
    for name, told in tables().items():
        own: Words = words["tables"][name]  # type: ignore[assignment]
        rows = [f"| `{column}` | {kind} | {_meaning(words, own, column)} |" for column, kind in told]
        parts.append("\n".join([f"### {name}\n\n{own['']}\n", *_HEAD, *rows, ""]))
    parts.append("## Columns of lists and exports\n")
    for name, listing in listings().items():
        own = words["listings"][name]  # type: ignore[assignment]
        rows = [f"| `{key}` | {_TYPES[type_of(listing, key)]} | {_meaning(words, own, key)} |" for key in listing.keys]
        parts.append("\n".join([f"### {name.capitalize()} (rows)\n\n{own['']}\n", *_HEAD, *rows, ""]))
    return "\n".join(parts)


_HEAD = ("| column | type | meaning |", "| --- | --- | --- |")
_TYPES = {"text": "text", "list": "list", "integer": "whole number", "number": "number", "fraction": "number",
          "day": "day", "time": "time", "flag": "yes or no", "link": "address"}  # fmt: skip


def gaps() -> list[str]:
    """What has no meaning yet, and what is told of that there is not."""
    config, words = read_words("configuration"), read_words("dictionary")
    keys = {(table, key) for table, names in config_keys().items() for key in names}
    said = {(table, key) for table, names in config.items() for key in names}
    found = [f"configuration: [{table}] {key}" for table, key in sorted(keys ^ said)]
    shown = {"tables": {name: [c for c, _ in cols] for name, cols in tables().items()},
             "listings": {name: list(listing.keys) for name, listing in listings().items()}}  # fmt: skip
    used = set()
    for group, names in shown.items():
        told: Mapping[str, Words] = words[group]  # type: ignore[assignment]
        found += [f"dictionary: {group} {name}" for name in sorted(names.keys() ^ told.keys())]
        for name in names.keys() & told.keys():
            own = told[name]
            found += [f"dictionary: {name}.{c}" for c in names[name] if not _meaning(words, own, c)]
            found += [f"dictionary: {name} has no {c}" for c in own if c and c not in names[name]]
            used |= set(names[name]) | {c.removeprefix("other_") for c in names[name]}
    return found + [f"dictionary: nothing has a column {c}" for c in words["shared"] if c not in used]


# -- commands --------------------------------------------------------------------------------------------------------


def paths(nodes: Mapping[str, Node] = COMMANDS, before: str = "") -> Iterator[tuple[str, Node]]:
    """Every command, groups before what is in them."""
    for name, node in nodes.items():
        yield f"{before} {name}".strip(), node
        yield from paths(node.children, f"{before} {name}".strip())


def run(line: str, now: datetime = NOW) -> str:
    """What a command line prints, words and data, on its exit with 0 or 5."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):  # where typer prints its help
        session = Session(said, said, os.environ, now)
        code = dealwatch(shlex.split(line)[1:], session)
    if code not in (0, 5):
        raise SystemExit(f"{line}: exit {code}: {said.getvalue()}")
    return "\n".join(text.rstrip() for text in said.getvalue().splitlines()) + "\n"


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder to run in, with the stories, nothing of the user's in sight."""
    kept, here = dict(os.environ), Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key in [key for key in os.environ if key.startswith("DEALWATCH")]:
            del os.environ[key]
        os.environ |= {"XDG_CONFIG_HOME": f"{folder}/config", "XDG_DATA_HOME": f"{folder}/data"}
        (folder / "stories.jsonl").write_bytes((HERE / "words/stories.jsonl").read_bytes())
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(kept)


def _quiet(text: str) -> str:
    """Without what differs from run to run: how long it took, and where."""
    text = re.sub(r"in \d+\.\d+ s", "in 0.4 s", text)
    return text.replace(str(Path.cwd().resolve()), "/home/ann").replace(str(Path.cwd()), "/home/ann")


def commands() -> str:
    """docs/commands.md."""
    examples = tomllib.loads((HERE / "words/examples.toml").read_text(encoding="utf-8"))
    parts = [MADE + (HERE / "words/commands.md").read_text(encoding="utf-8")]
    with scratch():
        run("dealwatch -q import stories.jsonl", datetime(2026, 2, 25, 9, tzinfo=UTC))
        parts.append(_block("dealwatch --help"))
        for path, node in paths():
            parts.append(f"{'###' if ' ' in path else '##'} {path}\n\n{_block(f'dealwatch {path} --help')}")
            lines = examples.get(path.replace(" ", "-"), {}).get("lines", []) if not node.children else []
            shown = "".join(f"$ {line}\n{_quiet(run(line))}" for line in lines)
            parts += [f"```console\n{shown}```\n"] if shown else []
    return "\n".join(parts)


def _block(line: str) -> str:
    return f"```console\n$ {line}\n{run(line)}```\n"


def counts() -> Iterator[str]:
    """The lines of the register's table: a kind each, and all."""
    rows = load_register().rows
    for kind in (*KINDS, "all"):
        some = [row for row in rows if kind in (row.kind, "all")]
        eastern = sum(any(re.search("[⺀-鿿ァ-ヺ]", name) for name in row.names) for row in some)
        people, listed = sum(bool(row.people) for row in some), sum(bool(row.ticker) for row in some)
        yield f"| {kind} | {len(some):,} | {people:,} | {listed:,} | {eastern:,} |\n"


def companies() -> str:
    """docs/companies.md with the register's counts in their table."""
    text = (DOCS / "companies.md").read_text(encoding="utf-8")
    table = r"(<!-- counts[^\n]*\n\|[^\n]*\n\|[^\n]*\n)[^<]*(<!-- end -->)"
    return re.sub(table, lambda match: f"{match[1]}{''.join(counts())}{match[2]}", text)


FILES = {
    "configuration.md": configuration, "dictionary.md": dictionary, "commands.md": commands, "companies.md": companies,
}  # fmt: skip


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    missing = gaps()
    for line in missing:
        print(f"tools/words: {line}", file=sys.stderr)
    if missing:
        return 1
    stale = [name for name, write in FILES.items() if not _is_written(DOCS / name, write(), check)]
    for name in stale:
        print(f"docs/{name} is not what `python tools/docs.py` writes", file=sys.stderr)
    return 1 if stale else 0


def _is_written(path: Path, text: str, check: bool) -> bool:
    if check:
        return path.exists() and path.read_text(encoding="utf-8") == text
    path.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
