from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect
from lockwright.models import PinState, UnblockWay

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import fill

LABEL = "Fresh one, свежий"


class InitTests:
    """``lockwright_init``."""

    def test_a_token_that_is_initialised_is_empty_and_gets_its_user_pin(self, bench: Bench) -> None:
        """The SO PIN stays; with it ``lockwright_unblock`` sets the user PIN, as it does later."""
        fill(bench)
        bench.init(bench.so_pin, LABEL)
        fresh = bench.labelled(LABEL)
        user_pin = fresh.state().user_pin
        assert user_pin is None or user_pin.state is PinState.NOT_SET
        fresh.unblock(UnblockWay.SO_PIN, bench.so_pin, bench.new_pin)
        assert fresh.list(bench.new_pin) == []

    def test_a_wrong_so_pin_initialises_nothing_and_costs_one_try(self, bench: Bench) -> None:
        """Also where the vendor's function would take any SO PIN for the new one."""
        fill(bench)
        before = {obj.ref for obj in bench.list(bench.pin)}
        tries = bench.subject.tries("so") if bench.subject.tries else 0
        with pytest.raises(PinIncorrect):
            bench.init(bench.wrong_pin, LABEL)
        if bench.subject.tries:
            assert bench.subject.tries("so") == tries - 1
        assert {obj.ref for obj in bench.list(bench.pin)} == before
