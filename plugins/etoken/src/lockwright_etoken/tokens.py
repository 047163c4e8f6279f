"""Which tokens are eTokens, and where the vendor's module is."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from lockwright.i18n import _
from lockwright.models import Confidence, Match, ModuleInfo, TokenIdentity
from lockwright.pkcs11 import standard


class Family(StrEnum):
    """What a token is; the value is its ``CK_TOKEN_INFO.model``.

    As Java tests against real tokens print it (github.com/swaechter, PKCS#11).
    """

    CLASSIC = "eToken"
    """eToken PRO, 72K Java, 5100, 5110: the administrator has a password."""
    IDPRIME = "ID Prime MD"
    """5110 CC, 5110+, 940, 5300: the administrator has a 3DES key."""


MANUFACTURERS = {
    Family.CLASSIC: ("SafeNet, Inc.", "Aladdin Ltd."),
    Family.IDPRIME: ("Gemalto",),
}
"""``CK_TOKEN_INFO.manufacturerID``; Aladdin Ltd. until eToken PKI Client 5. It is not Aladdin R.D.,
whose JaCarta PRO runs the same applet with another module."""

MODULES = (
    # SafeNet Authentication Client for Linux
    Path("/usr/lib/libeTPkcs11.so"),
    Path("/usr/lib64/libeTPkcs11.so"),
    Path("/usr/lib/pkcs11/libeTPkcs11.so"),
    Path("/usr/lib64/pkcs11/libeTPkcs11.so"),
    Path("/usr/lib/libeToken.so"),
    Path("/usr/lib/libIDPrimePKCS11.so"),
    Path("/usr/lib64/libIDPrimePKCS11.so"),
    Path("/usr/lib/pkcs11/libIDPrimePKCS11.so"),
    # macOS
    Path("/usr/local/lib/libeTPkcs11.dylib"),
    Path("/Library/Frameworks/eToken.framework/Versions/Current/libeToken.dylib"),
    Path("/Library/Frameworks/eToken.framework/Versions/A/libIDPrimePKCS11.dylib"),
    # Windows
    Path(r"C:\Windows\System32\eTPKCS11.dll"),
    Path(r"C:\Program Files\SafeNet\Authentication\SAC\x64\eTPKCS11.dll"),
    Path(r"C:\Program Files\SafeNet\Authentication\SAC\x64\IDPrimePKCS1164.dll"),
    Path(r"C:\Program Files\Gemalto\IDGo 800 PKCS#11\IDPrimePKCS1164.dll"),
)
"""Where the vendor's installers put it; its own first, then the one for IDPrime alone."""


def match(identity: TokenIdentity) -> Match | None:
    """A token whose manufacturer and model we know, or a new model of the vendor's own module."""
    reason = standard.match_reason(identity)
    for family, manufacturers in MANUFACTURERS.items():
        if identity.manufacturer in manufacturers:
            if identity.model == family:
                return Match(Confidence.MODEL, reason)
            if is_etoken_driver(identity.module):
                module = _("the module calls itself {name}")
                told = module.format(name=repr(identity.module.description))
                return Match(Confidence.FAMILY, f"{reason}; {told}")
    return None


def is_etoken_driver(module: ModuleInfo) -> bool:
    """Whether a module is the vendor's for eTokens, by ``CK_INFO.libraryDescription``."""
    return "eToken" in module.description
