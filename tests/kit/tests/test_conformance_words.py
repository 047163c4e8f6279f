"""The words of the suite's report: what was not tested, not offered or missing is told as such."""

from __future__ import annotations

import pytest
from suite_run import Run, run

CLASSES = """
from dataclasses import replace
from types import ModuleType
import functions_adapter

class TestReal(tested(sample_adapter.adapter, title="real")):
    @pytest.fixture
    def subject(self, sim):
        device = sim("sample")
        told = Subject.simulated(sample_adapter.adapter, device, weak_pin=None)
        return replace(told, tries=None, fault=None)

def without(hook):
    module = ModuleType("functions_adapter")
    vars(module).update({k: v for k, v in vars(functions_adapter).items() if k != hook})
    return module

class OfFunctions(Conformance):
    @pytest.fixture
    def subject(self, sim):
        strings = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
        return Subject.simulated(without(self.lacks), sim(settings=strings))

class TestKeyless(OfFunctions):
    title, lacks = "keyless", "lockwright_keys"

class TestShut(OfFunctions):
    title, lacks = "shut", "lockwright_open"

class Misnaming(sample_adapter.Sample):
    def lockwright_state(self, module, token):
        state = super().lockwright_state(module, token)
        told = {"lockwright_erase": "a reason"}
        return replace(state, capabilities=replace(state.capabilities, not_offered=told))

class TestMisnaming(tested(Misnaming(), title="misnaming")):
    pass
"""
CHOSEN = (
    "costs_one_try or locked_pin_is_not_changed or weak_pin_is_refused_and or no_half_of_a_pair"
    " or certificate_alone_is_no_key or not_offered_is_said"
)
LEFT_OUT = "left out of this run"
COUNT = "how many tries are left cannot be counted"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("run"), "-k", CHOSEN, classes=CLASSES)


def test_what_a_real_token_cannot_show_is_not_tested_and_never_works(ran: Run) -> None:
    """Without faults, a counter and a PIN that it refuses; what shows nevertheless is tested."""
    words = ran.words["real"]
    assert words["list"] == f"not tested: {COUNT}; {LEFT_OUT}"
    assert words["generate"] == f"not tested: {LEFT_OUT}; the module cannot be made to fail"
    assert words["change_pin"] == (
        f"in part; not tested: {COUNT}; {LEFT_OUT}; the token takes any PIN"
    )
    passed = {name for name, outcome in ran.outcomes.items() if outcome == "PASSED"}
    assert {name for name in passed if "TestReal" in name} == {
        "TestReal::test_a_certificate_alone_is_no_key",
        "TestReal::test_a_locked_pin_is_not_changed",
        "TestReal::test_what_is_not_offered_is_said_of_hooks_with_a_reason",
    }
    assert f": {COUNT}" in ran.said


def test_a_hook_of_which_a_test_was_left_out_does_not_work(ran: Run) -> None:
    """Whether by ``-k``, ``--deselect``, or because one test alone was named."""
    assert ran.words["misnaming"]["keys"] == f"in part; not tested: {LEFT_OUT}"


def test_a_hook_that_is_missing_is_told_by_its_name(ran: Run) -> None:
    assert ran.words["keyless"]["keys"] == "FAILS"
    assert ran.words["keyless"]["list"] == f"in part; not tested: {LEFT_OUT}"
    assert "lockwright_keys: the adapter has no such hook. Answer it; if the token" in ran.said
    assert set(ran.words["shut"].values()) == {"FAILS"}
    assert "lockwright_open: the adapter has no such hook" in ran.said


def test_a_reason_that_names_no_hook_is_refused_with_the_hook_that_is_meant(ran: Run) -> None:
    assert ran.words["misnaming"]["state"] == "FAILS"
    assert "lockwright_erase is no hook; is erase meant?" in ran.said
