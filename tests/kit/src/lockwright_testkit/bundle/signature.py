"""The signature of a bundle: a CMS message (RFC 5652) over ``SHA256SUMS``, judged by OpenSSL."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from lockwright_testkit.bundle.finding import Finding
from lockwright_testkit.bundle.sums import FILE, SIGNATURE
from lockwright_testkit.cms import faults


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
    told = faults(folder / SIGNATURE, folder / FILE, ca)
    wrong = [Finding(SIGNATURE, each) for each in told]
    return (Signed.WRONG if wrong else Signed.VALID), wrong
