"""An honest token is unharmed beside a module that sends what it likes."""

from __future__ import annotations

from hostile import Bench
from lockwright_testkit.sim.fixtures import SimulatorFactory
from onslaught import Onslaught

TIMES = 8
"""``make sweep`` does ten thousand."""


def test_an_honest_token_is_unharmed_by_a_module_that_attacks(
    bench: Bench, sim: SimulatorFactory
) -> None:
    honest = sim("jacarta-pki", label="Anna")
    onslaught = Onslaught(bench, honest, seed=10)
    onslaught.run(TIMES)
    assert onslaught.told["module-broken"]
