"""What can go wrong in one exchange, in few words, without an address or a secret in them."""

from __future__ import annotations

from dealwatch.errors import FetchError


class HttpError(FetchError):
    """A server's answer that is no success: its status, and the seconds it asks to wait."""

    def __init__(self, message: str, hint: str = "", status: int = 0, retry_after: int | None = None) -> None:
        super().__init__(message, hint)
        self.status = status
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type[HttpError], tuple[str, str, int, int | None]]:  # type: ignore[override]
        return type(self), (self.message, self.hint, self.status, self.retry_after)


class TimedOut(FetchError):
    """The deadline of the exchange passed."""


class Refused(FetchError):
    """An exchange that we do not begin: an address that is not public, a robots.txt, a host that asked for rest."""


class Resting(Refused):
    """A host that asked for rest (429, 503) and still has it; the seconds that are left."""

    def __init__(self, message: str, hint: str = "", retry_after: int = 0) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type[Resting], tuple[str, str, int]]:  # type: ignore[override]
        return type(self), (self.message, self.hint, self.retry_after)


class TooLarge(FetchError):
    """A body over its cap."""
