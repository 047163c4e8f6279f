"""Bad use gets a clear message, and a damaged token is never silently made new."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.pkcs11.constants import CKR
from lockwright_testkit.build import BuildError
from lockwright_testkit.raw import RawModule
from lockwright_testkit.sim import USER_PIN, Simulator, SimulatorError
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]
Child = Callable[..., "subprocess.CompletedProcess[str]"]

ASK = "print(RawModule(path).initialize())"


def complaint(child: Child, token: Simulator) -> str:
    """What a program that loads the module reads on stderr; it must fail."""
    done = child(token, ASK)
    assert done.stdout.split() == [str(int(CKR.DEVICE_ERROR))]
    return done.stderr


@pytest.mark.parametrize(
    ("old", "new"), [("tries = 2", "tries = 9"), ("state 1", "stale 1"), ("=", ""), ("\n", " ")]
)
def test_a_damaged_state_is_told_and_kept(
    token: Simulator, start: Starter, child: Child, old: str, new: str
) -> None:
    module = start(token)
    module.login(module.open(0), "wrong")
    module.finalize()
    state = token.folder / "state"
    damaged = state.read_text().replace(old, new, 1)
    state.write_text(damaged)
    assert "the state file is damaged" in complaint(child, token)
    with pytest.raises(SimulatorError, match="damaged"):
        token.show()
    assert state.read_text() == damaged


def test_a_state_of_another_format_is_told(token: Simulator, child: Child) -> None:
    state = token.folder / "state"
    state.write_text(state.read_text().replace("state 1", "state 2"))
    assert "is of format 2, this simulator writes 1" in complaint(child, token)


def test_damage_under_a_running_program_is_a_device_error(
    token: Simulator, start: Starter, capfd: pytest.CaptureFixture[str]
) -> None:
    module = start(token)
    session = module.open(0)
    (token.folder / "state").write_text("nonsense")
    assert module.login(session, USER_PIN) == CKR.DEVICE_ERROR
    assert "damaged" in capfd.readouterr().err


def test_a_reset_mends_a_damaged_token(token: Simulator, start: Starter) -> None:
    module = start(token)
    module.login(module.open(0), "wrong")
    module.finalize()
    (token.folder / "state").write_text("nonsense")
    (token.folder / "counts").unlink()
    token.reset()
    assert token.tries() == 3
    module.initialize()
    assert module.login(module.open(0), USER_PIN) == CKR.OK


def test_a_missing_file_is_told_by_name(token: Simulator, child: Child) -> None:
    (token.folder / "counts").unlink()
    assert "`counts` is missing" in complaint(child, token)
    (token.folder / "state").unlink()
    token.reset()
    (token.folder / "state").unlink()
    assert "state file cannot be read" in complaint(child, token)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version = 1", "version = 7", "is of version 7, this simulator reads version 1"),
        ("version = 1", "", "is of version (none)"),
        ("personality = plain", "personality = nobody", "knows no personality nobody"),
        ("[slot]", "", "names no slot"),
        ("label = ", "lable = ", "there is no setting slot0.lable"),
        ("label = ", "label ", "is no `key = value`"),
    ],
)
def test_a_wrong_device_conf_is_told(
    token: Simulator, child: Child, old: str, new: str, told: str
) -> None:
    conf = token.folder / "device.conf"
    conf.write_text(conf.read_text().replace(old, new, 1))
    assert told in complaint(child, token)


def test_a_folder_that_is_none_is_told(
    token: Simulator, child: Child, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOCKWRIGHT_SIM", str(tmp_path))
    assert f"{tmp_path}: this is no simulator's folder" in complaint(child, token)
    monkeypatch.setenv("LOCKWRIGHT_SIM", "")
    assert "LOCKWRIGHT_SIM is not set" in complaint(child, token)
    with pytest.raises(SimulatorError, match="is no simulator's folder"):
        Simulator(tmp_path)


def test_without_softhsm_it_says_what_to_install(
    sim: SimulatorFactory, token: Simulator, child: Child
) -> None:
    with pytest.raises(SimulatorError, match="install it"):
        sim(settings={"softhsm": "/nowhere/libsofthsm2.so"})
    conf = token.folder / "device.conf"
    conf.write_text(conf.read_text().replace("[slot]", f"softhsm = {os.devnull}\n[slot]"))
    assert "cannot load" in complaint(child, token)


def test_without_a_compiler_it_says_what_to_install(
    token: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(BuildError, match="no C compiler: no-such-compiler is not there"):
        _ = Simulator(token.folder).module
    assert not list(tmp_path.iterdir())


def test_a_taken_folder_and_an_unknown_personality_are_refused(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    with pytest.raises(SimulatorError, match="is not empty"):
        Simulator.create(tmp_path)
    with pytest.raises(SimulatorError, match="there is no personality nobody; there are plain"):
        Simulator.create(tmp_path / "new", "nobody")
    with pytest.raises(SimulatorError, match="must not hold"):
        Simulator.create(tmp_path / "a:b")


def test_an_unknown_setting_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match="there is no setting nonsense"):
        Simulator.create(tmp_path / "new", settings={"nonsense": 1})
    assert not list((tmp_path / "new").iterdir())


def test_a_change_is_made_as_a_whole_or_not_at_all(token: Simulator) -> None:
    before = token.show()
    with pytest.raises(SimulatorError, match="there is no setting"):
        token.set("nonsense", 1)
    assert token.show() == before


def test_a_copied_folder_is_another_token_in_the_same_state(
    token: Simulator, start: Starter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = start(token)
    module.login(module.open(0), "wrong")
    module.finalize()
    copy = Simulator(Path(shutil.copytree(token.folder, tmp_path / "copy")))
    shutil.rmtree(token.folder)
    monkeypatch.setenv("LOCKWRIGHT_SIM", str(copy.folder))
    module.initialize()
    assert module.login(module.open(0), "wrong") == CKR.PIN_INCORRECT
    assert copy.tries() == 1


def test_another_vendors_device_is_left_alone(
    sim: SimulatorFactory, start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign, own = sim(label="foreign"), sim(label="own")
    conf = foreign.folder / "device.conf"
    conf.write_text(conf.read_text().replace("module = plain", "module = other"))
    module = start(own)
    labels = [module.token_info(slot).label.strip() for slot in module.slots()]
    assert labels == [b"own"]
    module.finalize()
    monkeypatch.setenv("LOCKWRIGHT_SIM", str(foreign.folder))
    module.initialize()
    assert module.slots() == []


def test_softhsm_itself_is_not_disturbed(
    token: Simulator, start: Starter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "theirs.conf"))
    start(token).slots()
    assert os.environ["SOFTHSM2_CONF"] == str(tmp_path / "theirs.conf")
    printed = subprocess.run(["env"], check=True, capture_output=True, text=True).stdout
    assert f"SOFTHSM2_CONF={tmp_path / 'theirs.conf'}" in printed
