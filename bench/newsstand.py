"""A newsstand on loopback: many addresses, one process, every answer after the same wait.

`stand(...)` starts it beside the bench, so that what is measured shares no interpreter with it. It sleeps between two
answers: on two cores it must not be what the others wait for (`bench/fetch.py` measures curl alone against it).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

ETAG = '"bench-1"'
_NAMES = ("Cordel", "Quillan", "Brindle", "Osmery", "Talvane", "Ferrow", "Lindmark", "Pellucid", "Harrowgate", "Sable")
_KINDS = ("Labs", "Health", "Robotics", "Systems", "AI", "Data", "Compute", "Speech")
_HOUSES = ("Tamsin Ventures", "Old Harbour Capital", "Northwold Partners", "Greyfen Growth", "Kestrel Street")
_FILLER = (
    "The company, which builds artificial intelligence for hospitals, did not say how it would spend the money.",
    "Its offices in the old harbour stayed dark on Monday evening while its staff celebrated elsewhere.",
    "Analysts had expected a deal of this kind since the autumn, when the first reports of talks appeared.",
    "Orders for the second half of the year are said to be well above those of the first.",
    "A spokesman for the regulator said the filing had been received and would be read in the usual order.",
    "The two founders met at a night school for surveyors and wrote their first models on a borrowed laptop.",
    "Rivals have complained for years that the price of computing puts such work out of their reach.",
    "Customers in Norway and Portugal have run the software since the spring, with mixed results so far.",
    "“We will hire where the hospitals are,” said the head of research, who joined the company in March.",
    "Whether the market needs a ninth supplier of this kind is a question that nobody at the table wished to answer.",
)


def story(seed: int) -> tuple[str, str]:
    """A headline and the HTML of a story of some two thousand characters, told by a number."""
    chance = random.Random(seed)
    company = f"{chance.choice(_NAMES)}{seed % 997} {chance.choice(_KINDS)}"
    millions, house = chance.randrange(2, 900), chance.choice(_HOUSES)
    first = f"{company} has raised ${millions} million in a Series A round led by {house}, it said on Monday."
    rest = [" ".join(chance.sample(_FILLER, 4)) for _ in range(5)]
    return f"{company} raises ${millions}m from {house}", "".join(f"<p>{text}</p>" for text in (first, *rest))


def feed(number: int, place: str, size: int) -> bytes:
    """An RSS feed of about `size` bytes whose items hold their stories whole."""
    items: list[str] = []
    length = 300
    while length < size:
        title, body = story(number * 1000 + len(items))
        link = f"http://{place}/{number}/{len(items)}.html"
        items.append(
            f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{number}-{len(items)}</guid>"
            f"<pubDate>Mon, 02 Feb 2026 10:{len(items) % 60:02}:00 GMT</pubDate>"
            f"<description>{title}.</description><content:encoded><![CDATA[{body}]]></content:encoded></item>\n"
        )
        length += len(items[-1])
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    return f"{head}<title>Paper {number}</title><link>http://{place}/</link>{''.join(items)}</channel></rss>".encode()


def answer(body: bytes) -> bytes:
    """The header and the body of a feed."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {ETAG}\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


NOT_MODIFIED = f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode()
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Seller(asyncio.Protocol):
    """One connection: each request is answered after the wait, and the connection kept."""

    def __init__(self, feeds: dict[bytes, bytes], wait: float) -> None:
        self._feeds, self._wait, self._held = feeds, wait, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head, self._held = self._held[:end], self._held[end + 4 :]
            asyncio.get_running_loop().call_later(self._wait, self._answer, head)

    def _answer(self, head: bytes) -> None:
        said = self._feeds.get(head.split(b" ", 2)[1], NOT_FOUND)
        if said is not NOT_FOUND and b"if-none-match: " + ETAG.encode() in head.lower():
            said = NOT_MODIFIED
        if not self._transport.is_closing():
            self._transport.write(said)  # type: ignore[attr-defined]


async def _serve(hosts: Sequence[str], count: int, size: int, wait: float) -> None:
    loop = asyncio.get_running_loop()
    feeds: dict[bytes, bytes] = {}
    seller = partial(Seller, feeds, wait)
    first = await loop.create_server(seller, hosts[0], 0, backlog=256)
    port = first.sockets[0].getsockname()[1]
    await loop.create_server(seller, hosts[1:], port, backlog=256)
    urls = []
    for number in range(count):
        place, path = f"{hosts[number % len(hosts)]}:{port}", f"/{number}.rss"
        feeds[path.encode()] = answer(feed(number, place, size))
        urls.append(f"http://{place}{path}")
    print("\n".join(urls), end="\n\n", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # until whoever started it goes


def hosts_of(count: int) -> list[str]:
    """So many addresses of this machine: 127.0.1.1, 127.0.1.2, ..."""
    return [f"127.0.{1 + number // 250}.{1 + number % 250}" for number in range(count)]


@contextmanager
def stand(feeds: int, hosts: int, size: int, wait: float) -> Iterator[list[str]]:
    """The addresses of the feeds while the newsstand runs."""
    line = [sys.executable, str(Path(__file__)), *map(str, (feeds, hosts, size, wait))]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdin
        try:
            yield [text for line in iter(server.stdout.readline, "\n") if (text := line.strip())]
        finally:
            server.stdin.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("feeds", type=int)
    parser.add_argument("hosts", type=int)
    parser.add_argument("size", type=int)
    parser.add_argument("wait", type=float)
    given = parser.parse_args()
    asyncio.run(_serve(hosts_of(given.hosts), given.feeds, given.size, given.wait))
