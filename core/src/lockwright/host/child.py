"""The child process: ``python -m lockwright.host.child``, started by ``process`` only."""

from __future__ import annotations

import gc
import io
import os
import sys
from contextlib import suppress

from lockwright import i18n
from lockwright.contract import hooks
from lockwright.errors import AdapterBroken, LockwrightError
from lockwright.host import copies, harden, last_try, signs, wire
from lockwright.host.beside import Beside
from lockwright.host.codec import Packed, WireError
from lockwright.host.protocol import (
    Adopt,
    Failed,
    Look,
    Recognise,
    Respond,
    Start,
    answer_of,
    told,
    unpack_call,
)
from lockwright.host.respond import Bankside
from lockwright.host.shapes import pack, unpack
from lockwright.host.worker import Inspection
from lockwright.i18n import _
from lockwright.models.progress import Progress
from lockwright.pkcs11.work import Work, changes, working
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
        self._adapter = start.adapter
        self._beside: Beside | None = None
        self._bankside: Bankside | None = None

    def reply(self, asked: wire.Frame) -> wire.Frame:
        """The answer to a request, under the request's number."""
        try:
            return wire.Frame(
                wire.Kind.ANSWERED, asked.number, self.answer(asked.kind, asked.packed)
            )
        except LockwrightError as error:
            failed = told(error)
        try:
            packed = pack(Failed, failed)
        except WireError as error:
            packed = pack(Failed, told(self._refused(error)))
        return wire.Frame(wire.Kind.FAILED, asked.number, packed)

    def answer(self, kind: int, packed: Packed) -> Packed:
        """Do what is asked for, then wipe the secrets that came with it.

        Raises:
            LockwrightError: what came of it instead.
        """
        try:
            answer, value = self._do(kind, packed)
            return pack(answer, value)
        except WireError as error:
            refused = self._refused(error)
        finally:
            for secret in packed.secrets:
                with suppress(BufferError):  # C still looks at the buffer, which is zeros by now
                    secret.wipe()
        raise refused

    def close(self) -> None:
        """Unload the module."""
        for each in (self._beside, self._bankside):
            if each is not None:
                each.close()

    def _do(self, kind: int, packed: Packed) -> tuple[object, object]:
        """An answer, after its type."""
        if kind == wire.Kind.ADOPT:
            adopts = unpack(Adopt, packed)
            self._adapter = adopts.adapter
            self._beside_module().adopt(adopts.adapter, adopts.settings)
            return bool, True
        if kind == wire.Kind.LEAVE:
            self._beside_module().leave()
            return bool, True
        if kind == wire.Kind.SLOTS:
            return tuple[int, ...], self._beside_module().slots()
        if kind == wire.Kind.INSPECT:
            return Inspection, self._beside_module().inspect(unpack(Look, packed))
        if kind == wire.Kind.CALL:
            call = unpack_call(packed)
            if hooks.HOOKS[call.hook].changes:
                changes()
            with last_try.spending(agreed=call.last_try):
                value = self._beside_module().call(
                    call.hook, call.token, stays=call.stays, **call.arguments
                )
            return answer_of(call.hook), value
        bankside = self._on_the_banks_side()
        if kind == wire.Kind.WARM:
            bankside.warm()
            return bool, copies.can_be_made()
        if kind == wire.Kind.RECOGNISE:
            return bytes | None, bankside.recognise(unpack(Recognise, packed))
        return Secret | None, bankside.respond(unpack(Respond, packed))

    def _refused(self, error: WireError) -> AdapterBroken:
        """The adapter answered with something that may not pass."""
        name = self._adapter.name if self._adapter else ""
        reason = _("it answered: {}").format(error)
        return AdapterBroken(name=name, adapter=name, reason=reason)

    def _on_the_banks_side(self) -> Bankside:
        if self._bankside is None:
            start = self._start
            if start.adapter is None:
                raise TypeError("this child has no adapter")
            self._bankside = Bankside(start.adapter, start.settings, start.care, stays=start.stays)
        return self._bankside

    def _beside_module(self) -> Beside:
        if self._beside is None:
            start = self._start
            if start.module is None:
                raise TypeError("this child has no token's module")
            self._beside = Beside(start.adapter, start.module, start.settings, start.care)
        return self._beside


def serve(requests: io.FileIO, replies: io.FileIO) -> None:
    """Answered requests until the parent closes its end."""
    with suppress(EOFError, KeyboardInterrupt):
        start = unpack(Start, wire.receive(requests, _is_start).packed)
        sys.path[:] = map(str, start.path)
        i18n.use(start.language)
        child = Child(start)
        try:
            while _replied(child, requests, replies) != wire.Kind.WARM or not copies.can_be_made():
                pass
            copies.each(lambda: _replied(child, requests, replies))
        finally:
            child.close()


def _replied(child: Child, requests: io.FileIO, replies: io.FileIO) -> int:
    """Answer what comes next; what kind of question that was."""
    asked = wire.receive(requests, _is_request)
    if asked.kind != wire.Kind.STOP:  # or it came when the answer was on its way
        with working(_work(asked.number, requests, replies)):
            reply = child.reply(asked)
        wire.send(replies, reply)
        reply.packed.wipe()
    return asked.kind


_BESIDE_A_MODULE = frozenset(
    {wire.Kind.INSPECT, wire.Kind.ADOPT, wire.Kind.CALL, wire.Kind.LEAVE, wire.Kind.SLOTS}
)
_BANKS_SIDE = frozenset({wire.Kind.WARM, wire.Kind.RESPOND, wire.Kind.RECOGNISE})


def _is_start(kind: int, _number: int) -> bool:
    return kind == wire.Kind.START


def _is_request(kind: int, _number: int) -> bool:
    return kind in _BESIDE_A_MODULE | _BANKS_SIDE | {wire.Kind.STOP}


def _is_stop(kind: int, _number: int) -> bool:
    return kind == wire.Kind.STOP


def _work(number: int, requests: io.FileIO, replies: io.FileIO) -> Work:
    """Work that says how far it has come, and ends early when the parent wants it to."""

    def tell(happened: int, progress: Progress) -> None:
        sign = wire.Frame(wire.Kind.SIGN, number, signs.packed(happened, progress))
        wire.send(replies, sign)

    def unwanted() -> bool:
        if not wire.has_come(requests):
            return False
        try:
            return wire.receive(requests, _is_stop).number == number
        except EOFError:
            return True

    return Work(tell, unwanted, lambda: wire.is_over(requests))


def serve_until(lifeline: int | None) -> None:
    """Take the wire away from standard input and output, harden, and serve.

    Args:
        lifeline: the reading end of a pipe that closes when the parent ends; None on Windows.
    """
    requests, replies = io.FileIO(os.dup(0), "r"), io.FileIO(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what a module prints must not get between our frames
    harden.forbid_dumps()
    harden.hear_of_children()
    if lifeline is not None:
        harden.die_with(lifeline)
    gc.enable()
    serve(requests, replies)
    harden.end_group()
    os._exit(0)  # a module's destructors have nothing left to do, and some crash


if __name__ == "__main__":
    serve_until(int(sys.argv[1]) if len(sys.argv) > 1 else None)
