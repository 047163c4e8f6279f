"""The reference adapter: SoftHSM, a token in software.

SoftHSM is plain PKCS#11, so all that it says is where its module is and which tokens are its own.
"""

from __future__ import annotations

from lockwright.adapter import StandardAdapter

from lockwright_softhsm.places import MODULES


class SoftHSM(StandardAdapter):
    """SoftHSM 2, over either binding."""

    modules = MODULES
    tokens = {"SoftHSM project": ("SoftHSM v2",)}


adapter = SoftHSM()
