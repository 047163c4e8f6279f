"""Values that only their holder knows: made here, and kept as hashes alone."""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32
"""256 bits: guessing is no way in, so a plain SHA-256 is enough to keep one by."""
_LONGEST = 512
"""Characters of a value that are read at all."""


def new_value() -> str:
    """A new one, in base64url."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(value: str) -> str:
    """What is kept of it: SHA-256, lower-case hex."""
    return hashlib.sha256(value[:_LONGEST].encode("utf-8", "replace")).hexdigest()
