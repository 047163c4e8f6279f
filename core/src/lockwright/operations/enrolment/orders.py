"""What an order is made of: what a person gives, and what on the token it renews or replaces."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from lockwright.enrol.journal import Entry
from lockwright.enrol.storage import Storage
from lockwright.errors import NothingSelected, SeveralCertificates
from lockwright.i18n import _
from lockwright.models import CaProfile, CaRequirements, Certificate, Container, Token
from lockwright.operations.object_labels import label_of
from lockwright.records import dataclass
from lockwright.secret import Secret

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person gives for an order, all of it optional."""

    login: str | None = None
    """Login that the bank gave."""
    password: Secret | None = None
    """One-time password that the bank gave."""
    subject: str | None = None
    """Subject (RFC 4514); None for the one that the bank or the CA set."""
    key_type: str | None = None
    """Key type; None for the one that the bank or the CA set, else the first that can be made."""
    label: str | None = None
    """Label of the container; None for the subject's common name."""


def entry_for(
    storage: Storage,
    ca: CaProfile,
    wishes: CaRequirements,
    asked: Asked,
    renews: bytes | None = None,
) -> Entry:
    """The journal's entry for a new order.

    Args:
        storage: where the certificate is to go.
        ca: the CA.
        wishes: what it dictates.
        asked: what the person asked for.
        renews: the certificate that is renewed, whose subject stays as it is, DER.

    Raises:
        CaConflict: what was asked, the CA dictates and the bank set do not agree.
        NotSupported: no such key can be made there.
        BrokenRequest, CaUnknown: there is no subject to ask for.
        CertificateUnreadable, CertificateUnsupported: the certificate to renew cannot be used.
    """
    from lockwright.certificates import parts  # noqa: PLC0415  # slow
    from lockwright.certificates.names import as_text  # noqa: PLC0415  # slow
    from lockwright.enrol.request import common_name  # noqa: PLC0415  # cryptography is slow
    from lockwright.enrol.supported import check  # noqa: PLC0415  # the same
    from lockwright.enrol.trust import read_certificates  # noqa: PLC0415  # slow
    from lockwright.operations.enrolment.agreed import key_type_for, subject_for  # noqa: PLC0415  # slow

    if renews is None:
        name = subject_for(ca, wishes, asked.login, asked.subject).public_bytes()
    else:
        check(read_certificates(renews, file=asked.label or storage.place)[0])
        name = parts.of_certificate(renews).subject
    return Entry(
        place=storage.place,
        storage=storage.kind,
        token=storage.token.identity.key if storage.token else None,
        moves=storage.token is not None and storage.token.identity.may_move,
        ca=ca.name,
        login=asked.login,
        subject=as_text(name),
        subject_der=name,
        key_type=key_type_for(ca, wishes, asked.key_type, storage.key_types),
        key_id=secrets.token_bytes(_ID_BYTES),
        label=asked.label or label_of(common_name(name)),
    )


def _both(container: Container) -> str:
    """What people call a container, and what picks it."""
    name, selector = container.name, container.selector
    return name if name == selector else f"{name} ({selector})"


def only_one(whole: Sequence[Container], token: Token) -> Container:
    """The container that is meant if none is named."""
    if not whole:
        raise NothingSelected(serial=token.serial, selector=_("a container with a certificate"))
    if len(whole) > 1:
        raise SeveralCertificates(
            serial=token.serial,
            fits=tuple(container.selector for container in whole),
            names=tuple(_both(container) for container in whole),
        )
    return whole[0]


def newest(container: Container, token: Token) -> Certificate:
    """The certificate of a container that expires last; it must be readable."""
    found = container.certificates[0] if container.certificates else None
    if found is None or found.subject is None:
        raise NothingSelected(serial=token.serial, selector=container.name)
    return found
