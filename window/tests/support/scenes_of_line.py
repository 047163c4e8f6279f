"""A new PIN over the line: the bank's help desk has the Request, and its Response comes back."""

from __future__ import annotations

import atexit
import functools
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from caller import caller, read_out
from desk_home import Server
from kinds import JACARTA_PKI
from line_bank import LineBank, Operator
from line_window import of_desk
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scene import VALUES, Scene
from scenes_of_pins import SET
from walker import Walk
from window_home import Home

_NUMBER = re.compile(r"Number on the line: (\d{3}-\d{3})")


@functools.cache
def _desk() -> tuple[LineBank, Server, Operator]:
    """The bank, its desk and somebody at the page, for all scenes of this process."""
    stack = ExitStack()
    atexit.register(stack.close)
    bank = LineBank.made(Path(stack.enter_context(tempfile.TemporaryDirectory())))
    stack.enter_context(bank.keeping())
    server = stack.enter_context(bank.serving())
    return bank, server, bank.operator("olga", server)


@contextmanager
def _over_the_line(home: Home, sim: SimulatorFactory, folder: Path) -> Iterator[Walk]:
    """Nobody types a Response: the operator sends it."""
    bank, server, operator = _desk()
    with caller(JACARTA_PKI, sim, home, folder) as client:
        token = client.locked.token
        bank.register(token, bytes.fromhex(JACARTA_PKI.key), f"client-{token.serial}")
        home.configure(f"[desk]\n{of_desk(server)}\n")

        def answered(window: Opened) -> str:
            window.wait_for("Number on the line: ")
            found = _NUMBER.search(window.words())
            assert found
            case = operator.until_ready(found[1], read_out(window).words)
            operator.does(case, "send")
            window.wait_until_gone("Number on the line: ")
            return ""

        yield Walk(SET, {**VALUES, "Response": answered})


LINE: Mapping[str, Scene] = {"new PIN over the line": _over_the_line}
