"""The start of the window: what may be done beside what."""

from __future__ import annotations

import json
import subprocess
import sys

from window_home import Home

_WATCHED = """
import json, sys, threading, time
from lockwright_window.life import early, start

seen = []

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "lockwright_window.life.program":
            kept[0].look(kept[0].runner())  # it ends, with all that it imports
            print(json.dumps(seen))
            raise SystemExit
        seen.append((name, threading.current_thread() is threading.main_thread()))

class Early(early.Early):
    def go_on(self):
        kept.append(self)
        time.sleep(0.2)  # the modules have answered by now, as a rule
        seen.append(("go on", not self._looked.is_set()))
        super().go_on()

kept = []
start.Early = Early
sys.meta_path.insert(0, Watch())
start.main(sys.argv[1:])
"""


def test_no_thread_of_ours_imports_anything_while_shiboken_is_imported(home: Home) -> None:
    """It looks through all modules then (6.12), and ends the process where these become more."""
    home.token()
    done = subprocess.run(
        [sys.executable, "-P", "-c", _WATCHED, *home.arguments],
        env=home.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seen: list[tuple[str, bool]] = json.loads(done.stdout)
    names = [name for name, _ in seen]
    first, last = names.index("shiboken6"), names.index("go on")
    assert all(is_main for _, is_main in seen[first:last])
    assert seen[last][1]  # it waited, however soon they answered
    assert not all(is_main for _, is_main in seen[:first])
