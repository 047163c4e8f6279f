"""What the desk and the keeper say to each other over a Unix socket: one question, one answer.

A message is its length, four bytes, the highest first, and then so many bytes. A question is JSON.
An answer begins with one byte: 0, and the Response follows as it is; 1, and an error as JSON; or 2,
and as JSON what the keeper tells of itself.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

from lockwright.errors import LockwrightError
from lockwright.errors.base import every_error
from lockwright.models import KeyForm
from lockwright.secret import Secret

from lockwright_desk.helpdesk.custody import errors
from lockwright_desk.helpdesk.custody.looked import Looked
from lockwright_desk.helpdesk.custody.port import KeyRecord, KeyVersionOf
from lockwright_desk.store.tables.register import Custody

VERSION = 1
LONGEST = 16 * 1024
"""Bytes of a message."""
_LENGTH = struct.Struct(">I")
_RESPONSE, _ERROR, _LOOKED = 0, 1, 2
ERRORS = errors
"""What a keeper may tell of beside the errors of core: they are known once this is imported."""


class NotUnderstood(Exception):
    """The other side says what has no meaning; the text says what."""


def question(key: KeyRecord, request: bytes) -> bytes:
    """A question as it passes."""
    return json.dumps({"v": VERSION, **_passed(key), "request": request.hex()}).encode()


def look(key: KeyRecord | None) -> bytes:
    """The question for what a keeper tells of itself.

    Args:
        key: the record of a token, which is opened; None for none.
    """
    return json.dumps({"v": VERSION, "look": None if key is None else _passed(key)}).encode()


def asked(message: bytes | bytearray) -> tuple[KeyRecord | None, bytes | None]:
    """The question in a message: a record, and the Request; None where it is ``look``.

    Raises:
        NotUnderstood: it is none.
    """
    try:
        told: dict[str, Any] = json.loads(message)
        if told["v"] != VERSION:
            raise NotUnderstood(f"version {told['v']!r}")
        if "look" in told:
            return (None if told["look"] is None else _record(told["look"])), None
        return _record(told), bytes.fromhex(told["request"])
    except (
        AttributeError,
        LookupError,
        OverflowError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise NotUnderstood(type(error).__name__) from None


def _passed(key: KeyRecord) -> dict[str, object]:
    version = key.version
    return {
        "adapter": key.adapter,
        "model": key.model,
        "serial": key.serial,
        "custody": key.custody.value,
        "form": key.form.value,
        "version": version and [version.number, version.label, version.mark],
        "label": key.label,
        "wrapped": _hex(key.wrapped),
        "seal": _hex(key.seal),
    }


def _record(told: dict[str, Any]) -> KeyRecord:
    version = told["version"]
    return KeyRecord(
        adapter=_text(told["adapter"]),
        model=_text(told["model"]),
        serial=_text(told["serial"]),
        custody=Custody(told["custody"]),
        form=KeyForm(told["form"]),
        version=version and KeyVersionOf(int(version[0]), _text(version[1]), _text(version[2])),
        label=told["label"] and _text(told["label"]),
        wrapped=_bytes(told["wrapped"]),
        seal=_bytes(told["seal"]),
    )


def refusal(error: LockwrightError) -> bytes:
    """An error as it passes: its code and facts, nothing else of it."""
    told = {"code": error.code, "facts": error.facts, "ckr": error.ckr, "cost": error.cost}
    return bytes([_ERROR]) + json.dumps(told).encode()


def given(response: Secret) -> bytearray:
    """A Response as it passes; the caller's to wipe."""
    message = bytearray([_RESPONSE])
    message += response.buffer
    return message


def told(found: Looked) -> bytes:
    """What a keeper tells of itself, as it passes."""
    said = {"hsm": found.hsm, "keys": found.keys, "lacking": found.lacking}
    return bytes([_LOOKED]) + json.dumps(said).encode()


def looked(message: bytearray) -> Looked:
    """What a keeper tells of itself.

    Raises:
        NotUnderstood: it is no such answer.
        LockwrightError: the error that it tells of.
    """
    if message[:1] == bytes([_ERROR]):
        raise raised(message[1:])
    try:
        said: dict[str, Any] = json.loads(message[1:]) if message[:1] == bytes([_LOOKED]) else {}
        keys = {_text(name): int(count) for name, count in said["keys"].items()}
        lacking = {_text(name): [*map(_text, each)] for name, each in said["lacking"].items()}
        return Looked(_text(said["hsm"]), keys, lacking)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise NotUnderstood(type(error).__name__) from None


def answer(message: bytearray) -> Secret:
    """The Response in an answer; the message is wiped.

    Raises:
        NotUnderstood: it is no answer.
        LockwrightError: the error that it tells of.
    """
    kind = message[0] if message else None
    if kind == _RESPONSE and len(message) > 1:
        with memoryview(message)[1:] as inside:
            response = Secret(bytearray(inside))
        message[:] = bytes(len(message))
        return response
    if kind != _ERROR:
        raise NotUnderstood("no answer")
    raise raised(message[1:])


def raised(message: bytes | bytearray) -> LockwrightError:
    """The error of a message without its first byte.

    Raises:
        NotUnderstood: it is none that is known here.
    """
    try:
        told: dict[str, Any] = json.loads(message)
        kind = every_error()[told["code"]]
        facts: dict[str, Any] = {
            name: tuple(fact) if isinstance(fact, list) else fact
            for name, fact in told["facts"].items()
        }
        return kind(ckr=told["ckr"], cost=told["cost"], **facts)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotUnderstood(type(error).__name__) from None


def send(to: socket.socket, message: bytes | bytearray, until: float) -> None:
    """Send a message.

    Args:
        to: where to.
        message: the message.
        until: when to give up, by the monotonic clock.

    Raises:
        TimeoutError: the other side takes it too slowly.
        OSError: it is gone.
    """
    to.settimeout(_left(until))
    to.sendall(_LENGTH.pack(len(message)))
    to.settimeout(_left(until))
    to.sendall(message)


def receive(of: socket.socket, until: float) -> bytearray:
    """The next message.

    Args:
        of: where from.
        until: when to give up, by the monotonic clock.

    Raises:
        NotUnderstood: it is longer than any, or ends early.
        TimeoutError: the other side sends it too slowly.
        OSError: it is gone.
    """
    [length] = _LENGTH.unpack(_exactly(of, _LENGTH.size, until))
    if length > LONGEST:
        raise NotUnderstood(f"{length} bytes")
    return _exactly(of, length, until)


def _exactly(of: socket.socket, length: int, until: float) -> bytearray:
    message, filled = bytearray(length), 0
    with memoryview(message) as room:
        while filled < length:
            of.settimeout(_left(until))
            count = of.recv_into(room[filled:])
            if not count:
                raise NotUnderstood("it ends early")
            filled += count
    return message


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()


def _bytes(value: object) -> bytes | None:
    return None if value is None else bytes.fromhex(_text(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # half of a character is no text: ValueError
    return value
