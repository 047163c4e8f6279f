"""The session port over a Python binding of PKCS#11; an adapter picks one."""

from __future__ import annotations

from lockwright.bindings.choice import Choice, check_settings, choose
from lockwright.bindings.loader import BINDINGS, load, load_installed, scout

__all__ = ["BINDINGS", "Choice", "check_settings", "choose", "load", "load_installed", "scout"]
