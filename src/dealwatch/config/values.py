"""One value of the file: a reader takes what TOML gave and returns what we keep, or raises `ValueError` with what is
wanted, in a few words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast

Read = Callable[[object], object]

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]{0,99})\}")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d{1,7})\s{0,3}([smhdw])\Z")
_HOST_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):(\d{1,5})\Z")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\Z")


def did_you_mean(word: str, known: frozenset[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def read_text(value: object) -> str:
    if not isinstance(value, str) or CONTROL.search(value):
        raise ValueError("a text in quotes, on one line")
    return value


def read_name(value: object) -> str:
    name = read_text(value).strip()
    if not 0 < len(name) <= 100:
        raise ValueError("a name of 1 to 100 characters")
    return name


def read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def read_count(low: int, high: int) -> Read:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return read


def read_seconds(value: object) -> float:
    if isinstance(value, str) and (match := _DURATION.match(value.strip())):
        return float(int(match[1]) * _UNITS[match[2]])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise ValueError('a time such as "30m", "2h" or "1d", or a number of seconds')
    return float(value)


def read_positive(value: object) -> float:
    seconds = read_seconds(value)
    if not seconds:
        raise ValueError("more than 0 seconds")
    return seconds


def read_whole_seconds(value: object) -> int:
    return int(read_seconds(value))


def read_one_of(*choices: str) -> Read:
    def read(value: object) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return str(value)

    return read


def read_code(pattern: str, wanted: str, *, upper: bool) -> Read:
    def read(value: object) -> str:
        code = read_text(value).strip()
        code = code.upper() if upper else code.lower()
        if not re.fullmatch(pattern, code):
            raise ValueError(wanted)
        return code

    return read


def read_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('a list of texts, such as ["a", "b"]')
    return tuple(read_text(item) for item in value)


def read_patterns(value: object) -> str:
    """One pattern or a list of them; kept as lines."""
    lines = [read_text(value)] if isinstance(value, str) else list(read_texts(value))
    if any(len(line) > 200 for line in lines) or len(lines) > 200:
        raise ValueError("at most 200 patterns of 200 characters")
    return "\n".join(line.strip() for line in lines if line.strip())


def read_hosts(value: object) -> tuple[str, ...]:
    hosts = tuple(host.lower() for host in read_texts(value))
    for host in hosts:
        match = _HOST_PORT.match(host)
        if not match or not 0 < int(match[1]) < 65536:
            raise ValueError('a list of host:port, such as ["127.0.0.1:8080"]')
    return hosts


def read_web_address(value: object) -> str:
    address = read_text(value).strip()
    scheme, _, rest = address.partition("://")
    if scheme.lower() not in ("http", "https") or not rest.split("/")[0] or re.search(r"\s", address):
        raise ValueError("an address that begins with http:// or https://")
    return address


def read_mapping(keys: frozenset[str] | None) -> Read:
    def read(value: object) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise ValueError("a table of texts")
        for key in value:
            if keys is not None and key not in keys:
                guess = did_you_mean(key, keys)
                raise ValueError(f"a table without {key!r}{guess}; it takes {', '.join(sorted(keys))}")
        return {key: read_text(item) for key, item in value.items()}

    return read


def read_headers(value: object) -> Mapping[str, str]:
    headers = cast("Mapping[str, str]", read_mapping(None)(value))
    if any(not _HEADER_NAME.match(name) for name in headers):
        raise ValueError("a table of header names and texts")
    return headers
