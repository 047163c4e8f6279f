"""A Request as it was heard: read, or every place told where it goes wrong."""

from __future__ import annotations

from lockwright.spoken.typed import Wrong, read, wrong_places

__all__ = ["Wrong", "read", "wrong_places"]
