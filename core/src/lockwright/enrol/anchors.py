"""CA certificates that a person confirmed, kept so that nobody has to confirm them again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lockwright.enrol.trust import read_anchors
from lockwright.errors import FileNotWritten


class ConfirmedAnchors:
    """The confirmed certificates of each CA, a file for each.

    Args:
        folder: where the files lie; it is made when first needed, for its owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, ca: str) -> list[x509.Certificate]:
        """The certificates that were confirmed for a CA; none if none were.

        Raises:
            CertificateUnreadable: its file is damaged.
        """
        file = self._file(ca)
        return read_anchors([file]) if file.exists() else []

    def confirm(self, ca: str, certificates: Sequence[x509.Certificate]) -> None:
        """Keep certificates that a person compared with what the bank says.

        Raises:
            FileNotWritten: they could not be kept.
        """
        file = self._file(ca)
        draft = file.with_suffix(".new")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(fd, "wb") as opened:
                for certificate in certificates:
                    opened.write(certificate.public_bytes(Encoding.PEM))
                opened.flush()
                os.fsync(opened.fileno())
            draft.replace(file)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            reason = error.strerror or type(error).__name__
            raise FileNotWritten(file=str(file), reason=reason) from error

    def _file(self, ca: str) -> Path:
        return self._folder / f"{quote(ca, safe='')}.pem"
