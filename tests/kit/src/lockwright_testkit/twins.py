"""Two tokens of one serial number, and every operation of the command line on the one named."""

from __future__ import annotations

import re
from collections import ChainMap
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
from lockwright_testkit.sim.answers import des3_answer
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.personalities import personality, register_version

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
"""Functions that hand nothing to a token and change nothing."""
_TELLS = "Get|Read|Error|UnlockInit|UnlockChallenge"
"""In the names of a vendor's own functions that only tell, a Request among it."""


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
    key: bytes = b""
    """Of a remote unblock: the administrator's key, with which the bank answers the Request."""

    def __str__(self) -> str:
        return "-".join((*(word.strip("-") for word in self.words[:2]), *self._kind))

    @property
    def _kind(self) -> tuple[str, ...]:
        return (self.personality,) if self.key else ()

    @property
    def so_pin(self) -> str:
        """The administrator's PIN that its tokens are made with; an IDPrime's is its key."""
        return self.key.hex() if self.personality == "etoken-idprime" else SO_PIN

    @property
    def by_slot(self) -> bool:
        """Whether the module takes the Response for a slot, whatever token is in it."""
        return bool(self.key) and self.personality.startswith("jacarta")

    def says(self, shown: str) -> str:
        """What is typed, after what is on the screen."""
        if not self.key:
            return self.pin
        request = re.search("Request: ([0-9A-F ]+) Check:", shown)
        if request is None:
            raise AssertionError(shown)
        return des3_answer(self.key, bytes.fromhex(request[1])).hex()


def _remote(personality: str, key: bytes, *settings: Mapping[str, Setting]) -> Operation:
    """A remote unblock of a token that gives a Request up at whatever else it is asked."""
    keeps = ("--keep-pin",) if personality == "jacarta-gost2" else ("--new-pin-file", "new.pin")
    words = ("unblock", "--remote", *keeps)
    return Operation(words, "Response:", "", personality, dict(ChainMap(*map(dict, settings))), key)


KEY = bytes(range(24))
STRICT: Mapping[str, Setting] = {"challenge.strict": True}
WORKSTATION: Mapping[str, Setting] = {
    "response.rule": "des3",
    "challenge.length": 8,
    "response.length": 8,
}

OPERATIONS = (
    Operation(("list", "--login")),
    Operation(("pin", "change", "--new-pin-file", "new.pin")),
    Operation(("unblock", "--way=so-pin", "--new-pin-file", "new.pin"), SO, SO_PIN),
    Operation(
        ("unblock", "--way=puk", "--new-pin-file", "new.pin"),
        *("PUK", "0987654321", "jacarta-gost2", {"puk.pin": "0987654321"}),
    ),
    _remote("jacarta-pki", KEY, STRICT, {"admin.key": KEY}),
    _remote("jacarta-pro", SO_PIN.encode(), STRICT, WORKSTATION),
    _remote("jacarta-gost2", KEY, STRICT, WORKSTATION, {"admin.key": KEY, "puk.pin": "0987654321"}),
    _remote("etoken-idprime", KEY),
    Operation(("delete", "01", "--yes")),
    Operation(("wipe", "--yes")),
    Operation(("wipe", "--erase", "--yes"), SO, SO_PIN, settings={"wipe.allowed": True}),
    Operation(("policy", "set", "--min-length=8", "--yes"), SO, SO_PIN, "etoken"),
    Operation(("enroll", "--csr-out=req.pem", "--subject=CN=Anna", "--key-type=ec:p256")),
    Operation(("enroll", "--certificate=leaf.pem", "--trust=ca.pem")),
    Operation(("enroll", "--ca=bank", "--login=anna", "--otp-file=otp")),
    Operation(("renew", "--ca=bank", "--login=anna", "--otp-file=otp")),
    Operation(("test",)),
    Operation(("export", "--login")),
    Operation(("import", "key.p12", "--key-file-password-file=otp", "--trust=ca.pem", "--yes")),
    Operation(("so-pin", "change", "--new-so-pin-file", "new.pin"), SO, SO_PIN, "etoken"),
    Operation(
        ("token", "init", "--label=Next", "--new-pin-file", "new.pin", "--yes"),
        *(SO, SO_PIN, "etoken"),
    ),
)
"""Every command that sends a PIN, a PUK or a Response."""
_KEPT = ("user.tries", "so.tries", "user.changed", "so.changed")
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
OTHERS = {"jacarta": "jacarta@2.9", "etoken": "etoken@1.2"}
"""Another version of an adapter's module; the older ones take no Response."""
AGAIN = {"jacarta": "jacarta@again", "etoken": "etoken@again"}
"""The same version in another file."""
for again in AGAIN.values():
    register_version(again)


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
        adapter = personality(operation.personality).module
        other = (AGAIN if operation.key or operation.personality == "jacarta-gost2" else OTHERS)[
            adapter
        ]
        labels = (LABEL, "Boris" if layout is Layout.LABELS else LABEL)
        modules = ("", other if layout is Layout.MODULES else "")
        self.devices = [
            sim(
                operation.personality,
                label=label,
                so_pin=operation.so_pin,
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
            The window, once the PIN or the Response is typed.
        """
        for device in self.devices:
            device.start_trace()
        screen = terminal(self.program, *self.operation.words, "--token", uri)
        shown = screen.reads(self.operation.asks)
        device, other = self.devices[named], self.devices[1 - named]
        if between is not Between.NOTHING:
            device.unplug()
        if between is Between.REPLACED:
            # The other one goes into the reader of the first, so its own is empty.
            device.set("label", other.show()["slot0.label"] + ", the other")
            device.plug()
            other.unplug()
        screen.types(self.operation.says(shown.before))
        return screen

    def touched(self) -> list[bool]:
        """Whether each of the devices was handed anything, or changed, since ``run``.

        A Response that the module takes for an empty slot goes to none.
        """
        answered = bool(self.operation.key)
        return [
            any(_hands(line) and not (answered and _to_none(line)) for line in device.trace())
            for device in self.devices
        ]

    def kept(self) -> list[tuple[str, ...]]:
        """The tries of each device, and when its PINs were changed."""
        return [tuple(device.show()[f"slot0.{each}"] for each in _KEPT) for device in self.devices]


def write_letters(module: Path) -> None:
    """Put something on every token of a module that can be deleted: ``CKA_ID`` 01."""
    port = load("pykcs11", module)
    for slot in port.slots():
        with port.open_session(slot.token.slot) as session:
            session.login(CKU.USER, Secret(USER_PIN))
            session.create(LETTER)
    port.close()


def _to_none(line: str) -> bool:
    """Whether the module answered that the slot is empty, or the session ended with its token."""
    return line.split()[5] in {"0xe0", "0x32", "0xb3"}


def _hands(line: str) -> bool:
    """Whether a line of a trace is of a call that hands something over, or changes something."""
    function = line.split()[4]
    return function not in READS and not re.search(_TELLS, function)
