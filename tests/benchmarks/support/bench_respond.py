"""Responses by twenty operators at once: a process for each, and a Responder that stays open."""

from __future__ import annotations

import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from bench_bench import Bench, Found, tell
from bench_build import ROOT, Seat, run
from bench_figures import Figure, Target

sys.path.append(str(ROOT / "tests" / "benchmarks"))

import responses  # its folder is added above

OPEN, EACH, BEFORE = "now/an open Responder", "now/a process each", "before/a process each"
_WAYS = {responses.OPEN: OPEN, responses.PROCESS: EACH, responses.APART: "now/not opened"}
_FEW, _TIMES = 40, 10
_JACARTA = ("--vendor", "jacarta", "--model", "JaCarta Laser", "--ticket", "4711")


def measure(bench: Bench) -> Found:
    """Responses a second, with the key in a file and in an HSM; before, in a file alone."""
    count = _FEW if bench.short else responses.RESPONSES
    found = []
    if bench.before:
        tell("a process each, before")
        seat = Seat.made(bench.before, "pykcs11", bench.folder)
        found.append(_figure(responses.IN_FILE, BEFORE, _before(seat, count // 4)))
    tell("a process each, a Responder that is not opened, an open one")
    measured = responses.measured(count)
    found += [_figure(each.key, _WAYS[each.way], each.rate) for each in measured]
    yield from found
    rates = {(each.work, each.who): each.median for each in found}
    for work in dict.fromkeys(each.work for each in found):
        beside = BEFORE if (work, BEFORE) in rates else EACH
        rate = rates[work, beside]
        words = f"at least {_TIMES} times the {rate:.2f} of {beside.replace('now/', '')}"
        yield Target(work, OPEN, words, _TIMES * rate, least=True, beside=beside)


def _figure(key: str, who: str, rate: float) -> Figure:
    work = f"Responses by {responses.OPERATORS} operators at once, key in {key}"
    return Figure(work, who, "Responses/s", [rate])


def _before(seat: Seat, count: int) -> float:
    """Responses a second by ``lockwright respond`` of a build that has no adapter of the kit's.

    Each is of a JaCarta with a key of its own, since the ledger counts both.
    """

    def answer(number: int) -> None:
        digits = secrets.token_hex
        key = seat.secret(f"key-{number}", digits(24))
        request = ("--serial", f"0B53{digits(6)}".upper(), "--request", digits(8).upper())
        words = ("respond", *_JACARTA, *request, "--key-file", key, "--config", seat.config)
        run([seat.build.program, *words], seat.environment)

    begun = time.perf_counter()
    with ThreadPoolExecutor(responses.OPERATORS) as operators:
        list(operators.map(answer, range(count)))
    return count / (time.perf_counter() - begun)
