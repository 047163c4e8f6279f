"""Wrong attempts, counted by login and by address, so that nobody guesses on line.

However many attempts come at once, no more are judged at the same time than may still be wrong; the
others wait until those are known to be right. The counts are this process's own: a secret part of
sixty bits does not depend on them, and a restart forgets them.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
        with self._addresses.attempt(_place(address)), self._logins.attempt(login):
            yield


@dataclass
class _Window:
    """The attempts of one name since the first that was wrong."""

    begun: float
    wrong: int = 0
    judged_now: int = 0


class _Counter:
    """Attempts by name; of those that may still be right, no more are judged than may be wrong."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._changed = threading.Condition()
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    @contextmanager
    def attempt(self, name: str) -> Iterator[None]:
        window = self._begin(name)
        wrong = False
        try:
            yield
        except CredentialsWrong:
            wrong = True
            raise
        finally:
            self._end(name, window, wrong=wrong)

    def _begin(self, name: str) -> _Window:
        with self._changed:
            while True:
                now = self._clock()
                window = self._windows.get(name)
                if window is None or now - window.begun >= self._seconds:
                    window = self._new(name, now)
                if window.wrong >= self._limit:
                    raise TooManyFailures(seconds=int(window.begun + self._seconds - now) + 1)
                if window.wrong + window.judged_now < self._limit:
                    window.judged_now += 1
                    return window
                self._changed.wait()

    def _new(self, name: str, now: float) -> _Window:
        window = self._windows[name] = _Window(now)
        self._windows.move_to_end(name)
        if len(self._windows) > _MOST:
            self._windows.popitem(last=False)
        return window

    def _end(self, name: str, window: _Window, *, wrong: bool) -> None:
        with self._changed:
            window.judged_now -= 1
            window.wrong += wrong
            if not (window.wrong or window.judged_now) and self._windows.get(name) is window:
                del self._windows[name]
            self._changed.notify_all()


def _place(address: str) -> str:
    """What an address is counted as."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_NETWORK), strict=False))
    return str(parsed)
