from __future__ import annotations

from dataclasses import replace

import pytest
from lockwright.errors import PinIncorrect, PinLocked
from lockwright.policy import PinPolicy

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.hook_caller import NotOffered
from lockwright_testkit.conformance.scenes import lock_secret


class SetPolicyTests:
    """``lockwright_set_policy``."""

    def test_rules_are_set_where_the_capabilities_say_so(self, bench: Bench) -> None:
        """``policy_sets`` names the fields; what is set is reported at once."""
        wanted = _settable(bench)
        for rule in {"min_length", "min_bytes"} & bench.state().capabilities.policy_sets:
            wanted = replace(wanted, **{rule: getattr(wanted, rule) + 1})
        bench.set_policy(bench.so_pin, wanted)
        assert _settable(bench) == wanted

    def test_a_rule_that_cannot_be_set_is_refused(self, bench: Bench) -> None:
        """As a whole: nothing is quietly left out."""
        before = _settable(bench)
        with pytest.raises(NotOffered):
            bench.set_policy(bench.so_pin, replace(before, refuse_guessable=True))
        assert _settable(bench) == before

    def test_a_wrong_so_pin_sets_no_policy(self, bench: Bench) -> None:
        before = _settable(bench)
        with pytest.raises(PinIncorrect):
            bench.set_policy(bench.wrong_pin, before)
        assert _settable(bench) == before

    def test_a_locked_so_pin_sets_no_policy(self, bench: Bench) -> None:
        """Told as locked, once it is."""
        before = _settable(bench)
        if lock_secret(bench, "so", lambda: bench.set_policy(bench.wrong_pin, before)):
            with pytest.raises(PinLocked):
                bench.set_policy(bench.so_pin, before)
            assert _settable(bench) == before


def _settable(bench: Bench) -> PinPolicy:
    """The token's rules, those only that can be set.

    Where none can, the hook must say ``NotSupported``, which this lets out.
    """
    settable = bench.state().capabilities.policy_sets
    told = bench.policy()
    if not settable:
        bench.set_policy(bench.so_pin, told)
        pytest.fail("a policy was set although the capabilities name no rule to set")
    return PinPolicy(**{field: getattr(told, field) for field in settable})
