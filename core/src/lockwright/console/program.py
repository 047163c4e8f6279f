"""A command line of ours: what all its commands take, what they work with, how it ends."""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import click

from lockwright.console.answering import answering
from lockwright.console.framework import Body, Command, Group, Place
from lockwright.console.global_options import GlobalOptions, Option, look
from lockwright.console.help_command import help_command
from lockwright.console.language import speak
from lockwright.console.streams import have_streams, let_go, show_everything
from lockwright.i18n import N_

BROKEN_PIPE = 1
"""Exit code when nobody reads the output any more; click ends with the same."""

Run = Callable[[GlobalOptions], AbstractContextManager[Any]]
"""Makes what a command works with, and ends it with the command."""


class Program:
    """One program.

    Args:
        name: its name.
        version: its version.
        options: makes the options of every command.
        run: makes what a command works with; called once a command is to run, not for help.
        language: the only language it speaks; None: the user's.
        pages: the package with the pages that ``help`` shows, Markdown; empty for none.
    """

    def __init__(
        self,
        name: str,
        *,
        version: str,
        options: Callable[[], list[click.Parameter]],
        run: Run,
        language: str | None = None,
        pages: str = "",
    ) -> None:
        self.name = name
        self._language = language
        self._version = version
        self._options = options
        self._pages = pages
        self._run = run

    def command(self, name: str, *, text: str) -> Callable[[Body], Command]:
        """Make a command of a function that takes what ``run`` makes and its own options.

        Args:
            name: its name.
            text: its help, a msgid.
        """

        def made(body: Body) -> Command:
            @functools.wraps(body)
            def callback(**options: object) -> int | None:
                given = click.get_current_context().find_root().ensure_object(GlobalOptions)
                with self._run(given) as run:
                    return body(run, **options)

            own = list(reversed(getattr(body, "__click_params__", [])))
            return Command(name, common=self._options, callback=callback, params=own, help=text)

        return made

    def command_group(
        self, name: str, *, places: Mapping[str, Place], text: str
    ) -> Callable[[Body], Group]:
        """Make a command that has commands of its own; it runs where none of them is named.

        Args:
            name: its name.
            places: where its commands are found, in the order of the help.
            text: its help, a msgid.
        """

        def made(body: Body) -> Group:
            alone = self.command(name, text=text)(body).callback

            def callback(**options: object) -> object:
                named = click.get_current_context().invoked_subcommand
                return None if named or alone is None else alone(**options)

            return Group(
                name,
                common=self._options,
                places=places,
                help=text,
                callback=callback,
                invoke_without_command=True,
            )

        return made

    def group(self, name: str, *, places: Mapping[str, Place], text: str) -> Group:
        """A group of commands.

        Args:
            name: its name.
            places: where its commands are found, in the order of the help.
            text: its help, a msgid.
        """
        return Group(name, common=self._options, places=places, help=text)

    def root(self, *, places: Mapping[str, Place], text: str) -> Group:
        """The program itself as a group, with ``--version``; see ``group``."""
        shows = Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=self._show_version,
            help=N_("Show the version and exit."),
        )
        places = {**places, "help": Place("", "", N_("Show how a command is used."))}
        group = Group(self.name, common=self._options, places=places, help=text, params=[shows])
        group.own["help"] = functools.partial(help_command, self._options, self._pages)
        return group

    def main(
        self,
        root: Group,
        arguments: Sequence[str] | None,
        *,
        check: Callable[[Sequence[str]], None] | None = None,
    ) -> int:
        """Decide the language, find the command, run it, tell what went wrong.

        Args:
            root: what ``root`` made.
            arguments: the command line without the program's name; None for this process's own.
            check: looks at the command line before anything is understood; may refuse it.

        Returns:
            The exit code.
        """
        have_streams()
        show_everything()
        if arguments is None and not sys.warnoptions:
            warnings.simplefilter("ignore")  # libraries warn programmers, not who runs a program
        words = list(sys.argv[1:] if arguments is None else arguments)
        early = look(words)
        speak(self._language or early.language)
        try:
            if check is not None:
                check(words)
            code = root.main(words or ["--help"], prog_name=self.name, standalone_mode=False)
            sys.stdout.flush()
        except BrokenPipeError:
            code = BROKEN_PIPE
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the edge of the program
            from lockwright.console.failures import tell  # noqa: PLC0415  # needed only then

            code = tell(error, json=early.json, verbose="--verbose" in words)
        let_go()
        return code if isinstance(code, int) else 0

    def _show_version(self, ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  # click calls it so
        if wanted:
            with answering(done=False):
                click.echo(f"{self.name} {self._version}")
            ctx.exit()
