"""The signature of a bundle: a CMS message (RFC 5652) over ``SHA256SUMS``, judged by OpenSSL."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from lockwright_testkit.bundle.finding import Finding
from lockwright_testkit.bundle.sums import FILE, SIGNATURE

LONGEST = 60
"""Seconds for OpenSSL; it needs a hundredth."""


class Signed(StrEnum):
    """What is known of the signature."""

    NOT = "not signed"
    UNCHECKED = "signed, not checked"
    VALID = "valid"
    WRONG = "wrong"


def check(folder: Path, ca: Path | None) -> tuple[Signed, list[Finding]]:
    """Look at the signature.

    Args:
        folder: the bundle.
        ca: certificates of the CA that the signer's must lead to, PEM; None: it is not checked.

    Returns:
        What is known of it, and what is wrong with it: that it is missing where a CA is named.
    """
    there = (folder / SIGNATURE).exists()
    if ca is None:
        return (Signed.UNCHECKED if there else Signed.NOT), []
    if not there:
        return Signed.NOT, [Finding(SIGNATURE, "is missing; nobody signed this bundle")]
    wrong = list(_judged(folder, ca))
    return (Signed.WRONG if wrong else Signed.VALID), wrong


def _judged(folder: Path, ca: Path) -> Iterator[Finding]:
    command: list[str | Path] = [
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER"),
        *("-in", folder / SIGNATURE, "-content", folder / FILE),
        *("-CAfile", ca, "-no-CApath", "-no-CAstore", "-purpose", "any"),
    ]
    try:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=LONGEST,
        )
    except FileNotFoundError:
        yield Finding(SIGNATURE, "cannot be checked: the program openssl is not installed")
    except subprocess.TimeoutExpired:
        yield Finding(SIGNATURE, f"cannot be checked: openssl took more than {LONGEST} seconds")
    else:
        if done.returncode:
            yield Finding(SIGNATURE, f"is not a signature of {FILE} that leads to {ca}")
