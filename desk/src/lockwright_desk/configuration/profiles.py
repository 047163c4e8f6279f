"""Profiles: which subject, key and usages a kind of certificate has. A profile is an EST label."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from lockwright.certificates import subjects
from lockwright.certificates.asn1 import node
from lockwright.certificates.names import Attribute, read_name
from lockwright.console.clean import clean
from lockwright.i18n import N_, _

from lockwright_desk.errors import SubjectIncomplete

_NO_FIELD = N_("a field is only a name in braces")

_MARK = "\N{REPLACEMENT CHARACTER}"
"""Stands for what a field gives."""

LOGIN = "login"
"""The field of a subject that every password fills in by itself."""

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""What a profile may be called; it is part of a URL."""

OPERATIONS = frozenset({"cacerts", "csrattrs", "simpleenroll", "simplereenroll"})
"""Paths of EST (RFC 7030, 3.2.2)."""

RENEWAL = "renewal-info"
"""A path beside EST's own, as draft-ietf-lamps-est-renewal-info is known to be served; ADR 28."""

RESERVED = OPERATIONS | {RENEWAL}
"""What no profile can be called."""

_A_MONTH = timedelta(days=30)

KEY_TYPES = ("rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384", "ec:p521")
"""Key types that a profile can accept; nothing weaker exists here."""

KEY_USAGES = {
    "digital-signature": "digital_signature",
    "non-repudiation": "content_commitment",
    "key-encipherment": "key_encipherment",
    "key-agreement": "key_agreement",
}
"""Usages that a profile can give, and their names in ``cryptography`` (RFC 5280, 4.2.1.3)."""
ALL_KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)
"""Every usage there is, but for the two that only narrow ``key_agreement``."""

EXTENDED_KEY_USAGES = {
    "client-auth": ExtendedKeyUsageOID.CLIENT_AUTH,
    "server-auth": ExtendedKeyUsageOID.SERVER_AUTH,
    "email-protection": ExtendedKeyUsageOID.EMAIL_PROTECTION,
    "code-signing": ExtendedKeyUsageOID.CODE_SIGNING,
    "smartcard-logon": ExtendedKeyUsageOID.SMARTCARD_LOGON,
}
"""Extended usages that a profile can give (RFC 5280, 4.2.1.12; [MS-WCCE] for the last)."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of certificate."""

    name: str
    """Its name, and its label in EST."""
    subject: str
    """Subject (RFC 4514), with fields in braces, such as ``CN={name},O=Bank,C=RU``."""
    key_types: tuple[str, ...]
    """Keys that are accepted, the preferred one first."""
    key_usage: tuple[str, ...]
    """Names of ``KEY_USAGES``."""
    extended_key_usage: tuple[str, ...]
    """Names of ``EXTENDED_KEY_USAGES``."""
    validity: timedelta
    """How long a certificate is valid."""
    password_validity: timedelta
    """How long a one-time password can be used for the first time."""
    approval: bool
    """Whether a person approves each request."""
    retry_after: timedelta
    """When a client asks again while it waits for that."""
    renew_before: timedelta | None = None
    """How long before its end a certificate is to be renewed; None for ``renewed_before``."""

    @property
    def renewed_before(self) -> timedelta:
        """How long before its end it is to be renewed; at first a third of its time, or 30 days."""
        return self.renew_before or min(self.validity / 3, _A_MONTH)

    def fields(self) -> frozenset[str]:
        """Names of the fields of the subject."""
        return frozenset(name for _text, name, _spec, _how in _parts(self.subject) if name)

    def subject_of(self, login: str, values: Mapping[str, str]) -> x509.Name:
        """The subject for one person.

        Args:
            login: the person's login.
            values: the other fields; each must be given, none may be unknown.

        Raises:
            SubjectIncomplete: a field is missing, empty or unknown, holds a character that cannot
                be seen, or the result is not a name.
        """
        wanted = self.fields() - {LOGIN}
        for reason, names in (
            (N_("unknown: {names}; known: {known}"), set(values) - wanted),
            (N_("missing: {names}"), wanted - set(values)),
            (N_("empty: {names}"), {name for name, value in values.items() if not value.strip()}),
        ):
            if names:
                known = ", ".join(sorted(wanted)) or "-"
                said = _(reason).format(names=", ".join(sorted(names)), known=known)
                raise self._incomplete(said)
        for name, value in sorted(values.items()):
            if unseen := [each for each in value if clean(each) != each]:
                said = _("{name} holds a character that cannot be seen (U+{number:04X})")
                raise self._incomplete(said.format(name=name, number=ord(unseen[0])))
        escaped = {name: subjects.escaped(value.strip()) for name, value in values.items()}
        try:
            return subjects.parse(
                self.subject.format(**escaped, **{LOGIN: subjects.escaped(login)})
            )
        except subjects.NotAName as error:
            raise self._incomplete(_(str(error))) from None

    def parts(self) -> list[list[tuple[str, bytes | None]]]:
        """The parts of the subject in the order of X.509, each its attributes.

        Returns:
            Dotted type and value, DER; None for a value that a field gives.
        """
        filled = self.subject.format(**dict.fromkeys(self.fields(), _MARK))
        name = read_name(node(subjects.parse(filled, complete=False).public_bytes()))
        return [[(each.oid, _fixed(each)) for each in part] for part in name.parts]

    def _incomplete(self, reason: str) -> SubjectIncomplete:
        return SubjectIncomplete(template=self.subject, reason=reason)


def problem_of_subject(subject: str) -> str | None:
    """What is wrong with a template; None if nothing is."""
    try:
        parts = list(_parts(subject))
        filled = subject.format(**{name: "x" for _text, name, _spec, _how in parts if name})
    except (ValueError, KeyError, IndexError):
        return _(_NO_FIELD)
    try:
        subjects.parse(filled, complete=False)
    except subjects.NotAName as error:
        return _(str(error))
    if any(spec or how for _text, _name, spec, how in parts):
        return _(_NO_FIELD)
    if not any(name for _text, name, _spec, _how in parts):
        return _("it has no field, so everybody would get the same name")
    return None


def _fixed(attribute: Attribute) -> bytes | None:
    return None if _MARK in (attribute.text or "") else attribute.value.whole


def _parts(subject: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return list(string.Formatter().parse(subject))
