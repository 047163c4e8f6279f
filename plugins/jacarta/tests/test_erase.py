"""``JC_PKI_WipeCard``: the administrator erases the PKI applet, where it was personalised so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.errors import NotSupported, PinIncorrect
from lockwright.models import Token
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_jacarta import adapter
from lockwright_testkit.program import Program
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[[Simulator], tuple[Module, Token]]
Lock = Callable[[Module, Token], None]
Opens = Callable[[Module, Token, Secret], bool]
Certify = Callable[[Module, Token, Secret], Callable[[Secret], None]]


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    return sim("jacarta-pki", settings={"wipe.allowed": True, "user.tries.max": 3})


def test_a_locked_token_is_erased_by_its_administrator(
    device: Simulator,
    found: Finder,
    lock: Lock,
    certify: Certify,
    pin: Secret,
    so_pin: Secret,
) -> None:
    module, token = found(device)
    certify(module, token, pin)
    lock(module, token)
    assert adapter.lockwright_state(module, token).capabilities.erase
    adapter.lockwright_erase(module, token, so_pin)
    assert device.counts()["JC_PKI_WipeCard"] == 1
    assert adapter.lockwright_list(module, token, None, None) == []


def test_a_wrong_administrators_pin_erases_nothing(
    device: Simulator, found: Finder, certify: Certify, pin: Secret
) -> None:
    module, token = found(device)
    signs = certify(module, token, pin)
    with pytest.raises(PinIncorrect):
        adapter.lockwright_erase(module, token, Secret("not-the-so"))
    signs(pin)


@pytest.mark.parametrize(
    ("personality", "module", "settings"),
    [
        ("jacarta-pki", "", {}),
        ("jacarta-pki", "", {"wipe.allowed": True, "admin.key": bytes(range(24))}),
        ("jacarta-pki", "jacarta@plain", {"wipe.allowed": True}),
        ("jacarta-pro", "", {}),
        ("jacarta-gost2", "", {}),
    ],
)
def test_where_it_is_not_allowed_no_pin_is_tried(
    sim: SimulatorFactory,
    found: Finder,
    so_pin: Secret,
    personality: str,
    module: str,
    settings: dict[str, Setting],
) -> None:
    device = sim(personality, module=module, settings=settings)
    opened, token = found(device)
    assert not adapter.lockwright_state(opened, token).capabilities.erase
    with pytest.raises(NotSupported):
        adapter.lockwright_erase(opened, token, so_pin)
    assert "C_Login" not in device.counts()


@pytest.mark.parametrize("leaves", ["pins", "nothing"])
def test_the_program_erases_whatever_the_card_leaves(
    device: Simulator,
    found: Finder,
    certify: Certify,
    pin: Secret,
    tmp_path: Path,
    leaves: str,
) -> None:
    device.set("wipe.leaves", leaves)
    module, token = found(device)
    certify(module, token, pin)
    program = Program(tmp_path)
    program.secret("so.pin", SO_PIN)
    wipe = ("wipe", "--module", device.module, "--so-pin-file", "so.pin", "--json")
    ended = program.run(*wipe, "--erase", "--yes", "--token", token.serial)
    assert ended.code == 0, ended
    assert {gone["kind"] for gone in ended.document["gone"]} == {"certificate", "public-key"}
    assert [line for line in program.audit.read_text().splitlines() if "lockwright_erase" in line]


def test_the_program_says_where_it_is_not_allowed(sim: SimulatorFactory, tmp_path: Path) -> None:
    device = sim("jacarta-pki")
    program = Program(tmp_path)
    program.secret("so.pin", SO_PIN)
    serial = device.show()["slot0.serial"]
    ended = program.run(
        *("wipe", "--module", device.module, "--erase", "--yes", "--token", serial),
        *("--so-pin-file", "so.pin"),
    )
    assert ended.code == 12
    assert "be erased by its administrator" in ended.err
    assert "C_Login" not in device.counts()
