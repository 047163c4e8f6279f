from __future__ import annotations

import pytest
from lockwright.errors import LockwrightError, PinRefusedByToken, RequestVoid, ResponseWrong
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.remote import NO_REQUEST, answer, offers_requests, wrong
from lockwright_testkit.conformance.steps import fill, lock, opens, still_signs


class UnblockCompleteTests:
    """``lockwright_unblock_complete``."""

    def test_the_response_sets_a_new_pin(self, bench: Bench) -> None:
        """The PIN is really locked first, and the key signs afterwards."""
        _needed(bench)
        content = fill(bench)
        assert lock(bench)
        bench.complete(answer(bench, bench.challenge()), bench.new_pin)
        assert still_signs(bench, bench.new_pin, content)
        assert not opens(bench, bench.pin)

    def test_a_wrong_response_ends_the_request(self, bench: Bench) -> None:
        """The right Response comes too late then."""
        _needed(bench)
        right = answer(bench, bench.challenge())
        with pytest.raises(ResponseWrong):
            bench.complete(wrong(right), bench.new_pin)
        with pytest.raises(LockwrightError):
            bench.complete(right, bench.new_pin)
        assert opens(bench, bench.pin)

    def test_a_response_without_a_request_is_void(self, bench: Bench) -> None:
        """No administrator's try is spent on it."""
        _needed(bench)
        with pytest.raises(RequestVoid):
            bench.complete(Secret(NO_REQUEST), bench.new_pin)

    def test_a_second_request_voids_the_first(self, bench: Bench) -> None:
        _needed(bench)
        late = answer(bench, bench.challenge())
        bench.challenge()
        with pytest.raises(LockwrightError):
            bench.complete(late, bench.new_pin)
        assert opens(bench, bench.pin)

    def test_a_weak_new_pin_is_refused_with_the_response(self, bench: Bench) -> None:
        """Told as such, and the old PIN stays."""
        _needed(bench)
        response = answer(bench, bench.challenge())
        with pytest.raises(PinRefusedByToken):
            bench.complete(response, bench.weak_pin)
        assert opens(bench, bench.pin)


def _needed(bench: Bench) -> None:
    """Where there are no Requests, the hook must say ``NotSupported``, which this lets out."""
    if not offers_requests(bench):
        bench.complete(Secret(NO_REQUEST), bench.new_pin)
        pytest.fail("a Response was taken although the capabilities name no Request")
