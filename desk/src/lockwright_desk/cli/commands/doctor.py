"""``lockwright-desk doctor``: looks at everything the desk needs, and says what to do."""

from __future__ import annotations

from lockwright.console.finding import as_document, exit_code_of, shown
from lockwright.i18n import N_

from lockwright_desk.cli.doctor.examined import examine
from lockwright_desk.cli.program import Run, command

HELP = N_(
    """Find out why something does not work: the configuration, the database, the CA, the server's
    certificate, the key of one-time passwords, the audit trail, room on the disk, the clock, the
    proxy, and of the help desk its pages, its keeper, its notices and the collector are looked at.

    Where a proxy hands certificates on, a forged one is sent to [signin] origin: it must not
    arrive.
    Nothing is changed. Run it under the account of the desk."""
)


@command("doctor", text=HELP)
def doctor(run: Run) -> int:
    """Examine and report."""
    checks = list(examine(run))
    run.output.answer(
        lambda: {"checks": [as_document(check) for check in checks]},
        lambda console: console.print(shown(checks)),
    )
    return exit_code_of(checks)
