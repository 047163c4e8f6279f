"""A Request on the line, and somebody who waits for its Response beside whatever else is done."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from lockwright.errors import (
    DeskAway,
    DeskEnded,
    DeskRefused,
    LineError,
)
from lockwright.i18n import N_
from lockwright.line import sealed
from lockwright.line.talking import Talk
from lockwright.records import dataclass
from lockwright.secret import Secret

_PAUSE, _LONGEST_PAUSE = 0.5, 8.0
"""Seconds between two tries to reach a desk that is away: at first, and after many."""
_LAST_SECONDS = 4.0
"""How long it may take to tell the desk that nobody waits any more."""
_WHY = {
    "closed": N_("the bank has closed the case without a Response"),
    "over": N_("its time is over"),
    "received": N_("the Response was fetched before"),
    "called-off": N_("it was called off from this side"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the desk is told of a Request."""

    adapter: str
    model: str
    serial: str
    request: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    response: Secret
    """The Response with the bank's check behind it, as it would have been dictated."""
    by: str
    """Who answered, as the bank names them."""


class Waiting:
    """A Request that went over the line; use it as a context manager.

    A thread of its own asks the desk, and goes on asking while it is away. It touches no token. At
    the end the desk is told that nobody waits any more.

    Args:
        talk: the desk.
        asked: the Request.
        left: the seconds that are left.

    Raises:
        LineError: the Request did not go over the line.
    """

    def __init__(self, talk: Talk, asked: Asked, left: Callable[[], float]) -> None:
        self._talk, self._asked, self._left = talk, asked, left
        self._key, public = sealed.new_key()
        opened = talk.open(
            {
                "adapter": asked.adapter,
                "model": asked.model,
                "serial": asked.serial,
                "request": asked.request.hex().upper(),
                "key": base64.b64encode(public).decode(),
                "seconds": max(1, int(left())),
            }
        )
        self.number = opened.number
        """What is read out to the bank, digits."""
        self._secret = opened.secret
        self._outcome: Answer | LineError | None = None
        self._over = threading.Event()
        self._closed = threading.Event()
        self._ours, self._theirs = socket.socketpair()
        self._thread = threading.Thread(target=self._wait, name="line", daemon=True)
        self._thread.start()

    @property
    def spoken(self) -> str:
        """The number as it is read out: ``482-719``."""
        half = (len(self.number) + 1) // 2
        return f"{self.number[:half]}-{self.number[half:]}"

    def fileno(self) -> int:
        """A descriptor that can be read from once ``outcome`` is there."""
        return self._ours.fileno()

    @property
    def outcome(self) -> Answer | LineError | None:
        """What came of it: the Response, or why none comes over the line; None as yet."""
        return self._outcome if self._over.is_set() else None

    def answer(self, seconds: float | None = None) -> Answer:
        """Wait for the Response.

        Args:
            seconds: how long; None for as long as the Request has.

        Returns:
            The Response, which is the caller's to wipe.

        Raises:
            TimeoutError: there is none yet; it can be asked for again.
            LineError: none comes over the line.
        """
        if not self._over.wait(self._left() if seconds is None else seconds):
            raise TimeoutError
        if isinstance(self._outcome, Answer):
            return self._outcome
        raise self._outcome or DeskEnded(reason=_WHY["over"])

    def close(self) -> None:
        """Wait no more; the desk is told, if it had no Response yet."""
        if self._closed.is_set():
            return
        self._closed.set()
        if not self._over.is_set():
            with suppress(LineError):
                self._talk.call_off(self._secret, _LAST_SECONDS)
        elif isinstance(self._outcome, Answer):
            self._outcome.response.wipe()
        self._ours.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _wait(self) -> None:
        try:
            self._outcome = self._heard()
        except LineError as error:
            self._outcome = error
        except Exception:  # noqa: BLE001  # whoever waits is told, whatever it was
            self._outcome = DeskAway(host=self._talk.host, reason=N_("the connection broke off"))
        self._over.set()
        if self._closed.is_set() and isinstance(self._outcome, Answer):
            self._outcome.response.wipe()  # it came too late for whoever closed this
        with suppress(OSError):
            self._theirs.sendall(b"1")
        self._theirs.close()

    def _heard(self) -> Answer | LineError:
        known, pause = "", _PAUSE
        while not self._closed.is_set() and self._left():
            try:
                heard = self._talk.look(self._secret, known)
            except (DeskAway, DeskRefused):  # a desk that is started anew still has the Request
                self._closed.wait(min(pause, self._left()))
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = _PAUSE
            if heard is None:
                continue
            if heard.state == "answered":
                return self._opened(heard.by, heard.sealed)
            if heard.state == "ended":
                return DeskEnded(reason=_WHY.get(heard.why, _WHY["closed"]))
            if heard.state == known:
                time.sleep(_PAUSE)  # it does not keep questions
            known = heard.state
        return DeskEnded(reason=_WHY["over"])

    def _opened(self, by: str, content: bytes) -> Answer | LineError:
        asked = self._asked
        info = sealed.about(self.number, asked.serial, asked.request, by)
        try:
            answer = Answer(sealed.unseal(self._key, info, content), by)
        except sealed.SealBroken:
            return DeskEnded(reason=N_("what came is not sealed for this window"))
        with suppress(LineError):  # the Response is here; what the desk keeps ends with its time
            self._talk.received(self._secret)
        return answer
