"""``help COMMAND``: the same as ``COMMAND --help``, for who asks in that order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from lockwright.console.framework import Argument, Command, Group
from lockwright.i18n import N_

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

HELP = N_(
    """Show how a command is used, the same as with --help behind it. A command of a group is named
    with its group before it."""
)


def help_command(common: Callable[[], list[click.Parameter]]) -> Command:
    """The command ``help`` of a program.

    Args:
        common: makes the options of every command.
    """
    words = Argument(
        ["words"],
        nargs=-1,
        metavar="[COMMAND]...",
        help=N_("The command."),
        shell_complete=_names,
    )
    return Command("help", common=common, callback=_show, params=[words], help=HELP)


def _show(words: tuple[str, ...]) -> None:
    context = click.get_current_context().find_root()
    for word in words:
        context = _below(context, word)
    click.echo(context.get_help())


def _below(context: click.Context, word: str) -> click.Context:
    """The context of a command in a group.

    Raises:
        click.NoSuchCommand: there is none of that name.
    """
    group = context.command
    places = group.places if isinstance(group, Group) else {}
    found = group.get_command(context, word) if isinstance(group, Group) else None
    if found is None:
        raise click.NoSuchCommand(word, possibilities=places, ctx=context)
    return found.context_class(found, info_name=word, parent=context)


def _names(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
    """Names of the commands below those that were typed."""
    context = ctx.find_root()
    for word in ctx.params.get(str(param.name)) or ():
        context = _below(context, word)
    group = context.command
    return group.shell_complete(context, begun) if isinstance(group, Group) else []
