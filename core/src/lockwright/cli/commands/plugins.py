"""``lockwright plugins``: what is installed, and what became of it."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.console.grid import grid
from lockwright.i18n import N_, _
from lockwright.registry import Plugin, PluginStatus

HELP = N_(
    """Show the installed plugins: adapters, which know a vendor's tokens, CA clients, and others,
    which wrap what is done. One that does not load is told about; the others work on."""
)


@command("plugins", text=HELP)
def plugins(run: Invocation) -> None:
    """Show the registry."""
    found = run.runner.plugins

    def text(console: Console) -> None:
        if not found:
            console.print(_("No plugin is installed."))
            return
        table = grid(_("Plugin"), _("Distribution"), _("Status"), _("Hooks"), _("Problem"))
        for plugin in found:
            table.add_row(
                clean(plugin.name),
                f"{plugin.distribution} {plugin.version}".strip() or "-",
                status(plugin),
                str(len(plugin.hooks)) if plugin.hooks else "-",
                Text(clean(plugin.problem) or "-", overflow="fold"),
            )
        console.print(table)

    run.output.answer(
        lambda: {"plugins": [{**asdict(plugin), "hooks": list(plugin.hooks)} for plugin in found]},
        text,
    )


def status(plugin: Plugin) -> Text:
    """What became of a plugin."""
    return {
        PluginStatus.LOADED: Text(_role(plugin)),
        PluginStatus.NOT_ALLOWED: Text(_("not allowed"), "yellow"),
        PluginStatus.BROKEN: Text(_("broken"), "red"),
        PluginStatus.NOT_INSTALLED: Text(_("not installed"), "red"),
    }[plugin.status]


def _role(plugin: Plugin) -> str:
    if plugin.adapter:
        return _("adapter")
    return _("CA client") if plugin.client else _("wrapper")
