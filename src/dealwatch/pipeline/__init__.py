"""The one line that fetch, import, extract, demo and `sources test` share: ask, read in workers, store, resolve.

Prints nothing: a report is returned, and progress goes to the function given. What is named here is imported where it
is asked for: the workers need `tasks` alone, and neither httpx nor the store.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealwatch.pipeline.importing import import_files, read_documents
    from dealwatch.pipeline.report import Failure, Preview, Progress, RunReport, SourceReport
    from dealwatch.pipeline.running import preview_source, run

__all__ = [
    "Failure", "Preview", "Progress", "RunReport", "SourceReport", "import_files", "preview_source",
    "read_documents", "run",
]  # fmt: skip

_PLACES = {"import_files": "importing", "read_documents": "importing", "preview_source": "running", "run": "running"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"dealwatch.pipeline.{_PLACES.get(name, 'report')}"), name)
