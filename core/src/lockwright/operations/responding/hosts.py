"""Where Requests are answered: in a child process for each, or in some that stay open."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol, cast

from lockwright.host.kept_open import IDLE, KeptOpen
from lockwright.host.parent import ChildHost
from lockwright.host.protocol import AdapterRef, Recognise, Respond
from lockwright.host.proved_pins import ProvedPins, token_of
from lockwright.host.respond import Bankside
from lockwright.keys.source import HsmKey
from lockwright.models.settings import Settings
from lockwright.secret import Secret

Host = ChildHost | Bankside


class Makes(Protocol):
    """Makes hosts."""

    apart: bool
    """Whether each is a process of its own."""

    def adapter(self, vendor: str) -> tuple[AdapterRef, Settings]:
        """An adapter, and its table of the configuration."""

    def host(self, vendor: str, module: Path | None, *, stays: bool = False) -> Host:
        """A host for an adapter and an HSM's module, in which a login stays or does not."""


class Answering(Protocol):
    """Who has Requests answered."""

    def respond(self, vendor: str, asked: Respond) -> Secret:
        """The Response."""

    def recognise(self, vendor: str, key: HsmKey) -> bytes:
        """What a key in an HSM makes of the ledger's probe."""


class EachAlone:
    """A host for each question.

    Args:
        makes: makes them.
    """

    def __init__(self, makes: Makes) -> None:
        self._makes = makes

    def respond(self, vendor: str, asked: Respond) -> Secret:
        """The Response."""
        module = asked.key.module if isinstance(asked.key, HsmKey) else None
        with closing(self._makes.host(vendor, module)) as host:
            return cast("Secret", host.respond(asked))

    def recognise(self, vendor: str, key: HsmKey) -> bytes:
        """What a key in an HSM makes of the ledger's probe."""
        with closing(self._makes.host(vendor, key.module)) as host:
            return cast("bytes", host.recognise(Recognise(key)))


class StayingOpen:
    """Hosts that stay open for many threads, until it is closed.

    Args:
        makes: makes them.
        at_once: how many may answer at once for one adapter, and for one token of its HSM.
        idle: seconds after which one that nobody needs is closed.
    """

    def __init__(self, makes: Makes, at_once: int, idle: float = IDLE) -> None:
        self._makes = makes
        self._at_once = at_once
        self._hosts: KeptOpen[Host] = KeptOpen(idle)
        self._pins = ProvedPins()
        self._process = os.getpid()
        self._left = threading.Condition()
        self._inside = 0
        self._closed = False

    @contextmanager
    def door(self) -> Iterator[None]:
        """Stands around everything that is asked, so that ``close`` waits for its end.

        Raises:
            RuntimeError: it is closed, or another process's.
        """
        self.require_usable()
        with self._left:
            self.require_usable()
            self._inside += 1
        try:
            yield
        finally:
            with self._left:
                self._inside -= 1
                self._left.notify_all()

    def require_usable(self) -> None:
        """Say that nothing can be asked any more, before a lock is waited for.

        Raises:
            RuntimeError: it is closed, or another process's.
        """
        if os.getpid() != self._process:
            raise RuntimeError("this Responder is another process's; after a fork, make a new one")
        if self._closed:
            raise RuntimeError("this Responder is closed; make a new one")

    def respond(self, vendor: str, asked: Respond) -> Secret:
        """The Response."""
        if not isinstance(asked.key, HsmKey):
            with self._host(vendor, None) as host:
                return cast("Secret", host.respond(asked))
        key = asked.key

        def ask(logs_in: bool) -> Secret | None:  # noqa: FBT001  # its only one
            with self._host(vendor, key) as host:
                return host.respond(replace(asked, logs_in=logs_in))

        return self._pins.asked(key, ask)

    def recognise(self, vendor: str, key: HsmKey) -> bytes:
        """What a key in an HSM makes of the ledger's probe."""

        def ask(logs_in: bool) -> bytes | None:  # noqa: FBT001  # its only one
            with self._host(vendor, key) as host:
                return host.recognise(Recognise(key, logs_in))

        return self._pins.asked(key, ask)

    def close(self) -> None:
        """Let nobody in any more, wait for those inside, and end every host."""
        if os.getpid() != self._process:
            return
        with self._left:
            self._closed = True
            try:
                self._left.wait_for(lambda: not self._inside)
            finally:  # whoever interrupts the wait ends what still runs
                self._hosts.close()

    @contextmanager
    def _host(self, vendor: str, key: HsmKey | None) -> Iterator[Host]:
        kind: tuple[object, ...]
        if key is None:  # no HSM is waited for
            module, kind, most = None, (vendor,), min(self._at_once, os.cpu_count() or 1)
        elif self._makes.apart:
            module, kind, most = key.module, (vendor, key.module, token_of(key)), self._at_once
        else:  # a process has one login in a module
            module, kind, most = key.module, (key.module,), 1
        with self._hosts.host(kind, most, partial(self._made, vendor, module)) as host:
            if isinstance(host, Bankside):
                host.adopt(*self._makes.adapter(vendor))
            yield host

    def _made(self, vendor: str, module: Path | None) -> tuple[Host, bool]:
        """A host, and whether it may be asked twice: one that sees a key in clear may not."""
        host = self._makes.host(vendor, module, stays=True)
        if isinstance(host, Bankside) or module is not None:
            return host, True
        return host, host.warm()
