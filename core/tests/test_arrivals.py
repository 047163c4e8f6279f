"""What came and what went, told by the slot list alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hurry import hurry
from lockwright import Config, Runner
from lockwright.errors import ModuleHung, ModuleNotLoadable, Stopped
from lockwright.host.parent import ChildHost
from lockwright.operations.arrivals import Arrivals, Place
from lockwright_testkit import stops
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory


@pytest.fixture
def devices(sim: SimulatorFactory) -> tuple[Simulator, Simulator]:
    """Two tokens of one module, which sees them in slots of their own."""
    return sim("jacarta-pki", label="Anna"), sim("jacarta-pki", label="Boris")


@pytest.fixture
def runner(devices: tuple[Simulator, Simulator]) -> Iterator[Runner]:
    with Runner(Config(audit=None), modules=[devices[0].module]) as made:
        yield made


def test_a_token_that_comes_or_goes_is_told_once_and_found_where_it_is_told(
    runner: Runner, devices: tuple[Simulator, Simulator]
) -> None:
    anna, boris = devices
    places = {
        each.identity.label: Place(each.identity.module.path, each.identity.slot)
        for each in runner.detect().tokens
    }
    with runner.arrivals() as arrivals:
        assert set(arrivals.look().came) == set(places.values())
        assert not arrivals.look()
        boris.unplug()
        gone = arrivals.look()
        assert (gone.came, gone.went) == ((), (places["Boris"],))
        boris.plug()
        anna.unplug()
        both = arrivals.look()
        assert (both.came, both.went) == ((places["Boris"],), (places["Anna"],))
        anna.plug()
        assert arrivals.look().came == (places["Anna"],)


def test_looking_asks_for_the_slot_list_and_for_nothing_else(
    runner: Runner, devices: tuple[Simulator, Simulator]
) -> None:
    with runner.arrivals() as arrivals:
        arrivals.look()
        for device in devices:
            device.zero_counts()
        arrivals.look()
        asked = {name for device in devices for name, n in device.counts().items() if n}
        assert asked == {"C_GetSlotList"}


def test_what_a_module_that_fails_showed_last_has_not_gone(
    devices: tuple[Simulator, Simulator], tmp_path: Path
) -> None:
    """It is left alone for a while, so that one that always crashes is no storm of processes."""
    broken = tmp_path / "broken.so"
    broken.write_bytes(b"no module")
    config = Config(audit=None)
    with (
        Runner(config, modules=[devices[0].module, broken]) as runner,
        runner.arrivals() as arrivals,
    ):
        first = arrivals.look()
        (problem,) = first.problems
        assert len(first.came) == 2
        assert (problem.subject, type(problem.error)) == (str(broken), ModuleNotLoadable)
        hurry(runner, inspect=0.5)
        devices[0].fault("C_GetSlotList@1=hang")
        hung = arrivals.look()
        assert not hung
        assert [type(each.error) for each in hung.problems] == [ModuleHung]
        assert arrivals.look().problems == ()


def test_a_look_that_hangs_ends_with_the_runner_and_blames_nobody(
    runner: Runner, devices: tuple[Simulator, Simulator]
) -> None:
    others = stops.children()
    arrivals: Arrivals = runner.arrivals()
    arrivals.look()
    call = "C_GetSlotList", 1
    ended = stops.stopped_in(devices[0], call, arrivals.look, runner.close)
    assert isinstance(ended, Stopped)
    assert stops.children() <= others
    with pytest.raises(RuntimeError, match="these arrivals are closed"):
        arrivals.look()


def test_a_look_that_is_closed_before_it_is_waited_for_was_stopped(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals: Arrivals = runner.arrivals()
    begins = ChildHost.begin_slots

    def begins_and_is_closed(host: ChildHost) -> None:
        begins(host)
        arrivals.close()

    monkeypatch.setattr(ChildHost, "begin_slots", begins_and_is_closed)
    with pytest.raises(Stopped):
        arrivals.look()
