"""Two tokens of one serial number, and every operation of the command line on the one named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lockwright.bindings import load
from lockwright.pkcs11.constants import CKA, CKC, CKO, CKU
from lockwright.pkcs11.session import Template
from lockwright.secret import Secret

from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Screen, Terminal
from lockwright_testkit.sim import SO_PIN, USER_PIN
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

SERIAL, LABEL, NEW_PIN, OTP = "0B53001435596976", "Anna", "Kettle-Moss-42", "Maple-Drum-77"
USER, SO = "User PIN", "SO PIN"
READS = frozenset(
    {
        *("C_Initialize", "C_Finalize", "C_GetInfo", "C_GetFunctionList", "C_GetSlotList"),
        *("C_GetSlotInfo", "C_GetTokenInfo", "C_GetMechanismList", "C_GetMechanismInfo"),
        *("C_OpenSession", "C_CloseSession", "C_CloseAllSessions", "C_GetSessionInfo", "C_Logout"),
        *("C_FindObjectsInit", "C_FindObjects", "C_FindObjectsFinal", "C_GetAttributeValue"),
    }
)
"""Functions that hand nothing to a token and change nothing; a vendor's own that only tell have
``Get`` or ``Read`` in their names."""


class Layout(StrEnum):
    """How two tokens of one serial number are connected."""

    DOUBLES = "one-module"
    """One module shows both, with the same strings."""
    LABELS = "one-module-two-labels"
    """One module shows both, and their labels tell them apart."""
    MODULES = "two-modules"
    """Each has a module of its own, with the same strings."""


class Between(StrEnum):
    """What happens after the token was looked for, and before the PIN is typed."""

    NOTHING = "stays"
    GONE = "is-pulled-out"
    REPLACED = "is-replaced"
    """The other one is in its reader now."""


@dataclass(frozen=True)
class Operation:
    """A command that sends a PIN."""

    words: tuple[str, ...]
    """The command line."""
    asks: str = USER
    """The question for the PIN."""
    pin: str = USER_PIN
    """The PIN."""
    personality: str = "jacarta-pki"
    """What kind of token offers it."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """Its settings."""

    def __str__(self) -> str:
        return "-".join(word.strip("-") for word in self.words[:2])


OPERATIONS = (
    Operation(("list", "--login")),
    Operation(("pin", "change", "--new-pin-file", "new.pin")),
    Operation(("unblock", "--way=so-pin", "--new-pin-file", "new.pin"), SO, SO_PIN),
    Operation(("delete", "01", "--yes")),
    Operation(("wipe", "--yes")),
    Operation(("wipe", "--erase", "--yes"), SO, SO_PIN, settings={"wipe.allowed": True}),
    Operation(("policy", "set", "--min-length=8", "--yes"), SO, SO_PIN, "etoken"),
    Operation(("enroll", "--csr-out=req.pem", "--subject=CN=Anna", "--key-type=ec:p256")),
    Operation(("enroll", "--certificate=leaf.pem", "--trust=ca.pem")),
    Operation(("enroll", "--ca=bank", "--login=anna", "--otp-file=otp")),
    Operation(("renew", "--ca=bank", "--login=anna", "--otp-file=otp")),
)
"""Every command that sends a PIN, but a remote unblock, whose Response is asked for later."""
LETTER: Template = {
    CKA.CLASS: CKO.CERTIFICATE,
    CKA.CERTIFICATE_TYPE: CKC.X_509,
    CKA.TOKEN: True,
    CKA.PRIVATE: False,
    CKA.ID: b"\1",
    CKA.LABEL: "letter",
    CKA.SUBJECT: b"0\0",
    CKA.VALUE: b"0\0",
}
VENDORS = {"jacarta-pki": ("jacarta", "jacarta@2.9"), "etoken": ("etoken", "etoken@1.2")}
"""The adapter, and another version of its module."""


class Twins:
    """Both tokens, and the program.

    Args:
        program: the program; its configuration is written, beside what is in ``further``.
        sim: makes the tokens.
        operation: what is to be done.
        layout: how they are connected.
        further: more lines of the configuration.
    """

    def __init__(
        self,
        program: Program,
        sim: SimulatorFactory,
        operation: Operation,
        layout: Layout,
        further: str = "",
    ) -> None:
        self.program = program
        self.operation = operation
        adapter, other = VENDORS[operation.personality]
        labels = (LABEL, "Boris" if layout is Layout.LABELS else LABEL)
        modules = ("", other if layout is Layout.MODULES else "")
        self.devices = [
            sim(
                operation.personality,
                label=label,
                serial=SERIAL,
                module=module,
                settings=operation.settings,
            )
            for label, module in zip(labels, modules, strict=True)
        ]
        named = [str(device.module) for device in self.devices]
        file = program.home / "config" / "lockwright" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        allowed = f'[plugins]\nallow = ["{adapter}"]\n'
        file.write_text(f"{allowed}[adapters.{adapter}]\nmodules = {named}\n{further}")
        program.secret("new.pin", NEW_PIN)
        program.secret("otp", OTP)
        for module in {device.module for device in self.devices}:
            write_letters(module)

    def uris(self) -> list[str]:
        """What names each of them, as the program tells it, in the order of the devices."""
        modules = [str(device.module) for device in self.devices]
        shown = self.program.run("tokens", "--json").document["tokens"]
        shown.sort(key=lambda token: (modules.index(token["module"]), token["slot"]))
        return [token["uri"] for token in shown]

    def run(self, terminal: Terminal, uri: str, named: int, between: Between) -> Screen:
        """Begin the operation on one of them, and let something happen before its PIN is typed.

        Args:
            terminal: opens a window.
            uri: what names it.
            named: which of the devices that is.
            between: what happens.

        Returns:
            The window, once the PIN is typed.
        """
        for device in self.devices:
            device.start_trace()
        screen = terminal(self.program, *self.operation.words, "--token", uri)
        screen.reads(self.operation.asks)
        device, other = self.devices[named], self.devices[1 - named]
        if between is not Between.NOTHING:
            device.unplug()
        if between is Between.REPLACED:
            # The other one goes into the reader of the first, so its own is empty.
            device.set("label", other.show()["slot0.label"] + ", the other")
            device.plug()
            other.unplug()
        screen.types(self.operation.pin)
        return screen

    def touched(self) -> list[bool]:
        """Whether each of the devices was handed anything, or changed, since ``run``."""
        return [any(map(_hands, device.trace())) for device in self.devices]


def write_letters(module: Path) -> None:
    """Put something on every token of a module that can be deleted: ``CKA_ID`` 01."""
    port = load("pykcs11", module)
    for slot in port.slots():
        with port.open_session(slot.token.slot) as session:
            session.login(CKU.USER, Secret(USER_PIN))
            session.create(LETTER)
    port.close()


def _hands(line: str) -> bool:
    """Whether a line of a trace is of a call that hands something over, or changes something."""
    function = line.split()[4]
    return function not in READS and not re.search("Get|Read|Error", function)
