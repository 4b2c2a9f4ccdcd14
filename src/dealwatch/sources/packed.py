"""Bodies that are gzip files themselves: sitemap.xml.gz, or a feed that a server packed without saying so."""

from __future__ import annotations

import zlib

from dealwatch.errors import ReadError

MOST_BYTES = 10_000_000  # unpacked; the protocol allows sitemaps of 50 MB, a news sitemap has 1,000 addresses


def unpack(body: bytes) -> bytes:
    """The body, unpacked where it is a gzip file; one that is broken or over the cap raises `ReadError`."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        machine = zlib.decompressobj(31)
        plain = machine.decompress(body, MOST_BYTES)
    except zlib.error:
        raise ReadError("a broken gzip file") from None
    if len(plain) >= MOST_BYTES:
        raise ReadError("too large once unpacked")
    return plain
