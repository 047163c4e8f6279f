"""What the ledger of answered Requests takes for one more, with a thousand and a million in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bench_bench import Bench, Found, tell
from bench_build import ROOT, Build, run
from bench_figures import Figure, Target

WORK = "respond, the ledger's time without the disk's"
_SCRIPT = ROOT / "tests" / "benchmarks" / "ledger.py"
_MEMORY = Path("/dev/shm")  # noqa: S108  # its own folder in it is made by tempfile
_SIZES, _FEW = (1_000, 1_000_000), (1_000, 20_000)
_LIMIT, _TIMES = 3, 1.5


def measure(bench: Bench) -> Found:
    """Look a Request up and enter it, in memory: what the disk takes to keep it is its own."""
    small, large = _FEW if bench.short else _SIZES
    found = [
        Figure(WORK, build.name, "ms", [milliseconds], size)
        for build in bench.builds
        for size, milliseconds in _asked(build, (small, large)).items()
    ]
    yield from found
    [few] = [each.median for each in found if (each.who, each.size) == ("now", small)]
    for words, limit in (
        (f"at most {_LIMIT}", _LIMIT),
        (f"at most {_TIMES} times the {few:.2f} of {small:,}", _TIMES * few),
    ):
        yield Target(WORK, "now", words, limit, large, things="answers")


def _asked(build: Build, sizes: tuple[int, int]) -> Mapping[int, float]:
    """Milliseconds to look up and to enter, together, by size."""
    tell(f"{sizes[-1]:,} answers, {build.name}")
    command: list[str | Path] = [
        build.python,
        _SCRIPT,
        "--json",
        "--folder",
        _MEMORY,
        *map(str, sizes),
    ]
    took = json.loads(run(command, {}).out)
    return {int(size): sum(both) for size, both in took.items()}
