"""Wrong attempts, counted by login and by address, so that nobody guesses on line.

An attempt is counted before it is judged and taken back when it was right; so however many come
at once, no more than the limit are judged. The counts are this process's own: a secret part of
sixty bits does not depend on them, and a restart forgets them.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network

from lockwright_desk.refusals import CredentialsWrong, TooManyFailures
from lockwright_desk.settings import LimitSettings

_MOST = 100_000
"""Logins and addresses that are remembered; the oldest goes first."""
_IPV6_NETWORK = 64
"""Bits of an IPv6 address that one customer of a provider has in common."""


class Guard:
    """Counts wrong attempts.

    Args:
        settings: the limits.
        clock: the time in seconds, from any beginning.
    """

    def __init__(
        self, settings: LimitSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        window = settings.window.total_seconds()
        self._logins = _Counter(settings.login_failures, window, clock)
        self._addresses = _Counter(settings.address_failures, window, clock)

    @contextmanager
    def attempt(self, login: str, address: str) -> Iterator[None]:
        """One attempt; it counts if it ends with ``CredentialsWrong``.

        Raises:
            TooManyFailures: it is not even judged.
        """
        place = _place(address)
        self._addresses.charge(place)
        try:
            self._logins.charge(login)
        except TooManyFailures:
            self._addresses.refund(place)
            raise
        try:
            yield
        except CredentialsWrong:
            raise
        except BaseException:
            self._refund(login, place)
            raise
        self._refund(login, place)

    def _refund(self, login: str, place: str) -> None:
        self._logins.refund(login)
        self._addresses.refund(place)


class _Counter:
    """Attempts by name, each name with a window that begins with its first one."""

    def __init__(self, limit: int, window: float, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._window = window
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def charge(self, name: str) -> None:
        with self._lock:
            now = self._clock()
            begun, count = self._counts.get(name, (now, 0))
            if now - begun >= self._window:
                begun, count = now, 0
            if count >= self._limit:
                raise TooManyFailures(seconds=int(begun + self._window - now) + 1)
            if count == 0:
                self._counts.pop(name, None)  # a window that begins now goes to the end
            self._counts[name] = (begun, count + 1)
            if len(self._counts) > _MOST:
                self._counts.popitem(last=False)

    def refund(self, name: str) -> None:
        with self._lock:
            begun, count = self._counts.get(name, (0.0, 0))
            if count > 1:
                self._counts[name] = (begun, count - 1)
            else:
                self._counts.pop(name, None)


def _place(address: str) -> str:
    """What an address is counted as."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_NETWORK), strict=False))
    return str(parsed)
