"""The address table, before any socket opens."""

import ipaddress
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwatch.fetch.guard import is_allowed, is_refused, literal

DATA = tomllib.loads((Path(__file__).parent / "data/fetch/addresses.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("ip", "reason"), DATA["rows"])
def test_address_table(ip, reason):
    assert (is_refused(ip) or "") == reason


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
