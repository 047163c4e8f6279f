"""``lockwright completion``: the script by which a shell completes commands and options."""

from __future__ import annotations

import sys

import click
from click.shell_completion import get_completion_class

from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command
from lockwright.console.answering import answering
from lockwright.console.framework import argument
from lockwright.i18n import N_

SHELLS = ("bash", "zsh", "fish")
HELP = N_(
    """Print the completion script for a shell.

    bash: lockwright completion bash > ~/.local/share/bash-completion/completions/lockwright

    zsh: lockwright completion zsh > a file _lockwright in a folder of $fpath

    fish: lockwright completion fish > ~/.config/fish/completions/lockwright.fish"""
)


@command("completion", text=HELP)
@argument("shell", type=click.Choice(SHELLS), text=N_("The shell."))
def completion(run: Invocation, *, shell: str) -> None:
    """Print the script."""
    root = click.get_current_context().find_root()
    program = str(root.info_name)
    found = get_completion_class(shell)
    if found is None:
        raise TypeError(f"click has no completion for {shell}")
    made = found(root.command, {}, program, f"_{program.upper()}_COMPLETE")
    script = made.source_template % made.source_vars()
    run.output.answer(lambda: {"shell": shell, "script": script}, lambda _console: _write(script))


def _write(script: str) -> None:
    with answering(done=False):
        sys.stdout.write(script if script.endswith("\n") else f"{script}\n")
