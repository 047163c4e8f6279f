from __future__ import annotations

import pytest
from lockwright.errors import RequestVoid

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.hook_caller import NotOffered
from lockwright_testkit.conformance.remote import answer, offers_requests, sets_pin
from lockwright_testkit.conformance.scenes import opens


class UnblockCancelTests:
    """``lockwright_unblock_cancel``."""

    def test_a_request_that_was_given_up_is_void(self, bench: Bench) -> None:
        """The right Response comes too late, and the token works on as before."""
        if not offers_requests(bench):
            bench.cancel()
            raise NotOffered("unblock_cancel", "there is never a Request to give up")
        new_pin = bench.new_pin if sets_pin(bench) else None
        late = answer(bench, bench.challenge())
        bench.cancel()
        bench.cancel()  # there is none any more, and that is no error
        with pytest.raises(RequestVoid):
            bench.complete(late, new_pin)
        assert opens(bench, bench.pin)
