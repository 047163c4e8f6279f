"""``lockwright plugins``: what is installed, and what became of it."""

from __future__ import annotations

from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command_group
from lockwright.console.clean import clean
from lockwright.console.framework import Place
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.text import Text
from lockwright.contract.adapter_class import NO_FUNCTION, Answer, Kind
from lockwright.explain import in_words
from lockwright.i18n import N_, _
from lockwright.registry import HeldTo, Plugin, PluginStatus

HELP = N_(
    """Show the installed plugins: adapters, which know a vendor's tokens, CA clients, and others,
    which wrap what is done. One that does not load is reported; the others keep working. What the
    configuration holds each to is its name alone, its distribution, that in one version, or its
    very files. With --verbose, also how an adapter answers each hook: standard means as plain
    PKCS#11 does."""
)


@command_group(
    "plugins",
    places={
        "pin": Place(
            "lockwright.cli.commands.plugins_pin", "pin", N_("Print a table that allows these.")
        )
    },
    text=HELP,
)
def plugins(run: Invocation) -> None:
    """Show the registry."""
    found = run.runner.plugins

    def text(console: Console) -> None:
        if not found:
            console.print(_("No plugin is installed."))
            return
        table = Grid(
            _("Plugin"), _("Distribution"), _("Status"), _("Held to"), _("Hooks"), _("Problem")
        )
        for plugin in found:
            table.add_row(
                clean(plugin.name),
                clean(f"{plugin.distribution} {plugin.version}".strip()) or "-",
                status(plugin),
                held_to(plugin),
                str(len(plugin.hooks)) if plugin.hooks else "-",
                Text(clean(in_words(plugin.problem)) or "-"),
            )
        console.print(table)
        for plugin in found if run.options.verbose else ():
            if plugin.answers:
                console.print()
                console.print(answers(plugin))

    run.output.answer(lambda: {"plugins": [document(plugin) for plugin in found]}, text)


def document(plugin: Plugin) -> dict[str, object]:
    """A plugin as JSON."""
    from lockwright.registry.evidence import evidence_of  # noqa: PLC0415  # for JSON alone

    told = {
        hook: {"kind": answer.kind.value, **_reasons(answer)}
        for hook, answer in plugin.answers.items()
    }
    fields = ("name", "value", "distribution", "version", "problem", "adapter", "client")
    return {
        **{field: getattr(plugin, field) for field in fields},
        "status": plugin.status.value,
        "held_to": plugin.held_to.value,
        "hooks": list(plugin.hooks),
        "answers": told,
        "evidence": evidence_of(plugin),
    }


def answers(plugin: Plugin) -> Grid:
    """Who answers each hook of an adapter."""
    table = Grid(_("Hook of {name}").format(name=clean(plugin.name)), _("Answer"))
    for hook, answer in plugin.answers.items():
        lines = "\n".join(map(clean, _answered(answer)))
        table.add_row(hook, Text(lines))
    return table


def _answered(answer: Answer) -> list[str]:
    """Who answers a hook, and on which models nobody does."""
    told = {
        Kind.STANDARD: _("standard"),
        Kind.OWN: _("own"),
        Kind.NOT_OFFERED: "",
        Kind.MISSING: _("missing"),
    }[answer.kind]
    if isinstance(answer.reason, str):
        return [_not_offered(answer.reason) if answer.reason else told]
    return [told, *(f"{model}: {_not_offered(why)}" for model, why in answer.reason.items())]


def _not_offered(reason: str) -> str:
    said = in_words(reason)
    return said if reason == NO_FUNCTION else _("not offered: {reason}").format(reason=said)


def _reasons(answer: Answer) -> dict[str, object]:
    """Why a hook is not offered, on every model or on some."""
    if isinstance(answer.reason, str):
        return {"reason": answer.reason, "not_offered_on": {}}
    return {"reason": "", "not_offered_on": dict(answer.reason)}


def status(plugin: Plugin) -> Text:
    """What became of a plugin."""
    return {
        PluginStatus.LOADED: Text(_role(plugin)),
        PluginStatus.NOT_ALLOWED: Text(_("not allowed"), "yellow"),
        PluginStatus.BROKEN: Text(_("broken"), "red"),
        PluginStatus.NOT_INSTALLED: Text(_("not installed"), "red"),
    }[plugin.status]


def held_to(plugin: Plugin) -> str:
    """What of a plugin the configuration holds it to."""
    return {
        HeldTo.NOTHING: "-",
        HeldTo.NAME: _("name"),
        HeldTo.DISTRIBUTION: _("distribution"),
        HeldTo.VERSION: _("version"),
        HeldTo.FILES: _("files"),
    }[plugin.held_to]


def _role(plugin: Plugin) -> str:
    if plugin.adapter:
        return _("adapter")
    return _("CA client") if plugin.client else _("wrapper")
