"""Load a module over a binding, which is imported only when it is asked for."""

from __future__ import annotations

import importlib
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from lockwright.bindings.common import BaseModule
from lockwright.bindings.reading import Scout
from lockwright.errors import AdapterBroken, BrokenConfiguration, ModuleNotLoadable
from lockwright.files import exposure
from lockwright.i18n import _
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError, not_ready
from lockwright.pkcs11.session import Module

M = TypeVar("M", bound=BaseModule)

BINDINGS = {
    "python-pkcs11": "lockwright.bindings.python_pkcs11",
    "pykcs11": "lockwright.bindings.pykcs11",
}
"""Names of the bindings, which are also the names of the extras that install them."""


def load(
    binding: str, path: Path, *, at_once: int | None = None, reserved: bytes | None = None
) -> Module:
    """Load and initialise a vendor's module.

    Args:
        binding: ``python-pkcs11`` or ``pykcs11``.
        path: absolute path of the module.
        at_once: how many attributes of an object may be asked for in one request, at most, for a
            module that cannot take long ones; None sets no limit. What python-pkcs11 asks of
            its own accord, when it finds an object, is not limited.
        reserved: what the module wants in ``CK_C_INITIALIZE_ARGS.pReserved``, for one that cannot
            do without: NSS softokn wants its parameters there, such as
            ``b"configdir='sql:/home/anna/.pki/nssdb'"``. A NUL byte is put behind it. Where someone
            else in this process has initialised the module before, theirs counts.

    Returns:
        The session port over it.

    Raises:
        BrokenConfiguration: there is no such binding.
        AdapterBroken: the binding is not installed.
        ModuleNotLoadable: it is not a PKCS#11 module of this system; or anybody may change it, or
            put another in its place.
        ModuleNotReady: it does not initialise, as when its service is not running.
    """
    if binding not in BINDINGS:
        known = ", ".join(BINDINGS)
        raise BrokenConfiguration(
            file="[adapters]", reason=_("binding is {}, not one of {}").format(binding, known)
        )
    try:
        kind: type[BaseModule] = importlib.import_module(BINDINGS[binding]).MODULE
    except ImportError as error:
        reason = _("{}; install lockwright[{}]").format(error, binding)
    else:
        return _initialised(kind, path, at_once, reserved)
    raise AdapterBroken(name=binding, reason=reason)


def scout(path: Path) -> Scout:
    """Load and initialise a module to see whose it is; ``load`` in this process takes it over.

    Args:
        path: absolute path of the module.

    Returns:
        The session port over it, without a binding: only to look and to read.

    Raises:
        ModuleNotLoadable, ModuleNotReady: as of ``load``.
    """
    return _initialised(Scout, path, None, None)


def load_installed(path: Path) -> Module:
    """Load and initialise a module that no adapter knows, such as an HSM's.

    Args:
        path: absolute path of the module.

    Returns:
        The session port over it, by the first binding that is installed.

    Raises:
        AdapterBroken: no binding is installed.
        ModuleNotLoadable: it is not a PKCS#11 module of this system.
    """
    preferred, other = BINDINGS
    try:
        return load(preferred, path)
    except AdapterBroken:
        with suppress(AdapterBroken):
            return load(other, path)
        raise


def _initialised(kind: type[M], path: Path, at_once: int | None, reserved: bytes | None) -> M:
    try:
        exposure.check(path)
    except OSError as error:
        raise ModuleNotLoadable(module=str(path), reason=str(error)) from None
    cryptoki = Cryptoki(path)
    try:
        return kind(path, cryptoki, at_once, reserved)
    except CkrError as error:
        failure = not_ready(path, error)
    raise failure
