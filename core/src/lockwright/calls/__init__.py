"""A hook called: exactly one adapter, or one CA client, through every wrapper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockwright import late

if TYPE_CHECKING:
    from lockwright.calls import adapters as adapters
    from lockwright.calls import authorities as authorities

__getattr__ = late.modules(__name__, "adapters", "authorities")
