"""Which tokens are SoftHSM's, and where its module lies."""

from __future__ import annotations

from pathlib import Path

from lockwright.models import Confidence, Match, TokenIdentity
from lockwright.pkcs11 import standard

MANUFACTURER = "SoftHSM project"
MODEL = "SoftHSM v2"

MODULES = (
    # Debian, Ubuntu
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
    # Fedora, RHEL
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/lib64/softhsm/libsofthsm2.so"),
    # Homebrew, built from source
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
    # Windows
    Path(r"C:\SoftHSM2\lib\softhsm2-x64.dll"),
)
"""Where the packages of each system put it."""


def match(identity: TokenIdentity) -> Match | None:
    """A token whose manufacturer SoftHSM wrote itself; the model tells if we know it."""
    if identity.manufacturer != MANUFACTURER:
        return None
    known = identity.model == MODEL
    reason = standard.match_reason(identity)
    return Match(Confidence.MODEL if known else Confidence.FAMILY, reason)
