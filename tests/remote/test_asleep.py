"""A computer that sleeps while a token waits for its Response."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import asleep
import pytest
from locked_token import Locked
from lockwright_testkit.sim import Simulator


@pytest.mark.skipif(not Path("/proc/self/ns/time").exists(), reason="no time namespaces here")
@pytest.mark.parametrize(
    ("seconds", "left", "told"), [(300, 600, "response-malformed"), (1000, 0, "request-over")]
)
def test_the_clock_of_a_request_goes_on_while_the_computer_sleeps(
    locked: Locked, device: Simulator, seconds: int, left: int, told: str
) -> None:
    assert locked.device is device
    slept = subprocess.run(
        [sys.executable, "-m", "asleep", str(device.module), str(seconds)],
        env=os.environ | {"PYTHONPATH": str(Path(asleep.__file__).parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if slept.returncode == asleep.CANNOT:
        pytest.skip("the system lets nobody have a time of their own")
    found = json.loads(slept.stdout)
    assert found["before"] > 890
    assert found["after"] == pytest.approx(left, abs=10)
    assert found["code"] == told
