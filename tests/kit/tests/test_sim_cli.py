"""``lockwright-sim`` from a shell."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "token"
    made = run("new", where, "--tries", 4, "--label", "Анна", "--set", "user.policy.min=6")
    assert made.output == f"export LOCKWRIGHT_SIM={where}\n"
    assert made.exit_code == 0
    return where


def test_a_new_token_is_as_it_was_asked_for(folder: Path) -> None:
    shown = run("show", folder).output.splitlines()
    for line in ("label = Анна", "user.tries = 4", "user.policy.min = 6", "user.pin = ***"):
        assert f"slot0.{line}" in shown


def test_module_prints_the_path_to_load(folder: Path) -> None:
    assert run("module", folder).output.strip() == str(Simulator(folder).module)


def test_a_token_is_pulled_out_and_put_back(folder: Path) -> None:
    run("unplug", folder)
    assert "plugged = no" in run("show", folder).output
    run("plug", folder)
    assert "plugged = yes" in run("show", folder).output


def test_faults_are_planned_shown_and_cleared(folder: Path) -> None:
    assert run("fault", folder, "C_Login@2=0xa0", "C_Sign@*=kill").exit_code == 0
    assert run("fault", folder).output == "C_Login@2=0xa0 C_Sign@*=kill\n"
    run("fault", folder, "--clear")
    assert run("fault", folder).output == "no faults are planned\n"


def test_counts_and_trace_are_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lockwright_testkit.raw import started  # noqa: PLC0415

    monkeypatch.setenv("LOCKWRIGHT_SIM", str(folder))
    run("trace", folder, "on")
    with started(Simulator(folder).module) as module:
        module.slots()
    run("trace", folder, "off")
    assert "       1 C_GetSlotList\n" in run("count", folder).output
    assert " C_GetSlotList 0x0 " in run("trace", folder, "show").output
    run("count", folder, "--zero")
    assert run("count", folder).output == ""


def test_a_setting_is_changed_for_running_programs(folder: Path) -> None:
    assert run("set", folder, "delay.C_Sign=20..400").exit_code == 0
    assert "slot0.delay.C_Sign" not in run("show", folder).output
    assert run("set", folder, "slot0.user.tries=1").exit_code == 0
    assert Simulator(folder).tries() == 1


def test_a_reset_asks_first(folder: Path) -> None:
    run("set", folder, "user.tries=0")
    assert CliRunner().invoke(main, ["reset", str(folder)], input="n\n").exit_code == 1
    assert Simulator(folder).tries() == 0
    assert run("reset", folder, "--yes").exit_code == 0
    assert Simulator(folder).tries() == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "nowhere"), "is no simulator's folder"),
        (("new", "new", "--personality", "nobody"), "there is no personality nobody"),
        (("new", "new", "--set", "nonsense"), "--set takes KEY=VALUE"),
        (("new", "new", "--set", "nonsense=1"), "there is no setting nonsense"),
    ],
)
def test_bad_use_is_a_sentence(
    arguments: tuple[str, ...],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.exit_code != 0
    assert told in done.output
    assert "Traceback" not in done.output
