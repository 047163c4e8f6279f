"""``lockwright-desk certificates``: certificates that were issued."""

from __future__ import annotations

from collections.abc import Sequence

import click
from lockwright.certificates.subjects import for_people
from lockwright.console.clean import clean
from lockwright.console.framework import Place, argument, option
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.i18n import N_, _

from lockwright_desk.cli.program import Run, command, group
from lockwright_desk.enrolment import revocation
from lockwright_desk.enrolment.crl.entries import REASONS
from lockwright_desk.store.tables.enrolment import Certificate

certificates = group(
    "certificates",
    places={
        "list": Place(__name__, "list_", N_("Show every certificate.")),
        "revoke": Place(__name__, "revoke", N_("Revoke a certificate.")),
    },
    text=N_("Certificates that the CA has issued."),
)


@command("list", text=N_("Show every certificate that was issued, the newest first."))
def list_(run: Run) -> None:
    """Show them."""
    found = revocation.every(run.database)
    run.output.answer(
        lambda: {"certificates": [_document(each) for each in found]},
        lambda console: _table(console, found),
    )


@command(
    "revoke",
    text=N_(
        """Revoke a certificate, for good. It appears in the next revocation list, which the
        server signs when it is asked for one."""
    ),
)
@argument("serial", text=N_("Serial number of the certificate, hex."))
@option(
    "--reason",
    type=click.Choice(list(REASONS)),
    default="unspecified",
    text=N_("Why, for the revocation list."),
)
def revoke(run: Run, *, serial: str, reason: str) -> None:
    """Take one back."""
    with run.audit.operation("desk_certificate_revoke", serial=serial, reason=reason):
        row = revocation.revoke(run.database, serial, reason, run.now())
    run.output.answer(
        lambda: _document(row),
        lambda console: console.print(
            _("The certificate {serial} of {subject} is revoked.").format(
                serial=row.serial, subject=clean(for_people(row.subject))
            )
        ),
    )


def _table(console: Console, found: Sequence[Certificate]) -> None:
    if not found:
        console.print(_("No certificate was issued yet."))
        return
    table = Grid(_("Serial number"), _("Login"), _("Subject"), _("Valid to"), _("Revoked"))

    for each in found:
        revoked = f"{each.revoked_at:%Y-%m-%d}: {each.reason}" if each.revoked_at else "-"
        table.add_row(
            each.serial,
            clean(each.login or "-"),
            clean(for_people(each.subject)),
            f"{each.not_after:%Y-%m-%d}",
            revoked,
        )
    console.print(table)


def _document(row: Certificate) -> dict[str, object]:
    return {
        "serial": row.serial,
        "login": row.login,
        "profile": row.profile,
        "subject": row.subject,
        "fingerprint": row.fingerprint,
        "issued_at": row.issued_at.isoformat(),
        "not_after": row.not_after.isoformat(),
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        "reason": row.reason,
    }
