"""The one way in which anything is written that a crash must leave whole."""

from __future__ import annotations
