"""A simulated token: make one, pull it out, plan its faults, look at what was done to it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

from lockwright_testkit.sim import control
from lockwright_testkit.sim.applet import Applet, Setting, device_conf, written
from lockwright_testkit.sim.errors import SimulatorError
from lockwright_testkit.sim.personalities import library, personality

USER_PIN = "User-pin-1"
SO_PIN = "so-pin-1234"
"""PINs of a token that was made without saying others."""
VARIABLE = "LOCKWRIGHT_SIM"
_NOTHING: Mapping[str, Setting] = {}


def environment(*devices: Simulator) -> dict[str, str]:
    """What the module reads from the environment to show these devices."""
    return {VARIABLE: os.pathsep.join(str(device.folder) for device in devices)}


class Simulator:
    """A simulated device that lives in a folder.

    Args:
        folder: a folder that :meth:`create` made.

    Raises:
        SimulatorError: it is none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.library = library(_module_of(self.folder))

    @classmethod
    def create(  # noqa: PLR0913  # a token has many sides, each with its default
        cls,
        folder: Path,
        personality: str = "plain",
        *,
        label: str = "simulated",
        user_pin: str = USER_PIN,
        so_pin: str = SO_PIN,
        serial: str = "",
        module: str = "",
        more: tuple[Applet, ...] = (),
        settings: Mapping[str, Setting] = _NOTHING,
    ) -> Self:
        """Make a device in a folder that does not exist yet, or is empty.

        Args:
            folder: where it is to live; the name must not hold the separator of PATH.
            personality: what kind of token it is.
            label: its label.
            user_pin: the user's PIN; empty leaves it unset.
            so_pin: the administrator's PIN or password.
            serial: its serial number; empty draws one in the vendor's form.
            module: another version of the personality's module, such as an older one.
            more: further applets of the same device, each a slot of its own.
            settings: any other setting of the reference, for the device and all its slots.

        Raises:
            SimulatorError: the folder is taken, or a setting is unknown.
            BuildError: the module cannot be compiled.
        """
        applets = (Applet(personality, label, user_pin, so_pin, serial), *more)
        text = device_conf(module or _common_module(applets), settings, applets)
        _make_folder(folder)
        try:
            _write_private(folder / "device.conf", text)
            made = cls(folder)
            control.prepare(made.module, made.folder)
        except BaseException:
            _empty(folder, keep=())
            raise
        return made

    @cached_property
    def module(self) -> Path:
        """The path of the PKCS#11 module that shows the device."""
        return self.library.built()

    @property
    def environment(self) -> dict[str, str]:
        """What the module reads from the environment."""
        return environment(self)

    def show(self) -> dict[str, str]:
        """Every setting as it is now; a slot's begin with ``slot0.``; secrets are shown as ***."""
        shown = control.show(self.module, self.folder)
        return {key: value for key, value in shown.items() if not key.startswith("calls.")}

    def tries(self, who: str = "user", slot: int = 0) -> int:
        """How many tries of a PIN are left."""
        shown, name = self.show(), f"slot{slot}.{who}.tries"
        return int(shown[name] or shown[f"{name}.max"])

    def set(self, key: str, value: Setting, *, slot: int | None = None) -> None:
        """Change a setting, for running programs too.

        Args:
            key: its name in the reference.
            value: what it becomes.
            slot: the slot; None: the device and all its slots.
        """
        own = key if slot is None else f"slot{slot}.{key}"
        self._do(f"set {own} {written(value)}")

    def unplug(self) -> None:
        """Pull the token out of its reader."""
        self._do("unplug")

    def plug(self) -> None:
        """Put it back."""
        self._do("plug")

    def fault(self, *plans: str) -> None:
        """Plan faults: ``FUNCTION@N=WHAT``, N counted from now.

        Args:
            plans: WHAT is ``0x30`` (return it), ``kill``, ``hang``, ``after:0x30`` or
                ``after:kill`` (do the work first); N is a number, or * for every call.
        """
        self._do(*(f"fault {plan}" for plan in plans))

    def clear_faults(self) -> None:
        """Forget every planned fault."""
        self._do("fault")

    def counts(self) -> dict[str, int]:
        """How often each function was called, by all programs together."""
        shown = control.show(self.module, self.folder)
        head = "calls."
        return {
            key.removeprefix(head): int(value)
            for key, value in shown.items()
            if key.startswith(head)
        }

    def zero_counts(self) -> None:
        """Count from nought again; it ends planned faults, which name counts."""
        self._do("zero")

    def start_trace(self) -> None:
        """Write down every call from now on."""
        self.set("trace", value=True)

    def stop_trace(self) -> None:
        """Write down no more calls."""
        self.set("trace", value=False)

    def trace(self) -> list[str]:
        """The calls that were written down: time, process, slot, session, function, answer."""
        file = self.folder / "trace"
        return file.read_text().splitlines() if file.exists() else []

    def reset(self) -> None:
        """Make the token new, as device.conf describes it: objects, PINs, counters, faults, trace.

        No program may be using it.
        """
        _empty(self.folder, keep=("device.conf",))
        control.prepare(self.module, self.folder)

    def _do(self, *commands: str) -> None:
        control.command(self.module, self.folder, *commands)


def _common_module(applets: tuple[Applet, ...]) -> str:
    modules = {personality(applet.personality).module for applet in applets}
    if len(modules) > 1:
        raise SimulatorError("the applets of one device must be of one vendor")
    return modules.pop()


def _module_of(folder: Path) -> str:
    try:
        lines = (folder / "device.conf").read_text().splitlines()
    except OSError as error:
        raise SimulatorError(
            f"{folder} is no simulator's folder: device.conf cannot be read ({error.strerror})"
        ) from None
    return next(
        (
            value.strip()
            for key, _, value in (line.partition("=") for line in lines)
            if key.strip() == "module"
        ),
        "plain",
    )


def _make_folder(folder: Path) -> None:
    if os.pathsep in str(folder.resolve()):
        raise SimulatorError(f"the name of the folder must not hold {os.pathsep}: {folder}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SimulatorError(f"{folder} is not empty")


def _write_private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)


def _empty(folder: Path, keep: tuple[str, ...]) -> None:
    for entry in folder.iterdir():
        if entry.name in keep:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
