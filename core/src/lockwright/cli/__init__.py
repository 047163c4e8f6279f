"""The command line: a thin face on :class:`lockwright.Runner`, one file a command."""

from __future__ import annotations
