"""A pool for each host: what is kept, what is closed, and that nobody's connection is closed under them."""

import httpcore
import pytest

from dealwatch.fetch.pools import Pools


class Pool:
    """What httpcore's does, as far as it shows: answers, and can be closed once."""

    def __init__(self, fault=None):
        self.open, self.fault = True, fault

    def handle_request(self, request):
        assert self.open
        if self.fault:
            raise self.fault
        return httpcore.Response(200, content=b"x")

    def close(self):
        assert self.open
        self.open = False


@pytest.fixture
def made():
    return []


def pools_of(made, most, seconds, fault=None):
    def make():
        made.append(Pool(fault))
        return made[-1]

    return Pools(make, most, seconds)


def ask(pools, host, scheme="http"):
    return pools.handle_request(httpcore.Request("GET", f"{scheme}://{host}/"))


def is_open(made):
    return [pool.open for pool in made]


def test_a_host_has_one_pool_for_each_scheme_and_port(made):
    pools = pools_of(made, 9, 9)
    for host, scheme in (("a", "http"), ("a:81", "http"), ("a", "https"), ("a", "http"), ("a:81", "http")):
        ask(pools, host, scheme).close()
    assert len(made) == 3


def test_only_the_last_hosts_are_kept(made):
    pools = pools_of(made, 2, 9)
    for host in ("a", "b", "a", "c"):
        ask(pools, host).close()
    assert is_open(made) == [True, False, True]
    pools.close()
    assert is_open(made) == [False] * 3


def test_nothing_is_kept_longer_than_its_time(made):
    pools = pools_of(made, 9, -1)
    for host in ("a", "b", "c"):
        ask(pools, host).close()
    assert is_open(made) == [False, False, True]


def test_a_pool_in_use_is_not_closed(made):
    pools = pools_of(made, 1, -1)
    held = ask(pools, "a")
    ask(pools, "b").close()
    ask(pools, "c").close()
    assert is_open(made) == [True, False, True]
    assert b"".join(held.stream) == b"x"
    held.close()
    held.close()  # once more is nothing
    ask(pools, "d").close()
    assert is_open(made) == [False, False, False, True]


def test_a_request_that_fails_gives_its_pool_back(made):
    pools = pools_of(made, 1, -1, fault=httpcore.ReadError("gone"))
    for host in ("a", "b"):
        with pytest.raises(httpcore.ReadError):
            ask(pools, host)
    assert is_open(made) == [False, True]
