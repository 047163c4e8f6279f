"""The computer of a client whose token is locked: ``unblock`` at a terminal, or in a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from kinds import Kind
from locked_token import Locked
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.pseudo_terminal import SIZE, Screen, Terminal
from telephone import ReadOut, read_out


def of(*kinds: Kind) -> pytest.MarkDecorator:
    """Run a test with tokens of these kinds."""
    return pytest.mark.parametrize("kind", kinds, ids=[kind.name for kind in kinds], indirect=True)


class Computer:
    """The client's, with the token in it.

    Args:
        home: where the program keeps its files; it is made.
        locked: the token.
        terminal: opens windows.
    """

    def __init__(self, home: Path, locked: Locked, terminal: Terminal) -> None:
        home.mkdir()
        self.program = Program(home)
        self.locked = locked
        self._terminal = terminal
        self._module = ("--module", str(locked.device.module))

    def asks(self, *options: str, size: tuple[int, int] = SIZE) -> Screen:
        """``unblock`` at a terminal."""
        return self._terminal(self.program, "unblock", *self._module, *options, size=size)

    def makes_a_request(self) -> tuple[Screen, ReadOut]:
        """``unblock`` at a terminal, as far as the question for the Response."""
        kind = self.locked.kind
        screen = self.asks("--remote", *(("--keep-pin",) if kind.keeps_pin else ()))
        if not kind.keeps_pin:
            screen.answers("New user PIN:", kind.pin)
            screen.answers("once more:", kind.pin)
        return screen, read_out(screen)

    def runs(self, *options: str, **files: str) -> Ended:
        """``unblock`` where nobody is asked, with PINs in files; it answers in JSON."""
        for name, value in files.items():
            self.program.secret(name, value)
        given = [f"--{name.replace('_', '-')}-file={name}" for name in files]
        return self.program.run("unblock", *self._module, *options, *given, "--json")

    def lists(self) -> Ended:
        """``list``, by another process that minds no Request."""
        return self.program.run("list", "--void-request", *self._module)
