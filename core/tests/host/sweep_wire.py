"""What a module may send: fuzzed for as long as is wanted, and sent beside an honest token."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fuzz_targets import TARGETS
from hostile import Bench
from lockwright_testkit.sim.fixtures import SimulatorFactory
from onslaught import Onslaught

FUZZ = Path(__file__).with_name("fuzz") / "fuzz.py"
SECONDS = int(os.environ.get("FUZZ_SECONDS", "1200"))
"""How long each target is fuzzed."""
WORKERS = int(os.environ.get("FUZZ_WORKERS", "0")) or os.cpu_count() or 1
"""How many are fuzzed side by side."""
ATTACKS = int(os.environ.get("ATTACKS", "10000"))
SEED = int(os.environ.get("ATTACKS_SEED", "1"))


@pytest.mark.timeout(0)
def test_no_input_crashes_hangs_or_takes_much_memory() -> None:
    def fuzz(target: str) -> tuple[str, int, str]:
        done = subprocess.run(
            [sys.executable, str(FUZZ), target, f"-max_total_time={SECONDS}"],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            env=os.environ | {"PYTHONPATH": os.environ.get("ATHERIS", "")},
        )
        return target, done.returncode, done.stderr

    with ThreadPoolExecutor(WORKERS) as pool:
        ended = list(pool.map(fuzz, TARGETS))
    tell: Callable[[str], None] = print
    for target, code, said in ended:
        last = re.findall(r"^Done .*|^#\d+\s+DONE.*", said, re.MULTILINE)
        tell(f"{target}: exit {code}; {'; '.join(' '.join(line.split()) for line in last)}")
    assert {target: said[-2000:] for target, code, said in ended if code} == {}


@pytest.mark.timeout(0)
def test_an_honest_token_is_unharmed_however_often(bench: Bench, sim: SimulatorFactory) -> None:
    onslaught = Onslaught(bench, sim("jacarta-pki", label="Anna"), seed=SEED)
    onslaught.run(ATTACKS)
    tell: Callable[[str], None] = print
    tell(f"\n{ATTACKS} attacks; told of the module: {dict(onslaught.told)}")
