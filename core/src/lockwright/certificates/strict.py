"""What a strict reader says of a certificate, without its warnings."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_TURN = threading.RLock()


@contextmanager
def quiet() -> Iterator[None]:
    """No warning of a library in the block; what lies on a token is nobody's programming error.

    Python's filters belong to the whole process, so only one block of ours changes them at a time.
    """
    with _TURN, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def accepted(der: bytes) -> bool:
    """Whether a strict reader takes a certificate with its extensions.

    Args:
        der: the certificate.
    """
    from cryptography import x509  # noqa: PLC0415  # slow to import, and not every command lists

    with quiet():
        try:
            _ = x509.load_der_x509_certificate(der).extensions
        except Exception:  # noqa: BLE001  # the library has many, some of them bare
            return False
    return True
