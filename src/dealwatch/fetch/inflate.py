"""Bodies unpacked by ourselves and never past their cap: a few kilobytes can unpack to gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO

from dealwatch.errors import FetchError
from dealwatch.fetch.failures import TooLarge
from dealwatch.fetch.holding import LARGE

_STEP = 65_536  # bytes unpacked at a time


class Inflater:
    """One gzip or deflate stream, fed piece by piece: members in a row, deflate with or without its header."""

    def __init__(self, encoding: str) -> None:
        self._gzip = encoding == "gzip"
        self._machine = zlib.decompressobj(31 if self._gzip else 15)
        self._begun = False
        self._held = b""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What a piece unpacks to, a step at a time: whoever takes the steps says when it is enough."""
        piece, self._held = self._held + piece, b""
        if not self._begun and len(piece) < 2:  # the two bytes that tell the formats apart
            self._held = piece
            return
        while True:
            part = self._step(piece)
            yield part
            piece = self._machine.unconsumed_tail or self._next_member()
            if not piece and len(part) < _STEP:  # a full step may leave more inside, though all input is taken
                return

    def _step(self, piece: bytes) -> bytes:
        try:
            part = self._machine.decompress(piece, _STEP)
        except zlib.error:
            if self._gzip or self._begun:
                raise FetchError("broken compression") from None
            self._machine = zlib.decompressobj(-15)  # "deflate" without the zlib header, as old servers send it
            self._begun = True
            return self._step(piece)
        self._begun = True
        return part

    def _next_member(self) -> bytes:
        rest = self._machine.unused_data
        if not (self._machine.eof and self._gzip and rest.startswith(b"\x1f")):
            return b""
        self._machine = zlib.decompressobj(31)
        return rest

    def close(self) -> None:
        """Raises `FetchError` where the stream stopped short of its end."""
        if self._held or (self._begun and not self._machine.eof):
            raise FetchError("body cut short")


def read_body(
    pieces: Iterable[bytes], encoding: str, limit: int, *, cut: bool = False, grow: Callable[[], None] | None = None
) -> bytes:
    """The decoded body; raises `TooLarge` past `limit` bytes, sent or unpacked, and `FetchError` where it is broken.

    With `cut` a longer body ends at the limit instead. `grow` is called once, before the body is `LARGE`.
    """
    names = [name for name in (part.strip().lower() for part in encoding.split(",")) if name and name != "identity"]
    if names not in ([], ["gzip"], ["x-gzip"], ["deflate"]):
        raise FetchError("an encoding we did not ask for")
    inflater = Inflater(names[0].removeprefix("x-")) if names else None
    body = BytesIO()  # its value is its own buffer: a bytearray would have to be copied
    for part in _unpacked(pieces, inflater, limit):
        size = body.tell() + len(part)
        if size > limit and not cut:
            raise TooLarge("too large")
        if grow and size > LARGE:
            grow()
            grow = None
        body.write(part)
        if size > limit:
            body.truncate(limit)
            return body.getvalue()
    if inflater:
        inflater.close()
    return body.getvalue()


def _unpacked(pieces: Iterable[bytes], inflater: Inflater | None, limit: int) -> Iterator[bytes]:
    sent = 0
    for piece in pieces:
        sent += len(piece)
        if not inflater:
            yield piece
        elif sent > limit:
            raise TooLarge("too large")
        else:
            yield from inflater.feed(piece)
