"""What an exchange brings back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with, verbatim."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A server's answer, its body decoded and whole."""

    status: int
    url: str  # after all redirects, without credentials
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    not_modified: bool = False
    moved_to: str | None = None  # the new address, where every hop to it was permanent
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
