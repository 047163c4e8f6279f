from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked, PinRefusedByToken

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import lock_secret
from lockwright_testkit.conformance.untested import costing


class ChangeSoPinTests:
    """``lockwright_change_so_pin``."""

    def test_the_administrator_changes_the_so_pin(self, bench: Bench) -> None:
        """The old one is wrong from then on, and the new one can be changed again."""
        bench.change_so_pin(bench.so_pin, bench.new_so_pin)
        with pytest.raises(PinIncorrect):
            bench.change_so_pin(bench.so_pin, bench.new_so_pin)
        bench.change_so_pin(bench.new_so_pin, bench.so_pin)

    def test_a_wrong_old_so_pin_costs_one_try_and_changes_nothing(self, bench: Bench) -> None:
        """``PinIncorrect`` names the SO PIN: whoever loses it loses the token."""
        with costing(bench, "so", 1), pytest.raises(PinIncorrect) as caught:
            bench.change_so_pin(bench.wrong_pin, bench.new_so_pin)
        assert caught.value.facts["role"] == "SO PIN"
        bench.change_so_pin(bench.so_pin, bench.new_so_pin)

    def test_a_weak_so_pin_is_refused_and_the_old_one_stays(self, bench: Bench) -> None:
        with pytest.raises(PinRefusedByToken):
            bench.change_so_pin(bench.so_pin, bench.weak_pin)
        bench.change_so_pin(bench.so_pin, bench.new_so_pin)

    def test_a_locked_so_pin_is_not_changed(self, bench: Bench) -> None:
        """Told as locked, once it is."""
        if lock_secret(bench, "so", lambda: bench.change_so_pin(bench.wrong_pin, bench.new_so_pin)):
            with pytest.raises(PinLocked):
                bench.change_so_pin(bench.so_pin, bench.new_so_pin)
