"""``help COMMAND``: the same as ``COMMAND --help``; ``help PAGE``: what errors tell to read."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from lockwright.console.framework import Argument, Command, Group
from lockwright.i18n import N_

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from click.shell_completion import CompletionItem

HELP = N_(
    """Show how a command is used, the same as with --help behind it. A command of a group is named
    with its group before it. help configuration shows every setting, with the kind of value it
    takes."""
)


def help_command(common: Callable[[], list[click.Parameter]], pages: str = "") -> Command:
    """The command ``help`` of a program.

    Args:
        common: makes the options of every command.
        pages: the package with its pages.
    """
    words = Argument(
        ["words"],
        nargs=-1,
        metavar="[COMMAND]...",
        help=N_("The command."),
        shell_complete=functools.partial(_names, pages),
    )
    return Command(
        "help", common=common, callback=functools.partial(_show, pages), params=[words], help=HELP
    )


def _show(pages: str, words: tuple[str, ...]) -> None:
    if len(words) == 1 and (page := _shipped(pages).get(words[0])):
        click.echo(page.read_text(encoding="utf-8"), nl=False)
        return
    context = click.get_current_context().find_root()
    for word in words:
        context = _below(context, word)
    click.echo(context.get_help())


def _shipped(pages: str) -> Mapping[str, Traversable]:
    """The pages that come with the program, by their names."""
    from importlib import resources  # noqa: PLC0415  # most commands show no page

    found = resources.files(pages).iterdir() if pages else ()
    return {each.name.removesuffix(".md"): each for each in found if each.name.endswith(".md")}


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


def _names(
    pages: str, ctx: click.Context, param: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Names of the commands below those that were typed."""
    context = ctx.find_root()
    for word in ctx.params.get(str(param.name)) or ():
        context = _below(context, word)
    from click.shell_completion import CompletionItem  # noqa: PLC0415  # for completion alone

    group = context.command
    found = group.shell_complete(context, begun) if isinstance(group, Group) else []
    if context.parent is None:
        found += [
            CompletionItem(page) for page in sorted(_shipped(pages)) if page.startswith(begun)
        ]
    return found
