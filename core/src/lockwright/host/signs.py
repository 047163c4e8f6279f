"""Signs of life: what a child that works says of it, and what of that its parent believes.

A sign holds four numbers of a fixed width and nothing else. One counts if more has happened than at
the last; a child that repeats itself, or says more than anybody can follow, is no longer believed
(ADR 32).
"""

from __future__ import annotations

import struct
import time

from lockwright.host.codec import Packed, WireError
from lockwright.models.progress import Doing, Progress

_SIGN = struct.Struct(">QBII")
_MOST = 0xFFFF_FFFF
_AT_ONCE = 40
_PER_SECOND = 20
"""Signs that are borne: an honest child gives five each second, and a few more as it begins."""


def packed(happened: int, progress: Progress) -> Packed:
    """A sign as it passes.

    Args:
        happened: how many things have happened since the question.
        progress: how far they have come.
    """
    counts = (min(progress.done, _MOST), min(progress.total, _MOST))
    return Packed(_SIGN.pack(happened, progress.doing, *counts))


class Life:
    """What was heard of a child since it was asked."""

    def __init__(self) -> None:
        self.asked = self.heard = time.monotonic()
        """When it was asked, and when more had happened last."""
        self.progress: Progress | None = None
        """How far it has come; None before the first sign."""
        self._happened = 0
        self._signs = 0

    def hears(self, body: bytes | bytearray) -> None:
        """A sign.

        Raises:
            WireError: it is none, it is one too many, or nothing has happened since the last.
        """
        happened, doing, done, total = _SIGN.unpack(body)
        now = time.monotonic()
        self._signs += 1
        if self._signs > _AT_ONCE + _PER_SECOND * (now - self.asked):
            raise WireError("it gives too many signs of life")
        if happened <= self._happened:
            raise WireError("it gives signs of life, and does nothing")
        if doing not in set(Doing) or (total and done > total):
            raise WireError("a sign of life says what cannot be")
        self._happened, self.heard = happened, now
        self.progress = Progress(Doing(doing), done, total)
