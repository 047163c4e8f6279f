"""Texts of licences for wheels that bring none, known by their hashes: nobody's word is taken.

PySide6 and shiboken6 name the LGPL and have no text of it in their wheels. Who gives them away
gives the texts with them (https://www.gnu.org/licenses/lgpl-3.0.txt, section 4), so a bundle has
them in the place where other wheels' own lie.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

LGPL: Mapping[str, str] = {
    "LGPL-3.0.txt": "e3a994d82e644b03a792a930f574002658412f62407f5fee083f2555c5f23118",
    "GPL-3.0.txt": "3972dc9744f6499f0f9b2dbf76696f2ae7ad8af9b23dde66d6af86c9dfb36986",
}
"""As https://www.gnu.org/licenses/ has them: the second is what the first supplements."""
_TEXTS = dict.fromkeys(("LGPL-3.0-only", "LGPL-3.0-or-later"), LGPL)


def texts(licence: str) -> Mapping[str, str]:
    """Names of the texts that a licence has, and the SHA-256 of each; none where it is not known.

    Args:
        licence: an SPDX expression; of several by OR the one that is known is taken.
    """
    known = (_TEXTS.get(each.strip(" ()"), {}) for each in licence.split(" OR "))
    return next(filter(None, known), {})


def is_it(content: bytes, sha256: str) -> bool:
    """Whether a text is that one."""
    return hashlib.sha256(content).hexdigest() == sha256
