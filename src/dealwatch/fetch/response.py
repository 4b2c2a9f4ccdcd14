"""What an exchange brings back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with, verbatim."""

    etag: str | None = None
    last_modified: str | None = None
    given_by: str | None = None  # the mark of the address that gave them: they say nothing of any other


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
    at: datetime | None = None  # when the answer began, by the run's clock


def mark_address(url: str) -> str:
    """What an address is known by where it may not be kept: a redirect may lead to one with a key in it."""
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
