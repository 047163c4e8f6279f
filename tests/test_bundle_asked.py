"""What `make bundle` is asked for: refused at once where it is no adapter's name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[1] / "tools" / "bundle.py"
NO_NAMES = ("jacarta==9", "jacarta@file:///etc", "jacarta; python_version < '3'", "../jacarta", "")


def test_an_adapter_is_asked_for_by_its_name_alone(tmp_path: Path) -> None:
    for given in NO_NAMES:
        done = subprocess.run(
            [sys.executable, TOOL, "--into", tmp_path / "bundles", "softhsm", given],
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (1, f"bundle: {given} is no name of an adapter\n")
    assert not (tmp_path / "bundles").exists()
