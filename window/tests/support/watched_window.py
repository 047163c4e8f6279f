"""The window, which writes down each step that it shows: ``python -m watched_window`` for it.

A line of JSON for each, into the file that ``WINDOW_STEPS`` names: the step, and of what went wrong
the code, the sentence and what it cost. SIGUSR1 has it write down what each thread does, beside.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.host import ahead

if TYPE_CHECKING:
    from lockwright_window.story.step import Step

VARIABLE = "WINDOW_STEPS"
THREADS = ".threads"
"""What is behind the name of that file, for what the threads do."""


def main() -> int:
    """Run the window, watched; its child is begun before Qt is imported, as ever."""
    begin = ahead.start
    file = Path(os.environ[VARIABLE] + THREADS).open("w")  # noqa: SIM115  # for the whole process
    faulthandler.register(signal.SIGUSR1, file=file)

    def begun(number: int, *, verbose: bool) -> None:
        begin(number, verbose=verbose)
        import shiboken6  # noqa: F401, PLC0415  # before any other thread, as the window does it

        _watch()

    ahead.start = begun
    from lockwright_window.life import start  # noqa: PLC0415  # it takes ``ahead.start`` from there

    return start.main()


def _watch() -> None:
    from lockwright_window.story.frame import Story  # noqa: PLC0415  # Qt comes after the child

    show, out = Story.show_step, Path(os.environ[VARIABLE])

    def shown(self: Story, step: Step) -> None:
        with out.open("a") as file:
            file.write(json.dumps(_facts(step)) + "\n")
        show(self, step)

    Story.show_step = shown  # type: ignore[method-assign]  # for this process alone


def _facts(step: Step) -> dict[str, str]:
    from lockwright_window.words.advice import told  # noqa: PLC0415  # as above

    kind = type(step)
    name = f"{kind.__module__.removeprefix('lockwright_window.')}.{kind.__qualname__}"
    error = getattr(step, "_error", None) or getattr(getattr(step, "_came", None), "error", None)
    if not isinstance(error, Exception):
        return {"step": name}
    found = told(error)
    return {"step": name, "code": found.code, "message": found.message, "cost": found.cost}


if __name__ == "__main__":
    sys.exit(main())
