"""A frame is judged by its head: its kind, its question, its lengths; secrets pass beside it."""

from __future__ import annotations

import io
import os
import struct
import time
import tracemalloc
from pathlib import Path

import pytest
from lockwright.host import codec, wire
from lockwright.host.child import Child
from lockwright.host.codec import LONGEST, Packed, WireError
from lockwright.host.protocol import AdapterRef, Call, Failed, Start, pack_call
from lockwright.host.shapes import unpack
from lockwright.host.wire import Frame, Kind
from lockwright.models import ModuleInfo, Token, TokenIdentity
from lockwright.secret import Secret

PIN = "Sesame-opens-77"
TOKEN = Token(
    TokenIdentity("01", "Anna", "M", "V", ModuleInfo(Path("/x.so"), "V", "d", (1, 0)), 0, "s"),
    "a",
    "r",
)
HEAD = struct.Struct(">BQIB")
"""Kind, number, length of the body, how many secrets; then the length of each."""


def anything(_kind: int, _number: int) -> bool:
    return True


def sent(frame: Frame) -> bytes:
    pipe = io.BytesIO()
    wire.send(pipe, frame)
    return pipe.getvalue()


def test_a_frame_arrives_as_it_was_sent() -> None:
    frame = Frame(Kind.CALL, 2**64 - 1, Packed(b"body", [Secret(PIN), Secret("")]))
    got = wire.receive(io.BytesIO(sent(frame)), anything)
    assert (got.kind, got.number, bytes(got.packed.body)) == (Kind.CALL, 2**64 - 1, b"body")
    assert [each.reveal_text() for each in got.packed.secrets] == [PIN, ""]


def test_a_secret_is_raw_bytes_at_the_end_of_a_frame() -> None:
    written = sent(Frame(Kind.CALL, 1, Packed(b"body", [Secret(PIN)])))
    assert written == HEAD.pack(Kind.CALL, 1, 4, 1) + struct.pack(">I", 15) + b"body" + PIN.encode()


def test_a_secret_can_be_wiped_after_a_pipe_broke() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    pin = Secret(PIN)
    with io.FileIO(writing, "w") as pipe, pytest.raises(BrokenPipeError):
        wire.send(pipe, Frame(Kind.CALL, 1, Packed(b"", [pin])))
    pin.wipe()
    assert not pin


def test_a_frame_is_given_up_where_the_other_side_does_not_read() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    pin = Secret(PIN)
    long = Frame(Kind.CALL, 1, Packed(bytes(LONGEST), [pin]))
    with io.FileIO(reading), io.FileIO(writing, "w") as pipe, pytest.raises(TimeoutError):
        wire.send_within(pipe, long, time.monotonic() + 0.1)
    pin.wipe()
    assert not pin


@pytest.mark.parametrize(
    ("kind", "number"), [(Kind.ANSWERED, 6), (Kind.CALL, 7), (0, 7), (255, 7), (Kind.FAILED, 0)]
)
def test_what_was_not_asked_for_is_refused_by_its_head(kind: int, number: int) -> None:
    head = io.BytesIO(HEAD.pack(kind, number, 0, 0))
    with pytest.raises(WireError, match="not asked for"):
        wire.receive(head, lambda kind, number: kind in wire.ANSWERS and number == 7)


@pytest.mark.parametrize(
    "claim",
    [
        HEAD.pack(Kind.ANSWERED, 1, LONGEST + 1, 0),
        HEAD.pack(Kind.ANSWERED, 1, 2**32 - 1, 0),
        HEAD.pack(Kind.ANSWERED, 1, 0, 255),
        HEAD.pack(Kind.ANSWERED, 1, 0, 1) + struct.pack(">I", 2**32 - 1),
    ],
)
def test_a_frame_that_claims_to_be_endless_is_refused_before_memory_is_taken(claim: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(WireError, match="too long"):
            wire.receive(io.BytesIO(claim), anything)
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024
    finally:
        tracemalloc.stop()


def test_a_frame_that_ends_early_is_the_end() -> None:
    whole = sent(Frame(Kind.ANSWERED, 1, Packed(b"body", [Secret(PIN)])))
    for length in range(len(whole)):
        with pytest.raises(EOFError):
            wire.receive(io.BytesIO(whole[:length]), anything)


def test_more_secrets_than_a_call_has_are_not_sent() -> None:
    with pytest.raises(WireError):
        sent(Frame(Kind.CALL, 1, Packed(b"", [Secret("")] * (codec.MOST_SECRETS + 1))))
    with pytest.raises(WireError):
        sent(Frame(Kind.CALL, 1, Packed(b"", [Secret(bytes(codec.LONGEST_SECRET + 1))])))


def test_the_child_wipes_the_secrets_of_a_call_that_failed() -> None:
    child = Child(Start(AdapterRef("gone", "no_such_adapter"), Path("/x.so"), {}, (), "en"))
    packed = pack_call(Call("lockwright_list", TOKEN, {"pin": Secret(PIN), "sought": None}))

    answer = child.reply(Frame(Kind.CALL, 3, packed))

    assert (answer.kind, answer.number) == (Kind.FAILED, 3)
    assert unpack(Failed, answer.packed).code == "adapter-broken"
    assert [bytes(each.buffer) for each in packed.secrets] == [b""]
