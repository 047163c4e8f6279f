"""click as our programs use it: help in the user's language, commands loaded when needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from lockwright.console.answering import answering
from lockwright.console.global_options import GlobalOption, Option, text_unless_path
from lockwright.console.help_lines import HelpContext
from lockwright.console.translated import Translated
from lockwright.i18n import _
from lockwright.records import dataclass

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Body = Callable[..., int | None]


class Command(click.Command):
    """A command that takes the options of every command of its program, too.

    Args:
        args: as click takes them.
        common: makes the options of every command.
        settings: as click takes them.
    """

    help = Translated()
    context_class = HelpContext

    def __init__(
        self, *args: Any, common: Callable[[], list[click.Parameter]], **settings: Any
    ) -> None:
        settings.setdefault("context_settings", {"help_option_names": ["-h", "--help"]})
        super().__init__(*args, **settings)
        self.params += common()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse stray arguments without repeating them: one may be a PIN."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            ctx.fail(_("This command takes no such argument; a PIN is never given as one."))
        return rest

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``; click keeps its text in the language in which it was first asked for."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _("Show this message and exit.")
            option.callback = _show_help
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What the usage line names, in the user's language."""
        return [_(piece) for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's own options first, those of every command after them."""
        own: list[tuple[str, str]] = []
        common: list[tuple[str, str]] = []
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and not isinstance(param, click.Argument):
                shared = isinstance(param, GlobalOption) or param is self.get_help_option(ctx)
                (common if shared else own).append(record)
        for title, records in ((_("Options"), own), (_("Options of every command"), common)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


def _show_help(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  # click calls it so
    """The help, as click shows it, and what to say where it is not taken."""
    if wanted and not ctx.resilient_parsing:
        with answering(done=False):
            click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is found, so that it is imported only when it is meant."""

    module: str
    """Module with the command."""
    name: str
    """Name of the command in it."""
    summary: str
    """One line for the list of commands."""


class Group(Command, click.Group):
    """A group that knows its commands' summaries without importing them."""

    def __init__(self, *args: Any, places: Mapping[str, Place], **settings: Any) -> None:
        # click would give the whole help as the text of an error.
        super().__init__(*args, no_args_is_help=False, **settings)
        self.places = dict(places)
        self.own: dict[str, Callable[[], Command]] = {}

    def invoke(self, ctx: click.Context) -> Any:
        """Say which commands there are where none is named."""
        if not (self.invoke_without_command or ctx.args or ctx._protected_args):  # noqa: SLF001  # click has no other word for it
            names = ", ".join(self.places)
            ctx.fail(_("Name one of its commands: {names}.").format(names=names))
        return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table, which is the order of a token's life."""
        del ctx
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        del ctx
        if cmd_name in self.own:
            return self.own[cmd_name]()
        if (place := self.places.get(cmd_name)) is None:
            return None
        found = getattr(import_module(place.module), place.name)
        if not isinstance(found, click.Command):
            raise TypeError(f"{place.module}.{place.name} is no command")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest from the table when a command is unknown."""
        if args[0] not in self.places and not args[0].startswith("-"):
            raise click.NoSuchCommand(args[0], possibilities=self.places, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands first: who asks for help here looks for one."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(place.summary)) for name, place in self.places.items()])
        super().format_options(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name without importing any."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415  # only for the shell

        found = [
            CompletionItem(name, help=_(place.summary))
            for name, place in self.places.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)


def option(*names: str, text: str, **settings: Any) -> Callable[[Body], Body]:
    """Add an option to a command's function.

    Args:
        names: as click takes them.
        text: its help, a msgid.
        settings: as click takes them.
    """
    return click.option(*names, cls=Option, help=text, **settings)


def argument(name: str, *, text: str, **settings: Any) -> Callable[[Body], Body]:
    """Add an argument to a command's function; see ``option``."""
    return click.argument(name, cls=Argument, help=text, **settings)


class Argument(click.Argument):
    """An argument whose name and help are translated when they are shown."""

    help = Translated()

    def __init__(self, names: Sequence[str], **settings: Any) -> None:
        super().__init__(list(names), **text_unless_path(settings))

    @property
    def human_readable_name(self) -> str:
        """Its name in a sentence."""
        return _(super().human_readable_name)

    def make_metavar(self, ctx: click.Context) -> str:
        """Its name in the help."""
        return _(super().make_metavar(ctx))
