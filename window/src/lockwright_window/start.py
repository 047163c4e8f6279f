"""``lockwright-window`` as its own process: the module's child is begun before Qt is imported."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from lockwright import i18n
from lockwright.host import ahead, harden
from lockwright.log import configure

from lockwright_window import immortal
from lockwright_window.early import Early
from lockwright_window.options import parsed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: the command line without the program's name; None for this process's own.

    Returns:
        The exit code.
    """
    gc.disable()  # most of what is made now stays; ``Program.run`` goes on with it
    immortal.keep_true()
    harden.forbid_dumps()  # PINs are typed here
    given = parsed(sys.argv[1:] if arguments is None else arguments)
    i18n.use(given.lang)
    ahead.start(max(1, len(given.modules)), verbose=given.verbose)
    configure(verbose=given.verbose)
    # It goes through ``sys.modules`` (shiboken6 6.12, signature_bootstrap.py), where another thread
    # must import nothing meanwhile: Python would end ("could not initialize part 2").
    from PySide6 import QtCore  # noqa: PLC0415  # the child comes first

    del QtCore
    early = Early(given)  # it looks for tokens while the rest of Qt is imported
    try:
        from lockwright_window.program import Program  # noqa: PLC0415  # the child comes first

        return Program(early, given.colours).run()
    finally:
        ahead.give_up()
