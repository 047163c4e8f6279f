"""``lockwright plugins pin``: what is installed now, as the configuration holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.i18n import N_, _
from lockwright.models.plugin_pins import PluginPin
from lockwright.registry import Plugin, PluginStatus
from lockwright.registry.files import FilesDiffer, digest_of

HELP = N_(
    """Print the table [plugins] that allows what works now and nothing else: each plugin of this
    very distribution in this very version. Compare it with what was tested before you put it into
    the configuration.

    With --files, also a digest of the files of each distribution, as its RECORD names them: a file
    that was changed since, or that came with them, is noticed before any of them is imported."""
)


@command("pin", text=HELP)
@option(
    "--files",
    is_flag=True,
    text=N_("Also hold each distribution to its files."),
)
def pin(run: Invocation, *, files: bool) -> None:
    """Show the table."""
    works = [each for each in run.runner.plugins if each.status is PluginStatus.LOADED]
    known = [each for each in works if each.distribution and each.version]
    allow = [str(PluginPin(each.name, each.distribution, each.version)) for each in known]
    digests, left_out = _digests(run, known) if files else ({}, {})
    for each in works:
        if each not in known:
            run.output.note(_("{name}: of no known distribution").format(name=each.name), "yellow")
    for name, reason in left_out.items():
        run.output.note(f"{name}: {reason}", "yellow")

    def text(console: Console) -> None:
        for line in _table(allow, digests):
            console.print(whole(clean(line)))

    run.output.answer(
        lambda: {"allow": allow, "files": dict(digests), "left_out": dict(left_out)}, text
    )


def _digests(
    run: Invocation, plugins: Sequence[Plugin]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Digests by distribution, and of which there is none, and why."""
    digests: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for plugin in plugins:
        try:
            digests[plugin.distribution] = digest_of(run.runner.registry.point(plugin.name))
        except FilesDiffer as error:
            left_out[plugin.distribution] = str(error)
    return digests, left_out


def _table(allow: Sequence[str], digests: Mapping[str, str]) -> Sequence[str]:
    """The table in TOML, whose basic strings are those of JSON."""
    quoted = [f"    {json.dumps(each)}," for each in allow]
    lines = ["[plugins]", "allow = [", *quoted, "]"]
    if digests:
        lines += ["", "[plugins.files]"]
        lines += [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in digests.items()]
    return lines
