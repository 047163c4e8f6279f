"""``lockwright-kit``: for those who write an adapter, and those who accept one.

To add a command NAME:

1. ``commands/NAME.py``: a function under ``@command("NAME", text=HELP)`` of
   :mod:`lockwright_testkit.cli.program`, its options by ``option`` and ``argument`` of
   :mod:`lockwright.console.framework`. It takes a :class:`~lockwright_testkit.cli.program.Run`
   first, answers by ``run.output.answer(document, text)``, and raises a ``LockwrightError``.
   What is heavy it imports inside, so that ``--help`` stays quick.
2. Its errors derive from :class:`~lockwright_testkit.cli.errors.KitError`, each with a code, a
   message, a cost and an advice.
3. A line in ``PLACES`` below, in the order of an adapter's life. The module is imported only when
   its command is meant.

It may import whatever of lockwright stands below the command line, and the rest of the kit. It
speaks English alone, as the kit does.
"""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.console.framework import Place

from lockwright_testkit.cli.program import PROGRAM

_COMMANDS = "lockwright_testkit.cli.commands"

PLACES = {
    "new": Place(f"{_COMMANDS}.new", "new", "Make the project of an adapter."),
    "certify": Place(f"{_COMMANDS}.certify", "certify", "Accept a real token, and report."),
    "compare": Place(
        f"{_COMMANDS}.compare", "compare", "Say where the simulator differs from a token."
    ),
    "evidence": Place(f"{_COMMANDS}.evidence", "evidence", "What is known of an adapter."),
    "tier": Place(f"{_COMMANDS}.tier", "tier", "See whether an adapter may claim its tier."),
    "verify": Place(
        f"{_COMMANDS}.verify", "verify", "Judge a bundle of wheels before it is installed."
    ),
}

root = PROGRAM.root(
    places=PLACES,
    text="Write an adapter of lockwright, try it, show that it does what it says, judge a bundle.",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: the command line without the program's name; None for this process's own.

    Returns:
        The exit code.
    """
    return PROGRAM.main(root, arguments)
