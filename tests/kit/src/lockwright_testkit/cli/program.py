"""``lockwright-kit`` as a program: the options of every command, and what a command works with."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.metadata import version
from types import TracebackType
from typing import Self

import click
from lockwright.console.global_options import GlobalOptions, json_option, verbose_option
from lockwright.console.interrupts import Interrupts
from lockwright.console.output import Output
from lockwright.console.program import Program
from lockwright.console.terminal import Terminal
from lockwright.log import configure


class Run:
    """One run of a command: its output, and the person at the terminal. Ctrl-C ends it once.

    Args:
        options: the global options.
    """

    def __init__(self, options: GlobalOptions) -> None:
        self.options = options
        self.output = Output(json=options.json)
        self.terminal = Terminal()
        self._undone = ExitStack()
        configure(verbose=options.verbose)

    def __enter__(self) -> Self:
        self._undone.enter_context(Interrupts())
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._undone.close()


def common_options() -> list[click.Parameter]:
    """The options of every command."""
    return [json_option(), verbose_option()]


PROGRAM = Program(
    "lockwright-kit",
    version=version("lockwright-testkit"),
    options=common_options,
    run=Run,
    language="en",
)
command = PROGRAM.command
group = PROGRAM.group
