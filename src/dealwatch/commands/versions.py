"""What `--version` tells: all that a bug report needs, a line each for the program, its packages and its data."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from dealwatch import __version__

# Whose versions have mattered: what is sent and read, what finds names, what the command line is made of.
PACKAGES = (
    "httpx", "httpcore", "selectolax", "trafilatura", "lxml", "pyahocorasick", "sqlite-utils", "typer", "rich",
    "XlsxWriter", "pyarrow", "warcio",
)  # fmt: skip


def version_lines() -> Iterator[str]:
    """The lines, each with its end."""
    from dealwatch.companies import load_register
    from dealwatch.parser import VERSION as PARSER
    from dealwatch.store.schema import VERSION as SCHEMA

    yield f"dealwatch {__version__}\n"
    yield f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.platform()}\n"
    yield f"{', '.join(f'{name} {_installed(name)}' for name in PACKAGES)}\n"
    yield f"parser {PARSER}, store schema {SCHEMA}, register of {len(load_register().rows):,} companies\n"


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
