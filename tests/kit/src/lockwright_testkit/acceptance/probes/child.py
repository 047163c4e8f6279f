"""The process in which one probe is run: what it is to do comes by stdin, the answer by stdout."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockwright.pkcs11.constants import CKU
from lockwright.secret import Secret

from lockwright_testkit.acceptance.probes import contents, counters, look, rules
from lockwright_testkit.acceptance.probes.asked import Asked, Counted, NotThere, is_simulator


@dataclass(frozen=True)
class Given:
    """What a probe works with."""

    path: Path
    pin: Secret
    so_pin: Secret
    reserved: bytes
    """For ``C_Initialize``; empty: nothing."""

    @property
    def module(self) -> tuple[Path, bytes]:
        """How a second program would load it."""
        return self.path, self.reserved


class Watched(Counted):
    """A module that is not called any more once whoever asked has ended: nobody would know.

    Args:
        path: its path.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._asks = os.getppid()

    def call(self, name: str, *args: object) -> int:
        if os.getppid() != self._asks:
            os._exit(1)
        return super().call(name, *args)


Probe = Callable[[Asked, Given], dict[str, str]]
PROBES: Mapping[str, Probe] = {
    "look": lambda token, _given: look.look(token),
    "contents": lambda token, given: contents.contents(
        token, given.pin, given.path, given.reserved
    ),
    "attributes": lambda token, given: contents.attributes(token, given.pin),
    "user-rules": lambda token, given: rules.rules(token, CKU.USER, given.pin),
    "so-rules": lambda token, given: rules.rules(token, CKU.SO, given.so_pin),
    "tries": lambda token, given: counters.counted(token, CKU.USER, given.pin),
    "unlock": lambda token, given: counters.unlocked(token, given.so_pin, given.pin),
    "so-tries": lambda token, given: counters.counted(token, CKU.SO, given.so_pin),
}


def main() -> None:
    """Run the probe that is named in the first line of stdin; PINs are the lines after it."""
    name, path, serial, label, reserved, pin, so_pin = _lines()
    begun = time.perf_counter()
    module = Watched(Path(path.decode()))
    told: dict[str, Any]
    with Secret(bytearray(pin)) as user, Secret(bytearray(so_pin)) as officer:
        try:
            given = Given(Path(path.decode()), user, officer, bytes(reserved))
            told = _asked(
                module,
                name.decode(),
                (serial.decode(), label[1:].decode() if label else None),
                given,
            )
        except NotThere:
            told = {"gone": True}
        except RuntimeError as error:
            told = {"reason": str(error)}
    told["simulated"] = is_simulator(module)
    told["seconds"] = round(time.perf_counter() - begun, 3)
    told["calls"] = {
        each: {"calls": len(times), "median": round(statistics.median(times), 6)}
        for each, times in sorted(module.calls.items())
    }
    sys.stdout.write("\n" + json.dumps(told) + "\n")


def _asked(module: Counted, name: str, of: tuple[str, str | None], given: Given) -> dict[str, Any]:
    if rv := module.initialize(given.reserved):
        return {"reason": f"C_Initialize: {rv:#x}"}
    try:
        token = Asked(module, *of)
        return {"slot": token.slot, "seen": PROBES[name](token, given)}
    finally:
        module.finalize()


def _lines() -> list[bytearray]:
    read = bytearray()
    while chunk := os.read(0, 4096):
        read += chunk
    return [bytearray.fromhex(line.decode()) for line in bytes(read).split(b"\n")][:7]


if __name__ == "__main__":
    main()
