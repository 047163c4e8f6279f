"""``lockwright doctor``: looks at everything lockwright needs, and says what to do."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lockwright.cli.doctor_checks import examine
from lockwright.cli.finding import MARKS, Check, Status
from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.i18n import N_, _

HELP = N_(
    """Find out why something does not work: Python, the configuration, the plugins, the modules,
    the tokens, the audit file and the ledger are looked at in this order."""
)

_STYLES = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "bold red"}


@command("doctor", text=HELP)
def doctor(run: Invocation) -> int:
    """Examine and report."""
    checks = list(examine(run))

    def text(console: Console) -> None:
        table = Table.grid(padding=(0, 2))
        for check in checks:
            table.add_row(Text(_(MARKS[check.status]), _STYLES[check.status]), _told(check))
        console.print(table)

    run.output.answer(lambda: {"checks": [_document(check) for check in checks]}, text)
    return next((check.exit_code for check in checks if check.status is Status.FAIL), 0)


def _told(check: Check) -> Text:
    said = Text(clean(check.message), overflow="fold")
    return said.append(f"\n{clean(check.advice)}") if check.advice else said


def _document(check: Check) -> dict[str, object]:
    document = asdict(check)
    del document["exit_code"]
    return document
