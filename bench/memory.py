"""The most memory that `dealwatch fetch` holds, parent and workers together, while hostile servers answer it.

    python bench/memory.py [--hosts 50] [SCENE ...]

Each scene is one run of the command on an empty store, all hosts asked at once; every 50 ms the PSS of all its
processes is summed (/proc/*/smaps_rollup, so Linux only). The figure is the worst scene's peak: reach 250 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsstand import hosts_of, story

REACH = 250.0  # MB
EVERY = 0.05  # seconds between two samples
TIMEOUT = 4  # seconds of an exchange: the slow ones must not take the bench a quarter of an hour
MB = 1_000_000

# -- what the servers send -------------------------------------------------------------------------------------------


def rss(items: Iterator[str]) -> bytes:
    """A feed of these items."""
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    return f"{head}<title>Paper</title>{''.join(items)}</channel></rss>".encode()


def item(number: int, body: str, title: str = "") -> str:
    """An item that holds its story whole."""
    return (
        f"<item><title>{title or f'Story {number}'}</title><link>/{number}.html</link><guid>g{number}</guid>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
    )


def many_items() -> bytes:
    return rss(item(n, story(n)[1], story(n)[0]) for n in range(4_100))


def long_items() -> bytes:
    return rss(item(n, "".join(story(n * 60 + k)[1] for k in range(45))) for n in range(95))


def one_item() -> bytes:
    return rss(iter([item(1, "".join(story(k)[1] for k in range(4_500)))]))


def short_items() -> bytes:
    return rss(f"<item><link>/{n}</link></item>" for n in range(300_000))


def pointers() -> bytes:
    return rss(f"<item><title>Page {n}</title><link>/page{n}</link><guid>{n}</guid></item>" for n in range(20))


def nested() -> bytes:
    return b"<rss><channel>" + b"<item>" * 1_600_000


def text_page() -> bytes:
    body = "".join(story(k)[1] for k in range(900))
    return f"<!doctype html><html><body><article><h1>A page</h1>{body}</article></body></html>".encode()[:1_990_000]


def tag_page() -> bytes:
    return b"<!doctype html><html><body><article>" + b"<p>a" * 490_000


def listing_page() -> bytes:
    links = "".join(f"<h2><a href='/p{n}'>Story number {n} of the day</a></h2>" for n in range(170_000))
    return f"<!doctype html><html><body>{links}</body></html>".encode()[:9_990_000]


def sitemap() -> bytes:
    urls = "".join(f"<url><loc>http://127.0.0.9/{n}</loc><lastmod>2026-01-01</lastmod></url>" for n in range(130_000))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()[:9_990_000]


def bomb() -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([machine.compress(bytes(MB)) for _ in range(200)]) + machine.flush()


Say = Callable[[str], AsyncIterator[bytes]]


def whole(make: Callable[[], bytes], *headers: str, length: bool = True) -> Say:
    """An answer with this body."""
    body = make()
    head = "\r\n".join(["HTTP/1.1 200 OK", *headers, *([f"Content-Length: {len(body)}"] if length else []), "", ""])

    async def say(path: str) -> AsyncIterator[bytes]:
        yield head.encode() + body

    return say


def with_pages(page: Callable[[], bytes]) -> Say:
    """A feed whose items point to pages of this kind."""
    first, then = whole(pointers), whole(page, "Content-Type: text/html; charset=utf-8")

    async def say(path: str) -> AsyncIterator[bytes]:
        if path == "/robots.txt":
            yield b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            return
        async for piece in (first if path == "/feed" else then)(path):
            yield piece

    return say


def again(head: bytes, piece: bytes, pause: float = 0.0) -> Say:
    """An answer that never ends."""

    async def say(path: str) -> AsyncIterator[bytes]:
        yield head
        while True:
            yield piece
            await asyncio.sleep(pause)

    return say


def loop() -> Say:
    async def say(path: str) -> AsyncIterator[bytes]:
        yield f"HTTP/1.1 302 Found\r\nLocation: {path}x\r\nContent-Length: 9000000\r\n\r\n".encode() + bytes(100_000)

    return say


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = "Content-Encoding: gzip"
SCENES: dict[str, tuple[str, Callable[[], Say]]] = {
    "10 MB feeds, many items": ("feed", lambda: whole(many_items)),
    "10 MB feeds, long items": ("feed", lambda: whole(long_items)),
    "10 MB feeds, one item": ("feed", lambda: whole(one_item)),
    "10 MB feeds, 300,000 items": ("feed", lambda: whole(short_items)),
    "10 MB feeds, never closed": ("feed", lambda: whole(nested)),
    "10 MB feeds, no length": ("feed", lambda: again(CHUNKED, b"ffff\r\n" + b"<a>b" * 16383 + b"<a>\r\n")),
    "10 MB of zeros": ("feed", lambda: whole(lambda: bytes(9_900_000))),
    "10 MB packed to 30 kB": ("feed", lambda: whole(lambda: gzip.compress(many_items()[:9_900_000]), GZIP)),
    "10 MB listings": ("html", lambda: whole(listing_page)),
    "10 MB sitemaps": ("sitemap", lambda: whole(sitemap)),
    "400 kB feeds": ("feed", lambda: whole(lambda: rss(item(n, story(n)[1]) for n in range(160)))),
    "2 MB pages of text": ("feed", lambda: with_pages(text_page)),
    "2 MB pages of tags": ("feed", lambda: with_pages(tag_page)),
    "gzip bombs": ("feed", lambda: whole(bomb, GZIP)),
    "endless bodies": ("feed", lambda: again(OK + b"\r\n", b"x" * 65536)),
    "endless headers": ("feed", lambda: again(OK, b"X-A: " + b"b" * 60_000 + b"\r\n")),
    "one endless header": ("feed", lambda: again(OK + b"X-A: ", b"b" * 65_536)),
    "endless 1xx": ("feed", lambda: again(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)),
    "chunked garbage": ("feed", lambda: again(CHUNKED, b"zz\r\n" * 10_000)),
    "one endless chunk head": ("feed", lambda: again(CHUNKED, b"0" * 65_536)),
    "endless trailers": ("feed", lambda: again(CHUNKED + b"0\r\n", b"X-A: " + b"b" * 60_000 + b"\r\n")),
    "slow large bodies": ("feed", lambda: again(OK + b"\r\n", b"x" * 20_000, 0.02)),
    "redirects with bodies": ("feed", loop),
}  # fmt: skip


async def serve(scene: str, hosts: int) -> None:
    """Answer on so many addresses until whoever started this goes."""
    say = SCENES[scene][1]()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                async for piece in say(head.split(b" ", 2)[1].decode()):
                    writer.write(piece)
                    await writer.drain()
        writer.close()

    places = hosts_of(hosts)
    first = await asyncio.start_server(handle, places[0], 0, backlog=256)
    port = first.sockets[0].getsockname()[1]
    if places[1:]:
        await asyncio.start_server(handle, places[1:], port, backlog=256)
    print(port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)  # the answers that never end would be waited for


@contextmanager
def server(scene: str, hosts: int) -> Iterator[int]:
    """The port of a server of its own process."""
    line = [sys.executable, __file__, "--serve", scene, "--hosts", str(hosts)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


# -- the measuring ---------------------------------------------------------------------------------------------------


def pss(pid: int) -> float:
    """MB of one process, shared pages by their share; 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def below(pid: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def config_text(kind: str, port: int, hosts: int) -> str:
    """A configuration whose sources are the hosts."""
    places = hosts_of(hosts)
    picks = '[source.selectors]\nlinks = "h2 a"\n' if kind == "html" else ""
    sources = "".join(
        f'[[source]]\nname = "{place}"\nkind = "{kind}"\nurl = "http://{place}:{port}/feed"\nevery = "0s"\n{picks}'
        for place in places
    )
    allowed = json.dumps([f"{place}:{port}" for place in places])
    return f"[fetch]\nworkers = {min(hosts, 64)}\ntimeout = {TIMEOUT}\ndelay = 0\nallow_private = {allowed}\n{sources}"


def measure(scene: str, hosts: int) -> float:
    """The peak of one scene in MB, printed with what it was made of."""
    with tempfile.TemporaryDirectory() as folder, server(scene, hosts) as port:
        (config := Path(folder) / "config.toml").write_text(config_text(SCENES[scene][0], port, hosts), "utf-8")
        line = [sys.executable, "-m", "dealwatch", "--config", str(config), "--db", f"{folder}/deals.db"]
        began, peak, parts = time.monotonic(), 0.0, [0.0]
        told = Path(folder) / "told.json"
        with (
            told.open("wb") as out,
            subprocess.Popen([*line, "fetch", "--json"], stdout=out, stderr=subprocess.DEVNULL) as run,
        ):
            while run.poll() is None:
                now = [pss(pid) for pid in below(run.pid)]
                if sum(now) > peak:
                    peak, parts = sum(now), now
                with suppress(subprocess.TimeoutExpired):
                    run.wait(EVERY)
        seconds = time.monotonic() - began
        found = json.loads(told.read_text("utf-8") or "{}")
    said = f"{found.get('added')} articles, {found.get('failed_sources')} of {hosts} failed"
    shares = " + ".join(f"{part:.0f}" for part in [parts[0], *sorted(parts[1:], reverse=True)])
    print(f"{scene:28} {peak:6.0f} MB {seconds:6.1f} s  {said:34} ({shares})", flush=True)
    return peak


def main() -> None:
    """Print the table and the worst case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help="part of a name; none: all of them")
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--serve", choices=SCENES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(given.serve, given.hosts))
        return
    chosen = [name for name in SCENES if not given.scenes or any(part in name for part in given.scenes)]
    worst = max((measure(name, given.hosts), name) for name in chosen)
    print(f"worst: {worst[0]:.0f} MB, {worst[1]} (reach {REACH:.0f})")


if __name__ == "__main__":
    main()
