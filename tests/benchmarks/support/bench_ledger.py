"""What the ledger of answered Requests takes for one more, with a thousand and a million in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bench_bench import Bench, Found, tell
from bench_build import ROOT, Build, run
from bench_figures import Figure, Target

WORK, ON_DISK = "respond, the ledger's time", "respond, the ledger's time with the disk's"
_SCRIPT = ROOT / "tests" / "benchmarks" / "ledger.py"
_MEMORY = Path("/dev/shm")  # noqa: S108  # its own folder in it is made by tempfile
_SIZES, _FEW = (1_000, 1_000_000), (1_000, 20_000)
_LIMIT, _TIMES = 3, 1.5


def measure(bench: Bench) -> Found:
    """Look a Request up and enter it: in memory, and with what the disk takes to keep it."""
    small, large = _FEW if bench.short else _SIZES
    found = [
        Figure(work, build.name, "ms", [milliseconds], size)
        for build in bench.builds
        for work, folder in ((WORK, _MEMORY), (ON_DISK, bench.folder))
        for size, milliseconds in _asked(build, folder, (small, large)).items()
    ]
    yield from found
    [flat] = [each.median for each in found if (each.work, each.who, each.size) == (WORK, "now", small)]
    yield Target(WORK, "now", f"at most {_LIMIT}", _LIMIT, large)
    yield Target(WORK, "now", f"at most {_TIMES} times the {flat:.1f} of {small:,}", _TIMES * flat, large)
    yield Target(ON_DISK, "now", "none: the disk decides", None, large)


def _asked(build: Build, folder: Path, sizes: tuple[int, int]) -> Mapping[int, float]:
    """Milliseconds to look up and to enter, together, by size."""
    tell(f"{sizes[-1]:,} answers in {folder}, {build.name}")
    command = [build.python, _SCRIPT, "--json", "--folder", folder, *map(str, sizes)]
    took = json.loads(run(command, {}).out)
    return {int(size): sum(both) for size, both in took.items()}
