"""The address table, before any socket opens."""

import ipaddress
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.config import FetchSettings
from dealwatch.errors import FetchError
from dealwatch.fetch import Client, Refused
from dealwatch.fetch.clock import SystemClock
from dealwatch.fetch.guard import is_allowed, is_local_name, is_refused, literal

DATA = tomllib.loads((Path(__file__).parent / "data/fetch/addresses.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("ip", "reason"), DATA["rows"])
def test_address_table(ip, reason):
    assert (is_refused(ip) or "") == reason


@pytest.mark.parametrize(("network", "reason"), DATA["ranges"])
def test_every_range_at_its_ends_and_just_outside(network, reason):
    ends = ipaddress.ip_network(network)
    assert {is_refused(str(ends[0])), is_refused(str(ends[-1]))} == {reason}
    for number in (int(ends[0]) - 1, int(ends[-1]) + 1):
        if 0 <= number < 2**ends.max_prefixlen:
            outside = type(ends[0])(number)
            assert is_refused(str(outside)) in (reasons_of(outside) or {None, "not given out"})


def reasons_of(address):
    """What the ranges of the data say of an address."""
    return {reason for network, reason in DATA["ranges"] if address in ipaddress.ip_network(network)} | (
        {"IPv4-compatible"} if address in ipaddress.ip_network("::/96") and int(address) != 1 else set()
    ) | ({is_refused(str(inner))} if (inner := getattr(address, "ipv4_mapped", None)) else set())


@pytest.mark.parametrize(("url", "expected"), DATA["urls"])
def test_every_spelling_of_an_address(url, expected):
    asked = []

    def find(host, port):
        asked.append(host)
        return ()

    alone = SystemClock()  # nobody has asked these hosts by it, so no turn waits
    with Client(FetchSettings(timeout=2.0), find=find, clock=alone) as client, pytest.raises(FetchError) as caught:
        client.get(url, limit=1)
    said = caught.value.message.removeprefix("address ")
    assert (f"name {asked[0]}" if asked else said) == expected
    assert isinstance(caught.value, Refused) is expected.startswith("refused")


@pytest.mark.parametrize(("name", "expected"), DATA["local_names"])
def test_local_names_are_refused_behind_a_proxy(name, expected):
    assert is_local_name(name) is expected
    proxied = FetchSettings(timeout=2.0, proxy="http://proxy.example:3128")
    asked = []

    def find(host, port):
        asked.append(host)
        return ()

    with Client(proxied, find=find, clock=SystemClock()) as client, pytest.raises(FetchError) as caught:
        client.get(f"http://{name}/", limit=1)
    assert (caught.value.message == "address refused (local name)") is expected
    assert asked == ([] if expected else ["proxy.example"])  # the only name that we look up ourselves


def test_a_local_name_that_is_opened_goes_to_the_proxy():
    opened = FetchSettings(timeout=2.0, proxy="http://proxy.example:3128", allow_private=("intranet:80",))
    with Client(opened, find=lambda host, port: ()) as client, pytest.raises(FetchError, match="host not found"):
        client.get("http://intranet/", limit=1)


@pytest.mark.parametrize(("name", "port", "entries", "expected"), DATA["allowed"])
def test_allow_private(name, port, entries, expected):
    assert is_allowed((name,), port, tuple(entries)) is expected


@given(st.ip_addresses(v=4))
def test_mapped_address_is_judged_by_the_inner_one(address):
    assert is_refused(f"::ffff:{address}") == is_refused(str(address))


@given(st.ip_addresses())
def test_never_laxer_than_the_standard_library(address):
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return
    if not address.is_global or address.is_multicast:
        assert is_refused(str(address))


def test_literal_knows_addresses_from_names():
    assert literal("[::1]") == "::1"
    assert literal("127.0.0.1") == "127.0.0.1"
    assert literal("news.example") is None
    assert literal("face.example") is None
    assert {literal(old) for old in ("127.1", "0x7f000001", "2130706433", "0177.0.0.1")} == {"127.0.0.1"}
