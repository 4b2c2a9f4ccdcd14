"""Turns, rests and robots.txt. Clocks are only compared, never slept on, but for delays of some milliseconds."""

import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dealwatch.config import FetchSettings
from dealwatch.errors import FetchError
from dealwatch.fetch.failures import HttpError, Refused, Resting
from dealwatch.fetch.politeness import Turns
from dealwatch.fetch.robots import Robots

HOST = "127.0.0.1:8080"


def turns(**more):
    return Turns(FetchSettings(**{"delay": 0.0, "allow_private": (HOST,)} | more))


def test_no_more_connections_to_a_host_than_settled():
    queue, lock, now, most = turns(per_host=3), threading.Lock(), 0, 0
    meet = threading.Barrier(3, timeout=5)  # passes only when three are inside at once

    def visit(_):
        nonlocal now, most
        with queue.turn(HOST):
            with lock:
                now += 1
                most = max(most, now)
            meet.wait()
            with lock:
                now -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(visit, range(12)))
    assert most == 3


def test_delay_is_kept_between_requests_of_one_host_only():
    queue = turns(delay=0.02, per_host=9)
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: queue.turn(HOST).__enter__(), range(4)))
    assert time.monotonic() - began >= 0.06
    began = time.monotonic()
    for number in range(20):
        with queue.turn(f"host{number}.example:443"):
            pass
    assert time.monotonic() - began < 0.5


def test_settings_are_looser_for_our_own_hosts_only():
    queue = turns(delay=0.0, per_host=50)
    assert queue._host(HOST).delay == 0.0
    assert queue._host("news.example:443").delay == 1.0
    slow = turns(delay=5.0)
    assert slow._host("news.example:443").delay == 5.0


def test_closing_ends_the_wait():
    queue = turns(delay=60.0)
    with queue.turn(HOST):
        pass
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(queue.turn(HOST).__enter__)
        queue.close()
        with pytest.raises(Refused, match="interrupted"):
            waiting.result(timeout=5)


def test_a_resting_host_is_refused_at_once():
    queue = turns()
    queue.rest(HOST, 10**9)
    with pytest.raises(Resting, match="pause") as caught, queue.turn(HOST):
        pass
    assert 86_399 <= pickle.loads(pickle.dumps(caught.value)).retry_after <= 86_400
    assert queue._host(HOST).rest_until - time.monotonic() <= 86_400
    with queue.turn("127.0.0.1:8081"):  # another port is another host
        pass


ROBOTS = b"""
User-agent: *
Disallow: /private
Crawl-delay: 3

User-agent: dealwatch
Disallow: /not-for-us
Crawl-delay: 700
"""
ANSWERS = [
    (lambda url: ROBOTS, {"/news": True, "/not-for-us/1": False, "/private": True}),
    (lambda url: b"", {"/news": True}),
    (lambda url: b"\xff\xfe<html>not a robots.txt</html>", {"/news": True}),
    (HttpError("HTTP 404", status=404), {"/news": True}),
    (HttpError("HTTP 403", status=403), {"/news": True}),
    (HttpError("HTTP 429", status=429), {"/news": False}),
    (HttpError("HTTP 503", status=503), {"/news": False}),
    (FetchError("timed out"), {"/news": False}),
]
REASONS = [
    (lambda url: ROBOTS, "refused by robots.txt"),
    (HttpError("HTTP 503", status=503), "robots.txt cannot be read (HTTP 503)"),
    (FetchError("timed out"), "robots.txt cannot be read (timed out)"),
]


@pytest.mark.parametrize(("answer", "reason"), REASONS)
def test_robots_says_why(answer, reason):
    def read(url):
        if isinstance(answer, FetchError):
            raise answer
        return answer(url)

    assert Robots(read, lambda origin, delay: None).refusal("http://news.example/not-for-us") == reason



@pytest.mark.parametrize(("answer", "expected"), ANSWERS)
def test_robots(answer, expected):
    asked, slowed = [], []

    def read(url):
        asked.append(url)
        if isinstance(answer, FetchError):
            raise answer
        return answer(url)

    robots = Robots(read, lambda origin, delay: slowed.append((origin, delay)))
    for path, allowed in expected.items():
        assert (robots.refusal(f"http://news.example:8080{path}") is None) is allowed
    assert asked == ["http://news.example:8080/robots.txt"]


def test_robots_is_read_once_by_many_threads_and_its_delay_is_told():
    asked, slowed = [], []
    robots = Robots(lambda url: asked.append(url) or ROBOTS, lambda origin, delay: slowed.append((origin, delay)))
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(robots.refusal, [f"http://news.example/{number}" for number in range(50)]))
    assert asked == ["http://news.example/robots.txt"]
    assert slowed == [("http://news.example", 700.0)]
    queue = turns()
    queue.slow_down("news.example:80", 700.0)
    assert queue._host("news.example:80").delay == 10.0
