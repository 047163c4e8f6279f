"""A vendor's own functions, which no binding reaches, called by name over the loaded module."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lockwright.errors import NotSupported
from lockwright.i18n import _
from lockwright.pkcs11.cryptoki import secret_array
from lockwright.secret import Secret


@dataclass(frozen=True, slots=True)
class Prototype:
    """One exported function, which returns a ``CK_RV``."""

    name: str
    """Name of the export."""
    argtypes: tuple[type[object], ...]
    """ctypes of its arguments."""


class VendorFunctions:
    """The exports that an adapter declared, as far as this version of the module has them.

    Args:
        path: the module, which a binding has loaded; a library is loaded once in a process, so
            slots and sessions are the same.
        prototypes: the exports the adapter knows.
    """

    def __init__(self, path: Path, prototypes: Iterable[Prototype]) -> None:
        library = ctypes.CDLL(str(path))
        self._functions = {}
        for prototype in prototypes:
            function = getattr(library, prototype.name, None)
            if function is not None:
                function.argtypes = prototype.argtypes
                function.restype = ctypes.c_ulong
                self._functions[prototype.name] = function

    def has(self, name: str) -> bool:
        """Whether this version of the module has the function."""
        return name in self._functions

    def call(self, name: str, *args: object) -> int:
        """Call a function and return its return value.

        Args:
            name: name of the export.
            args: its arguments; a ``Secret`` is given as a pointer to its own buffer.

        Raises:
            NotSupported: this version of the module has no such function.
        """
        if name not in self._functions:
            raise NotSupported(operation=_("{}, in this version of its module").format(name))
        return int(
            self._functions[name](
                *(secret_array(arg) if isinstance(arg, Secret) else arg for arg in args)
            )
        )
