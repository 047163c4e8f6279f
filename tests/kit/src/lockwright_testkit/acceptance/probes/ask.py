"""Run a probe in a process of its own, and take its answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lockwright.secret import Secret

CHILD = "lockwright_testkit.acceptance.probes.child"
_LONGEST = 600.0
"""Seconds for one probe; a token that counts to fifteen slowly takes minutes."""


@dataclass(frozen=True)
class Answer:
    """What a probe said."""

    seen: Mapping[str, str] = field(default_factory=dict)
    """By the simulator's names of settings."""
    reason: str = ""
    """Why it said nothing; empty if it did."""
    slot: int = -1
    """In which slot the token was; -1 if it was not there."""
    seconds: float = 0.0
    calls: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """How often each function was called, and the median of its seconds."""
    simulated: bool = False
    """Whether the module is the kit's simulator."""

    @property
    def facts(self) -> dict[str, Any]:
        """As it is recorded."""
        return {
            "seen": dict(self.seen),
            "reason": self.reason,
            "slot": self.slot,
            "seconds": self.seconds,
            "calls": {name: dict(each) for name, each in self.calls.items()},
            **({"simulated": True} if self.simulated else {}),
        }


def ask(  # noqa: PLR0913  # a token, its PINs, and where it is
    probe: str,
    module: Path,
    serial: str,
    pin: Secret | None = None,
    so_pin: Secret | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    label: str | None = None,
    reserved: bytes = b"",
) -> Answer:
    """Ask one token.

    Args:
        probe: a name of ``child.PROBES``.
        module: absolute path of the PKCS#11 module.
        serial: the token's serial number.
        pin: the user PIN, where the probe uses it.
        so_pin: the SO PIN, where the probe uses it.
        environment: of the probe, beside this process's own.
        label: the token's label, where others of the module may have its serial number; None: any.
        reserved: what the module wants in ``C_Initialize``, as ``StandardAdapter.reserved``.
    """
    lines = bytearray()
    for each in (
        probe.encode(),
        str(module).encode(),
        serial.encode(),
        b"" if label is None else f"={label}".encode(),
        reserved,
        *map(_bytes, (pin, so_pin)),
    ):
        lines += each.hex().encode() + b"\n"
    child = subprocess.Popen(  # ourselves
        [sys.executable, "-m", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
    try:
        if child.stdin is not None:
            with suppress(BrokenPipeError):  # it crashed at once, which its answer tells
                child.stdin.write(lines)
        out, _ = child.communicate(timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return Answer(reason="the module did not answer in ten minutes")
    except BaseException:
        child.kill()
        child.communicate()
        raise
    finally:
        lines[:] = bytes(len(lines))
    return _answer(out, child.returncode)


def _answer(out: bytes, code: int) -> Answer:
    try:
        told = json.loads(out.splitlines()[-1])
    except (ValueError, IndexError):
        return Answer(reason=f"the module crashed ({code})")
    if told.pop("gone", False):
        told["reason"] = "the token is not there"
    return Answer(**told)


def _bytes(secret: Secret | None) -> bytes:
    return b"" if secret is None else bytes(secret.buffer)
