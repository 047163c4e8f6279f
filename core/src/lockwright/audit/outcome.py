"""How an operation ended badly, as a record says it."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.errors import Interrupted, LockwrightError

UNEXPECTED = "unexpected"
"""Code of what is not an error of lockwright's own."""


def outcome_of(error: BaseException) -> Mapping[str, object]:
    """The outcome that a record names when an operation failed: codes, never a text."""
    match error:
        case LockwrightError():
            ckr = None if error.ckr is None else f"0x{error.ckr:08x}"
            return {"outcome": "error", "error": error.code, "ckr": ckr}
        case KeyboardInterrupt():
            return {"outcome": "error", "error": Interrupted.code, "ckr": None}
        case _:
            kind = type(error).__name__
            return {"outcome": "error", "error": UNEXPECTED, "kind": kind, "ckr": None}
