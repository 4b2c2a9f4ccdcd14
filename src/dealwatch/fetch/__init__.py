"""Fetching: the guarded client, its manners, and the schedule.

`schedule` is light and may be read by anybody; the client, and httpx with it, is imported only where it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealwatch.fetch.failures import HttpError, Refused, Resting, TimedOut, TooLarge
from dealwatch.fetch.response import Response, Validators
from dealwatch.fetch.schedule import SourceState, after_failure, after_success, current_state, is_due, new_state

if TYPE_CHECKING:
    from dealwatch.fetch.client import Client

__all__ = [
    "Client",
    "HttpError",
    "Refused",
    "Response",
    "Resting",
    "SourceState",
    "TimedOut",
    "TooLarge",
    "Validators",
    "after_failure",
    "after_success",
    "current_state",
    "is_due",
    "new_state",
]


def __getattr__(name: str) -> object:
    if name != "Client":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from dealwatch.fetch.client import Client  # 67 ms of httpx

    return Client
