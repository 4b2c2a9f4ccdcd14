"""What can be settled, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dealwatch import __version__
from dealwatch.model import Source

USER_AGENT = f"dealwatch/{__version__} (news reader; respects robots.txt)"


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How pages and feeds are asked for."""

    timeout: float = 20.0  # seconds, one deadline for the whole exchange
    workers: int = 16
    per_host: int = 2
    delay: float = 1.0  # seconds between two requests to one host
    user_agent: str = USER_AGENT
    proxy: str | None = None
    allow_private: tuple[str, ...] = ()  # "host:port", the only way to an address that is not public
    page_bytes: int = 2_000_000
    feed_bytes: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the user settled, with defaults where nothing was said."""

    path: Path | None = None
    store_path: Path | None = None
    register_path: Path | None = None
    fetch: FetchSettings = field(default_factory=FetchSettings)
    sources: tuple[Source, ...] = ()
    notify_command: tuple[str, ...] = ()
