"""The conformance suite: it passes a good adapter, and finds each fault it is meant to find."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import functions_adapter
import pytest
import sample_adapter
from lockwright_testkit.conformance import Conformance, Subject, hooks
from lockwright_testkit.conformance.report import HOOKS
from lockwright_testkit.sim.fixtures import SimulatorFactory
from suite_run import KEY, PUK, run

SAID = """
from dataclasses import replace
import functions_adapter
from lockwright.errors import NotSupported

class Silent(sample_adapter.Sample):
    def lockwright_set_policy(self):
        raise NotSupported(operation="set rules")

class Wrong(sample_adapter.Sample):
    def lockwright_state(self, module, token):
        state = super().lockwright_state(module, token)
        told = {"unblock_challenge": "nor this"}
        return replace(state, capabilities=replace(state.capabilities, not_offered=told))

class TestSilent(tested(Silent(), title="Silent")):
    pass

class TestWrong(tested(Wrong(), title="Wrong")):
    pass

class TestTrusting(Conformance):
    title = "Trusting"

    @pytest.fixture
    def subject(self, sim, monkeypatch):
        monkeypatch.setattr(functions_adapter, "NOT_OFFERED", {})
        strings = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
        return Subject.simulated(functions_adapter, sim(settings=strings))
"""


class TestSample(Conformance):
    title = "sample"

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim("sample", settings={"admin.key": KEY, "puk.pin": PUK})
        return Subject.simulated(sample_adapter.adapter, device, admin_key=KEY, puk=PUK)


class TestFunctions(Conformance):
    """The contract is hooks: a module of functions is an adapter, too."""

    title = "functions"

    @pytest.fixture
    def subject(self, sim: SimulatorFactory) -> Subject:
        device = sim(settings={"manufacturer": "SoftHSM project", "model": "SoftHSM v2"})
        return Subject.simulated(functions_adapter, device)


def asked() -> set[str]:
    """Every test of the contract."""
    return {name for name in dir(Conformance) if name.startswith("test_")}


def test_every_hook_has_a_file_and_is_in_the_suite() -> None:
    files = {file.stem for file in Path(hooks.__file__).parent.glob("[!_]*.py")}
    tested = {vars(kind)["__module__"].rpartition(".")[2] for kind in Conformance.__bases__}
    assert files == tested == set(HOOKS)


def test_no_two_hooks_have_a_test_of_one_name() -> None:
    named = [name for kind in Conformance.__bases__ for name in vars(kind) if "test_" in name]
    assert len(named) == len(set(named)) == len(asked())


def test_what_is_not_offered_must_be_said_and_be_true(tmp_path: Path) -> None:
    """Neither a hook that is quietly missing nor a promise that is out of date goes unseen."""
    requests, rules = "test_a_request_names_its_token_and_is_a_new_one", "test_a_wrong_so_pin_sets"
    ran = run(tmp_path, "-k", f"{requests} or {rules}", classes=SAID)
    assert ran.outcomes == {
        f"TestSilent::{requests}": "PASSED",
        f"TestSilent::{rules}_no_policy": "FAILED",
        f"TestWrong::{requests}": "FAILED",
        f"TestWrong::{rules}_no_policy": "PASSED",
        f"TestTrusting::{requests}": "PASSED",
        f"TestTrusting::{rules}_no_policy": "PASSED",
    }
    in_part = "in part; not tested: left out of this run"
    assert ran.words == {
        "Silent": {"unblock_challenge": in_part, "set_policy": "FAILS"},
        "Wrong": {"unblock_challenge": "FAILS", "set_policy": in_part},
        "Trusting": {"unblock_challenge": "not offered", "set_policy": "not offered"},
    }


def test_a_test_of_the_contract_cannot_be_replaced() -> None:
    with pytest.raises(TypeError, match="replaces tests of the contract: test_numbers_make_sense"):
        type("TestMine", (Conformance,), {"test_numbers_make_sense": lambda _self: None})


def test_an_installed_adapter_is_tested_by_its_name(tmp_path: Path) -> None:
    """As an author does it at a shell, on a token that passes for the vendor's."""
    suite = ("--pyargs", "lockwright_testkit.conformance", "--lockwright-adapter=softhsm")
    strings = ("--lockwright-set=manufacturer=SoftHSM project", "--lockwright-set=model=Other")
    simulated = run(tmp_path, *suite, *strings, "-k", "match or stranger or wrong_pin").outcomes
    assert len(simulated) > 5
    assert set(simulated.values()) == {"PASSED"}
    beneath = run(
        tmp_path, *suite, "--lockwright-token=softhsm", "-k", "listed or request"
    ).outcomes
    assert len(beneath) > 1
    assert set(beneath.values()) == {"PASSED"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--lockwright-adapter=nobody"], "name one in --lockwright-adapter; installed: "),
        (["--lockwright-adapter=softhsm"], "the module of 'lockwright' shows 'lockwright'"),
        (["--lockwright-adapter=softhsm", "--lockwright-token=no"], "no personality no; there are"),
        (["--lockwright-adapter=softhsm", "--lockwright-set=nothing=x"], "no setting nothing"),
    ],
)
def test_a_run_that_cannot_be_is_ended_with_the_reason(arguments: list[str], told: str) -> None:
    command = [sys.executable, "-m", "pytest", "--pyargs", "lockwright_testkit.conformance"]
    done = subprocess.run([*command, *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert told in done.stdout + done.stderr
