"""``lockwright-desk`` as a program: the options of every command, and what a command works with."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import click
from lockwright.audit.actor import actor
from lockwright.console.global_options import (
    GlobalOptions,
    config_option,
    json_option,
    language_option,
    verbose_option,
)
from lockwright.console.output import Output
from lockwright.console.program import Program
from lockwright.i18n import N_
from lockwright.log import configure

from lockwright_desk import __version__, clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration import file as configuration
from lockwright_desk.configuration.settings import Settings
from lockwright_desk.store.database import Database

DEFAULT_FILE = Path("desk.toml")


class Run:
    """One run of a command: its configuration and its output.

    Args:
        options: the global options.
    """

    def __init__(self, options: GlobalOptions) -> None:
        self.options = options
        self.output = Output(json=options.json)
        self.now = clock.now
        configure(verbose=options.verbose)

    @property
    def file(self) -> Path:
        """The configuration file."""
        return self.options.config or DEFAULT_FILE

    @property
    def operator(self) -> str:
        """The account that runs the command."""
        return str(actor()["user"])

    @cached_property
    def settings(self) -> Settings:
        """The configuration.

        Raises:
            DeskNotReady, DeskConfigurationBroken: it cannot be used.
        """
        return configuration.load(self.file)

    @cached_property
    def audit(self) -> Recorder:
        """The audit trail."""
        return Recorder(self.settings.audit)

    @cached_property
    def database(self) -> Database:
        """The database, its tables checked.

        Raises:
            DatabaseUnusable: it cannot be used.
        """
        database = Database(self.settings.database)
        database.check()
        return database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        # What was made is found without making it now.
        if isinstance(database := self.__dict__.get("database"), Database):
            database.close()


def common_options() -> list[click.Parameter]:
    """The options of every command."""
    return [
        config_option(N_("Configuration file; by default desk.toml in the current folder.")),
        json_option(),
        language_option(),
        verbose_option(),
    ]


PROGRAM = Program(
    "lockwright-desk",
    version=__version__,
    pages="lockwright_desk.pages",
    options=common_options,
    run=Run,
)
command = PROGRAM.command
group = PROGRAM.group
