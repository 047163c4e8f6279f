"""One file an operation, as the runner performs it."""

from __future__ import annotations
