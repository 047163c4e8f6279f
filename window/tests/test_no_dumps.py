"""The window's process leaves no core file, and lets no other program of its user read it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import lockwright_window
import pytest

PROGRAM = """
import ctypes, resource
from lockwright_window.life.start import main
try:
    main(["--help"])
except SystemExit:
    pass
PR_GET_DUMPABLE = 3  # linux/prctl.h
print(ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0))
print(resource.getrlimit(resource.RLIMIT_CORE))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux's")
def test_no_dump_is_made_from_the_first_line_on() -> None:
    source = Path(lockwright_window.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"PYTHONPATH": str(source)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-2:] == ["0", "(0, 0)"]
