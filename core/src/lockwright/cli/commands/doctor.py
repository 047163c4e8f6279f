"""``lockwright doctor``: looks at everything lockwright needs, and says what to do."""

from __future__ import annotations

from dataclasses import asdict

from lockwright.cli.doctor_checks import examine
from lockwright.cli.finding import MARKS, Check, Status
from lockwright.cli.invocation import Invocation
from lockwright.cli.program import command
from lockwright.console.blocks import Facts, Field
from lockwright.console.clean import clean
from lockwright.console.screen import Console
from lockwright.console.text import Text
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
        console.print(Facts(map(_fact, checks)))

    run.output.answer(lambda: {"checks": [_document(check) for check in checks]}, text)
    return next((check.exit_code for check in checks if check.status is Status.FAIL), 0)


def _fact(check: Check) -> Field:
    said = "\n".join(clean(line) for line in (check.message, check.advice) if line)
    return Text(_(MARKS[check.status]), _STYLES[check.status]), Text(said)


def _document(check: Check) -> dict[str, object]:
    document = asdict(check)
    del document["exit_code"]
    return document
