"""``lockwright`` as a program: the options of every command, and what a command works with."""

from __future__ import annotations

import gc
from contextlib import AbstractContextManager
from typing import Any

import click

import lockwright
from lockwright.cli import completing
from lockwright.console.global_options import (
    GlobalOptions,
    config_option,
    json_option,
    language_option,
    module_option,
    token_option,
    verbose_option,
    void_request_option,
)
from lockwright.console.program import Program
from lockwright.i18n import N_


def global_options() -> list[click.Parameter]:
    """The options of every command."""
    return [
        module_option(),
        token_option(completing.tokens),
        json_option(),
        language_option(),
        config_option(N_("Configuration file to use instead of the usual one.")),
        verbose_option(),
        void_request_option(),
    ]


def _invocation(options: GlobalOptions) -> AbstractContextManager[Any]:
    from lockwright.cli.invocation import Invocation  # noqa: PLC0415  # not for --help

    if not gc.isenabled():  # as ``start`` left it; what a command needs is there now
        gc.freeze()
        gc.enable()
    return Invocation(options)


PROGRAM = Program(
    "lockwright",
    version=lockwright.__version__,
    pages="lockwright.pages",
    options=global_options,
    run=_invocation,
)
command = PROGRAM.command
group = PROGRAM.group
command_group = PROGRAM.command_group
