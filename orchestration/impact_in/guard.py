"""Requests leave for the internet only: a company's address must not make us ask our own network.

Checked where the connection is made, on the addresses that are connected to, so that a name that resolves
differently the second time gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

LONGEST = 500


class ForbiddenAddressError(Exception):
    """The address is not one that deliveries may go to."""


def is_private(url: str, private_hosts: Collection[str]) -> bool:
    """Whether `url` names a host that was declared private: one of the operator's own."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port or 443}" in private_hosts
    except ValueError:
        return False


def check_url(url: str, private_hosts: Collection[str]) -> None:
    """Raise ForbiddenAddressError unless `url` is https to a public host, or a host that is allowed."""
    try:
        parts = urlsplit(url)
        host, _ = (
            parts.hostname or "",
            parts.port,
        )  # a port that is none is an error only when it is asked for
    except ValueError:
        raise ForbiddenAddressError("the address is not a URL") from None
    if len(url) > LONGEST or not host or parts.username or parts.password or parts.query or parts.fragment:
        raise ForbiddenAddressError("give https://host/path without user, query and fragment")
    if is_private(url, private_hosts) and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise ForbiddenAddressError("deliveries go over https only")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host:
            raise ForbiddenAddressError(f"{host} is not a host of the internet") from None
        return
    if not is_public(str(address)):
        raise ForbiddenAddressError("the address is not one of the internet")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet; also through IPv6 forms of IPv4 addresses."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if inner is not None:
            return is_public(str(inner))
        if parsed in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFF_FFFF)))
    return parsed.is_global and not parsed.is_multicast


class GuardedResolver(AbstractResolver):
    """Resolves names to public addresses alone, unless their host and port are allowed."""

    def __init__(self, private_hosts: Collection[str], inner: AbstractResolver | None = None) -> None:
        self._private_hosts = private_hosts
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if f"{host}:{port}" in self._private_hosts:
            return found
        if public := [one for one in found if is_public(one["host"])]:
            return public
        raise OSError(f"{host} has no address on the internet")

    async def close(self) -> None:
        await self._inner.close()
