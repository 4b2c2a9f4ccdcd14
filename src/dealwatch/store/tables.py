"""sqlite-utils, kept from importing what it would only use for tables of data frames.

It imports pandas and numpy where they happen to be installed: 250 ms and 60 MB of every fetch.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast

__all__ = ["Database", "Table"]


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """As if these packages were not installed, unless they have been imported already."""
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    absent = [name for name in names if name not in modules]
    modules.update(dict.fromkeys(absent))
    try:
        yield
    finally:
        for name in absent:
            del modules[name]


with _without("pandas", "numpy"):
    from sqlite_utils import Database
    from sqlite_utils.db import Table
