"""The start of the window: what may be done beside what."""

from __future__ import annotations

import subprocess
import sys

_ASKED = """
import sys
from lockwright_window import start

class Seen(Exception):
    pass

def early(options):
    raise Seen("shiboken6" in sys.modules)

start.Early = early
try:
    start.main([])
except Seen as seen:
    print(*seen.args)
"""


def test_no_thread_of_ours_imports_anything_while_shiboken_is_imported() -> None:
    """It looks through all modules then (6.12), and ends the process where these become more."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _ASKED], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True"], done
