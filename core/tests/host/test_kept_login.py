"""A login that is kept from call to call is to one token, whatever its module says of it."""

from __future__ import annotations

import pytest
from lockwright import Config, Runner, Secret
from lockwright.contract import hooks
from lockwright.errors import TokenRemoved
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.filling import PARTS, fill
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory


def test_nothing_is_deleted_from_a_token_that_took_the_place_of_another(
    sim: SimulatorFactory,
) -> None:
    device = sim(settings=SOFTHSM)
    fill(device.module, 1)
    serial = device.show()["slot0.serial"]
    with Runner(Config(audit=None), modules=[device.module]) as runner, Secret(USER_PIN) as pin:
        token, calls = runner.find(), runner._calls
        with calls.staying(token):
            refs = [obj.ref for obj in calls(hooks.lockwright_list, token, pin, None)]
            device.set("serial", "another", slot=0)
            with pytest.raises(TokenRemoved):
                calls(hooks.lockwright_delete, token, pin, refs)
            device.set("serial", serial, slot=0)
        assert len(runner.list(token, pin).all_objects) == PARTS
