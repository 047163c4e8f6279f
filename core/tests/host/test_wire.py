"""Only known classes pass between the processes, and a secret passes beside the pickle."""

from __future__ import annotations

import io
import os
import pickle
import struct
from pathlib import Path

import pytest
from lockwright.errors import AdapterBroken, every_error
from lockwright.host import wire
from lockwright.host.child import Child
from lockwright.host.protocol import AdapterRef, Answered, Call, Failed, Start, pack, unpack
from lockwright.models import Failure, ModuleInfo, Token, TokenIdentity
from lockwright.pkcs11.constants import CKR
from lockwright.secret import Secret

PIN = "Sesame-opens-77"
TOKEN = Token(
    TokenIdentity("01", "Anna", "M", "V", ModuleInfo(Path("/x.so"), "V", "d", (1, 0)), 0, "s"),
    "a",
    "r",
)


def passed(message: object) -> object:
    """The message as the other side has it."""
    pipe = io.BytesIO()
    wire.send(pipe, message)
    pipe.seek(0)
    return wire.receive(pipe)


def test_a_call_arrives_as_it_was_sent() -> None:
    call = Call("lockwright_list", TOKEN, {"pin": Secret(PIN), "refs": ["a", "b"], "key": b"\x00"})

    got = passed(call)

    assert isinstance(got, Call)
    assert got.token == TOKEN
    assert got.arguments["refs"] == ["a", "b"]
    pin = got.arguments["pin"]
    assert isinstance(pin, Secret)
    assert pin.reveal_text() == PIN


def test_a_secret_stands_beside_the_pickle_and_not_in_it() -> None:
    pipe = io.BytesIO()

    wire.send(pipe, Call("lockwright_list", TOKEN, {"pin": Secret(PIN)}))

    length, count = struct.unpack_from(">II", pipe.getvalue())
    assert count == 1
    body = pipe.getvalue()[12 : 12 + length]
    assert PIN.encode() not in body
    assert pipe.getvalue().endswith(PIN.encode())


def test_several_secrets_keep_their_places() -> None:
    arguments = {"secret": Secret("first"), "new_pin": Secret("second"), "empty": Secret("")}

    got = passed(Call("lockwright_unblock", TOKEN, dict(arguments)))

    assert isinstance(got, Call)
    texts = {k: v.reveal_text() for k, v in got.arguments.items() if isinstance(v, Secret)}
    assert texts == {"secret": "first", "new_pin": "second", "empty": ""}


def test_a_return_value_by_name_passes() -> None:
    got = passed(Answered([Failure("ab", CKR.DEVICE_MEMORY)]))

    assert got == Answered([Failure("ab", CKR.DEVICE_MEMORY)])


@pytest.mark.parametrize("value", [os.system, io.StringIO, object(), ValueError("x"), len])
def test_what_is_not_listed_is_not_sent(value: object) -> None:
    pipe = io.BytesIO()

    with pytest.raises(wire.WireError, match="may not pass"):
        wire.send(pipe, Answered(value))

    assert pipe.getvalue() == b"", "nothing was written"


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("echo taken over",)


@pytest.mark.parametrize(
    "body",
    [
        pickle.dumps(_Evil()),
        b"cos\nsystem\n(S'true'\ntR.",
        b"clockwright.host.wire\nimport_module\n(S'this'\ntR.",
        b"clockwright.host.worker\nWorker\n.",
        b"clockwright.host.protocol\npack\n.",
        b"no pickle at all",
        b"",
    ],
)
def test_what_is_not_listed_is_not_received(body: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.receive(io.BytesIO(struct.pack(">II", len(body), 0) + body))


def test_a_frame_that_claims_to_be_endless_is_refused() -> None:
    with pytest.raises(wire.WireError, match="too long"):
        wire.receive(io.BytesIO(struct.pack(">II", 2**31, 0)))


def test_a_frame_that_ends_early_is_the_end() -> None:
    pipe = io.BytesIO()
    wire.send(pipe, Answered("hello"))

    with pytest.raises(EOFError):
        wire.receive(io.BytesIO(pipe.getvalue()[:-1]))


@pytest.mark.parametrize("code", sorted(every_error()))
def test_every_error_passes_with_its_facts(code: str) -> None:
    kind = every_error()[code]
    error = kind(ckr=5, adapter="a", cost="c", **dict.fromkeys(kind.facts_named, ("x", "y")))

    got = passed(pack(error))

    assert isinstance(got, Failed)
    back = unpack(got)
    assert type(back) is kind
    assert (back.ckr, back.adapter, back.cost, back.facts) == (5, "a", "c", error.facts)


@pytest.mark.parametrize("code", ["never-heard-of", "pin-incorrect"])
def test_an_error_that_this_side_does_not_know_is_told_by_its_code(code: str) -> None:
    back = unpack(Failed(code, {"its": "own facts"}, None, "a", "c"))

    assert isinstance(back, AdapterBroken)
    assert back.facts == {"name": "a", "reason": code}
    assert back.cost == "c"


def test_the_child_wipes_the_secrets_of_a_call_that_failed() -> None:
    pin = Secret(PIN)
    child = Child(Start(AdapterRef("gone", "no_such_adapter"), Path("/x.so"), {}, [], "en"))

    answer = child.answer(Call("lockwright_list", TOKEN, {"pin": pin}))

    assert isinstance(answer, Failed)
    assert bytes(pin.buffer) == bytes(len(pin.buffer))
