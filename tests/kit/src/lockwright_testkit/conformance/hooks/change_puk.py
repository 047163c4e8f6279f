from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked, PinRefusedByToken

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import lock_secret


class ChangePukTests:
    """``lockwright_change_puk``."""

    def test_the_puk_is_changed(self, bench: Bench) -> None:
        """The old one is wrong from then on, and the new one can be changed again."""
        bench.change_puk(bench.puk, bench.new_puk)
        with pytest.raises(PinIncorrect):
            bench.change_puk(bench.puk, bench.new_puk)
        bench.change_puk(bench.new_puk, bench.puk)

    def test_a_wrong_old_puk_costs_one_try_and_changes_nothing(self, bench: Bench) -> None:
        """``PinIncorrect`` names the PUK."""
        counts = bench.subject.tries if bench.subject.puk else None
        tries = counts("puk") if counts else 0
        with pytest.raises(PinIncorrect) as caught:
            bench.change_puk(bench.wrong_pin, bench.new_puk)
        assert caught.value.facts["role"] == "PUK"
        if counts:
            assert counts("puk") == tries - 1
        bench.change_puk(bench.puk, bench.new_puk)

    def test_a_weak_puk_is_refused_and_the_old_one_stays(self, bench: Bench) -> None:
        with pytest.raises(PinRefusedByToken):
            bench.change_puk(bench.puk, bench.weak_pin)
        bench.change_puk(bench.puk, bench.new_puk)

    def test_a_locked_puk_is_not_changed(self, bench: Bench) -> None:
        """Told as locked, once it is."""
        if lock_secret(bench, "puk", lambda: bench.change_puk(bench.wrong_pin, bench.new_puk)):
            with pytest.raises(PinLocked):
                bench.change_puk(bench.puk, bench.new_puk)
