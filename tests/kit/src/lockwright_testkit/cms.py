"""A detached signature of a file: a CMS message (RFC 5652), judged by OpenSSL."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ENDING = ".p7s"
"""What the name of a signature has behind that of its file (RFC 8551, section 3.2.1)."""
LONGEST = 60
"""Seconds for OpenSSL; it needs a hundredth."""


def faults(signature: Path, content: Path, ca: Path) -> Iterator[str]:
    """What is wrong with a signature, beginning with a verb; nothing if it is good.

    Args:
        signature: the CMS message, DER.
        content: what was signed.
        ca: certificates of the CA that the signer's must lead to, PEM.
    """
    done = _run(signature, content, ca)
    if isinstance(done, str):
        yield done
    elif done.returncode:
        yield f"is not a signature of {content.name} that leads to {ca}"


def signer(signature: Path, content: Path, ca: Path) -> str:
    """Who made a good signature: the subject of the certificate (RFC 4514); empty if it is bad.

    The arguments are those of :func:`faults`.
    """
    from cryptography import x509  # noqa: PLC0415  # slow to import

    with TemporaryDirectory() as folder:
        made = Path(folder) / "signer.pem"
        done = _run(signature, content, ca, "-signer", made)
        if isinstance(done, str) or done.returncode:
            return ""
        return x509.load_pem_x509_certificate(made.read_bytes()).subject.rfc4514_string()


def _run(
    signature: Path, content: Path, ca: Path, *more: str | Path
) -> subprocess.CompletedProcess[bytes] | str:
    command: list[str | Path] = [
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER"),
        *("-in", signature, "-content", content),
        *("-CAfile", ca, "-no-CApath", "-no-CAstore", "-purpose", "any"),
        *more,
    ]
    try:
        return subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=LONGEST,
        )
    except FileNotFoundError:
        return "cannot be checked: the program openssl is not installed"
    except subprocess.TimeoutExpired:
        return f"cannot be checked: openssl took more than {LONGEST} seconds"
