"""Bodies that are gzip files themselves: sitemap.xml.gz, or a feed that a server packed without saying so."""

from __future__ import annotations

import zlib

from dealwatch.errors import ReadError

MOST_BYTES = 10_000_000  # unpacked; the protocol allows sitemaps of 50 MB, a news sitemap has 1,000 addresses
_MOST_PARTS = 100
_GZIP = b"\x1f\x8b"


def unpack(body: bytes) -> bytes:
    """The body, unpacked where it is a gzip file, of one part or several; one that is cut short gives what is there,
    one that is broken or over the cap raises `ReadError`.
    """
    plain = b""
    for _ in range(_MOST_PARTS):
        if not body.startswith(_GZIP):
            break
        machine = zlib.decompressobj(31)
        try:
            plain += machine.decompress(body, MOST_BYTES - len(plain))
        except zlib.error:
            raise ReadError("a broken gzip file") from None
        if len(plain) >= MOST_BYTES:
            raise ReadError("too large once unpacked")
        body = machine.unused_data
    else:
        raise ReadError("a gzip file of too many parts")
    return plain or body
