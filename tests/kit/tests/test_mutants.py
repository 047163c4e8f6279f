"""Every promise of the contract has an adapter that breaks it, and the suite finds those."""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright_testkit.conformance import Conformance
from lockwright_testkit.conformance.promises import promises
from mutant_runs import outcomes
from mutants.breaking import MUTANTS, NOT_AN_ADAPTERS, NOTHING_FINDS, promise_of

ENOUGH = 0.95
"""How many of the promises the suite must find broken."""


def asked() -> set[str]:
    """Every test of the contract."""
    return {name for name in dir(Conformance) if name.startswith("test_")}


def test_every_promise_of_the_contract_is_broken_by_a_mutant() -> None:
    """A new sentence of a hook's docstring wants one: see ``samples/mutants``."""
    broken = {mutant.promise for mutant in MUTANTS} | set(map(promise_of, NOT_AN_ADAPTERS))
    assert [f"{each.id}: {each.text}" for each in promises() if each not in broken] == []


def test_a_promise_that_is_no_more_has_no_mutant() -> None:
    with pytest.raises(LookupError, match="0 promises of list say 'It must sing'"):
        promise_of("list: It must sing")


def test_enough_promises_are_held_and_the_others_are_named() -> None:
    """A mutant that no test finds stands there with the reason."""
    missed = {mutant.promise for mutant in MUTANTS if not mutant.tests}
    ours = [each for each in promises() if each not in set(map(promise_of, NOT_AN_ADAPTERS))]
    assert {mutant.name for mutant in MUTANTS if not mutant.tests} == set(NOTHING_FINDS)
    assert 1 - len(missed) / len(ours) >= ENOUGH


def test_each_test_of_the_contract_finds_what_it_is_meant_to_find(tmp_path: Path) -> None:
    """One mutant for each test, a sample of what ``make mutants`` runs.

    The sample adapter, of which they are made, passes every test.
    """
    chosen = {test: mutant for mutant in reversed(MUTANTS) for test in mutant.tests}
    assert asked() == set(chosen)
    found = outcomes(tmp_path, [(mutant, test) for test, mutant in chosen.items()])
    assert {node for node, outcome in found.items() if outcome != "FAILED"} == set()
    noticed = {node.partition("::")[2].partition("[")[0] for node in found}
    assert asked() - noticed == set()
