"""Windows: the user's own certificate store (``My``), by PowerShell.

The script comes on stdin, and what is secret is in it: so arguments and environment hold nothing,
and nothing is on disk. Everything that is not ours to choose is in base64, so nothing in a
certificate or a name can become code. The private key is imported without being exportable.

Not yet run on Windows; tests hold it to what is sent and what is understood.
"""

from __future__ import annotations

import base64
import secrets

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from lockwright.enrol.signatures import verifies
from lockwright.enrol.storage.pkcs12 import Identity, seal_for_import
from lockwright.enrol.storage.stores import tool
from lockwright.enrol.storage.stores.thumbprint import thumbprint
from lockwright.i18n import _
from lockwright.secret import Secret

_PROGRAM = "powershell.exe"
_COMMAND = (_PROGRAM, "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "-")
_RANDOM = 32
_WHOLE = "whole"

_GUARDED = (
    "$ErrorActionPreference = 'Stop';"
    " try {{ {script} }} catch {{ [Console]::Error.WriteLine($_.Exception.Message); exit 1 }}\n\n"
)
"""One line, since PowerShell runs a script from stdin line by line; the empty one ends it."""
_FIND = "$c = Get-Item -LiteralPath 'Cert:\\CurrentUser\\My\\{thumbprint}'; "
_LOOK = (
    "$p = 'Cert:\\CurrentUser\\My\\{thumbprint}';"
    " if ((Test-Path -LiteralPath $p) -and (Get-Item -LiteralPath $p).HasPrivateKey)"
    " {{ '{whole}' }}"
)
_PUT = (
    "$p = [Convert]::FromBase64String('{sealed}');"
    " $w = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('{password}'));"
    " $n = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('{label}'));"
    " $all = New-Object Security.Cryptography.X509Certificates.X509Certificate2Collection;"
    " $all.Import($p, $w, 'UserKeySet,PersistKeySet');"
    " foreach ($c in $all) {{"
    " if ($c.HasPrivateKey) {{ $where = 'My'; $c.FriendlyName = $n }} else {{ $where = 'CA' }};"
    " $s = New-Object Security.Cryptography.X509Certificates.X509Store($where, 'CurrentUser');"
    " $s.Open('ReadWrite'); $s.Add($c); $s.Close() }}"
)
"""CAs go among the intermediate ones, which gives them no trust."""
_SIGN_RSA = (
    "$k = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($c);"
    " [Convert]::ToBase64String($k.SignData([Convert]::FromBase64String('{data}'), 'SHA256',"
    " [Security.Cryptography.RSASignaturePadding]::Pkcs1))"
)
_SIGN_EC = (
    "$k ="
    " [Security.Cryptography.X509Certificates.ECDsaCertificateExtensions]::GetECDsaPrivateKey($c);"
    " [Convert]::ToBase64String($k.SignData([Convert]::FromBase64String('{data}'), 'SHA256'))"
)
_REMOVE = (
    "$p = 'Cert:\\CurrentUser\\My\\{thumbprint}';"
    " if (Test-Path -LiteralPath $p) {{ Remove-Item -LiteralPath $p -DeleteKey }}"
)


class WindowsStore:
    """The user's own certificates."""

    place = "Cert:\\CurrentUser\\My"

    def missing(self) -> str:
        """PowerShell must be there."""
        if not tool.missing(_PROGRAM):
            return ""
        return _("not installed: {programs}").format(programs=_PROGRAM)

    def locked(self) -> bool:
        """Windows asks for what it wants in a window of its own."""
        return False

    def check(self) -> None:
        """A person who is logged in has it open."""

    def has(self, certificate: bytes) -> bool:
        """Both, by the thumbprint."""
        script = _LOOK.format(thumbprint=thumbprint(certificate), whole=_WHOLE)
        return self._answer(script).strip() == _WHOLE

    def put(self, identity: Identity, label: str) -> None:
        """Import a PKCS#12 file from the script itself."""
        once = Secret(secrets.token_hex(_RANDOM))
        self._answer(
            _PUT.format(
                sealed=_base64(seal_for_import(identity, label, once)),
                password=_base64(once.reveal()),
                label=_base64(label.encode()),
            )
        )

    def proves(self, certificate: bytes) -> bool:
        """Have Windows sign."""
        own, data = x509.load_der_x509_certificate(certificate), secrets.token_bytes(_RANDOM)
        is_rsa = isinstance(own.public_key(), rsa.RSAPublicKey)
        script = (_FIND + (_SIGN_RSA if is_rsa else _SIGN_EC)).format(
            thumbprint=thumbprint(certificate), data=_base64(data)
        )
        signature = base64.b64decode(self._answer(script))
        return verifies(own, SHA256(), signature if is_rsa else _as_der(signature), data)

    def remove(self, certificate: bytes) -> None:
        """The certificate with its key; the CAs' certificates stay, they may serve others."""
        self._answer(_REMOVE.format(thumbprint=thumbprint(certificate)))

    def _answer(self, script: str) -> str:
        line = _GUARDED.format(script=script).encode("ascii")
        return tool.demand(self.place, *_COMMAND, stdin=line).decode(errors="replace")


def _as_der(signature: bytes) -> bytes:
    """.NET gives the two numbers of an ECDSA signature side by side (IEEE P1363)."""
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return encode_dss_signature(r, s)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
