from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked, PinRefusedByToken

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import fill, lock, opens, still_signs
from lockwright_testkit.conformance.untested import costing


class ChangePinTests:
    """``lockwright_change_pin``."""

    def test_the_owner_changes_the_pin(self, bench: Bench) -> None:
        content = fill(bench)
        bench.change_pin(bench.pin, bench.new_pin)
        assert not opens(bench, bench.pin)
        assert still_signs(bench, bench.new_pin, content)

    def test_a_wrong_old_pin_costs_one_try_and_changes_nothing(self, bench: Bench) -> None:
        """Many modules want a login before the change: it is the same PIN, and the same try."""
        with costing(bench, "user", 1), pytest.raises(PinIncorrect):
            bench.change_pin(bench.wrong_pin, bench.new_pin)
        assert opens(bench, bench.pin)

    def test_a_weak_pin_is_refused_and_the_old_one_stays(self, bench: Bench) -> None:
        with pytest.raises(PinRefusedByToken):
            bench.change_pin(bench.pin, bench.weak_pin)
        assert opens(bench, bench.pin)

    def test_a_locked_pin_is_not_changed(self, bench: Bench) -> None:
        if lock(bench):
            with pytest.raises(PinLocked):
                bench.change_pin(bench.pin, bench.new_pin)
