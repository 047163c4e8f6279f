"""The certificate stores of the systems, each through the system's own tools."""

from __future__ import annotations

import platform

from lockwright.enrol.storage.stores.macos import MacosStore
from lockwright.enrol.storage.stores.nss import NssStore
from lockwright.enrol.storage.stores.windows import WindowsStore
from lockwright.enrol.storage.system import SystemStore
from lockwright.secret import Secret


def store_of_this_system(password: Secret | None = None) -> SystemStore | None:
    """The store that browsers and mail programs of this user read; None if none is known.

    Args:
        password: the store's own, where it has one.
    """
    match platform.system():
        case "Linux":
            return NssStore(password)
        case "Windows":
            return WindowsStore()
        case "Darwin":
            return MacosStore()
        case _:
            return None
