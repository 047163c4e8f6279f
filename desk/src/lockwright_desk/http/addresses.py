"""Addresses of clients: read in every form that a proxy writes them, and what they count as."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from lockwright_desk.configuration.settings import Network

Address = IPv4Address | IPv6Address

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>[\d.]+):\d+")
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""Addresses of IPv4 behind a translator (RFC 6052, 2.1), all in one network of 64 bits."""
_IPV6_NETWORK = 64
"""Bits of an IPv6 address that one customer of a provider has in common."""


def read(text: str) -> Address | None:
    """An address as the system or a proxy's header has it; None if it is none.

    It may be in brackets, have a port behind it or name its interface; an IPv4 address within
    IPv6 (``::ffff:192.0.2.1``) is the IPv4 address.
    """
    text = text.strip()
    if matched := _WITH_PORT.fullmatch(text):
        text = matched["six"] or matched["four"]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped or found
    return found


def is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    """Whether one of the networks has the address."""
    return any(address in network for network in networks)


def place(address: str) -> str:
    """What an address counts as: itself, or its network of 64 bits."""
    found = read(address)
    if isinstance(found, IPv6Address) and found in _TRANSLATED:
        found = IPv4Address(found.packed[-4:])
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _IPV6_NETWORK), strict=False))
    return str(found or address)
