from __future__ import annotations

import pytest
from lockwright.contract.adapter_class import meant
from lockwright.contract.markers import PREFIX
from lockwright.errors import PinIncorrect, TokenRemoved
from lockwright.models import PinState

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.report import HOOKS
from lockwright_testkit.conformance.scenes import lock
from lockwright_testkit.conformance.untested import NO_COUNT, NO_STATE, planned


class StateTests:
    """``lockwright_state``."""

    def test_numbers_make_sense(self, bench: Bench) -> None:
        """A number is what the token says, or None; nothing is filled in."""
        state = bench.state()
        shortest, longest = state.pin_lengths or (0, 0)
        assert 0 <= shortest <= longest
        assert state.memory is None or 0 <= state.memory.free <= state.memory.total
        assert len(set(state.capabilities.key_types)) == len(state.capabilities.key_types)

    def test_what_is_not_offered_is_said_of_hooks_with_a_reason(self, bench: Bench) -> None:
        """``not_offered`` of the capabilities has the names of hooks, without ``lockwright_``."""
        told = bench.state().capabilities.not_offered
        foreign = [
            f"{name} is no hook{meant(name.removeprefix(PREFIX), HOOKS)}"
            for name in sorted(set(told) - set(HOOKS))
        ]
        assert not foreign, f"not_offered of the capabilities: {', '.join(foreign)}"
        assert all(told.values())

    def test_reading_the_state_logs_nobody_in(self, bench: Bench) -> None:
        """A token that is only looked at must not lose a try."""
        planned(bench, "C_Login@*=0x5")
        state = bench.state()
        assert state.user_pin is None or state.user_pin.state is not PinState.LOCKED

    def test_a_token_that_is_gone_has_no_state(self, bench: Bench) -> None:
        """Another one in its slot does not answer for it."""
        with pytest.raises(TokenRemoved):
            bench.another.state()

    def test_tries_left_are_the_true_ones(self, bench: Bench) -> None:
        """Told where ``reads_tries`` says so, and as many as the token counts."""
        for _ in range(2):
            with pytest.raises(PinIncorrect):
                bench.list(bench.wrong_pin)
        state = bench.state()
        if state.capabilities.reads_tries:
            assert state.user_pin is not None
            assert state.user_pin.tries_left is not None
        if state.user_pin and state.user_pin.tries_left is not None:
            if bench.subject.tries:
                assert state.user_pin.tries_left == bench.subject.tries("user")
            else:
                bench.cannot(NO_COUNT)

    def test_a_locked_pin_is_said_to_be_locked(self, bench: Bench) -> None:
        """Otherwise nobody learns that an unblock is what helps; None is that it does not tell."""
        if lock(bench):
            status = bench.state().user_pin
            if status is None:
                bench.cannot(NO_STATE)
            else:
                assert status.state is PinState.LOCKED
