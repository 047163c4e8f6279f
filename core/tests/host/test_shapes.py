"""Only data passes between the processes, and only of the type that was asked for."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lockwright.contract import hooks
from lockwright.errors import AdapterBroken, every_error
from lockwright.host.codec import LONGEST, MOST_VALUES, Packed, WireError
from lockwright.host.protocol import (
    Call,
    Failed,
    Respond,
    Start,
    answer_of,
    arguments_of,
    pack_call,
    raised,
    told,
    unpack_call,
)
from lockwright.host.shapes import pack, shape_of, unpack
from lockwright.host.worker import Inspection
from lockwright.models import (
    Capabilities,
    Failure,
    ModuleInfo,
    ObjectKind,
    PinState,
    PinStatus,
    Token,
    TokenIdentity,
    TokenObject,
    TokenState,
)
from lockwright.pkcs11.constants import CKR
from lockwright.secret import Secret

PIN = "Sesame-opens-77"
IDENTITY = TokenIdentity(
    "01", "Анна", "M", "V", ModuleInfo(Path("/x.so"), "V", "d", (1, 0)), 2**64 - 1, "s"
)
TOKEN = Token(IDENTITY, "a", "r", TokenState(user_pin=PinStatus(PinState.OK, 3)))
MEMORY = 64 * 1024 * 1024
OF_A_TOKEN = [name for name, declared in hooks.HOOKS.items() if declared.about_a_token]
TOKENS = MOST_VALUES // 37
"""Tokens with their states that a body can hold: so many values are there, at least."""
OBJECT = TokenObject(ObjectKind.CERTIFICATE, b"\1", "Anna", "a" * 64, None, b"x" * 2048)


def passed(kind: Any, value: object) -> object:
    """The value as the other side has it."""
    there = pack(kind, value)
    return unpack(kind, Packed(bytes(there.body), there.secrets))


# --- what passes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("hook", OF_A_TOKEN)
def test_every_hook_of_a_token_can_be_carried(hook: str) -> None:
    for kind in (answer_of(hook), *arguments_of(hook).values()):
        shape_of(kind)


def test_a_call_arrives_as_it_was_sent() -> None:
    call = Call("lockwright_delete", TOKEN, {"pin": Secret(PIN), "refs": ["a", "b"]})
    got = unpack_call(pack_call(call))
    assert got == Call("lockwright_delete", TOKEN, {"pin": Secret(PIN), "refs": ("a", "b")})


def test_a_secret_stands_beside_the_body_and_not_in_it() -> None:
    packed = pack_call(Call("lockwright_list", TOKEN, {"pin": Secret(PIN), "sought": None}))
    assert [each.reveal_text() for each in packed.secrets] == [PIN]
    assert PIN.encode() not in packed.body


def test_several_secrets_keep_their_places() -> None:
    arguments: dict[str, object] = {"response": Secret("first"), "new_pin": Secret("")}
    got = unpack_call(pack_call(Call("lockwright_unblock_complete", TOKEN, arguments)))
    assert got.arguments == arguments
    assert list(got.arguments) == list(arguments)


def test_what_a_module_shows_arrives_with_its_states() -> None:
    able = Capabilities(policy_most={"min_length": 8}, not_offered={"wipe": "why"})
    seen = Inspection({IDENTITY: TokenState(capabilities=able), TOKEN.identity: None})
    assert passed(Inspection, seen) == seen


def test_a_path_that_is_no_text_passes() -> None:
    odd = Path("/tm\udcffp")
    assert passed(Path, odd) == odd


def test_a_return_value_by_name_passes_as_a_number() -> None:
    assert passed(Sequence[Failure], [Failure("ab", CKR.DEVICE_MEMORY)]) == (Failure("ab", 0x31),)


@pytest.mark.parametrize("code", sorted(every_error()))
def test_every_error_passes_with_its_facts(code: str) -> None:
    kind = every_error()[code]
    error = kind(ckr=5, adapter="a", cost="c", **dict.fromkeys(kind.facts_named, ("x", "y")))
    got = passed(Failed, told(error))
    assert isinstance(got, Failed)
    back = raised(got, "a")
    assert (back.adapter, back.cost) == ("a", "c")
    if code in {"interrupted", "request-pending", "plugin-required"} or code.startswith("audit"):
        assert isinstance(back, AdapterBroken), "no child can know of it"
    elif not isinstance(back, AdapterBroken):
        assert type(back) is kind
        assert (back.ckr, back.facts) == (5, error.facts)


@pytest.mark.parametrize("code", ["never-heard-of", "pin-incorrect"])
def test_an_error_that_this_side_does_not_know_is_told_by_its_code(code: str) -> None:
    back = raised(Failed(code, {"its": "own facts"}, None, "another's", "c"), "a")
    assert isinstance(back, AdapterBroken)
    assert back.facts == {"name": "a", "reason": code}
    assert (back.adapter, back.cost) == ("a", "c")


# --- what does not --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, b"x"),
        (str, "\udcff"),
        (bytes, "x"),
        (bytes, bytearray(1)),
        (int, True),
        (int, 1.0),
        (int, 2**80),
        (bool, 1),
        (Path, "/x"),
        (Secret, PIN),
        (Secret | None, PIN),
        (type(None), 0),
        (PinState, "ok"),
        (Failure, TOKEN),
        (Failure, Failure("a", "b")),  # type: ignore[arg-type]  # an adapter's mistake
        (TokenState, TokenState(user_pin="ok")),  # type: ignore[arg-type]  # the same
        (Sequence[str], "text"),
        (Sequence[str], {"a"}),
        (frozenset[str], ["a"]),
        (tuple[int, int], (1,)),
        (Mapping[str, int], [("a", 1)]),
    ],
)
def test_what_is_of_another_type_is_not_sent(kind: Any, value: object) -> None:
    with pytest.raises(WireError):
        pack(kind, value)


@pytest.mark.parametrize("kind", [object, io.StringIO, float, complex])
def test_no_other_type_has_a_shape(kind: type) -> None:
    with pytest.raises(TypeError, match="may not pass"):
        shape_of(kind)


def test_a_field_that_does_not_fit_is_named() -> None:
    wrong = TokenState(user_pin=PinStatus("ok"))  # type: ignore[arg-type]  # an adapter's mistake
    with pytest.raises(WireError, match=r"TokenState.user_pin: PinStatus.state: a str may not"):
        pack(TokenState, wrong)


def test_arguments_that_a_hook_does_not_take_are_not_sent() -> None:
    for arguments in ({}, {"pin": None, "sought": None, "more": 1}, {"pin": PIN, "sought": None}):
        with pytest.raises(WireError):
            pack_call(Call("lockwright_list", TOKEN, dict(arguments)))
    with pytest.raises(WireError, match="no hook of a token"):
        pack_call(Call("lockwright_open", TOKEN, {}))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (bool, b"\2"),
        (str, b"\0\0\0\1\xff"),
        (str, b"\0\0\0\2a"),
        (str, b"\xff\xff\xff\xff"),
        (int, b"\0"),
        (PinState, b"\0\0\0\1x"),
        (int | None, b"\2"),
        (frozenset[str], b"\0\0\0\2" + b"\0\0\0\1a" * 2),
        (Mapping[str, bool], b"\0\0\0\2" + b"\0\0\0\1a\1" * 2),
        (Sequence[str], b"\xff\xff\xff\xff"),
        (type(None), b"\0"),
        (Secret, b""),
    ],
)
def test_what_is_of_another_type_is_not_received(kind: Any, body: bytes) -> None:
    with pytest.raises(WireError):
        unpack(kind, Packed(body))


def test_a_secret_too_many_is_wiped_and_refused() -> None:
    first, second = Secret("first"), Secret("second")
    with pytest.raises(WireError, match="longer than it should be"):
        unpack(Secret, Packed(b"", [first, second]))
    assert not first
    assert not second


@settings(max_examples=200)
@given(st.binary(max_size=300), st.sampled_from([Inspection, Failed, Start, Respond, TokenState]))
def test_any_bytes_are_data_of_the_type_or_an_error(body: bytes, kind: type) -> None:
    try:
        got: object = unpack(kind, Packed(body))
    except WireError:
        return
    assert passed(kind, got) == got


# --- how much -------------------------------------------------------------------------------------


def test_a_token_with_more_than_a_thousand_certificates_passes() -> None:
    many = tuple(OBJECT for _ in range(1100))
    assert passed(Sequence[TokenObject], many) == many


def test_more_than_the_limit_is_not_sent() -> None:
    with pytest.raises(WireError, match="too many"):
        pack(bytes, bytes(LONGEST))


def several(part: bytes | bytearray, number: int) -> bytes:
    return number.to_bytes(4) + bytes(part) * number


def worst() -> dict[str, tuple[Any, bytes]]:
    """Bodies that cost the most to read, for how long they are."""
    text = (4).to_bytes(4) + "\N{GRINNING FACE}".encode()
    one = pack(Inspection, Inspection({IDENTITY: TokenState()})).body[4:-4]
    places = [one.replace((2**64 - 1).to_bytes(9), slot.to_bytes(9)) for slot in range(TOKENS)]
    least = pack(TokenObject, TokenObject(ObjectKind.DATA, b"", "", "")).body
    long = (LONGEST - 4).to_bytes(4) + b"a" * (LONGEST - 8) + "\N{GRINNING FACE}".encode()
    return {
        "texts": (Sequence[str], several(text, MOST_VALUES)),
        "failures": (Sequence[Failure], several(b"\0\0\0\0\0", MOST_VALUES // 3)),
        "tokens": (Inspection, TOKENS.to_bytes(4) + b"".join(places) + bytes(4)),
        "a long text": (str, long),
        "bytes": (bytes, (LONGEST - 4).to_bytes(4) + bytes(LONGEST - 4)),
        "objects": (
            Sequence[TokenObject],
            several(least, MOST_VALUES // (1 + len(fields(TokenObject)))),
        ),
    }


def test_more_values_than_the_limit_are_not_received() -> None:
    with pytest.raises(WireError, match="too many values"):
        unpack(Sequence[str], Packed(several(bytes(4), MOST_VALUES + 1)))  # type: ignore[type-abstract]  # as hooks name it
    with pytest.raises(WireError, match="too many values"):
        unpack(Sequence[Failure], Packed(several(bytes(5), MOST_VALUES // 2)))  # type: ignore[type-abstract]  # the same


@pytest.mark.parametrize("name", worst())
def test_the_worst_that_can_be_read_takes_little_memory_and_time(name: str) -> None:
    kind, body = worst()[name]
    assert len(body) <= LONGEST
    began = time.process_time()
    unpack(kind, Packed(bytes(body)))
    took = time.process_time() - began
    tracemalloc.start()
    try:
        unpack(kind, Packed(bytes(body)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MEMORY
    assert took < 1
