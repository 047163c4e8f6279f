from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked, TokenRemoved
from lockwright.models import UnblockWay

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import fill, lock_secret


class EraseTests:
    """``lockwright_erase``."""

    def test_the_administrator_erases_where_the_capabilities_say_so(self, bench: Bench) -> None:
        """Nothing is left; the PINs may go with it, and the token be blank then."""
        if not bench.state().capabilities.erase:
            bench.erase(bench.so_pin)
            pytest.fail("the token was erased although the capabilities do not name it")
        fill(bench)
        bench.erase(bench.so_pin)
        try:
            left = bench.list(None)
        except TokenRemoved:  # a blank token is none that can be found
            return
        assert left == []
        if UnblockWay.SO_PIN in bench.state().capabilities.unblock_sets_pin:
            bench.unblock(UnblockWay.SO_PIN, bench.so_pin, bench.new_pin)
            assert bench.list(bench.new_pin) == []

    def test_a_wrong_so_pin_erases_nothing(self, bench: Bench) -> None:
        fill(bench)
        before = {obj.ref for obj in bench.list(bench.pin)}
        with pytest.raises(PinIncorrect):
            bench.erase(bench.wrong_pin)
        assert {obj.ref for obj in bench.list(bench.pin)} == before

    def test_a_locked_so_pin_erases_nothing(self, bench: Bench) -> None:
        """Told as locked, once it is."""
        fill(bench)
        before = {obj.ref for obj in bench.list(bench.pin)}
        if lock_secret(bench, "so", lambda: bench.erase(bench.wrong_pin)):
            with pytest.raises(PinLocked):
                bench.erase(bench.so_pin)
            assert {obj.ref for obj in bench.list(bench.pin)} == before
