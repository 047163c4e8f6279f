from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked, PinRefusedByToken, TokenBusy
from lockwright.models import PinState, UnblockWay
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import fill, lock_secret, second_session
from lockwright_testkit.conformance.untested import ANY_SO_PIN, NO_BLANK, costing

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
        with costing(bench, "so", 1), pytest.raises(PinIncorrect):
            bench.init(bench.wrong_pin, LABEL)
        assert {obj.ref for obj in bench.list(bench.pin)} == before

    def test_a_locked_so_pin_initialises_nothing(self, bench: Bench) -> None:
        """Told as locked, once it is."""
        fill(bench)
        before = {obj.ref for obj in bench.list(bench.pin)}
        if lock_secret(bench, "so", lambda: bench.init(bench.wrong_pin, LABEL)):
            with pytest.raises(PinLocked):
                bench.init(bench.so_pin, LABEL)
            assert {obj.ref for obj in bench.list(bench.pin)} == before

    def test_a_token_that_is_in_use_is_not_initialised(self, bench: Bench) -> None:
        """Of a session that another part of the program has."""
        fill(bench)
        before = {obj.ref for obj in bench.list(bench.pin)}
        with second_session(bench), pytest.raises(TokenBusy):
            bench.init(bench.so_pin, LABEL)
        assert {obj.ref for obj in bench.list(bench.pin)} == before

    def test_a_blank_token_that_refuses_its_first_so_pin_stays_blank(self, bench: Bench) -> None:
        """Told as refused, since it has none that could be wrong; then it takes a better one."""
        make_blank, weak = bench.subject.hands.blank, bench.subject.weak_so_pin
        if not make_blank or weak is None:
            bench.cannot(ANY_SO_PIN if make_blank else NO_BLANK)
            return
        make_blank()
        blank = bench.now
        assert not blank.token.identity.initialized
        with pytest.raises(PinRefusedByToken):
            blank.init(Secret(weak), LABEL)
        assert not bench.now.token.identity.initialized
        blank.init(bench.new_so_pin, LABEL)
        fresh = bench.labelled(LABEL)
        fresh.unblock(UnblockWay.SO_PIN, bench.new_so_pin, bench.new_pin)
        assert fresh.list(bench.new_pin) == []
