"""What other people's code may import, and stays: the modules, and of some only a few names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from lockwright.contract import ca_hooks, hooks

ALL = ("*",)
"""Every name of the module's ``__all__``."""
FOR_PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "lockwright": ALL,
    "lockwright.models": ALL,
    "lockwright.errors": ALL,
    "lockwright.policy": ALL,
    "lockwright.secret": ("Secret",),
    "lockwright.spoken": ALL,
    "lockwright.keys.source": ("GivenKey", "HsmKey", "KeySource", "given_key", "hsm_module"),
    "lockwright.operations.detect": ("Detection",),
    "lockwright.operations.remote": ("RemoteUnblock",),
    "lockwright.operations.arrivals": ("Arrivals", "Changes", "Place"),
    "lockwright.host.frozen": ("serve_if_child",),
    "lockwright.operations.enrolment.context": ("Patience",),
    "lockwright.operations.enrolment.orders": ("Asked",),
    "lockwright.operations.enrolment.with_ca": ("Enrolments",),
    "lockwright.operations.enrolment.renewals": ("Renewals",),
    "lockwright.operations.enrolment.authorities": ("Authorities",),
    "lockwright.operations.enrolment.storages": ("Storages",),
}
"""For a program that uses lockwright."""
FOR_PLUGINS: Mapping[str, tuple[str, ...]] = {
    "lockwright.adapter": ALL,
    "lockwright.contract.hooks": tuple(hooks.HOOKS),
    "lockwright.contract.ca_hooks": tuple(ca_hooks.HOOKS),
    "lockwright.contract.declaration": ("EVERYTHING", "Arguments", "Declared", "RequestEffect"),
    "lockwright.contract.derived": ("Wrapping", "surrounding"),
    "lockwright.bindings": ALL,
    "lockwright.pkcs11.session": (
        *("AttributeValue", "Login", "Module", "Session", "SlotInfo", "Template", "TokenInfo"),
    ),
    "lockwright.pkcs11.standard": ALL,
    "lockwright.pkcs11.errors": ("CkrError",),
    "lockwright.pkcs11.constants": (
        *("CKA", "CKC", "CKF", "CKK", "CKM", "CKO", "CKR", "CKU", "ckr_name"),
    ),
    "lockwright.pkcs11.vendor": ("Prototype", "VendorFunctions"),
    "lockwright.pkcs11.work": ("begins", "did", "is_stopped"),
    "lockwright.keys.response": ("BLOCK", "ResponseKey"),
    "lockwright.i18n": ("N_", "_"),
}
"""For an adapter, a wrapper or a CA client, beside the models, the errors and ``Secret``."""
FOR_TESTS: Mapping[str, tuple[str, ...]] = {
    "lockwright_testkit.conformance": ALL,
    "lockwright_testkit.sim": ("SO_PIN", "USER_PIN", "Personality", "Simulator", "register"),
    "lockwright_testkit.sim.fixtures": ("SimulatorFactory",),
    "lockwright_testkit.softhsm": ("AddedToken", "SO_PIN", "SoftHSM", "USER_PIN"),
}
"""For the tests of an adapter."""
MODULES = MappingProxyType({**FOR_PROGRAMS, **FOR_PLUGINS, **FOR_TESTS})


def names(module: str) -> Iterator[tuple[str, object]]:
    """The promised names of a module that are there, and what each stands for.

    Args:
        module: its full name, one of ``MODULES``.
    """
    try:
        found = import_module(module)
    except ModuleNotFoundError:
        return
    wanted = found.__all__ if MODULES[module] == ALL else MODULES[module]
    for name in sorted(wanted):
        if hasattr(found, name):
            yield name, getattr(found, name)
