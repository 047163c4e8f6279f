"""The life of crypto tokens in a bank: see, unblock, clean, enrol.

An integrator imports from here; an adapter's author imports from :mod:`lockwright.adapter`.
Names are loaded when first used, so that importing lockwright costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lockwright.config import Config, load
    from lockwright.errors import LockwrightError
    from lockwright.policy import BrokenRule, PinPolicy
    from lockwright.responder import Responder
    from lockwright.runner import Runner
    from lockwright.secret import Secret

_HOME = {
    "BrokenRule": "policy",
    "Config": "config",
    "LockwrightError": "errors",
    "PinPolicy": "policy",
    "Responder": "responder",
    "Runner": "runner",
    "Secret": "secret",
    "load": "config",
}

__all__ = [
    "BrokenRule",
    "Config",
    "LockwrightError",
    "PinPolicy",
    "Responder",
    "Runner",
    "Secret",
    "__version__",
    "load",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"lockwright.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
