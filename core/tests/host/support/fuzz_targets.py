"""What is fuzzed: the readers of frames, that of each message, and the limits they must keep."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from attacker import NUMBER
from drawn_messages import MESSAGES
from frames import written
from lockwright.host import codec, wire
from lockwright.host.child import _is_request
from lockwright.host.codec import Packed, WireError
from lockwright.host.protocol import Failed
from lockwright.host.shapes import unpack
from lockwright.host.signs import Life
from lockwright.host.worker import Inspection
from lockwright.secret import Secret

SECONDS = 1.0
"""CPU seconds that one input may take."""
MEMORY = 64 * 1024 * 1024
"""Bytes that one input may take beside what was taken before."""
FRAME, REQUEST = "frame", "request"
"""What comes over the pipe: to the parent, and to the child."""
OF_KIND: Mapping[wire.Kind, tuple[str, ...]] = {
    wire.Kind.START: ("start",),
    wire.Kind.INSPECT: ("look",),
    wire.Kind.CALL: ("call",),
    wire.Kind.RESPOND: ("respond",),
    wire.Kind.ANSWERED: (
        "inspection",
        "response",
        *(name for name in MESSAGES if name.startswith("answer-")),
    ),
    wire.Kind.FAILED: ("failed",),
    wire.Kind.RECOGNISE: ("recognise",),
    wire.Kind.ADOPT: ("adopt",),
    wire.Kind.LEAVE: (),
    wire.Kind.SIGN: ("life",),
    wire.Kind.STOP: (),
    wire.Kind.WARM: (),
    wire.Kind.SLOTS: (),
}
"""The messages of each kind of frame; those of four say nothing."""
_CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"
_LONGEST_KEPT = 1000
REQUESTS = tuple(kind for kind in wire.Kind if _is_request(kind, 0))
"""What a child may be asked."""
TARGETS = (FRAME, REQUEST, *MESSAGES)


def run(name: str, data: bytes) -> bool:
    """Read an input; whether it is one of the target's.

    Args:
        name: one of ``TARGETS``.
        data: for a frame, what comes over the pipe; else how many secrets, and the body.

    Raises:
        AssertionError: it took too long or too much, or was read as what it is not.
    """
    before, began = _most(), time.process_time()
    try:
        taken = _OVER_THE_PIPE[name](data) if name in _OVER_THE_PIPE else _message(name, data)
    except (EOFError, WireError):
        taken = False
    assert time.process_time() - began < SECONDS, "it took too long"
    assert _most() - before < MEMORY, "it took too much memory"
    return taken


def seeds(name: str) -> list[bytes]:
    """Inputs to begin with."""
    if name == FRAME:
        life = b"".join(written(wire.Kind.SIGN, sign) for sign in MESSAGES["life"].packed())
        kinds = {"inspection": wire.Kind.ANSWERED, "failed": wire.Kind.FAILED}
        return [
            begin + written(kind, packed)
            for message, kind in kinds.items()
            for packed in MESSAGES[message].packed()
            for begin in (b"", life)
        ]
    if name == REQUEST:
        return [
            written(kind, packed)
            for kind in REQUESTS
            for message in OF_KIND[kind] or (None,)
            for packed in (MESSAGES[message].packed() if message else [Packed(b"")])
        ]
    return [len(packed.secrets).to_bytes(1) + packed.body for packed in MESSAGES[name].packed()]


def kept(name: str) -> list[bytes]:
    """What fuzzing has found worth keeping: a line of hex each."""
    file = _CORPUS / f"{name}.txt"
    return [bytes.fromhex(line) for line in file.read_text().split()] if file.exists() else []


def keep(name: str, found: Iterable[bytes]) -> None:
    """Keep that instead of what was kept, but for inputs that are long."""
    lines = sorted({each.hex() for each in found if 0 < len(each) <= _LONGEST_KEPT})
    _CORPUS.mkdir(exist_ok=True)
    (_CORPUS / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines))


def _frame(data: bytes) -> bool:
    number = int.from_bytes(NUMBER)
    pipe = io.BytesIO(data)
    life = Life()
    welcome = {*wire.ANSWERS, wire.Kind.SIGN}
    while True:
        frame = wire.receive(pipe, lambda kind, asked: kind in welcome and asked == number)
        if frame.kind != wire.Kind.SIGN:
            break
        life.hears(frame.packed.body)
    readers: Mapping[int, Callable[[Packed], object]] = {
        wire.Kind.ANSWERED: lambda packed: unpack(Inspection, packed),
        wire.Kind.FAILED: lambda packed: unpack(Failed, packed),
    }
    readers[frame.kind](frame.packed)
    return True


def _request(data: bytes) -> bool:
    """A request, read as the child reads it."""
    frame = wire.receive(io.BytesIO(data), _is_request)
    for message in OF_KIND[wire.Kind(frame.kind)]:
        MESSAGES[message].read(frame.packed)
    return True


_OVER_THE_PIPE: Mapping[str, Callable[[bytes], bool]] = {FRAME: _frame, REQUEST: _request}


def _message(name: str, data: bytes) -> bool:
    """A value that is read is written and read as the same again."""
    number = data[0] % (codec.MOST_SECRETS + 1) if data else 0
    message = MESSAGES[name]
    value = message.read(Packed(data[1:], [Secret(f"pin {each}") for each in range(number)]))
    assert message.read(message.write(value)) == value
    return True


def _most() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
