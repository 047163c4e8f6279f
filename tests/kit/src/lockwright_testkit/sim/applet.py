"""What one slot of a simulated device is made of, and how it is written into device.conf."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from lockwright_testkit.sim.errors import SimulatorError
from lockwright_testkit.sim.personalities import personality

Setting = str | int | bytes | bool
"""A setting's value: text, a number, bytes that are written in hexadecimal, yes or no."""


def written(value: Setting) -> str:
    """A value as device.conf and the state hold it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return _escaped(value)


def _escaped(text: str) -> str:
    """Text as it stands, but for what a line cannot hold; bytes that are no text come as Python
    reads them of a file name (``surrogateescape``)."""
    inner = len(text) - len(text.lstrip(" ")), len(text.rstrip(" "))
    return "".join(
        "".join(f"%{byte:02x}" for byte in letter.encode(errors="surrogateescape"))
        if letter == "%" or not letter.isprintable() or (letter == " " and not inside)
        else letter
        for at, letter in enumerate(text)
        for inside in [inner[0] <= at < inner[1]]
    )


@dataclass(frozen=True)
class Applet:
    """One applet of a device: a slot with a token in it."""

    personality: str = "plain"
    """What kind of token it is."""
    label: str = "simulated"
    """Its label."""
    user_pin: str = ""
    """The user's PIN; empty: not set."""
    so_pin: str = ""
    """The administrator's PIN or password."""
    serial: str = ""
    """Its serial number; empty: one is drawn in the vendor's form."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """Any other setting."""

    def conf(self) -> str:
        """Its part of device.conf."""
        kind = personality(self.personality)
        values: dict[str, Setting] = {
            "personality": kind.name,
            "serial": self.serial or kind.serial(),
            "label": self.label,
            "user.pin": self.user_pin,
            "so.pin": self.so_pin,
            # SoftHSM's own PINs beneath, which nobody else needs.
            "card.so.pin": secrets.token_hex(16),
            "card.user.pin": secrets.token_hex(16),
            **self.settings,
        }
        return "[slot]\n" + "".join(
            f"{_checked(key)} = {written(value)}\n" for key, value in values.items()
        )


def _checked(key: str) -> str:
    if not key or set(key) & set(" =\n#[]"):
        raise SimulatorError(f"{key!r} is no name of a setting")
    return key


def device_conf(module: str, settings: Mapping[str, Setting], applets: tuple[Applet, ...]) -> str:
    """The text of device.conf.

    Args:
        module: the module that shows the device.
        settings: of the device, or of all its slots.
        applets: its slots.
    """
    reader = personality(applets[0].personality).reader
    drawn: dict[str, Setting] = {"reader": reader()} if reader else {}
    values: dict[str, Setting] = {"version": 1, "module": module, **drawn, **settings}
    head = "".join(f"{_checked(key)} = {written(value)}\n" for key, value in values.items())
    return "# A simulated token; see the simulator's reference for the settings.\n" + "\n".join(
        [head, *(applet.conf() for applet in applets)]
    )
