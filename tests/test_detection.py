"""Looking for tokens: nothing is asked twice, and no module waits for another."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence

import pytest
from lockwright import Config, Runner
from lockwright.deadlines import Deadlines
from lockwright_testkit.sim import Applet, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

CALLS = {
    "plain": 6,
    "etoken": 22,
    "etoken-idprime": 22,
    "jacarta-pki": 11,
    "jacarta-pro": 11,
    "jacarta-gost2": 9,
    "jacarta-pki, jacarta-gost2": 16,
    "jacarta-pki, jacarta-pro, jacarta-gost2": 22,
}
"""Calls that a module gets in one look, by the applets of its device."""
SLOW = 0.3
"""Seconds that each call of a slow token takes."""
LONGEST = 120
"""Seconds in which even a busy machine starts four programs."""
FOR_EVER = 600
"""Seconds of a call that is cut short."""


def config(shown: Mapping[str, Sequence[Simulator]], deadlines: Deadlines) -> Config:
    """Devices by the adapter that is to look at their modules."""
    return Config(
        audit=None,
        allow=tuple(shown),
        adapters={
            adapter: {"modules": [str(device.module) for device in devices]}
            for adapter, devices in shown.items()
        },
        deadlines=deadlines,
    )


@pytest.mark.parametrize(("applets", "calls"), CALLS.items())
def test_a_look_asks_each_token_for_nothing_twice(
    sim: SimulatorFactory, applets: str, calls: int
) -> None:
    first, *further = applets.split(", ")
    device = sim(first, more=tuple(Applet(each, serial=each) for each in further))
    device.zero_counts()
    adapter = "jacarta" if first.startswith("jacarta") else "etoken"
    with Runner(config({adapter: [device]}, Deadlines())) as runner:
        seen = runner.detect()
        counted = device.counts()
    assert len(seen.tokens) == 1 + len(further)
    assert seen.problems == ()
    assert sum(counted.values()) == calls, counted


def test_a_device_that_is_slow_at_every_call_is_waited_for() -> None:
    assert max(CALLS.values()) * SLOW < 0.75 * Deadlines().inspect


def test_no_module_waits_for_another(sim: SimulatorFactory) -> None:
    """All four are in the middle of a call that takes for ever; then all tokens are pulled out."""
    shown = {
        "jacarta": [sim("jacarta-pki"), sim("jacarta-pki", module="jacarta@2.9")],
        "etoken": [sim("etoken"), sim("plain")],
    }
    devices = [device for each in shown.values() for device in each]
    for device in devices:
        device.set("delay.C_GetTokenInfo", FOR_EVER * 1000)
    with Runner(config(shown, Deadlines(inspect=FOR_EVER))) as runner:
        looking = threading.Thread(target=runner.detect)
        looking.start()
        try:
            until = time.monotonic() + LONGEST
            while not all(device.counts().get("C_GetTokenInfo") == 1 for device in devices):
                assert time.monotonic() < until
                time.sleep(0.01)
        finally:
            for device in devices:
                device.unplug()
            looking.join(LONGEST)
    assert not looking.is_alive()
