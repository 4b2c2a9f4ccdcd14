"""The one line that fetch, import, extract, demo and `sources test` share: ask, read in workers, store, resolve.

Prints nothing: a report is returned, and progress goes to the function given.
"""

from __future__ import annotations

from dealwatch.pipeline.importing import import_files, read_documents
from dealwatch.pipeline.report import Failure, Preview, Progress, RunReport, SourceReport
from dealwatch.pipeline.running import preview_source, run

__all__ = [
    "Failure", "Preview", "Progress", "RunReport", "SourceReport", "import_files", "preview_source",
    "read_documents", "run",
]  # fmt: skip
