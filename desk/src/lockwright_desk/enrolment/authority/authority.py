"""The CA: it signs certificates and revocation lists, and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from lockwright.certificates import subjects
from lockwright.enrol.soft_key import public_info
from lockwright.enrol.supported import check
from lockwright.enrol.token_key import SigningKey, digest_for
from lockwright.enrol.trust import read_certificates, spki
from lockwright.errors import FileNotRead, LockwrightError, reason_of
from lockwright.i18n import N_, _
from lockwright.pkcs11.errors import CkrError

from lockwright_desk.configuration.settings import CaSettings
from lockwright_desk.enrolment.authority import extensions
from lockwright_desk.enrolment.authority.key import OpenKey, open_key
from lockwright_desk.enrolment.crl.encoding import signed_list
from lockwright_desk.enrolment.refusals import CannotSign
from lockwright_desk.errors import CaKeyUnusable, DeskNotReady

EARLIER = timedelta(minutes=5)
"""How long before now a certificate begins, for clocks that are slow."""

Extension = tuple[x509.ExtensionType, bool]


class Authority:
    """The CA, ready to sign.

    Args:
        settings: its table of the configuration.
        chain: its certificate, then those above it.
        opened: its key.

    Raises:
        CaKeyUnusable: the key does not belong to the certificate.
    """

    def __init__(
        self, settings: CaSettings, chain: list[x509.Certificate], opened: OpenKey
    ) -> None:
        self.settings = settings
        self.chain = chain
        self.certificate = chain[0]
        self._opened = opened
        if public_info(opened.key.public_key()) != spki(self.certificate):
            opened.close()
            raise CaKeyUnusable(reason=N_("it is not the key of the CA's certificate"))

    @classmethod
    def open(cls, settings: CaSettings) -> Self:
        """Read the certificate and open the key.

        Raises:
            DeskNotReady: there is no certificate.
            FileNotRead: the file cannot be read.
            CertificateUnreadable: it holds none.
            CertificateUnsupported: nothing could be checked by it.
            CaKeyUnusable, PinError, ConfigurationError, ModuleError: the key cannot be used.
        """
        chain = read_chain(settings)
        check(chain[0], is_anchor=True)
        return cls(settings, chain, open_key(settings))

    def issue(
        self,
        subject: x509.Name,
        public_key: CertificatePublicKeyTypes,
        given: Iterable[Extension],
        validity: timedelta,
        now: datetime,
    ) -> x509.Certificate:
        """Sign a certificate for somebody; it ends with the CA's own at the latest.

        Args:
            subject: subject name.
            public_key: the key.
            given: extensions of the profile, each with whether it is critical.
            validity: how long it is valid.
            now: the time.

        Raises:
            CannotSign: the token does not answer, or the CA's own certificate is over.
        """
        end = min(now + validity, self.certificate.not_valid_after_utc)
        if now >= end:
            raise CannotSign
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - EARLIER)
            .not_valid_after(end)
        )
        for extension, critical in (*given, *self._links(public_key)):
            builder = builder.add_extension(extension, critical)
        try:
            return builder.sign(self._opened.key, digest_for(self._opened.key))
        except (CkrError, LockwrightError) as error:
            raise CannotSign from error

    def revocation_list(self, number: int, entries: bytes, now: datetime) -> tuple[bytes, datetime]:
        """Sign a revocation list (RFC 5280, section 5).

        Args:
            number: CRL number, higher than every one before.
            entries: its entries, DER, one after the other.
            now: the time.

        Returns:
            The list, DER, and when it ends.

        Raises:
            CannotSign: the token does not answer.
        """
        end = now + self.settings.crl_validity
        said = x509.CRLNumber(number), extensions.issued_by(self.certificate)
        name = self.certificate.subject
        try:
            der = signed_list(self._opened.key, name, now - EARLIER, end, entries, said)
        except (CkrError, LockwrightError) as error:
            raise CannotSign from error
        return der, end

    def close(self) -> None:
        """End the use of the key."""
        self._opened.close()

    def _links(self, public_key: CertificatePublicKeyTypes) -> Iterable[Extension]:
        yield x509.BasicConstraints(ca=False, path_length=None), True
        yield x509.SubjectKeyIdentifier.from_public_key(public_key), False
        yield extensions.issued_by(self.certificate), False
        if self.settings.crl_url:
            yield extensions.list_at(self.settings.crl_url), False


def read_chain(settings: CaSettings) -> list[x509.Certificate]:
    """The CA's certificate, then those above it.

    Raises:
        DeskNotReady: there is none.
        FileNotRead: the file cannot be read.
        CertificateUnreadable: it holds none.
    """
    try:
        data = settings.certificate.read_bytes()
    except FileNotFoundError:
        reason = _("there is no file {file}").format(file=settings.certificate)
        raise DeskNotReady(reason=reason) from None
    except OSError as error:
        raise FileNotRead(file=str(settings.certificate), reason=reason_of(error)) from None
    return read_certificates(data, file=str(settings.certificate))


def root(settings: CaSettings) -> x509.Certificate:
    """The certificate that a client confirms, before it trusts the CA: the root, if it is there.

    Of a root that took a new key it is not one by which the old key vouches for the new.

    Raises:
        DeskNotReady, CertificateUnreadable: as for ``read_chain``.
    """
    chain = read_chain(settings)
    named = [each for each in chain if each.subject == each.issuer]
    return next((each for each in named if _signs_itself(each)), (*named, chain[0])[0])


def _signs_itself(certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(certificate)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def self_signed(
    subject: str, key: SigningKey, validity: timedelta, now: datetime
) -> x509.Certificate:
    """The certificate of a CA that is its own root.

    Args:
        subject: subject (RFC 4514).
        key: its key.
        validity: how long it is valid.
        now: the time.
    """
    name = subjects.parse(subject, complete=False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + validity)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(extensions.usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, digest_for(key))
