"""What a run came to: values that the commands print."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dealwatch.model import Entry, Source
from dealwatch.store.batch import Document, Saved

Outcome = Literal["stored", "unchanged", "failed", "skipped", "left"]  # left: the run was ended before its turn


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that could not be read: its name (a file with its line, or an address), and why in a few words."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source's turn came to."""

    name: str
    outcome: Outcome
    entries: int = 0
    saved: Saved = field(default_factory=Saved)
    failures: tuple[Failure, ...] = ()  # pages of the source that failed; they are tried again
    error: str | None = None  # why the source itself failed
    hint: str = ""
    unexpected: bool = False  # a fault of ours: the log has its traceback
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run came to, source by source or file by file."""

    sources: tuple[SourceReport, ...] = ()
    failures: tuple[Failure, ...] = ()  # of an import: documents that could not be read
    interrupted: bool = False
    seconds: float = 0.0
    resumed: int = 0  # of an import: documents that an earlier, stopped one had come to

    @property
    def saved(self) -> Saved:
        """How much the whole run stored."""
        return sum((source.saved for source in self.sources), Saved())

    @property
    def failed(self) -> tuple[SourceReport, ...]:
        """The sources that failed."""
        return tuple(source for source in self.sources if source.outcome == "failed")

    @property
    def unexpected(self) -> bool:
        """Whether a fault of ours came up."""
        return any(source.unexpected for source in self.sources)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a fetch of one source would store, found without storing it."""

    source: Source
    entries: tuple[Entry, ...]
    documents: tuple[Document, ...]
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of a run, for a progress bar: how many of how many are done, and the articles found so far."""

    done: int
    total: int
    articles: int
    name: str = ""
