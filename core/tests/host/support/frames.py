"""Frames that a module may send that has its process: right, wrong, and in between."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from attacker import NUMBER
from drawn_messages import IDENTITY, MESSAGES, STATE
from lockwright.errors import every_error
from lockwright.host import wire
from lockwright.host.codec import Packed
from lockwright.host.protocol import Failed
from lockwright.host.shapes import pack
from lockwright.host.worker import Inspection
from lockwright.models import TokenState

_EDGES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\xea\x60", b"\0\x40\0\0")
_PICKLES = (
    b"clockwright.models.token\nPinState\nN}Vtouched\nI01\ns\x86b.",
    b")" + b"\x85" * 5000 + b".",
)


def written(kind: int, packed: Packed, number: bytes = NUMBER) -> bytes:
    """A frame as it goes over the pipe."""
    secrets = [secret.reveal() for secret in packed.secrets]
    head = wire._HEAD.pack(kind, int.from_bytes(number), len(packed.body), len(secrets))
    sizes = b"".join(len(each).to_bytes(4) for each in secrets)
    return b"".join((head, sizes, packed.body, *secrets))


class Frames:
    """Draws frames.

    Args:
        draw: where chance comes from, so that a run can be had again.
        own: path of the module that sends them.
        other: path of a module that it is not.
    """

    def __init__(self, draw: random.Random, own: Path, other: Path) -> None:
        self._draw = draw
        self._own = own
        self._other = other

    def some(self) -> list[bytes]:
        """What is sent in one go."""
        return [self._one() for _ in range(self._draw.choice((1, 1, 2, 3)))]

    def _one(self) -> bytes:
        frame = self._draw.choice((self._right, self._right, self._of_another_kind, self._noise))()
        for _ in range(self._draw.choice((0, 1, 1, 4))):
            frame = self._changed(frame)
        return frame

    def _right(self) -> bytes:
        """An answer of the type that is asked for, but not always of what is true."""
        if self._draw.random() < 0.5:
            kind = self._draw.choice(list(every_error().values()))
            facts = {
                name: self._draw.choice((None, 1, "x", ("a", "b"))) for name in kind.facts_named
            }
            failed = Failed(kind.code, dict(facts), self._draw.choice((None, 0xA0)), "b", "c")
            return written(wire.Kind.FAILED, pack(Failed, failed))
        path = self._draw.choice((self._own, self._own, self._other))
        identity = replace(IDENTITY, module=replace(IDENTITY.module, path=path))
        states = self._draw.choice((STATE, TokenState(), None))
        many = self._draw.choice((0, 1, 1, 500))
        seen = Inspection({replace(identity, slot=slot): states for slot in range(many)})
        return written(wire.Kind.ANSWERED, pack(Inspection, seen))

    def _of_another_kind(self) -> bytes:
        message = MESSAGES[self._draw.choice(sorted(MESSAGES))]
        packed = self._draw.choice(message.packed())
        number = self._draw.choice((NUMBER, NUMBER, bytes(8), self._draw.randbytes(8)))
        return written(self._draw.choice((*wire.Kind, 0, 255)), packed, number)

    def _noise(self) -> bytes:
        body = self._draw.choice((self._draw.randbytes(self._draw.randrange(200)), *_PICKLES))
        if self._draw.random() < 0.5:
            return body
        return written(self._draw.choice(tuple(wire.ANSWERS)), Packed(body))

    def _changed(self, frame: bytes) -> bytes:
        at = self._draw.randrange(len(frame) + 1)
        end = at + self._draw.choice((1, 4, 40))
        match self._draw.randrange(5):
            case 0:
                return frame[:at]
            case 1:
                return frame[:at] + self._draw.randbytes(1) + frame[at + 1 :]
            case 2:
                return frame[:at] + self._draw.choice(_EDGES) + frame[at + 4 :]
            case 3:
                return frame[:at] + frame[at:end] * 2 + frame[end:]
            case _:
                return frame + self._draw.randbytes(self._draw.choice((1, 100)))
