"""CA certificates that a person confirmed, kept so that nobody has to confirm them again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lockwright.enrol.trust import read_anchors
from lockwright.files import durable
from lockwright.files.refused import refusal_told


class ConfirmedAnchors:
    """The confirmed certificates of each CA, a file for each.

    Args:
        folder: where the files are; it is made when first needed, for its owner only.
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
        with refusal_told(file):
            durable.make_folder(self._folder)
            durable.replace(
                file, b"".join(each.public_bytes(Encoding.PEM) for each in certificates)
            )

    def _file(self, ca: str) -> Path:
        return self._folder / f"{quote(ca, safe='')}.pem"
