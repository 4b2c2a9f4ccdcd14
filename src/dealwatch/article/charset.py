"""Page bytes to text."""

from __future__ import annotations

from dealwatch.sources.charset import decode_body

MAX_BYTES = 2 * 1024 * 1024  # of a page; lexbor takes about 30 times that in memory


def decode(body: bytes, content_type: str | None = None) -> str:
    """The body as text; bytes beyond 2 MB are left out. Never fails.

    >>> decode("10 M€".encode("cp1252"), "text/html; charset=iso-8859-1")
    '10 M€'
    """
    if len(body) > MAX_BYTES:  # cut behind a tag, not within a character: half a one would not be UTF-8
        body = body[: body.rfind(b">", MAX_BYTES // 2, MAX_BYTES) + 1 or MAX_BYTES]
    return decode_body(body, {"content-type": content_type or ""})
