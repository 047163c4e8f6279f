"""The reference adapter: SoftHSM, a token in software.

SoftHSM is plain PKCS#11, so all that it says is where its module is, which tokens are its own and
where it keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lockwright.adapter import Choice, StandardAdapter

from lockwright_softhsm.places import MODULES, own_files


class SoftHSM(StandardAdapter):
    """SoftHSM 2, over either binding."""

    modules = MODULES
    tokens = {"SoftHSM project": ("SoftHSM v2",)}

    def places(self, choice: Choice) -> Sequence[Path]:
        """Its configuration and its tokens, which on Debian are for a group of their own."""
        del choice
        return own_files()


adapter = SoftHSM()
