"""``lockwright doctor``: looks at everything lockwright needs, and says what to do."""

from __future__ import annotations

from pathlib import Path

import click

from lockwright.cli.doctor_checks import examine
from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command
from lockwright.console.finding import as_document, exit_code_of, shown
from lockwright.console.framework import option
from lockwright.console.screen import Console
from lockwright.files import new
from lockwright.i18n import N_, _

HELP = N_(
    """Find out why something does not work: Python, the configuration, the plugins, the modules
    and what they need of the system, the tokens, the audit file and the ledger are looked at in
    this order.

    With --bundle, all of it goes into a file for whoever gives support: versions, the
    configuration, the names of the environment's variables, the findings, the ends of the audit
    file and of each --log. What has the name or the form of a secret is taken out; names of people,
    serial numbers and paths stay. Read the file before you send it."""
)


@command("doctor", text=HELP)
@option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=N_("Write all that support asks for to this new file, without secrets."),
)
@option(
    "--log",
    "logs",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    text=N_("With --bundle: a log whose last lines are wanted, too; may be repeated."),
)
def doctor(run: Invocation, *, bundle: Path | None, logs: tuple[Path, ...]) -> int:
    """Examine and report."""
    if logs and bundle is None:
        raise click.UsageError(_("--log is for --bundle."), click.get_current_context())
    if bundle is not None:
        new.check(bundle)
    checks = list(examine(run))
    if bundle is not None:
        from lockwright.cli.doctor_bundle import write_bundle  # noqa: PLC0415  # seldom asked for

        write_bundle(run, bundle, checks, logs)

    def text(console: Console) -> None:
        console.print(shown(checks))

    run.output.answer(lambda: {"checks": [as_document(check) for check in checks]}, text)
    if bundle is not None:
        told = _("The bundle is in {file}. Read it before you send it.")
        run.output.note(told.format(file=bundle))
    return exit_code_of(checks)
