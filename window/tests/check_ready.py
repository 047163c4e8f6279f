"""What is imported ahead of its use: a class of Qt's is made in the window's thread alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys

_TELLS = """
import json, sys, threading
from lockwright_window.qt import immortal
immortal.keep_true()
import shiboken6
from lockwright_window.life.program import Program
from lockwright_window.stories.ready import import_ground, import_stories
def rooms():
    return {name for name in sys.modules if name.startswith("lockwright_window.")}
before = rooms()
thread = threading.Thread(target=import_ground)
thread.start()
thread.join()
ground = rooms() - before
others = set(sys.modules)
steps = sum(1 for _ in import_stories())
more = [name for name in set(sys.modules) - others if not name.startswith("lockwright_window")]
print(json.dumps([sorted(ground), sorted(rooms() - ground - before), steps, more]))
"""


def test_another_thread_imports_sentences_and_core_alone_and_leaves_nothing_else() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    found = subprocess.run(
        [sys.executable, "-P", "-c", _TELLS],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    ground, rest, steps, others = json.loads(found)
    assert ground
    assert all(name.startswith("lockwright_window.words.") for name in ground)
    assert {"lockwright_window.stories.new_pin.story", "lockwright_window.stories.renew"} < set(
        rest
    )
    assert not any(name.startswith("lockwright_window.words.") for name in rest)
    assert steps > len(rest) / 3
    assert others == []  # files that are read in the window's thread
