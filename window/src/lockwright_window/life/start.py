"""``lockwright-window`` as its own process: the module's child is begun before Qt is imported."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Sequence

from lockwright import i18n
from lockwright.host import ahead, harden
from lockwright.i18n import _
from lockwright.log import configure

from lockwright_window.life import alone
from lockwright_window.life.early import Early
from lockwright_window.life.options import Options, parsed
from lockwright_window.qt import immortal, unshown

_SWITCH = 0.001
"""Seconds after which a thread that computes lets the window's have the interpreter; of Python's
5 ms every wait of the window for it would take so many, and a start has dozens."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: the command line without the program's name; None for this process's own.

    Returns:
        The exit code.
    """
    gc.disable()  # most of what is made now stays; ``Cycles`` goes on with it
    immortal.keep_true()
    harden.forbid_dumps()  # PINs are typed here
    given = parsed(sys.argv[1:] if arguments is None else arguments)
    i18n.use(given.lang)
    try:
        listening = alone.listens(given)
    except alone.Another:
        sys.stderr.write(f"{_(alone.OPEN)}\n")
        return 0
    # One works with each module, one watches it; to start one later takes the interpreter along.
    ahead.start(2 * max(1, len(given.modules)), verbose=given.verbose)
    sys.setswitchinterval(_SWITCH)
    configure(verbose=given.verbose)
    try:
        return _shown(given, listening)
    except ModuleNotFoundError:
        raise  # an installation that is not whole
    except ImportError as error:
        return unshown.tell_lacking(error)
    finally:
        ahead.give_up()


def _shown(given: Options, listening: socket.socket | None) -> int:
    early = Early(given)  # it looks for tokens while Qt is imported
    early.wait_until_begun()
    import shiboken6  # noqa: F401, PLC0415  # while no other thread imports anything

    early.go_on()
    from lockwright_window.life.program import Program  # noqa: PLC0415  # the child comes first

    return Program(early, given.colours).run(listening)
