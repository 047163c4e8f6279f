"""Requests and certificates on their way to a token."""

from __future__ import annotations
