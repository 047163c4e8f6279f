"""Enrolment by hand: a request out of the token, a certificate into it."""

from __future__ import annotations

import sys
from pathlib import Path

from lockwright.cli import documents, phrases
from lockwright.cli.invocation import Invocation
from lockwright.cli.pins import Role
from lockwright.console.answering import answering
from lockwright.console.clean import clean
from lockwright.errors import FileNotRead, FileNotWritten, reason_of
from lockwright.files import durable, given, new
from lockwright.files.refused import refusal_told
from lockwright.i18n import _
from lockwright.models import CertificateRequest, StorageKind, StoredCertificate, Token

STDOUT = "-"
"""What stands for stdin and stdout in place of a file."""
NOTHING_MORE: dict[str, object] = {"unfinished": [], "undone": None}
"""What only enrolments with a CA have in their JSON document."""


def request_out(
    run: Invocation, csr_out: str, subject: str, key_type: str | None, label: str | None
) -> None:
    """Make a key pair and write its request.

    Args:
        run: the run.
        csr_out: file for the request; ``-`` for stdout.
        subject: subject (RFC 4514).
        key_type: key type; None for the token's first.
        label: label of the container; None for the subject's common name.
    """
    run.runner.check_subject(subject)
    if csr_out != STDOUT:
        new.check(Path(csr_out))
    token = run.token(key_types=True)
    (pin,) = run.collect(token, Role.USER)
    making = _("Making the key pair and request")
    with run.output.steps().step(making, _("This can take minutes."), slow=True):
        request = run.runner.request(token, pin, subject, key_type=key_type, label=label)
    _save(run, csr_out, request)
    _tell_request(run, token, request, csr_out)


def _save(run: Invocation, name: str, request: CertificateRequest) -> None:
    """Write the request; one that cannot be written is shown, for its key exists already."""
    if name == STDOUT:
        if not run.output.json:
            with answering():
                sys.stdout.write(request.pem)
        return
    file = Path(name)
    try:
        with refusal_told(file):
            durable.create(file, request.pem.encode("ascii"), durable.READABLE)
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
                **_whereabouts(token),
                "request": {
                    "file": None if name == STDOUT else name,
                    "pem": request.pem,
                    "subject": request.subject,
                    "key": {"id": key.id.hex(), "label": key.label},
                },
                "certificate": None,
                **NOTHING_MORE,
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


def certificate_in(run: Invocation, name: str, trust: tuple[Path, ...]) -> None:
    """Check a certificate and write it beside its key.

    Args:
        run: the run.
        name: file with the certificate; ``-`` for stdin.
        trust: files with trusted CA certificates beside the configured ones.
    """
    data = _read(name)
    run.runner.check_certificate(data, file=name, trust=trust)
    token = run.token(key_types=True)
    (pin,) = run.collect(token, Role.USER)
    with run.output.steps().step(_("Writing the certificate")):
        stored = run.runner.install(token, pin, data, file=name, trust=trust)
    run.output.answer(
        lambda: {
            **_whereabouts(token),
            "request": None,
            "certificate": documents.stored(stored),
            **NOTHING_MORE,
        },
        lambda console: console.print(_told_stored(token, stored)),
    )
    run.output.note(_("See it with: lockwright list"))


def _whereabouts(token: Token) -> dict[str, object]:
    kind = StorageKind.TOKEN.value
    return {"token": token.serial, "storage": {"kind": kind, "place": token.serial}}


def _told_stored(token: Token, stored: StoredCertificate) -> str:
    return _("The certificate is on the token {serial}, beside its key {label}.").format(
        serial=clean(token.serial), label=clean(phrases.stored(stored))
    )


def _read(name: str) -> bytes:
    if name == STDOUT:
        return sys.stdin.buffer.read()
    try:
        return given.read(Path(name))
    except OSError as error:
        raise FileNotRead(file=name, reason=reason_of(error)) from None
