"""Which addresses may be spoken to: a pure table, asked before any socket opens.

`ipaddress.is_global` alone is not enough on any Python: it calls NAT64, 6to4 and multicast addresses global, and what
it says of 192.0.0.0/24 and ::ffff:0:0/96 has changed between releases.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_NUMERIC = re.compile(r"[0-9a-fxA-FX.]{1,60}")
_REFUSED = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared (carrier NAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("100::/64", "discard"),
        ("100:0:0:1::/64", "dummy prefix"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that is given out: whatever else is public today may mean us tomorrow
_LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "home.arpa")  # RFC 6761, 6762, 8375; ICANN 2024


def is_refused(ip: str) -> str | None:
    """Why an address may not be spoken to, in a word or two; None where it may.

    >>> is_refused("127.0.0.1")
    'loopback'
    >>> is_refused("::ffff:10.0.0.1")
    'private'
    >>> is_refused("8.8.8.8") is None
    True
    """
    try:
        address: IPv4Address | IPv6Address = ip_address(ip.partition("%")[0])
    except ValueError:
        return "not an address"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    for network, reason in _REFUSED:
        if address.version == network.version and address in network:
            return reason
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "not given out"
    return None if address.is_global and not address.is_multicast else "not public"


def is_allowed(names: Sequence[str], port: int, allow_private: Sequence[str]) -> bool:
    """Whether the configuration opens a host's name or address at this very port.

    >>> is_allowed(("localhost", "127.0.0.1"), 8080, ("127.0.0.1:8080",))
    True
    >>> is_allowed(("127.0.0.1",), 8081, ("127.0.0.1:8080",))
    False
    """
    return any(_place(name, port) in allow_private for name in names)


def _place(name: str, port: int) -> str:
    return f"[{name.lower()}]:{port}" if ":" in name else f"{name.lower().rstrip('.')}:{port}"


def is_local_name(host: str) -> bool:
    """Whether a name can only mean something of the network it is looked up in.

    >>> is_local_name("intranet"), is_local_name("db.internal."), is_local_name("news.example")
    (True, True, False)
    """
    name = host.lower().rstrip(".")
    return "." not in name or any(name.endswith(f".{one}") for one in _LOCAL_NAMES)


def literal(host: str) -> str | None:
    """The address where a host is written as one, in the old ways too ("127.1", "0x7f000001"), None for a name.

    >>> literal("[::1]"), literal("127.1"), literal("2130706433"), literal("news.example")
    ('::1', '127.0.0.1', '127.0.0.1', None)
    """
    host = host.rstrip(".")  # "127.0.0.1." is an address to some resolvers
    try:
        return str(ip_address(host.strip("[]").partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host)) if _NUMERIC.fullmatch(host) else None
    except OSError:
        return None
