"""What can be done before there is a window: the Runner is made, and looks for tokens."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockwright.runner import Runner

    from lockwright_window.life.options import Options
    from lockwright_window.tokens.look import Look

_PATIENCE = 2.0
"""Seconds until Qt is imported where not even the modules could be asked by then."""


class Early:
    """Makes the Runner and looks for the first time, while Qt is imported.

    Args:
        options: the command line.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._runner: Runner | None = None
        self._seen: Look | None = None
        self._error: Exception | None = None
        self._made, self._looked = threading.Event(), threading.Event()
        self._begun, self._goes_on = threading.Event(), threading.Event()
        threading.Thread(target=self._begin, daemon=True).start()

    def wait_until_begun(self) -> None:
        """Wait until each module was asked what it shows; until ``go_on`` nothing is done then.

        Shiboken is to be imported in between: it walks through all modules of Python, and ends the
        process if another thread imports one meanwhile (6.12).
        """
        self._begun.wait(_PATIENCE)

    def go_on(self) -> None:
        """Listen to what the modules show."""
        self._goes_on.set()

    def runner(self) -> Runner:
        """The Runner, once it is made; what its making failed with is raised."""
        self._made.wait()
        if self._runner is None:
            raise self._error or RuntimeError("no Runner was made")
        return self._runner

    def look(self, runner: Runner) -> Look:
        """What the first look found, once it has ended; a second call looks anew."""
        self._looked.wait()
        seen, error = self._seen, self._error
        self._seen = self._error = None
        if error is not None:
            raise error
        from lockwright_window.tokens.look import look  # noqa: PLC0415  # it is there by now

        return look(runner) if seen is None else seen

    def _begin(self) -> None:
        try:
            from lockwright import config  # noqa: PLC0415  # beside what else is imported
            from lockwright.runner import Runner  # noqa: PLC0415  # the same

            from lockwright_window.tokens.look import look  # noqa: PLC0415  # the same

            given = self._options
            found = config.load(given.config)
            self._runner = Runner(found, modules=given.modules, verbose=given.verbose)
            self._made.set()
            self._seen = look(self._runner, self._on_begun)
        except Exception as error:  # noqa: BLE001  # told where it is asked for
            self._error = error
        finally:
            self._made.set()
            self._begun.set()
            self._looked.set()

    def _on_begun(self) -> None:
        self._begun.set()
        self._goes_on.wait()
