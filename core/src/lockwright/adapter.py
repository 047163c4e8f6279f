"""All that an adapter imports: the hook marker and the names of the contract.

An adapter is a Python module with one entry point in the group ``lockwright`` and functions marked
``@hookimpl`` that carry the names of :mod:`lockwright.contract.hooks`.
"""

from __future__ import annotations

from lockwright.contract.markers import PROJECT, hookimpl
from lockwright.models.settings import Setting, Settings

__all__ = ["PROJECT", "Setting", "Settings", "hookimpl"]
