"""Which tokens are JaCartas, which applet each of them is, and where the vendor's module is."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from lockwright.models import Confidence, Match, TokenIdentity
from lockwright.pkcs11 import standard

MANUFACTURER = "Aladdin R.D."
"""``JC_MANUFACTURER_ID`` of the vendor's header jcPKCS11t.h."""


class Applet(Enum):
    """An applet of a device, shown as a token of its own; its value is ``CK_TOKEN_INFO.model``.

    The models are ``JC_MODEL_LASER``, ``JC_MODEL_PRO`` and ``JC_MODEL_CRYPTOTOKEN_2`` of
    jcPKCS11t.h.
    """

    PKI = "JaCarta Laser"
    PRO = "PRO"
    GOST2 = "JaCarta GOST 2.0"


MODULES = (
    # The vendor's packages for Linux (deb, rpm), and ALT's
    Path("/usr/lib/libjcPKCS11-2.so"),
    Path("/usr/lib64/libjcPKCS11-2.so"),
    Path("/usr/lib64/pkcs11/libjcPKCS11-2.so"),
    # macOS
    Path("/Library/Frameworks/jcPKCS11-2.framework/jcPKCS11-2"),
    # Windows
    Path(r"C:\Windows\System32\jcPKCS11-2.dll"),
)
"""Where the vendor's installers put it."""


def match(identity: TokenIdentity) -> Match | None:
    """A token of the vendor's whose model is one of the three applets.

    The other applets of a device (DataStore, Cryptotoken 1, WebPass, ...) are not claimed: they
    have PINs, rules and functions of their own.
    """
    if identity.manufacturer != MANUFACTURER or identity.model not in {a.value for a in Applet}:
        return None
    return Match(Confidence.MODEL, standard.match_reason(identity))
