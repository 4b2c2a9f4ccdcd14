"""Turns, rests and robots.txt. Clocks are only compared, never slept on, but for delays of some milliseconds."""

import pickle
import threading
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dealwatch.config import FetchSettings
from dealwatch.errors import FetchError
from dealwatch.fetch.clock import SystemClock
from dealwatch.fetch.failures import HttpError, Refused, Resting
from dealwatch.fetch.politeness import Turns
from dealwatch.fetch.robots import ROBOTS_BYTES, Robots

HOST = "127.0.0.1:8080"


START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def turns(clock=None, now=START, rests=None, **more):
    """Turns by a clock of their own: those of one clock remember the hosts that were asked before."""
    settings = FetchSettings(**{"delay": 0.0, "allow_private": (HOST,)} | more)
    return Turns(settings, clock or SystemClock(), now, rests)


class Stopped:
    """A clock that stands still but for those who wait by it."""

    def __init__(self):
        self.seconds, self.waits = 1000.0, []

    def monotonic(self):
        return self.seconds

    def wait(self, gate, seconds):
        self.waits.append(seconds)
        if seconds is None:
            gate.wait(5)
        else:
            self.seconds += seconds


def ask(queue, place=HOST, answer_after=0.0, connect=0.0, body=0.0):
    """One exchange by a stopped clock; when it was sent and answered."""
    clock = queue._clock
    with queue.turn(place) as slot:
        clock.seconds += connect
        slot.sent()
        sent = clock.seconds
        clock.seconds += answer_after
        slot.answered()
        answered = clock.seconds
        clock.seconds += body
    return sent, answered


@pytest.mark.parametrize("connect", [0.0, 0.4, 3.0, 15.0])
@pytest.mark.parametrize("answer", [0.0, 0.7, 9.0])
@pytest.mark.parametrize("body", [0.0, 30.0])
def test_the_delay_counts_from_the_answer(connect, answer, body):
    queue = turns(Stopped(), delay=1.0)
    _, seen = ask(queue, connect=connect, answer_after=answer, body=body)
    sent, _ = ask(queue)
    assert sent - seen == pytest.approx(max(1.0, body))


def test_nobody_is_let_go_while_another_connects_or_waits_for_its_answer():
    clock = Stopped()
    queue = turns(clock, delay=1.0)
    with queue.turn(HOST) as slot, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, queue)
        clock.seconds += 7.0  # a slow connection
        slot.sent()
        with pytest.raises(Late):
            waiting.result(0.0 if clock.waits else 0.05)
        slot.answered()
        seen = clock.seconds
        sent, _ = waiting.result(5)
        assert sent >= seen + 1.0


def test_what_nobody_answers_holds_up_the_next_one_for_two_seconds_more():
    clock = Stopped()
    queue = turns(clock, delay=1.0)
    with queue.turn(HOST) as slot:
        slot.sent()
        began = clock.seconds
        sent, _ = ask(queue)
        assert sent - began == pytest.approx(3.0)
        third, _ = ask(queue)
        assert third >= sent + 1.0


def test_a_third_one_waits_though_two_are_slow():
    clock = Stopped()
    queue = turns(clock, delay=1.0)
    with ThreadPoolExecutor(1) as pool:
        with queue.turn(HOST) as one:
            one.sent()
            with queue.turn(HOST) as two:
                two.sent()
                third = pool.submit(ask, queue)
                with pytest.raises(Late):
                    third.result(0.05)
        assert third.result(5)


def test_a_connection_that_fails_is_followed_by_the_delay():
    queue = turns(Stopped(), delay=1.0)
    with queue.turn(HOST):
        queue._clock.seconds += 4.0  # and nothing was sent
    sent, _ = ask(queue)
    assert sent == pytest.approx(1005.0)


def test_the_next_client_of_this_process_keeps_the_delay_too():
    clock = Stopped()
    _, seen = ask(turns(clock, delay=1.0))
    sent, _ = ask(turns(clock, delay=1.0))
    assert sent - seen == pytest.approx(1.0)


def test_the_next_run_keeps_rests_and_the_delay():
    queue = turns(Stopped(), delay=1.0)
    queue.rest("news.example:443", 600)
    queue.rest("old.example:443", -5)
    ask(queue)
    queue._clock.seconds += 0.25
    rests = queue.rests()
    assert rests == {
        "news.example:443": START + timedelta(seconds=600), HOST: START + timedelta(seconds=1),
    }  # fmt: skip
    later = turns(Stopped(), START + timedelta(seconds=599 - 2), rests, delay=1.0)
    assert later.is_resting("news.example:443")
    assert not later.is_resting(HOST)
    with pytest.raises(Resting) as caught, later.turn("news.example:443"):
        pass
    assert caught.value.retry_after == 3
    at_once = turns(Stopped(), START + timedelta(seconds=0.25), rests, delay=1.0)
    assert ask(at_once)[0] == pytest.approx(1000.75)  # the rest of the second
    over = turns(Stopped(), START + timedelta(seconds=600), rests, delay=1.0)
    assert ask(over, "news.example:443")[0] == 1000.0


def test_time_is_what_a_run_began_with_unless_that_is_only_moments_old():
    real = datetime.now(UTC)
    assert turns(Stopped(), START).time() == START
    assert turns(Stopped(), real - timedelta(seconds=5)).time() >= real
    for other in (timedelta(hours=-1), timedelta(hours=1)):
        assert turns(Stopped(), real + other).time() == real + other


def test_the_end_of_a_rest_is_waited_for():
    queue = turns(Stopped())
    queue.rest(HOST, 1.5)
    assert ask(queue)[0] == 1001.5


def test_a_rest_of_another_time_is_a_day_at_most():
    queue = turns(Stopped(), rests={HOST: START + timedelta(days=30_000)})
    assert queue.rests() == {HOST: START + timedelta(days=1)}


def test_crawl_delay_counts_after_the_request_that_told_it():
    queue = turns(Stopped(), delay=1.0)
    _, seen = ask(queue)
    queue.slow_down(HOST, 7.0)
    assert ask(queue)[0] - seen == pytest.approx(7.0)
    queue.slow_down(HOST, float("nan"))
    queue.slow_down(HOST, -3.0)
    assert queue._host(HOST).delay == 7.0


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


def for_the_delay(queue, inside):
    with queue.turn(HOST):
        pass
    inside()


def for_a_connection(queue, inside):
    with queue.turn(HOST) as one:
        one.answered()
        queue._host(HOST).next_at = 0.0
        inside()


def for_an_answer(queue, inside):
    with queue.turn(HOST) as one:
        one.sent()
        inside()


def for_a_slow_connection(queue, inside):
    with queue.turn(HOST):
        inside()


def for_the_end_of_a_rest(queue, inside):
    queue.rest(HOST, 1.9)
    inside()


@pytest.mark.parametrize(
    "wait", [for_the_delay, for_a_connection, for_an_answer, for_a_slow_connection, for_the_end_of_a_rest]
)
def test_closing_ends_every_wait(wait):
    queue, ended = turns(delay=60.0, per_host=1), []

    def inside():
        waiting = [pool.submit(queue.turn(HOST).__enter__) for _ in range(3)]
        queue.close()
        for one in waiting:
            with pytest.raises(Refused, match="interrupted"):
                one.result(timeout=1)
            ended.append(one)

    with ThreadPoolExecutor(3) as pool:
        wait(queue, inside)
    assert len(ended) == 3


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
CASES = tomllib.loads((Path(__file__).parent / "data/fetch/robots.toml").read_text(encoding="utf-8"))["case"]
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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_robots_rules(case, encoding):
    body = case["text"].removeprefix("\ufeff" if encoding == "utf-16" else "").encode(encoding)
    robots = Robots(lambda url: body, lambda origin, delay: None)
    found = {path: robots.refusal(f"https://news.example{path}") is None for path in case["paths"]}
    assert found == case["paths"]


def test_a_long_robots_is_read_up_to_its_cap_and_no_rule_in_half():
    head = b"User-agent: *\nDisallow: /a\n"
    filler = b"# nothing\n" * ((ROBOTS_BYTES - len(head)) // 10 - 1)
    body = (head + filler + b"Disallow: /bbbbbbbbbbbbbbbbbbbbbbbbbbbb\nDisallow: /\n")[:ROBOTS_BYTES]
    assert body.rpartition(b"\n")[2].startswith(b"Dis")
    robots = Robots(lambda url: body, lambda origin, delay: None)
    assert robots.refusal("https://news.example/a") == "refused by robots.txt"
    assert robots.refusal("https://news.example/b") is None


HOSTILE_ROBOTS = {
    "names": lambda size: "".join(f"User-agent: a{n}\n" for n in range(size // 30)) + "Disallow: /x\n" * (size // 30),
    "stars": lambda size: "User-agent: *\nDisallow: /" + "*a" * (size // 2),
    "spaces": lambda size: "User-agent:" + " " * size + "*",
    "rules": lambda size: "User-agent: *\n" + "Disallow: /*a*b$\n" * (size // 18),
    "one line": lambda size: "User-agent " * (size // 11),
}


@pytest.mark.parametrize("name", HOSTILE_ROBOTS)
def test_a_hostile_robots_costs_no_more_than_its_length(name):
    body = HOSTILE_ROBOTS[name](ROBOTS_BYTES).encode()
    began = time.process_time()
    Robots(lambda url: body, lambda origin, delay: None).refusal(f"https://news.example/{'ab' * 1000}")
    assert time.process_time() - began < 2.0


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
