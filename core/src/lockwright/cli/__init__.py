"""The command line: each command a thin face on the Python API."""

from __future__ import annotations
