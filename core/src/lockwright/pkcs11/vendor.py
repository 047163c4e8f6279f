"""A vendor's own functions, which no binding reaches, called by name over the loaded module."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Mapping
from ctypes import c_ulong
from pathlib import Path
from types import MappingProxyType

from lockwright.errors import NotSupported
from lockwright.i18n import N_, _
from lockwright.pkcs11.cryptoki import secret_array
from lockwright.records import dataclass
from lockwright.secret import Secret

_NOWHERE: Mapping[str, int] = MappingProxyType({})


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
        addresses: where functions lie that the module does not export but names in a list of its
            own; an export comes first.
    """

    def __init__(
        self,
        path: Path,
        prototypes: Iterable[Prototype],
        addresses: Mapping[str, int] = _NOWHERE,
    ) -> None:
        self._library = ctypes.CDLL(str(path))
        self._functions: dict[str, Callable[..., int]] = {}
        for prototype in prototypes:
            arguments = prototype.argtypes
            kind = ctypes.CFUNCTYPE(c_ulong, *arguments)  # type: ignore[arg-type]  # no public base
            if hasattr(self._library, prototype.name):
                self._functions[prototype.name] = kind((prototype.name, self._library))
            elif prototype.name in addresses:
                self._functions[prototype.name] = kind(addresses[prototype.name])

    def has(self, name: str) -> bool:
        """Whether this version of the module has the function."""
        return name in self._functions

    def call(self, name: str, *args: object) -> int:
        """Call a function and return its return value.

        Args:
            name: name of the export.
            args: its arguments; a ``Secret`` is given as a pointer to its own buffer.

        Raises:
            NotSupported: this version of the module has no such function; or a PIN is to be entered
                on the token's pad, for which no vendor's function is known to ask.
        """
        if name not in self._functions:
            raise NotSupported(operation=_("{}, in this version of its module").format(name))
        if any(isinstance(arg, Secret) and not arg for arg in args):
            raise NotSupported(operation=N_("take this PIN from its PIN pad"))
        return int(
            self._functions[name](
                *(secret_array(arg) if isinstance(arg, Secret) else arg for arg in args)
            )
        )
