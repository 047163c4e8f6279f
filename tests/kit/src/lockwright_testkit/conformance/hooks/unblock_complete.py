from __future__ import annotations

import pytest
from lockwright.errors import (
    LockwrightError,
    PinRefusedByToken,
    RequestVoid,
    ResponseWrong,
    TokenRemoved,
)
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.hook_caller import NotOffered
from lockwright_testkit.conformance.remote import (
    NO_REQUEST,
    answer,
    keeps_pin,
    offers_requests,
    sets_pin,
    wrong,
)
from lockwright_testkit.conformance.scenes import at_last_try, fill, lock, opens, still_signs
from lockwright_testkit.conformance.untested import NO_PULL


class UnblockCompleteTests:
    """``lockwright_unblock_complete``."""

    def test_the_response_sets_a_new_pin(self, bench: Bench) -> None:
        """The PIN is really locked first, and the key signs afterwards."""
        _needed(bench)
        if not sets_pin(bench):
            _refused(bench, bench.new_pin)
            return
        content = fill(bench)
        assert lock(bench)
        bench.complete(answer(bench, bench.challenge()), bench.new_pin)
        assert still_signs(bench, bench.new_pin, content)
        assert not opens(bench, bench.pin)

    def test_the_response_keeps_the_pin_where_the_capabilities_say_so(self, bench: Bench) -> None:
        """Only the counter is set back."""
        _needed(bench)
        if not keeps_pin(bench):
            _refused(bench, None)
            return
        content = fill(bench)
        assert lock(bench)
        bench.complete(answer(bench, bench.challenge()), None)
        assert still_signs(bench, bench.pin, content)

    def test_a_response_unblocks_at_the_last_try_too(self, bench: Bench) -> None:
        new_pin = _needed(bench)
        content = fill(bench)
        if at_last_try(bench):
            bench.complete(answer(bench, bench.challenge()), new_pin)
            assert still_signs(bench, new_pin or bench.pin, content)

    def test_a_token_pulled_out_meanwhile_holds_no_request(self, bench: Bench) -> None:
        """The right Response comes too late, and the token works on as before."""
        new_pin = _needed(bench)
        pull, put_back = bench.subject.hands.pull, bench.subject.hands.put_back
        if not pull or not put_back:
            bench.cannot(NO_PULL)
            return
        late = answer(bench, bench.challenge())
        pull()
        put_back()
        with pytest.raises((RequestVoid, TokenRemoved)):
            bench.complete(late, new_pin)
        assert opens(bench, bench.pin)

    def test_a_wrong_response_ends_the_request(self, bench: Bench) -> None:
        """The right Response comes too late then."""
        new_pin = _needed(bench)
        right = answer(bench, bench.challenge())
        with pytest.raises(ResponseWrong) as told:
            bench.complete(wrong(right), new_pin)
        left, really = told.value.facts["tries_left"], bench.subject.tries
        assert left is None or not really or left == really("so"), "the administrator's tries"
        with pytest.raises(LockwrightError):
            bench.complete(right, new_pin)
        assert opens(bench, bench.pin)

    def test_a_response_without_a_request_is_void(self, bench: Bench) -> None:
        """No administrator's try is spent on it."""
        new_pin = _needed(bench)
        with pytest.raises(RequestVoid):
            bench.complete(Secret(NO_REQUEST), new_pin)

    def test_a_second_request_voids_the_first(self, bench: Bench) -> None:
        new_pin = _needed(bench)
        late = answer(bench, bench.challenge())
        bench.challenge()
        with pytest.raises(LockwrightError):
            bench.complete(late, new_pin)
        assert opens(bench, bench.pin)

    def test_a_weak_new_pin_is_refused_with_the_response(self, bench: Bench) -> None:
        """Told as such, and the old PIN stays."""
        if _needed(bench) is not None:
            response = answer(bench, bench.challenge())
            with pytest.raises(PinRefusedByToken):
                bench.complete(response, bench.weak_pin)
            assert opens(bench, bench.pin)


def _needed(bench: Bench) -> Secret | None:
    """The PIN to set; None where a Response keeps the PIN.

    Where there are no Requests, the hook must say so, or that there is none now.
    """
    if not offers_requests(bench):
        with pytest.raises(RequestVoid):
            bench.complete(Secret(NO_REQUEST), bench.new_pin)
        raise NotOffered("unblock_complete", "there is never a Request to answer")
    # Asked now, since nothing may touch the token once there is a Request.
    return bench.new_pin if sets_pin(bench) else None


def _refused(bench: Bench, new_pin: Secret | None) -> None:
    """What the capabilities do not name is refused, and changes nothing."""
    response = answer(bench, bench.challenge())
    with pytest.raises(NotOffered):
        bench.complete(response, new_pin)
    assert opens(bench, bench.pin)
