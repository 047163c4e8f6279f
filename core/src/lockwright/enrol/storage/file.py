"""A PKCS#12 file as the place for a key and its certificate.

The whole file is sealed in the journal's folder first, and what appears under its name is that
very file: so it is known as ours, and can be taken back, without its password.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lockwright.enrol.storage.pkcs12 import unseal
from lockwright.enrol.storage.soft import SoftStorage, proved
from lockwright.files import durable, new
from lockwright.files.refused import refusal_told
from lockwright.models import KeyPair, StorageKind
from lockwright.secret import Secret


class FileStorage(SoftStorage):
    """A file that is not there yet.

    Args:
        folder: where the key is kept until its certificate comes.
        file: the file, an absolute path.
        password: what opens it; None where nothing will be opened.
    """

    kind = StorageKind.FILE

    def __init__(self, folder: Path, file: Path, password: Secret | None) -> None:
        super().__init__(folder, str(file), password)
        self._out = file

    def check(self) -> None:
        """Nothing of that name may be there, and its folder must take files.

        Raises:
            FileNotWritten: either is not the case.
        """
        new.check(self._out)

    def holds(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether the file is ours, and whole."""
        return self._is_ours(key_id) and self._kept(key_id).certificate == certificate

    def write(self, key: KeyPair, certificate: bytes, chain: tuple[bytes, ...]) -> None:
        """Seal everything, then let the file appear, whole, unless something else has."""
        whole = replace(self._kept(key.id), certificate=certificate, chain=chain)
        self._keep(key.id, whole, key.label)
        with refusal_told(self._out):
            durable.create(self._out, self._file(key.id).read_bytes())

    def proves(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether the key in the file signs so that the certificate fits."""
        del key_id
        try:
            found = unseal(self._out.read_bytes(), self._secret())
        except (OSError, ValueError):
            return False
        return found.certificate == certificate and proved(found.key, certificate)

    def discard(self, key_id: bytes, certificate: bytes) -> None:
        """Remove the file, if it is ours, and the kept key."""
        del certificate
        if self._is_ours(key_id):
            with refusal_told(self._out):
                durable.remove(self._out)
        self.settle(key_id)

    def settle(self, key_id: bytes) -> None:
        """Remove the kept key, and what a crash may have left beside the file."""
        with refusal_told(self._out):
            durable.clear(self._out)
        super().settle(key_id)

    def _is_ours(self, key_id: bytes) -> bool:
        """Whether the file is the one that was sealed for it."""
        try:
            return self._out.read_bytes() == self._file(key_id).read_bytes()
        except OSError:
            return False
