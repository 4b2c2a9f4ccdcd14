"""Seconds to fetch many feeds: our client and plain httpx against curl, and the whole `dealwatch fetch` beside them.

    python bench/fetch.py [--quick] [--rounds 5] [--skip-whole]

A newsstand of our own on loopback (another process) holds 300 feeds of 60 kB on 150 addresses and answers each after
200 ms; 50 are asked at once. Contestants take turns, round by round, so that a busy machine slows all; the ratio of the
medians is the figure. A client's seconds run from before it is made until it is closed, bodies read and not parsed, in
a process of its own whose imports are not counted; curl's are those of its process. `unchanged`: every request
carries the validator, every answer is a 304.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from newsstand import ETAG, stand

AT_ONCE = 50
LIMIT = 10_000_000


# -- the contestants -------------------------------------------------------------------------------------------------


def ours(urls: Sequence[str], unchanged: bool) -> tuple[float, int]:
    """Seconds and bytes of our client over all addresses."""
    from dealwatch.config import FetchSettings
    from dealwatch.fetch import Client, Validators

    places = tuple(sorted({urlsplit(url).netloc for url in urls}))
    settings = FetchSettings(workers=AT_ONCE, delay=0.0, allow_private=places)
    validators = Validators(ETAG) if unchanged else None
    began = time.perf_counter()
    with Client(settings) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        sizes = list(pool.map(lambda url: len(client.get(url, limit=LIMIT, validators=validators).body), urls))
    return time.perf_counter() - began, sum(sizes)


def plain(urls: Sequence[str], unchanged: bool) -> tuple[float, int]:
    """Likewise of httpx as it comes."""
    import httpx

    headers = {"If-None-Match": ETAG} if unchanged else {}
    began = time.perf_counter()
    limits = httpx.Limits(max_connections=AT_ONCE * 2, max_keepalive_connections=AT_ONCE * 2)
    with httpx.Client(trust_env=False, limits=limits) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        sizes = list(pool.map(lambda url: len(client.get(url, headers=headers).content), urls))
    return time.perf_counter() - began, sum(sizes)


CLIENTS = {"dealwatch": ours, "httpx": plain}


def run_client(name: str, urls: Sequence[str], unchanged: bool) -> tuple[float, int]:
    """Seconds and bytes of a client in a process of its own."""
    line = [sys.executable, __file__, "--client", name, *(["--unchanged"] if unchanged else [])]
    done = subprocess.run(line, input="\n".join(urls), stdout=subprocess.PIPE, text=True, check=True)
    seconds, size = json.loads(done.stdout)
    return seconds, size


def run_curl(urls: Sequence[str], unchanged: bool) -> tuple[float, int]:
    """Seconds and bytes of curl."""
    asked = "".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in urls)
    line = ["curl", "-q", "-sS", "--noproxy", "*", "--parallel", "--parallel-max", str(AT_ONCE), "-K", "-"]
    line += ["-w", "%{size_download}\n", *(["-H", f"If-None-Match: {ETAG}"] if unchanged else [])]
    began = time.perf_counter()
    done = subprocess.run(line, input=asked, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, sum(map(int, done.stdout.split()))


# -- the measuring ---------------------------------------------------------------------------------------------------


def race(urls: Sequence[str], unchanged: bool, rounds: int) -> None:
    """Print what each contestant took, and by how much more than curl."""
    seconds: dict[str, list[float]] = {"curl": [], **{name: [] for name in CLIENTS}}
    sizes: dict[str, int] = {}
    for number in range(rounds + 1):  # the first warms up
        for name, taken in seconds.items():
            one, sizes[name] = run_curl(urls, unchanged) if name == "curl" else run_client(name, urls, unchanged)
            taken += [one] if number else []
    assert len(set(sizes.values())) == 1, sizes
    reach = 1.20 if unchanged else 1.15
    middle = {name: statistics.median(taken) for name, taken in seconds.items()}
    print(f"\n{'all 304' if unchanged else 'bodies read'}: {sizes['curl'] / 1e6:.1f} MB, {rounds} rounds")
    print(f"{'':12} median    best   worst  to curl")
    for name, taken in seconds.items():
        goal = f"  (reach {reach:.2f})" if name == "dealwatch" else ""
        spread = f"{middle[name]:6.3f}  {min(taken):6.3f}  {max(taken):6.3f}"
        print(f"{name:12} {spread}  {middle[name] / middle['curl']:7.2f}{goal}")


def config_text(urls: Sequence[str]) -> str:
    """A configuration whose sources are the feeds."""
    places = json.dumps(sorted({urlsplit(url).netloc for url in urls}))
    sources = "".join(
        f'[[source]]\nname = "paper {number}"\nurl = "{url}"\nevery = "0s"\nlang = "en"\n'
        for number, url in enumerate(urls)
    )
    return f"[fetch]\nworkers = {AT_ONCE}\ndelay = 0\nallow_private = {places}\n{sources}"


def whole(urls: Sequence[str]) -> None:
    """Print what `dealwatch fetch` takes from start to exit, on an empty store and again when nothing has changed."""
    print("\ndealwatch fetch, start to exit")
    with tempfile.TemporaryDirectory() as folder:
        (config := Path(folder) / "config.toml").write_text(config_text(urls), "utf-8")
        line = [sys.executable, "-m", "dealwatch", "--config", str(config), "--db", f"{folder}/deals.db"]
        for name in ("first run", "second run"):
            began = time.perf_counter()
            done = subprocess.run([*line, "fetch", "--json"], stdout=subprocess.PIPE, text=True, check=True)
            taken = time.perf_counter() - began
            found = json.loads(done.stdout)
            print(f"{name:12} {taken:6.2f} s   {({k: v for k, v in found.items() if isinstance(v, int)})}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a smoke test: 20 feeds of 6 kB, one round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-whole", action="store_true", help="leave out `dealwatch fetch`")
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--unchanged", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.client:
        print(json.dumps(CLIENTS[given.client](sys.stdin.read().split(), given.unchanged)))
        return
    feeds, hosts, size, wait = (20, 10, 6_000, 0.02) if given.quick else (300, 150, 60_000, 0.2)
    rounds = 1 if given.quick else given.rounds
    with stand(feeds, hosts, size, wait) as urls:
        print(f"{feeds} feeds of {size // 1000} kB on {hosts} addresses, {wait * 1000:.0f} ms each, {AT_ONCE} at once")
        race(urls, False, rounds)
        race(urls, True, rounds)
        if not given.skip_whole:
            whole(urls)


if __name__ == "__main__":
    main()
