"""Leave to have something large in hand: one turn at a time, and nobody waits inside a host's turn for it."""

import threading
import time

import pytest

from dealwatch.config import FetchSettings
from dealwatch.errors import FetchError
from dealwatch.fetch import Client, Refused, TooLarge
from dealwatch.fetch.holding import LARGE, Hold, Leave
from test_fetch_client import reply, serving

BIG = bytes(LARGE * 2)
LIMIT = LARGE * 3


def settings(*servers, **more):
    places = tuple(f"127.0.0.1:{server.port}" for server in servers)
    return FetchSettings(**{"timeout": 5.0, "delay": 0.0, "per_host": 2, "allow_private": places} | more)


def test_one_hold_has_the_leave_until_it_releases_it():
    leave = Leave()
    first, second = Hold(leave), Hold(leave)
    assert first.try_take(0)
    assert first.try_take(0)  # it has it
    assert not second.try_take(0)
    second.release()  # of what it has not
    assert not second.try_take(0)
    first.release()
    assert second.try_take(0)
    assert not first.is_long()
    assert not second.is_long()


def test_closing_ends_every_wait():
    leave = Leave()
    Hold(leave).take()
    refused = []

    def wait():
        with pytest.raises(Refused, match="interrupted"):
            Hold(leave).take()
        refused.append(True)

    threads = [threading.Thread(target=wait, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    leave.close()
    for thread in threads:
        thread.join(5)
    assert len(refused) == 3


ANSWERS = {
    "/small": reply("200 OK", b"x" * LARGE),
    "/large": reply("200 OK", BIG),
    "/unsaid": b"HTTP/1.1 200 OK\r\n\r\n" + BIG,
}


@pytest.fixture
def server():
    with serving(lambda send, path, stop: send(ANSWERS[path])) as server:
        yield server


@pytest.mark.parametrize("path", ["/large", "/unsaid"])
def test_a_large_body_waits_for_the_leave_outside_its_hosts_turn(server, path):
    with Client(settings(server)) as client:
        first, second = client.hold(), client.hold()
        assert client.get(server.url(path), limit=LIMIT, hold=first).body == BIG
        got = []
        get = lambda: got.append(client.get(server.url(path), limit=LIMIT, hold=second).body)  # noqa: E731
        threads = [threading.Thread(target=get, daemon=True) for _ in range(2)]
        for thread in threads:
            thread.start()
        # Both connections of the host are asked for by those that wait; whoever has the leave still gets its turn.
        for _ in range(3):
            assert client.get(server.url("/large"), limit=LIMIT, hold=first).body == BIG
        assert got == []
        assert client.get(server.url("/small"), limit=LIMIT, hold=client.hold()).body == b"x" * LARGE
        first.release()
        for thread in threads:
            thread.join(5)
        assert got == [BIG, BIG]


def test_a_body_that_fails_leaves_the_leave_to_its_turn_and_a_body_too_large_is_refused(server):
    with Client(settings(server)) as client:
        hold = client.hold()
        with pytest.raises(TooLarge):
            client.get(server.url("/unsaid"), limit=LARGE + 100_000, hold=hold)
        assert not client.hold().try_take(0)
        hold.release()
        assert client.hold().try_take(0)


def test_a_client_that_closes_refuses_those_that_wait(server):
    with Client(settings(server)) as client:
        client.get(server.url("/large"), limit=LIMIT, hold=client.hold())
        said = []

        def get():
            try:
                client.get(server.url("/large"), limit=LIMIT, hold=client.hold())
            except FetchError as error:
                said.append(error.message)

        thread = threading.Thread(target=get, daemon=True)
        thread.start()
        began = time.monotonic()
        client.close()
        thread.join(5)
        assert said in (["interrupted"], ["connection lost"])  # waiting, or still reading when the client was closed
        assert time.monotonic() - began < 3
