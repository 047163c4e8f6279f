"""``lockwright export``: certificates out of a token, never a private key."""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from lockwright.cli import documents
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.cli.selectors import refuse_blank
from lockwright.cli.watched import reading
from lockwright.console.answering import answering
from lockwright.console.clean import clean
from lockwright.console.framework import argument, option
from lockwright.console.screen import Console
from lockwright.files import durable, new
from lockwright.files.refused import refusal_told
from lockwright.i18n import N_, _, ngettext
from lockwright.models import Certificate, Token

HELP = N_(
    """Write a certificate of a token into a file, or show it.

    SELECTOR is the name of a container, as lockwright list shows it, which means the certificate
    of it that expires last; or the serial number of a certificate, or the beginning of its SHA-256
    fingerprint. Without one the only certificate is meant. Most can be read without a PIN; --login
    asks for it. A private key never leaves a token."""
)
STDOUT = "-"
_LINE = 64


@command("export", text=HELP)
@argument("selectors", nargs=-1, metavar="[SELECTOR]...", text=N_("Which certificates."))
@option("--all", "every", is_flag=True, text=N_("Every certificate on the token."))
@option(
    "--out",
    metavar="FILE",
    default=STDOUT,
    text=N_("New file for it; - is the standard output, which is the default."),
)
@option("--der", is_flag=True, text=N_("DER instead of PEM; needs --out and one certificate."))
@option("--login", is_flag=True, text=N_("Log in with the user PIN, to see private objects too."))
@pin_options(Role.USER)
def export(  # each is an option of its own
    run: Invocation, *, selectors: tuple[str, ...], every: bool, out: str, der: bool, login: bool
) -> None:
    """Read, choose, write."""
    context = click.get_current_context()
    refuse_blank(*selectors)
    if every and selectors:
        raise click.UsageError(_("Name certificates, or give --all; not both."), context)
    if der and (out == STDOUT or every or len(selectors) > 1):
        raise click.UsageError(_("--der needs --out, and holds one certificate."), context)
    if out != STDOUT:
        new.check(Path(out))
    token = run.token()
    pin = None
    if login or run.pins.given(Role.USER):
        (pin,) = run.collect(token, Role.USER, reads=True)
    with reading(run):
        found = run.runner.care.certificates(token, pin, selectors, every=every)
    if out != STDOUT:
        data = found[0].object.value if der else "".join(map(pem, found)).encode()
        with refusal_told(Path(out)):
            durable.create(Path(out), data or b"", durable.READABLE)
    _answer(run, token, found, out, der=der)


def pem(certificate: Certificate) -> str:
    """A certificate as RFC 7468 writes it."""
    text = b64encode(certificate.object.value or b"").decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def _answer(
    run: Invocation, token: Token, found: Sequence[Certificate], out: str, *, der: bool
) -> None:
    now = datetime.now(UTC)
    if out == STDOUT and not run.output.json:
        with answering():
            sys.stdout.write("".join(map(pem, found)))
        return

    def text(console: Console) -> None:
        number = len(found)
        told = ngettext(
            "{number} certificate is in {file}:", "{number} certificates are in {file}:", number
        )
        console.print(told.format(number=number, file=clean(out)))
        for each in found:
            title = each.subject_told.whole if each.subject_told else each.fingerprint
            console.print(f"  - {clean(title)}")

    run.output.answer(
        lambda: {
            "token": token.serial,
            "file": None if out == STDOUT else out,
            "form": "der" if der else "pem",
            "certificates": [
                {**documents.certificate(each, now), "pem": pem(each)} for each in found
            ],
        },
        text,
    )
