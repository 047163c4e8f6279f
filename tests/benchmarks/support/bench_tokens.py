"""``tokens``: calls of a look, seconds at a slow module, and what it takes of a processor."""

from __future__ import annotations

from collections.abc import Sequence

from bench_bench import Bench, Found, tell
from bench_build import Seat, run, seats
from bench_figures import Figure, Target
from bench_peers import PKCS11_TOOL, look
from lockwright.bindings import BINDINGS
from lockwright_testkit.filling import PARTS

CALLS = "tokens, calls"
_SIZES = (0, 60)
_DELAY = 300
SECONDS = f"tokens, one module, {_DELAY} ms a call"
_ROUNDS = 2
_TIMES = 2.2


def measure(bench: Bench) -> Found:
    """Calls on an empty and on a full token, and seconds of an empty one that is slow."""
    at = seats(bench.builds, bench.new_folder("tokens"))
    for size in _SIZES:
        yield from _calls(bench, at, size)
    yield from _seconds(bench, at)


def _calls(bench: Bench, at: Sequence[Seat], size: int) -> Found:
    tell(f"{size} objects")
    device = bench.filled(size)
    for seat in at:
        device.zero_counts()
        seat.run(device, "tokens")
        yield Figure(CALLS, seat.who, "calls", [sum(device.counts().values())], size)
    device.zero_counts()
    run(look(device.module), device.environment)
    yield Figure(CALLS, PKCS11_TOOL, "calls", [sum(device.counts().values())], size)
    certificates = size // PARTS
    words, limit = "at most 12", 12
    if certificates:
        limit += certificates + 3
        words = f"at most {limit} (12, 1 for each certificate, and 3)"
    for binding in BINDINGS:
        yield Target(CALLS, f"now/{binding}", words, limit, size)


def _seconds(bench: Bench, at: Sequence[Seat]) -> Found:
    tell(f"{_DELAY} ms a call")
    device = bench.filled(0, delay=_DELAY)
    took: dict[str, list[float]] = {}
    for _each in range(bench.rounds(_ROUNDS)):
        for seat in at:
            took.setdefault(seat.who, []).append(seat.run(device, "tokens").seconds)
        ended = run(look(device.module), device.environment)
        took.setdefault(PKCS11_TOOL, []).append(ended.seconds)
    figures = {name: Figure(SECONDS, name, "s", values) for name, values in took.items()}
    yield from figures.values()
    other = figures[PKCS11_TOOL].median
    for binding in BINDINGS:
        words = f"at most {_TIMES} times pkcs11-tool -L's {other:.1f} s"
        yield Target(SECONDS, f"now/{binding}", words, _TIMES * other)
