"""How calls, seconds and memory grow with what is on a token, up to 5,000 objects.

``make growth BASE=rev`` runs it, over both bindings. A listing is counted at each size; at the last
one its memory is measured, parent and child, and that of an earlier build beside it. It exits with
1 if calls grow by more than one for each object, or if a listing takes more memory than before.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent / "support"), str(ROOT / "tools")]

from bench_bench import Bench  # noqa: E402  # its folder is added above
from bench_build import Build, Seat, seats  # noqa: E402  # the same
from earlier import built  # noqa: E402  # the same
from lockwright_testkit.filling import PARTS  # noqa: E402  # the same
from lockwright_testkit.sim import Simulator  # noqa: E402  # the same

CONTAINERS = (3, 20, 100, 333, 1667)
BESIDE, FOR_EACH = 21, 1.1
"""Calls of a listing, whatever is there, and for each object: a search takes one for 512, too."""
ROUNDS = 2
ENOUGH = 1.02
"""Times the memory of before that still count as no more: pages come as they come."""
AT_THE_END_MS = 1500
"""How long a module takes to end, while the memory of both processes is read."""


@dataclass(frozen=True)
class Listed:
    """One listing."""

    seconds: float
    parent: float
    """Most memory that the program had, in MB."""
    child: float
    """Most memory that its child had, in MB."""


def main() -> int:
    """Measure; the exit code says whether all is within its limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=os.environ.get("BASE"), help="an earlier revision")
    parser.add_argument("--most", type=int, default=CONTAINERS[-1], help="containers at most")
    given = parser.parse_args()
    before = Build("before", built(given.base)) if given.base else None
    sizes = [*(size for size in CONTAINERS if size < given.most), given.most]
    sound = True
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), Build("now", ROOT), before, short=False)
        people = seats(bench.builds, bench.new_folder("seats"), "[audit]\nenabled = false\n")
        of_now = [each for each in people if each.build is bench.now]
        for size in sizes:
            device = bench.filled(size * PARTS)
            for seat in of_now:
                sound &= counted(device, seat, size * PARTS)
        device = bench.filled(sizes[-1] * PARTS)
        device.set("delay.C_Finalize", AT_THE_END_MS)
        for seat in of_now:
            beside = [each for each in people if each.binding == seat.binding]
            sound &= remembered(device, beside)
    return 0 if sound else 1


def counted(device: Simulator, seat: Seat, objects: int) -> bool:
    """Count the calls of a listing; whether they are as many as they may be."""
    device.zero_counts()
    took = listed(device, seat).seconds
    calls = sum(device.counts().values())
    print(f"{seat.who:20} {objects:5} objects: {calls:5} calls, {took:5.1f} s", flush=True)
    return calls <= BESIDE + FOR_EACH * objects


def remembered(device: Simulator, people: Sequence[Seat]) -> bool:
    """Measure the memory of a listing by each build in turn; whether it is no more than before."""
    runs: dict[str, list[Listed]] = {seat.who: [] for seat in people}
    for _round in range(ROUNDS):
        for seat in people:
            runs[seat.who].append(listed(device, seat))
    most = {
        who: (max(each.parent for each in found), max(each.child for each in found))
        for who, found in runs.items()
    }
    for who, (parent, child) in most.items():
        print(f"{who:20} parent {parent:6.1f} MB, child {child:6.1f} MB", flush=True)
    *before, now = most.values()
    return all(
        mine <= ENOUGH * theirs for old in before for mine, theirs in zip(now, old, strict=True)
    )


def listed(device: Simulator, seat: Seat) -> Listed:
    """List a token with a build, and see how much memory its processes have at the most."""
    began = time.perf_counter()
    with subprocess.Popen(
        seat.command(device.module, "list", "--json", *seat.login),
        stdout=subprocess.DEVNULL,
        env=os.environ | seat.environment | device.environment,
    ) as program:
        most: dict[int, float] = {}
        while program.poll() is None:
            for pid in (program.pid, *_children(program.pid)):
                most[pid] = max(most.get(pid, 0.0), _most_memory(pid))
            time.sleep(0.05)
    took = time.perf_counter() - began
    if program.returncode:
        raise RuntimeError(f"{seat.who}: exit code {program.returncode}")
    children = [memory for pid, memory in most.items() if pid != program.pid]
    return Listed(took, most[program.pid], max(children, default=0.0))


def _children(pid: int) -> Iterator[int]:
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            yield from map(int, thread.read_text().split())
        except OSError:
            continue


def _most_memory(pid: int) -> float:
    """The most memory that a process has had so far, in MB; nothing if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(found.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
