"""The child process: ``python -m lockwright.host.child``, started by ``process`` only."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

from lockwright import i18n
from lockwright.errors import AdapterBroken, LockwrightError
from lockwright.host import harden, respond, wire
from lockwright.host.protocol import Answered, Call, Failed, Inspect, Respond, Start, pack
from lockwright.host.worker import Worker
from lockwright.i18n import _
from lockwright.secret import Secret


class Child:
    """Answers one request after another; the module is loaded at the first.

    A request is read as a whole before the module is touched, so the parent never waits for a
    module to take a request off its hands.

    Args:
        start: what this child is for.
    """

    def __init__(self, start: Start) -> None:
        self._start = start
        self._worker: Worker | None = None

    def answer(self, request: object) -> Answered | Failed:
        """Do what is asked for, then wipe the secrets that came with it."""
        try:
            return Answered(self._do(request))
        except LockwrightError as error:
            return pack(error)
        finally:
            if isinstance(request, Call):
                _wipe(request)
            elif isinstance(request, Respond):
                request.key.wipe()

    def refused(self, error: wire.WireError) -> Failed:
        """The adapter answered with something that may not pass."""
        name = self._start.adapter.name
        return pack(
            AdapterBroken(name=name, adapter=name, reason=_("it answered: {}").format(error))
        )

    def close(self) -> None:
        """Unload the module."""
        if self._worker is not None:
            self._worker.close()

    def _do(self, request: object) -> object:
        match request:
            case Inspect():
                return self._beside_module().inspect()
            case Call(hook, token, arguments):
                return self._beside_module().call(hook, token, **arguments)
            case Respond():
                return respond.respond(
                    self._start.adapter, self._start.settings, request, self._start.care
                )
        raise TypeError(f"{type(request).__name__} is no request")

    def _beside_module(self) -> Worker:
        if self._worker is None:
            if self._start.module is None:
                raise TypeError("this child has no token's module")
            self._worker = Worker(
                self._start.adapter, self._start.module, self._start.settings, self._start.care
            )
        return self._worker


def serve(requests: io.FileIO, replies: io.FileIO) -> None:
    """Answered requests until the parent closes its end."""
    with suppress(EOFError):
        start = wire.receive(requests)
        if not isinstance(start, Start):
            raise TypeError(f"{type(start).__name__} is no start")
        sys.path[:] = start.path
        i18n.use(start.language)
        child = Child(start)
        try:
            while True:
                reply = child.answer(wire.receive(requests))
                try:
                    wire.send(replies, reply)
                except wire.WireError as error:
                    wire.send(replies, child.refused(error))
        finally:
            child.close()


def main() -> None:
    """Take the wire away from standard input and output, harden, and serve."""
    requests, replies = io.FileIO(os.dup(0), "r"), io.FileIO(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what a module prints must not get between our frames
    harden.forbid_dumps()
    if len(sys.argv) > 1:
        harden.die_with(int(sys.argv[1]))
    serve(requests, replies)
    os._exit(0)  # a module's destructors have nothing left to do, and some crash


def _wipe(call: Call) -> None:
    for value in call.arguments.values():
        if isinstance(value, Secret):
            with suppress(BufferError):  # C still looks at the buffer, which is zeros by now
                value.wipe()


if __name__ == "__main__":
    main()
