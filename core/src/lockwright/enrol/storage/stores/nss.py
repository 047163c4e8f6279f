"""Linux: the user's NSS database, which Chromium and its relatives read.

By ``certutil`` and ``pk12util`` of NSS. A key and its certificate are found by the ``CKA_ID`` that
NSS gives both, the SHA-1 of the public key: all certificates of one subject share a nickname, so
removing by nickname could hit another one. What is secret, and the PKCS#12 file that carries the
key, is in memory (``memfd_create``) and is passed as an open descriptor: no disk sees it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA1, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lockwright.certificates.subjects import subject_of, written
from lockwright.enrol.storage.pkcs12 import QUICK, Identity, seal
from lockwright.enrol.storage.stores import tool
from lockwright.errors import StoreFailed
from lockwright.i18n import N_, _
from lockwright.secret import Secret

_TOKEN = "NSS%20Certificate%20DB"  # noqa: S105  # the name of NSS's own token, no secret
_NOT_THIS_PASSWORD = b"SEC_ERROR_BAD_PASSWORD"
_WRONG = N_("its password is wrong")
_OWNER_ONLY = 0o700
_RANDOM = 16


class NssStore:
    """The database in ``~/.pki/nssdb``; it is made when it is first needed, as Chromium does.

    Args:
        password: the database's own; None if it has none.
        folder: where it is; None for the usual place.
    """

    def __init__(self, password: Secret | None = None, folder: Path | None = None) -> None:
        self._folder = folder or Path.home() / ".pki" / "nssdb"
        self._password = password

    @property
    def place(self) -> str:
        """The database's folder."""
        return str(self._folder)

    def missing(self) -> str:
        """Its tools must be installed."""
        if not (missing := tool.missing("certutil", "pk12util")):
            return ""
        told = _("not installed: {programs} (libnss3-tools on Debian, nss-tools on Fedora)")
        return told.format(programs=", ".join(missing))

    def locked(self) -> bool:
        """Whether it has a password that was not given."""
        return self._is_there() and self._says_password_is_wrong()

    def check(self) -> None:
        """The password must open it."""
        if self._is_there() and self._says_password_is_wrong():
            raise StoreFailed(place=self.place, reason=_WRONG)

    def has(self, certificate: bytes) -> bool:
        """Both, by the ``CKA_ID``."""
        return self._has_certificate(certificate) and self._has_key(certificate)

    def put(self, identity: Identity, label: str) -> None:
        """Import a PKCS#12 file that is only in memory."""
        self._make()
        once = Secret(secrets.token_hex(_RANDOM))
        with ExitStack() as stack:
            password = stack.enter_context(self._secret_file())
            opens = stack.enter_context(_in_memory(once.reveal() + b"\n"))
            sealed = stack.enter_context(_in_memory(seal(identity, label, once, rounds=QUICK)))
            command = ("-i", _path(sealed), "-w", _path(opens), "-k", _path(password))
            descriptors = (sealed, opens, password)
            tool.demand(
                self.place, "pk12util", "-d", self._database, *command, pass_fds=descriptors
            )

    def proves(self, certificate: bytes) -> bool:
        """Have NSS sign a request for a random name, and check it with the certificate's key."""
        name = secrets.token_hex(_RANDOM)
        key = _cka_id(certificate).hex()
        request = self._certutil("-R", "-k", key, "-s", f"CN={name}", "-Z", "SHA256")
        signed = x509.load_der_x509_csr(request)
        own = x509.load_der_x509_certificate(certificate)
        return (
            written(subject_of(signed)) == f"CN={name}"
            and signed.public_key() == own.public_key()
            and signed.is_signature_valid
        )

    def remove(self, certificate: bytes) -> None:
        """The certificate, then the key; the CAs' certificates stay, they may serve others."""
        if self._has_certificate(certificate):
            self._certutil("-D", "-n", _uri(certificate))
        if self._has_key(certificate):
            self._certutil("-F", "-k", _cka_id(certificate).hex())

    # --- how --------------------------------------------------------------------------------------

    @property
    def _database(self) -> str:
        return f"sql:{self._folder}"

    def _is_there(self) -> bool:
        return (self._folder / "cert9.db").exists()

    def _make(self) -> None:
        if not self._is_there():
            for folder in (self._folder.parent, self._folder):
                folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
            tool.demand(self.place, "certutil", "-N", "-d", self._database, "--empty-password")

    def _says_password_is_wrong(self) -> bool:
        with self._secret_file() as password:
            ended = tool.run(
                *(self.place, "certutil", "-K", "-d", self._database, "-f", _path(password)),
                pass_fds=(password,),
            )
        return _NOT_THIS_PASSWORD in ended.stderr

    def _has_certificate(self, certificate: bytes) -> bool:
        if not self._is_there():
            return False
        command = ("certutil", "-L", "-d", self._database, "-n", _uri(certificate), "-a")
        ended = tool.run(self.place, *command)
        if ended.returncode:
            return False
        found = x509.load_pem_x509_certificates(ended.stdout)
        return any(each.public_bytes(Encoding.DER) == certificate for each in found)

    def _has_key(self, certificate: bytes) -> bool:
        if not self._is_there():
            return False
        self.check()
        with self._secret_file() as password:
            listed = tool.run(
                *(self.place, "certutil", "-K", "-d", self._database, "-f", _path(password)),
                pass_fds=(password,),
            )
        return _cka_id(certificate).hex() in listed.stdout.decode(errors="replace").split()

    def _certutil(self, *command: str) -> bytes:
        with self._secret_file() as password:
            return tool.demand(
                *(self.place, "certutil", *command, "-d", self._database, "-f", _path(password)),
                pass_fds=(password,),
            )

    @contextmanager
    def _secret_file(self) -> Iterator[int]:
        text = b"" if self._password is None else self._password.reveal()
        with _in_memory(text + b"\n") as descriptor:
            yield descriptor


def _cka_id(certificate: bytes) -> bytes:
    """What NSS names a key and its certificate (``PK11_MakeIDFromPubKey``): SHA-1, no signature."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    match public:
        case rsa.RSAPublicKey():
            modulus = public.public_numbers().n
            spelt = modulus.to_bytes((modulus.bit_length() + 7) // 8, "big")
        case ec.EllipticCurvePublicKey():
            spelt = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        case _:
            raise TypeError("only RSA and EC keys are made here")
    digest = Hash(SHA1())  # noqa: S303  # NSS's own name for it
    digest.update(spelt)
    return digest.finalize()


def _uri(certificate: bytes) -> str:
    """A certificate in the database itself, and in no other token (RFC 7512)."""
    spelt = "".join(f"%{byte:02X}" for byte in _cka_id(certificate))
    return f"pkcs11:token={_TOKEN};type=cert;id={spelt}"


def _path(descriptor: int) -> str:
    return f"/dev/fd/{descriptor}"


@contextmanager
def _in_memory(content: bytes) -> Iterator[int]:
    """A file that is in no folder; each who opens its path reads it from the beginning."""
    descriptor = os.memfd_create("lockwright")
    try:
        os.write(descriptor, content)
        yield descriptor
    finally:
        os.close(descriptor)
