from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect
from lockwright.policy import PinPolicy

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.caller import NotOffered


class SetPolicyTests:
    """``lockwright_set_policy``."""

    def test_rules_are_set_where_the_capabilities_say_so(self, bench: Bench) -> None:
        """``policy_sets`` names the fields; a rule it does not name is refused as a whole."""
        settable = bench.state().capabilities.policy_sets
        if not settable:
            bench.set_policy(bench.so_pin, PinPolicy(min_length=6))
            pytest.fail("a policy was set although the capabilities name no rule to set")
        foreign = {"refuse_guessable"} - settable
        if foreign:
            with pytest.raises(NotOffered):
                bench.set_policy(bench.so_pin, PinPolicy(refuse_guessable=True))
        bench.set_policy(bench.so_pin, bench.policy())

    def test_a_wrong_so_pin_sets_no_policy(self, bench: Bench) -> None:
        before = bench.policy()
        with pytest.raises(PinIncorrect):
            bench.set_policy(bench.wrong_pin, before)
        assert bench.policy() == before
