"""Administrator keys on the bank's side: where they come from, and how they answer a Request."""

from __future__ import annotations
