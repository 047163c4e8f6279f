"""A first day that a vendor has a way of its own of: its adapter does more, or less, than usual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lockwright.errors import NOTHING
from lockwright_testkit.program import Program
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

BLANK: dict[str, Setting] = {"manufacturer": "Acme", "model": "Acme One", "initialized": "no"}
INIT = ("token", "init", "--label", "First", "--blank", "--yes")
PINS = ("--new-so-pin-file", "so.pin", "--new-pin-file", "user.pin")

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "write-an-adapter.md"
FACTORY = next(
    block
    for block in re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    if "def lockwright_init" in block
)
"""The adapter of the how-to, which replaces the SO PIN that a blank token comes with."""
NO_UNBLOCK = """
from lockwright.adapter import StandardAdapter


class Acme(StandardAdapter):
    tokens = {"Acme": ("Acme One",)}
    not_offered = {"unblock": "a TPM that is locked refuses the SO PIN, too"}


adapter = Acme()
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("so.pin", "Harbour-Gate-61")
    made.secret("user.pin", "Kettle-Moss-42")
    return made


@pytest.fixture
def blank(sim: SimulatorFactory) -> Simulator:
    made: Simulator = sim(settings=BLANK)
    return made


def plugged(program: Program, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Install an adapter of one module."""
    site = program.home / "site"
    info = site / "acme-2.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 2.5\n")
    (info / "entry_points.txt").write_text("[lockwright]\nacme = plugged_acme:adapter\n")
    (site / "plugged_acme.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(site))


def test_an_adapter_goes_on_with_the_token_that_it_has_just_initialised(
    program: Program, blank: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As openCryptoki wants it: a blank token has an SO PIN that everybody knows."""
    tokens = 'tokens = {"Acme": ("Acme One",)}'
    plugged(program, monkeypatch, f"{FACTORY}\n    {tokens}\n\n\nadapter = Acme()\n")
    place = ("--module", blank.module)

    done = program.run(*INIT, *PINS, *place, "--json")
    changed = program.run(
        "so-pin", "change", "--so-pin-file", "so.pin", "--new-so-pin-file", "user.pin", *place
    )

    assert done.document["label"] == "First"
    assert (done.code, changed.code) == (0, 0)


def test_no_token_is_initialised_whose_user_pin_cannot_be_set_then(
    program: Program, blank: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugged(program, monkeypatch, NO_UNBLOCK)

    told = program.run(*INIT, *PINS, "--module", blank.module, "--json").error

    assert told["code"] == "not-offered"
    assert "no user PIN could be set afterwards" in told["message"]
    assert told["cost"] == NOTHING
    assert blank.show()["slot0.initialized"] == "no"
