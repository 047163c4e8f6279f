"""Which tokens are claimed, which modules are opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from lockwright.adapter import Setting
from lockwright.errors import BrokenConfiguration, LockwrightError, ModuleTooOld
from lockwright.models import Confidence, ModuleInfo, Token, TokenIdentity
from lockwright.pkcs11.session import Module
from lockwright_etoken import adapter
from lockwright_etoken.tokens import MODULES
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

Finder = Callable[..., tuple[Module, Token]]

SAC, OTHER = "SafeNet eToken PKCS#11", "Somebody's PKCS#11"


def identity(manufacturer: str, model: str, description: str = SAC) -> TokenIdentity:
    module = ModuleInfo(Path("/m"), "SafeNet, Inc.", description, (10, 8))
    return TokenIdentity("02aea1d3", "My Token", model, manufacturer, module, 0, "reader")


@pytest.mark.parametrize(
    ("manufacturer", "model", "description", "sure"),
    [
        ("SafeNet, Inc.", "eToken", SAC, Confidence.MODEL),
        ("SafeNet, Inc.", "eToken", OTHER, Confidence.MODEL),
        ("Aladdin Ltd.", "eToken", SAC, Confidence.MODEL),
        ("Gemalto", "ID Prime MD", SAC, Confidence.MODEL),
        ("Gemalto", "ID Prime MD", OTHER, Confidence.MODEL),
        ("SafeNet, Inc.", "eToken Fusion", SAC, Confidence.FAMILY),
        ("SafeNet, Inc.", "Luna", OTHER, None),
        ("Gemalto", "Another", OTHER, None),
        ("Gemalto", "eToken", OTHER, None),
        ("Aladdin R.D.", "PRO", OTHER, None),
        ("Aladdin R.D.", "eToken", SAC, None),
        ("SoftHSM project", "SoftHSM v2", OTHER, None),
    ],
)
def test_a_token_is_claimed_by_manufacturer_model_and_module(
    manufacturer: str, model: str, description: str, sure: Confidence | None
) -> None:
    match = adapter.lockwright_match(identity(manufacturer, model, description))
    assert (match.confidence if match else None) == sure
    assert match is None or repr(model) in match.reason


@pytest.mark.parametrize("personality", ["etoken", "etoken-idprime"])
def test_a_simulated_token_is_claimed(
    sim: SimulatorFactory, found: Finder, personality: str
) -> None:
    _module, token = found(sim(personality))
    match = adapter.lockwright_match(token.identity)
    assert match is not None
    assert match.confidence is Confidence.MODEL


def test_modules_are_known_by_absolute_paths_on_every_system() -> None:
    assert all(
        PureWindowsPath(path).is_absolute() or PurePosixPath(path).is_absolute() for path in MODULES
    )
    assert adapter.lockwright_modules({"modules": ["/opt/m.so"]}) == (Path("/opt/m.so"),)


@pytest.mark.parametrize(
    ("version", "settings"),
    [("5.1", {}), ("5.10", {}), ("10.8", {}), ("4.55", {"min_version": "4.55"})],
)
def test_a_module_that_is_new_enough_is_opened(
    sim: SimulatorFactory, found: Finder, version: str, settings: dict[str, Setting]
) -> None:
    module, _token = found(sim("etoken", settings={"library.version": version}), **settings)
    assert module.info().version == tuple(map(int, version.split(".")))


@pytest.mark.parametrize(
    ("version", "settings", "needed"),
    [("5.0", {}, "5.1"), ("4.55", {}, "5.1"), ("10.8", {"min_version": "10.9"}, "10.9")],
)
def test_a_module_that_is_too_old_is_refused_with_both_versions(
    sim: SimulatorFactory, version: str, settings: dict[str, Setting], needed: str
) -> None:
    device = sim("etoken", settings={"library.version": version})
    with pytest.raises(ModuleTooOld, match=f"has the version {version}; {needed} or newer") as told:
        adapter.lockwright_open(device.module, settings)
    assert told.value.facts == {"module": str(device.module), "found": version, "needed": needed}
    assert device.counts()["C_Finalize"] == 1


def test_the_version_of_another_module_has_no_say(sim: SimulatorFactory, found: Finder) -> None:
    settings: dict[str, str | int | bytes | bool] = {
        "library.version": "1.2",
        "library.description": "IDPrime",
    }
    module, _token = found(sim("etoken-idprime", module="etoken@plain", settings=settings))
    assert module.info().version == (1, 2)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"min_version": "new"}, "min_version is not a version such as"),
        ({"min_version": "5"}, "min_version is not a version such as"),
        ({"unlock_count": "some"}, "unlock_count is not one of used, left"),
        ({"binding": "python-pkcs11"}, "binding is not one of pykcs11"),
        ({"colour": "red"}, "knows no setting colour"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(settings: dict[str, Setting], reason: str) -> None:
    with pytest.raises(BrokenConfiguration, match=reason):
        adapter.lockwright_modules(settings)


def test_nothing_but_errors_of_lockwright_comes_of_a_file_that_is_no_module(
    tmp_path: Path,
) -> None:
    (tmp_path / "m.so").write_text("no module")
    with pytest.raises(LockwrightError):
        adapter.lockwright_open(tmp_path / "m.so", {})


def test_a_device_can_be_pulled_out(sim: SimulatorFactory, found: Finder) -> None:
    device: Simulator = sim("etoken")
    module, token = found(device)
    device.unplug()
    with pytest.raises(LockwrightError, match="was removed"):
        adapter.lockwright_state(module, token)
