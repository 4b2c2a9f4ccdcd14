"""A folder of saved pages: its file names, given as values, to entries. Reading the disk is the caller's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from dealwatch.model import Source
from dealwatch.sources.raw import RawEntry

_ENDINGS = (".html", ".htm", ".xhtml", ".txt", ".html.gz", ".htm.gz")


def read(source: Source, body: bytes, url: str, headers: Mapping[str, str]) -> tuple[RawEntry, ...]:
    """An entry for each saved page among the names, one a line, relative to the folder; the key is the name."""
    names = sorted({line.strip() for line in body.decode("utf-8", "surrogateescape").splitlines()})
    return tuple(RawEntry(guid=name, url=str(PurePath(source.url, name))) for name in names if _is_page(name))


def _is_page(name: str) -> bool:
    path = PurePath(name)
    return name.lower().endswith(_ENDINGS) and not path.is_absolute() and ".." not in path.parts
