"""What an adapter is tried on: a token that may be spoilt, and what its owner and bank know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

from lockwright.adapter import Settings
from lockwright.models import Challenge, KeyForm

from lockwright_testkit.conformance.hands import Hands
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator


@dataclass(frozen=True, kw_only=True)
class Subject:
    """An adapter and a token that is its own; the suite changes the PIN and deletes everything."""

    adapter: object
    """The adapter: what its entry point names, an instance or a Python module of functions. An
    instance is pickled into the process that responds, so its class stands in a module."""
    module: Path
    """Absolute path of the PKCS#11 module that shows the token."""
    settings: Settings = field(default_factory=dict)
    """The adapter's table of the configuration."""
    serial: str = ""
    """Serial number of the token; empty: the module shows only one of the adapter's."""
    user_pin: str = USER_PIN
    """The user PIN."""
    so_pin: str = SO_PIN
    """The SO PIN, which a policy is set with and ``UnblockWay.SO_PIN`` unblocks with."""
    new_so_pin: str = "Harbour-Gate-61"
    """Another SO PIN that the token takes."""
    weak_so_pin: str | None = "1"
    """An SO PIN that it does not take as its first one, when it is blank; None if it takes any."""
    puk: str = ""
    """The PUK, where the token has one."""
    new_puk: str = "58203947"
    """Another PUK that it takes."""
    new_pin: str = "Nova-pin-22"
    """Another user PIN that the token takes."""
    weak_pin: str | None = "1"
    """A user PIN that the token does not take; None if it takes any, as one without a policy."""
    admin_key: bytes = b""
    """The administrator key, where the adapter can answer a Request."""
    key_form: KeyForm = KeyForm.HEX
    """What the administrator key is."""
    answer: Callable[[Challenge], bytes] | None = None
    """Answers a Request where the adapter cannot, because the rule is not public."""
    tries: Callable[[str], int] | None = None
    """Tells how many tries are really left of the ``user`` or the ``so``; None: nobody can tell."""
    fault: Callable[[str], None] | None = None
    """Plans faults of the module (``FUNCTION@N=0x30``), an empty plan ends them; None: it cannot
    be made to fail, and what only a failure shows is not looked at."""
    expendable: bool = False
    """Whether its SO PIN and PUK may be locked for good: a token of software is made anew."""
    hands: Hands = field(default_factory=Hands)
    """What can be done to the token from outside."""

    @classmethod
    def softhsm(cls, adapter: object, faulty: Path, faults: Callable[[str], None]) -> Self:
        """The only token of a SoftHSM.

        Args:
            adapter: what its entry point names.
            faulty: the fixture of that name.
            faults: the fixture of that name.
        """
        return cls(adapter=adapter, module=faulty, fault=faults, expendable=True)

    @classmethod
    def simulated(  # noqa: PLR0913  # a token has many sides, each with its default
        cls,
        adapter: object,
        device: Simulator,
        *,
        settings: Settings | None = None,
        admin_key: bytes = b"",
        key_form: KeyForm = KeyForm.HEX,
        answer: Callable[[Challenge], bytes] | None = None,
        serial: str = "",
        puk: str = "",
        so_pin: str = SO_PIN,
        new_pin: str = "Nova-pin-22",
        weak_pin: str | None = "1",
        new_so_pin: str = "Harbour-Gate-61",
    ) -> Self:
        """A simulated device, whose PINs are those of :class:`Simulator` unless told otherwise.

        Args:
            adapter: what its entry point names.
            device: the device.
            settings: added to the adapter's table, which names the device's module.
            admin_key: the administrator key.
            key_form: what it is.
            answer: how a Request is answered where the adapter cannot.
            serial: which token, if the device has several of the adapter's.
            puk: the PUK.
            so_pin: the SO PIN.
            new_pin: another user PIN.
            weak_pin: a user PIN that it does not take; None if it takes any.
            new_so_pin: another SO PIN.
        """
        slot = _slot(device, serial)
        return cls(
            adapter=adapter,
            module=device.module,
            settings={"modules": [str(device.module)], **(settings or {})},
            serial=serial,
            so_pin=so_pin,
            puk=puk,
            new_pin=new_pin,
            weak_pin=weak_pin,
            new_so_pin=new_so_pin,
            admin_key=admin_key,
            key_form=key_form,
            answer=answer,
            tries=lambda who: device.tries(who, slot),
            fault=partial(_plan, device),
            expendable=True,
            hands=Hands.simulated(device, slot),
        )


def _plan(device: Simulator, faults: str) -> None:
    """Plan faults of the device in place of those that were; an empty plan ends them."""
    device.clear_faults()
    if faults:
        device.fault(faults)


def _slot(device: Simulator, serial: str) -> int:
    """Which slot of the device has the token of that serial number; the first if it is empty."""
    shown = device.show()
    slots = (
        int(key.removeprefix("slot").partition(".")[0])
        for key, value in shown.items()
        if key.endswith(".serial") and value == serial
    )
    return next(slots, 0)
