"""Where no window can be shown, whoever started it is told why in a sentence, not in Qt's words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from window_home import Home

MODULE = (sys.executable, "-P", "-m", "lockwright_window", "--lang", "en")


def started(home: Home, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    environment = {**kept, "HOME": str(home.folder), "QT_QPA_PLATFORM": "xcb", **variables}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("variables", [{}, {"DISPLAY": ":12345"}])
def test_no_screen_is_told_in_a_sentence(home: Home, variables: dict[str, str]) -> None:
    ended = started(home, *MODULE, **variables)

    assert ended.returncode == 1
    assert ended.stderr.startswith("The window cannot be shown: there is no screen")
    assert ended.stderr.count("\n") == 1


def test_library_that_cannot_be_loaded_is_named_in_a_sentence(home: Home) -> None:
    known = subprocess.run(
        ["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True
    ).stdout
    library = Path(next(line for line in known.splitlines() if "libEGL.so.1 " in line).split()[-1])
    hidden = f"mount --bind /dev/null {library.resolve()} && exec {' '.join(MODULE)}"
    inside = ("unshare", "--mount", "sh", "-c")
    if subprocess.run([*inside, "true"], check=False).returncode != 0:
        pytest.skip("a library is hidden in a namespace of one's own, which root alone can make")

    ended = started(home, *inside, hidden)

    assert ended.returncode == 1
    assert "libEGL.so.1 is lacking, or cannot be used." in ended.stderr
    assert ended.stderr.count("\n") == 1
