"""``lockwright enroll``: a key and its request out of the token, the certificate into it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lockwright.cli.clean import clean
from lockwright.cli.framework import command, option
from lockwright.cli.invocation import Invocation
from lockwright.cli.newfile import STDOUT, NewFile
from lockwright.cli.pins import Role, pin_options
from lockwright.errors import CertificateUnreadable, FileNotWritten
from lockwright.i18n import N_, _
from lockwright.models import CertificateRequest, StoredCertificate, Token

HELP = N_(
    """Enrol by hand, in two steps.

    First --csr-out with --subject: a key pair is made on the token, and its request, signed there,
    is written to a file for the CA. Then --certificate: the CA's answer is checked (this token's
    key, a trusted CA, valid now) and written beside its key."""
)


@command("enroll", text=HELP)
@option("--csr-out", metavar="FILE", text=N_("Make a key and write its request; - for stdout."))
@option("--subject", metavar="NAME", text=N_("Subject, such as CN=Anna Petrova,O=Bank,C=RU."))
@option("--key-type", metavar="TYPE", text=N_("Such as rsa:2048 or ec:p256."))
@option("--label", text=N_("Label of the container; the common name otherwise."))
@option("--certificate", metavar="FILE", text=N_("Write this certificate; - for stdin."))
@option(
    "--trust",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    text=N_("Trusted CA certificates beside the configured ones; may be repeated."),
)
@pin_options(Role.USER)
def enroll(  # each is an option of its own
    run: Invocation,
    *,
    csr_out: str | None,
    subject: str | None,
    key_type: str | None,
    label: str | None,
    certificate: str | None,
    trust: tuple[Path, ...],
) -> None:
    """One step or the other."""
    _check_usage(csr_out, subject, certificate, only_out=(key_type, label), only_in=trust)
    if certificate is not None:
        _certificate_in(run, certificate, trust)
    elif csr_out is not None and subject is not None:
        _request_out(run, csr_out, subject, key_type, label)


def _check_usage(
    csr_out: str | None,
    subject: str | None,
    certificate: str | None,
    *,
    only_out: tuple[str | None, ...],
    only_in: tuple[Path, ...],
) -> None:
    context = click.get_current_context()
    if (csr_out is None) == (certificate is None):
        raise click.UsageError(_("Give either --csr-out or --certificate."), context)
    if csr_out is not None and not subject:
        raise click.UsageError(_("--csr-out needs --subject."), context)
    if csr_out is not None and only_in:
        raise click.UsageError(_("--trust goes with --certificate."), context)
    if certificate is not None and (subject or any(only_out)):
        raise click.UsageError(_("--subject, --key-type and --label go with --csr-out."), context)


def _request_out(
    run: Invocation, csr_out: str, subject: str, key_type: str | None, label: str | None
) -> None:
    run.runner.check_subject(subject)
    file = NewFile(csr_out)
    try:
        token = run.token()
        (pin,) = run.collect(token, Role.USER)
        with run.output.working(_("Making the key pair; this can take minutes")):
            request = run.runner.request(token, pin, subject, key_type=key_type, label=label)
        _save(run, file, request)
    finally:
        file.close()
    _tell_request(run, token, request, csr_out)


def _save(run: Invocation, file: NewFile, request: CertificateRequest) -> None:
    """Write the request; one that cannot be written is shown, for its key exists already."""
    if file.name == STDOUT and run.output.json:
        return
    try:
        file.write(request.pem)
    except FileNotWritten as error:
        (sys.stderr if run.output.json else sys.stdout).write(request.pem)
        error.cost = _(
            "The key pair {id} is on the token; its request is printed instead: keep it."
        ).format(id=request.key.id.hex())
        raise


def _tell_request(run: Invocation, token: Token, request: CertificateRequest, name: str) -> None:
    key = request.key
    if run.output.json:
        run.output.answer(
            lambda: {
                "token": token.serial,
                "request": {
                    "file": None if name == STDOUT else name,
                    "pem": request.pem,
                    "subject": request.subject,
                    "key": {"id": key.id.hex(), "label": key.label},
                },
                "certificate": None,
            },
            lambda _console: None,
        )
        return
    told = _("A key pair was made on the token {serial}: {label}, id {id}.").format(
        serial=clean(token.serial), label=clean(key.label), id=key.id.hex()
    )
    if name == STDOUT:
        run.output.note(told)
    else:
        run.output.console.print(told)
        run.output.console.print(_("Its request is in {file}.").format(file=clean(name)))
    run.output.note(_("Take the request to the CA; then run: lockwright enroll --certificate FILE"))


def _certificate_in(run: Invocation, name: str, trust: tuple[Path, ...]) -> None:
    data = _read(name)
    run.runner.check_certificate(data, file=name, trust=trust)
    token = run.token()
    (pin,) = run.collect(token, Role.USER)
    with run.output.working(_("Writing the certificate")):
        stored = run.runner.install(token, pin, data, file=name, trust=trust)
    run.output.answer(
        lambda: {
            "token": token.serial,
            "request": None,
            "certificate": {
                "id": stored.id.hex(),
                "label": stored.label,
                "fingerprint": stored.fingerprint,
            },
        },
        lambda console: console.print(_told_stored(token, stored)),
    )
    run.output.note(_("See it with: lockwright list"))


def _told_stored(token: Token, stored: StoredCertificate) -> str:
    return _("The certificate is on the token {serial}, beside its key {label}.").format(
        serial=clean(token.serial), label=clean(stored.label or stored.id.hex())
    )


def _read(name: str) -> bytes:
    if name == STDOUT:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CertificateUnreadable(file=name, reason=error.strerror or str(error)) from None
