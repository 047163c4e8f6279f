"""``lockwright-desk crl``: the revocation list by command."""

from __future__ import annotations

from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.files import durable
from lockwright.i18n import N_, _

from lockwright_desk import own_files
from lockwright_desk.cli.program import Run, command
from lockwright_desk.enrolment.authority.authority import Authority
from lockwright_desk.enrolment.crl.lists import RevocationLists

HELP = N_(
    """Sign a new revocation list and write it to a file.

    The server does so by itself and serves the list at /crl; this is for a list that is carried
    elsewhere. A file of that name is replaced."""
)


@command("crl", text=HELP)
@option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    text=N_("Where to; PEM if its name ends with .pem, else DER."),
)
def crl(run: Run, *, out: Path) -> None:
    """Sign one."""
    authority = Authority.open(run.settings.ca)
    try:
        with run.audit.operation("desk_crl", file=str(out)) as result:
            der = RevocationLists(run.database, authority).new(run.now())
            found = x509.load_der_x509_crl(der)
            result["revoked"] = len(found)
    finally:
        authority.close()
    _write(out, found)
    run.output.answer(
        lambda: {
            "file": str(out),
            "revoked": len(found),
            "next_update": found.next_update_utc and found.next_update_utc.isoformat(),
        },
        lambda console: console.print(
            _("The revocation list is in {file}; certificates in it: {count}.").format(
                file=clean(str(out)), count=len(found)
            )
        ),
    )


def _write(out: Path, found: x509.CertificateRevocationList) -> None:
    encoding = Encoding.PEM if out.suffix == ".pem" else Encoding.DER
    with own_files.told(out, cost=N_("A new list was signed, and the server hands it out.")):
        durable.replace(out, found.public_bytes(encoding), durable.READABLE)
