"""Bodies unpacked in any pieces, never past their cap."""

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.errors import FetchError
from dealwatch.fetch.failures import TooLarge
from dealwatch.fetch.holding import LARGE
from dealwatch.fetch.inflate import read_body

PACK = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "": bytes,
    "raw": lambda body: zlib.compress(body)[2:-4],
}


def pieces(packed, size):
    return [packed[at : at + size] for at in range(0, len(packed), size)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(PACK)), st.binary(min_size=1, max_size=50), st.integers(1, 5000), st.integers(1, 4000))
def test_a_body_comes_back_whole_however_it_is_cut(kind, seed, times, size):
    body = seed * times
    encoding = "deflate" if kind == "raw" else kind
    packed = pieces(PACK[kind](body), size)
    assert read_body(packed, encoding, max(len(body), sum(map(len, packed)))) == body
    with pytest.raises(TooLarge):
        read_body(packed, encoding, len(body) - 1)


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537, 131_072, 1_000_000])
@pytest.mark.parametrize("kind", ["gzip", "deflate"])
def test_a_body_that_ends_with_a_full_step(kind, length):
    assert read_body([PACK[kind](bytes(length))], kind, length) == bytes(length)


@given(st.sampled_from(["gzip", "deflate", "x-gzip", "identity", ""]), st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes_are_a_body_or_a_fetch_error(encoding, body):
    try:
        assert isinstance(read_body(body, encoding, 10_000), bytes)
    except FetchError:
        pass


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", "gzip, gzip", "x" * 5000])
def test_other_encodings_are_refused(encoding):
    with pytest.raises(FetchError, match="an encoding we did not ask for"):
        read_body([b"x"], encoding, 10)


def test_a_small_bomb_costs_no_more_than_its_cap():
    machine = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join([machine.compress(bytes(1_000_000)) for _ in range(50)]) + machine.flush()
    with pytest.raises(TooLarge):
        read_body(pieces(bomb, 100), "gzip", 60_000)


def test_members_in_a_row_and_what_follows_them():
    assert read_body([gzip.compress(b"a") + gzip.compress(b"b") + bytes(7)], "gzip", 100) == b"ab"


@pytest.mark.parametrize("kind", sorted(PACK))
@pytest.mark.parametrize(("length", "asked"), [(LARGE - 1, 0), (LARGE, 0), (LARGE + 1, 1), (LARGE * 3, 1)])
def test_leave_to_grow_is_asked_for_once_and_before_a_body_is_large(kind, length, asked):
    calls = []
    body, encoding = bytes(length), "deflate" if kind == "raw" else kind
    packed = pieces(PACK[kind](body), 10_000)
    assert read_body(packed, encoding, length, grow=lambda: calls.append(1)) == body
    assert len(calls) == asked


def test_a_body_that_may_not_grow_is_left():
    def refuse():
        raise ZeroDivisionError

    taken = []
    with pytest.raises(ZeroDivisionError):
        read_body((taken.append(1) or bytes(1000) for _ in range(9999)), "", LARGE * 9, grow=refuse)
    assert len(taken) == LARGE // 1000 + 1


@pytest.mark.parametrize("tail", [b"\r\n", b"\0" * 100, b"<!-- cached -->", b"\x1f", b"\x1f\x8bnot a member"])
def test_what_follows_a_gzip_body(tail):
    packed = gzip.compress(b"story") + tail
    if tail.startswith(b"\x1f"):
        with pytest.raises(FetchError):
            read_body([packed], "gzip", 1000)
    else:
        assert read_body([packed], "gzip", 1000) == b"story"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "x-gzip", "identity", ""])
def test_an_empty_body_is_empty_whatever_it_says_to_be_packed_by(encoding):
    assert read_body([], encoding, 10) == read_body([b""], encoding, 10) == b""
