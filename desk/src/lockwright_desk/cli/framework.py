"""Commands of the desk: click as core uses it, with the desk's own global options."""

from __future__ import annotations

import functools
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import click
from lockwright.audit.actor import actor
from lockwright.cli.framework import Body, Command, Group
from lockwright.cli.given import Given, GlobalOption, Option
from lockwright.cli.output import Output
from lockwright.i18n import LANGUAGES, N_
from lockwright.log import configure

from lockwright_desk import __version__, clock, configuration
from lockwright_desk.audit import Recorder
from lockwright_desk.settings import Settings
from lockwright_desk.store.database import Database

DEFAULT_FILE = Path("desk.toml")


class Run:
    """One run of a command: its configuration and its output.

    Args:
        given: the global options.
    """

    def __init__(self, given: Given) -> None:
        self.given = given
        self.output = Output(json=given.json)
        self.now = clock.now
        configure(verbose=given.verbose)

    @property
    def file(self) -> Path:
        """The configuration file."""
        return self.given.config or DEFAULT_FILE

    @property
    def operator(self) -> str:
        """The account of whoever runs the command."""
        return str(actor()["user"])

    @cached_property
    def settings(self) -> Settings:
        """The configuration.

        Raises:
            DeskNotReady, BrokenConfiguration: it cannot be used.
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

    def close(self) -> None:
        """End the use of the database, if it was used."""
        if isinstance(database := self.__dict__.get("database"), Database):
            database.close()


class DeskCommand(Command):
    """A command with the desk's global options."""

    def common(self) -> list[click.Parameter]:
        """The options of every command."""
        return common_options()


class DeskGroup(Group):
    """A group with the desk's global options."""

    def common(self) -> list[click.Parameter]:
        """The options of every command."""
        return common_options()


def common_options() -> list[click.Parameter]:
    """The options of every command of the desk."""
    return [
        GlobalOption(
            ["--config"],
            lambda given, value: setattr(given, "config", value),
            type=click.Path(path_type=Path),
            metavar="FILE",
            help=N_("Configuration file; desk.toml of the current folder otherwise."),
        ),
        GlobalOption(
            ["--json"],
            lambda given, value: setattr(given, "json", value),
            is_flag=True,
            help=N_("Answer in JSON."),
        ),
        GlobalOption(
            ["--lang"],
            lambda _given, _value: None,
            type=click.Choice(LANGUAGES),
            help=N_("Language of all text; the locale decides otherwise."),
        ),
        GlobalOption(
            ["--verbose"],
            lambda given, value: setattr(given, "verbose", value),
            is_flag=True,
            help=N_("Tell more: what is done, and why."),
        ),
    ]


def command(name: str, *, text: str) -> Callable[[Body], DeskCommand]:
    """Make a command of a function that takes a ``Run`` and the command's own options.

    Args:
        name: its name.
        text: its help, a msgid.
    """

    def made(body: Body) -> DeskCommand:
        @functools.wraps(body)
        def callback(**options: object) -> int | None:
            run = Run(click.get_current_context().find_root().ensure_object(Given))
            try:
                return body(run, **options)
            finally:
                run.close()

        parameters = getattr(body, "__click_params__", [])
        return DeskCommand(name, callback=callback, params=list(reversed(parameters)), help=text)

    return made


def version_option(program: str) -> click.Parameter:
    """``--version``."""

    def show(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  # click calls it so
        if wanted:
            click.echo(f"{program} {__version__}")
            ctx.exit()

    return Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help=N_("Show the version and exit."),
    )
