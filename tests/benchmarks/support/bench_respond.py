"""Responses by twenty operators at once: a process each, and two hundred by one kept open."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from bench_bench import Bench, Found, tell
from bench_build import Seat, run
from bench_figures import Figure, Target

OPEN, EACH = "now/Responder kept open", "{}/process each"
_OPERATORS, _RESPONSES, _FEW = 20, 200, 40
_EACH, _EACH_FEW = 60, 20
"""Responses of a process each: their rate does not depend on how many there are."""
WORK = f"Responses by {_OPERATORS} operators at once"
_TIMES = 10
_VENDOR, _MODEL = "jacarta", "JaCarta Laser"
_SCRIPT = Path(__file__).with_name("bench_open_responder.py")


@dataclass(frozen=True)
class Request:
    """What an operator is asked, with a token and a key of its own: the ledger counts both."""

    serial: str
    request: str
    key: str
    """Administrator key, hexadecimal digits."""

    @classmethod
    def drawn(cls) -> Request:
        """One of a token that nobody has asked for."""
        digits = secrets.token_hex
        return cls(f"0B53{digits(6)}".upper(), digits(8).upper(), digits(24).upper())


def measure(bench: Bench) -> Found:
    """Responses a second."""
    count, each = (_FEW, _EACH_FEW) if bench.short else (_RESPONSES, _EACH)
    folder = bench.new_folder("respond")
    rates: dict[str, float] = {}
    at = [Seat.made(build, "pykcs11", folder) for build in bench.builds]
    for seat in at:
        tell(f"{each} by a process each, {seat.build.name}")
        rates[EACH.format(seat.build.name)] = each / _each(seat, _drawn(each))
    tell(f"{count} by a Responder kept open")
    rates[OPEN] = count / _kept_open(at[-1], _drawn(count))
    for who, rate in rates.items():
        yield Figure(WORK, who, "Responses/s", [rate])
    beside = EACH.format(bench.builds[0].name)
    words = f"at least {_TIMES} times the {rates[beside]:.1f} of {beside}"
    yield Target(WORK, OPEN, words, _TIMES * rates[beside], least=True, beside=beside)


def _drawn(count: int) -> list[Request]:
    return [Request.drawn() for _each in range(count)]


def _each(seat: Seat, requests: Sequence[Request]) -> float:
    """Seconds in which they are answered by ``lockwright respond``."""
    files = [seat.secret(f"key-{n}", each.key) for n, each in enumerate(requests)]

    def answer(request: Request, key: Path) -> None:
        about = ("--vendor", _VENDOR, "--model", _MODEL, "--serial", request.serial)
        words = (*about, "--request", request.request, "--key-file", key, "--ticket", "4711")
        run([seat.build.program, "respond", *words, "--config", seat.config], seat.environment)

    begun = time.perf_counter()
    with ThreadPoolExecutor(_OPERATORS) as operators:
        list(operators.map(answer, requests, files))
    return time.perf_counter() - begun


def _kept_open(seat: Seat, requests: Sequence[Request]) -> float:
    """Seconds in which they are answered by one process, from the opening of its Responder."""
    asked = seat.secret("requests", json.dumps([asdict(each) for each in requests]))
    command: list[str | Path] = [
        seat.build.python,
        _SCRIPT,
        seat.config,
        asked,
        _VENDOR,
        _MODEL,
        str(_OPERATORS),
    ]
    return float(run(command, seat.environment).out)
