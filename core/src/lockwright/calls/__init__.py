"""A hook called: exactly one adapter, or one CA client, through every wrapper."""

from __future__ import annotations
