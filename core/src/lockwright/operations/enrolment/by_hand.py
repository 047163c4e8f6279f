"""Enrol by hand: a key pair and its request out, the certificate in."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.contract import hooks
from lockwright.errors import (
    CertificateAlreadyStored,
    CertificateForAnotherKey,
    LockwrightError,
    NotSupported,
    TokenFull,
)
from lockwright.i18n import _
from lockwright.models import (
    CertificateRequest,
    Container,
    KeyPair,
    KeyRequest,
    Listing,
    StoredCertificate,
    Token,
)
from lockwright.operations.enrolment.own_key import key_of
from lockwright.operations.listing import listing
from lockwright.operations.object_labels import check_object_label, label_of
from lockwright.operations.signer import signer
from lockwright.secret import Secret

if TYPE_CHECKING:
    from cryptography import x509

    from lockwright.calls.adapters import Calls

_ID_BYTES = 16


def request(
    calls: Calls,
    token: Token,
    pin: Secret,
    subject: str,
    *,
    key_type: str | None,
    label: str | None,
) -> CertificateRequest:
    """Make a key pair on the token and a request signed with it.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        subject: subject name, RFC 4514.
        key_type: such as ``rsa:2048``; None for the first the token offers.
        label: label of the container; None for the subject's common name.

    Raises:
        BrokenRequest: the subject is not a name; the token was not touched.
        ObjectLabelRefused: nothing is given such a label; the token was not touched.
        NotSupported: the token makes no such key.
        TokenFull: there is no room; ``could_go`` says what could be removed.
    """
    from lockwright.certificates.subjects import written  # noqa: PLC0415  # the same
    from lockwright.enrol.request import as_pem, build_request, common_name, parse_subject  # noqa: PLC0415  # cryptography is slow to import

    check_object_label(label)
    name = parse_subject(subject)
    encoded = name.public_bytes()
    wanted = KeyRequest(
        key_type=key_type_of(token.state.capabilities.key_types, key_type),
        id=secrets.token_bytes(_ID_BYTES),
        label=label or label_of(common_name(encoded)),
    )
    with room(calls, token, pin):
        pair = calls(hooks.lockwright_generate, token, pin, wanted)
    with undone_on_error(calls, token, pin, pair):
        made = build_request(encoded, pair.public_key, signer(calls, token, pin, pair))
    return CertificateRequest(as_pem(made), pair, written(name))


def check_certificate(certificate: bytes, *, file: str, trust: Sequence[Path]) -> x509.Certificate:
    """All that can be judged of a certificate without the token it is for.

    Args:
        certificate: PEM (with or without its chain) or DER.
        file: where it came from, for the error.
        trust: files with the trusted CA certificates.

    Returns:
        The certificate itself, without its chain.

    Raises:
        CertificateError: it is not readable, not valid now, or not trusted.
    """
    return checked_path(certificate, file=file, trust=trust)[0]


def checked_path(
    certificate: bytes, *, file: str, trust: Sequence[Path]
) -> tuple[x509.Certificate, ...]:
    """A certificate that was judged, and the CAs that it leads through, to the trusted one.

    Arguments and errors are those of ``check_certificate``.
    """
    from lockwright.enrol import trust as checks  # noqa: PLC0415  # cryptography is slow to import
    from lockwright.enrol.supported import check  # noqa: PLC0415  # the same

    found = checks.read_certificates(certificate, file=file)
    leaf, now = checks.leaf_of(found), datetime.now(UTC)
    check(leaf)
    checks.check_validity(leaf, now)
    return leaf, *checks.check_chain(leaf, found, checks.read_anchors(trust), now)


def install(
    calls: Calls, token: Token, pin: Secret, certificate: bytes, *, file: str, trust: Sequence[Path]
) -> StoredCertificate:
    """Check a certificate and write it beside its key.

    Args:
        calls: the contract.
        token: the token.
        pin: user PIN.
        certificate: the CA's answer, PEM (with or without its chain) or DER.
        file: where it came from, for the error.
        trust: files with the trusted CA certificates.

    Raises:
        CertificateError: it is not accepted; nothing was written.
        TokenFull: there is no room; ``could_go`` says what could be removed.
    """
    from lockwright.certificates.subjects import subject_text  # noqa: PLC0415  # the same
    from lockwright.enrol import trust as checks  # noqa: PLC0415  # cryptography is slow to import

    leaf = check_certificate(certificate, file=file, trust=trust)
    der, subject = checks.der(leaf), subject_text(leaf)
    content = listing(calls, token, pin)
    key = key_of(calls, token, pin, content, checks.spki(leaf))
    if key is None:
        raise CertificateForAnotherKey(subject=subject, serial=token.serial)
    stored = StoredCertificate(key.id, key.label, checks.fingerprint(der))
    if _holds(content, stored.fingerprint):
        raise CertificateAlreadyStored(subject=subject, serial=token.serial)
    with room(calls, token, pin):
        calls(hooks.lockwright_store, token, pin, key.id, key.label, der)
    return stored


def key_type_of(offered: Sequence[str], wanted: str | None) -> str:
    """The key type that is wanted, or the first that is offered.

    Raises:
        NotSupported: no such key can be made.
    """
    if wanted is None and offered:
        return offered[0]
    if wanted is None or wanted not in offered:
        operation = _("make a key of type {wanted} (it makes {offered})")
        raise NotSupported(
            operation=operation.format(wanted=wanted, offered=", ".join(offered) or "-")
        )
    return wanted


def _holds(content: Listing, fingerprint: str) -> bool:
    return any(c.fingerprint == fingerprint for k in content.containers for c in k.certificates)


@contextmanager
def undone_on_error(
    calls: Calls, token: Token, pin: Secret, pair: KeyPair, beside: Collection[bytes] = ()
) -> Iterator[None]:
    """Remove a key pair that nothing can be done with, and certificates that came with it, DER."""
    try:
        yield
    except BaseException as error:
        try:
            content = listing(calls, token, pin)
            halves = [obj.ref for k in content.containers if k.id == pair.id for obj in k.objects]
            came = [obj.ref for obj in content.all_objects if obj.value in beside]
            calls(hooks.lockwright_delete, token, pin, list(dict.fromkeys(halves + came)))
        except LockwrightError:
            error.add_note(f"the key pair {pair.id.hex()} may be left on the token")
            if isinstance(error, LockwrightError):
                error.cost = _("The key pair {id} may be left on the token.").format(
                    id=pair.id.hex()
                )
        raise


@contextmanager
def room(calls: Calls, token: Token, pin: Secret) -> Iterator[None]:
    """Let a full token say which containers could go."""
    try:
        yield
    except TokenFull as error:
        ckr = error.ckr
    else:
        return
    raise TokenFull(
        serial=token.serial, could_go=_could_go(calls, token, pin), ckr=ckr, adapter=token.adapter
    )


def _could_go(calls: Calls, token: Token, pin: Secret) -> tuple[str, ...]:
    """Containers to remove, those first that are missed least: expired, then expiring."""
    try:
        containers = listing(calls, token, pin).containers
    except LockwrightError:
        return ()
    never = datetime.max.replace(tzinfo=UTC)
    dated = sorted(containers, key=lambda container: container.not_after or never)
    return tuple(_dated(container) for container in dated)


def _dated(container: Container) -> str:
    name = container.name
    if container.not_after is None:
        return _("{name} (no certificate)").format(name=name)
    if container.not_after <= datetime.now(UTC):
        return _("{name} (expired {date})").format(
            name=name, date=f"{container.not_after:%Y-%m-%d}"
        )
    return _("{name} (valid to {date})").format(name=name, date=f"{container.not_after:%Y-%m-%d}")
