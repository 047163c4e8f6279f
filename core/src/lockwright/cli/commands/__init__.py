"""The commands, one file each; every one is a call of :class:`lockwright.Runner`."""

from __future__ import annotations
