from __future__ import annotations

from dataclasses import asdict

from lockwright.policy import PinPolicy

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.untested import planned


class PolicyTests:
    """``lockwright_policy``."""

    def test_only_rules_that_the_capabilities_name_are_told(self, bench: Bench) -> None:
        """``policy_reads`` names the fields that a token tells; the others ask for nothing."""
        nothing, told = asdict(PinPolicy()), asdict(bench.policy())
        asked = {field for field, value in told.items() if value != nothing[field]}
        assert asked <= bench.state().capabilities.policy_reads <= set(nothing)

    def test_reading_the_policy_logs_nobody_in(self, bench: Bench) -> None:
        """It is read before every new PIN, and must not cost a try."""
        planned(bench, "C_Login@*=0x5")
        assert bench.policy() == bench.policy()

    def test_the_token_keeps_to_the_policy_that_it_tells(self, bench: Bench) -> None:
        """A PIN that it takes breaks none of its rules; one that it refuses breaks some."""
        policy = bench.policy()
        assert policy.check(bench.new_pin) == ()
        if policy != PinPolicy():
            assert policy.check(bench.weak_pin)
