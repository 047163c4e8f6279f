"""How many calls a module gets for what people wait for; a call to a USB token takes 2 to 30 ms.

Counts do not vary. ``docs/adr/0030`` has what they were.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lockwright.bindings import BINDINGS
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.filling import PARTS, fill
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

PIN = "user.pin"
SIZES = [20, *map(int, os.environ.get("CONTAINERS", "").split())]
"""Containers on a token that is full; ``make growth`` gives more."""
MOST_OF_A_PIN = 24
"""Calls that setting a PIN takes, the look for the token included."""


@pytest.fixture(params=BINDINGS)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret(PIN, USER_PIN)
    file = tmp_path / "config" / "lockwright" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'[adapters.softhsm]\nbinding = "{request.param}"\n')
    return made


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim(settings=SOFTHSM)


def counted(program: Program, device: Simulator, *words: str) -> tuple[int, Ended]:
    """The calls that a command makes, from start to end."""
    device.zero_counts()
    done = program.run(*words, "--module", device.module)
    assert done.code == 0, done.err
    return sum(device.counts().values()), done


@pytest.mark.parametrize("containers", [0, 3, 20])
def test_a_listing_takes_a_call_for_each_object_and_few_beside(
    program: Program, device: Simulator, containers: int
) -> None:
    fill(device.module, containers)

    calls, done = counted(program, device, "list", "--json", "--pin-file", PIN)

    assert [each["state"] for each in done.document["containers"]] == ["complete"] * containers
    assert calls == 19 + PARTS * containers + (2 if containers else 0), device.counts()


@pytest.mark.parametrize(("words", "most"), [((), 12), (("--json",), 15)], ids=["text", "json"])
@pytest.mark.parametrize("containers", [0, 20])
def test_looking_for_tokens_takes_one_visit_to_a_module(
    program: Program,
    device: Simulator,
    containers: int,
    words: tuple[str, ...],
    most: int,
) -> None:
    """A document says which key types a token makes, too, for three calls."""
    fill(device.module, containers)

    calls, done = counted(program, device, "tokens", *words)

    assert device.show()["slot0.serial"] in done.out
    assert calls <= most + containers + (1 if containers else 0), device.counts()


def test_deleting_a_container_reads_each_object_twice_and_logs_in_twice(
    program: Program, device: Simulator
) -> None:
    """Once for the plan that is agreed to, once before it is carried out."""
    fill(device.module, 20)

    calls, done = counted(program, device, "delete", "c3", "--yes", "--json", "--pin-file", PIN)

    assert len(done.document["gone"]) == PARTS
    assert calls <= 188, device.counts()
    assert device.counts()["C_Login"] == 2


def test_a_pin_takes_as_many_calls_on_a_full_token_as_on_an_empty_one(
    program: Program, device: Simulator
) -> None:
    for name, secret in ("so.pin", SO_PIN), ("new.pin", "Maple-drum-77"), (PIN, USER_PIN):
        program.secret(name, secret)
    unblock = "unblock", "--so-pin-file", "so.pin", "--new-pin-file", "new.pin"
    change = "pin", "change", "--pin-file", "new.pin", "--new-pin-file", PIN
    seen = []

    for containers in (0, *SIZES):
        fill(device.module, containers)
        seen.append([counted(program, device, *words)[0] for words in (unblock, change)])

    assert seen == [seen[0]] * len(seen)
    assert max(seen[0]) <= MOST_OF_A_PIN
