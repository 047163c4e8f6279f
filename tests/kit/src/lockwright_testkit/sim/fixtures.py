"""pytest fixtures of the simulator; the kit's entry point brings them to every author."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pytest

from lockwright_testkit.sim.applet import Applet, Setting
from lockwright_testkit.sim.simulator import SO_PIN, USER_PIN, Simulator, environment

_NOTHING: Mapping[str, Setting] = {}


class SimulatorFactory(Protocol):
    """What the fixture ``sim`` gives: a call makes a device and shows it to this process."""

    def __call__(  # noqa: PLR0913  # as Simulator.create
        self,
        personality: str = "plain",
        *,
        label: str = "simulated",
        user_pin: str = USER_PIN,
        so_pin: str = SO_PIN,
        serial: str = "",
        module: str = "",
        more: tuple[Applet, ...] = (),
        settings: Mapping[str, Setting] = _NOTHING,
    ) -> Simulator:
        """Make a device; see :meth:`Simulator.create` for the arguments."""


@pytest.fixture
def sim(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> SimulatorFactory:
    """A maker of simulated devices, which this process and its children see together.

    ``token = sim("plain", user_pin="1234")`` makes one; ``token.module`` is the module to load.
    """
    made: list[Simulator] = []

    def make(  # noqa: PLR0913  # as Simulator.create
        personality: str = "plain",
        *,
        label: str = "simulated",
        user_pin: str = USER_PIN,
        so_pin: str = SO_PIN,
        serial: str = "",
        module: str = "",
        more: tuple[Applet, ...] = (),
        settings: Mapping[str, Setting] = _NOTHING,
    ) -> Simulator:
        device = Simulator.create(
            tmp_path_factory.mktemp("sim"),
            personality,
            label=label,
            user_pin=user_pin,
            so_pin=so_pin,
            serial=serial,
            module=module,
            more=more,
            settings=settings,
        )
        made.append(device)
        for name, value in environment(*made).items():
            monkeypatch.setenv(name, value)
        return device

    return make
