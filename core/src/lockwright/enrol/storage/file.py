"""A PKCS#12 file as the place for a key and its certificate.

The whole file is sealed in the journal's folder first, and what appears under its name is that
very file: so it is known as ours, and can be taken back, without its password.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from lockwright.enrol.storage.pkcs12 import unseal
from lockwright.enrol.storage.soft import SoftStorage, proved, unwritten
from lockwright.errors import FileNotWritten
from lockwright.files import durable
from lockwright.i18n import _
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
        self._draft = file.with_name(f".{file.name}.lockwright")

    def check(self) -> None:
        """Nothing of that name may be there, and its folder must take files.

        Raises:
            FileNotWritten: it is not so.
        """
        if os.path.lexists(self._out):
            raise FileNotWritten(file=self.place, reason=_("it exists already"))
        if not os.access(self._out.parent, os.W_OK | os.X_OK):
            there = self._out.parent.is_dir()
            reason = _("its folder takes no files") if there else _("its folder is not there")
            raise FileNotWritten(file=self.place, reason=reason)

    def holds(self, key_id: bytes, certificate: bytes) -> bool:
        """Whether the file is ours, and whole."""
        return self._is_ours(key_id) and self._kept(key_id).certificate == certificate

    def write(self, key: KeyPair, certificate: bytes, chain: tuple[bytes, ...]) -> None:
        """Seal everything, then let the file appear, whole, unless something else has."""
        whole = replace(self._kept(key.id), certificate=certificate, chain=chain)
        self._keep(key.id, whole, key.label)
        try:
            durable.write(self._draft, self._file(key.id).read_bytes())
            durable.publish(self._draft, self._out)
            self._draft.unlink()
            durable.sync(self._out.parent)
        except FileExistsError:
            self._draft.unlink(missing_ok=True)
            raise FileNotWritten(file=self.place, reason=_("it exists already")) from None
        except OSError as error:
            raise unwritten(self._out, error) from None

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
        try:
            if self._is_ours(key_id):
                self._out.unlink()
        except OSError as error:
            raise unwritten(self._out, error) from None
        self.settle(key_id)

    def settle(self, key_id: bytes) -> None:
        """Remove the kept key, and what a crash may have left beside the file."""
        try:
            self._draft.unlink(missing_ok=True)
        except OSError as error:
            raise unwritten(self._draft, error) from None
        super().settle(key_id)

    def _is_ours(self, key_id: bytes) -> bool:
        """Whether the file is the one that was sealed for it."""
        try:
            return self._out.read_bytes() == self._file(key_id).read_bytes()
        except OSError:
            return False
