"""macOS: the user's keychain, by ``security``.

``security import`` takes a file's password as an argument only, which every program could read. So
the command comes on the stdin of ``security -i``, and the file has a password that is random, used
once and in memory only: the file, which ``security`` must read from a disk, is of no use to others.
The key is imported without being extractable.

``security`` signs nothing by itself, so what proves the certificate here is that the keychain lists
it as an identity: it has paired it with its key.

Not yet run on macOS; tests hold it to what is sent and what is understood.
"""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

from lockwright.enrol.storage.pkcs12 import Identity, seal_for_import
from lockwright.enrol.storage.stores import tool
from lockwright.enrol.storage.stores.thumbprint import thumbprint
from lockwright.errors import StoreFailed
from lockwright.i18n import _
from lockwright.secret import Secret

_PROGRAM = "security"
_RANDOM = 32


class MacosStore:
    """The default keychain, which is the login keychain unless the person chose another."""

    place = "login.keychain"

    def missing(self) -> str:
        """``security`` is part of macOS."""
        return (
            ""
            if not tool.missing(_PROGRAM)
            else _("not installed: {programs}").format(programs=_PROGRAM)
        )

    def locked(self) -> bool:
        """MacOS asks for what it wants in a window of its own."""
        return False

    def check(self) -> None:
        """A person who is logged in has it open."""

    def has(self, certificate: bytes) -> bool:
        """Whether it is listed as an identity, a certificate with its key."""
        listed = tool.demand(self.place, _PROGRAM, "find-identity")
        return thumbprint(certificate) in listed.decode(errors="replace").upper().split()

    def put(self, identity: Identity, label: str) -> None:
        """Import a PKCS#12 file that opens with a password used once."""
        once = Secret(secrets.token_hex(_RANDOM))
        with tempfile.TemporaryDirectory(prefix="lockwright-") as folder:
            file = Path(folder) / "identity.p12"
            file.touch(mode=0o600)
            file.write_bytes(seal_for_import(identity, label, once))
            line = f'import "{file}" -f pkcs12 -x -P {once.reveal_text()}\n'
            ended = tool.run(self.place, _PROGRAM, "-i", stdin=line.encode())
        if ended.returncode:
            raise StoreFailed(place=self.place, reason=tool.stderr_line(ended))

    def proves(self, certificate: bytes) -> bool:
        """Whether the keychain has paired it with its key."""
        return self.has(certificate)

    def remove(self, certificate: bytes) -> None:
        """The certificate with its key; the CAs' certificates stay, they may serve others."""
        if self.has(certificate):
            tool.demand(self.place, _PROGRAM, "delete-identity", "-Z", thumbprint(certificate))
