from __future__ import annotations

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.hook_caller import NotOffered
from lockwright_testkit.conformance.remote import offers_requests


class UnblockChallengeTests:
    """``lockwright_unblock_challenge``."""

    def test_a_request_is_made_exactly_where_the_capabilities_say_so(self, bench: Bench) -> None:
        """``CHALLENGE`` stands among the ways, or the hook says ``NotSupported``."""
        said = offers_requests(bench)
        try:
            bench.challenge()
        except NotOffered:
            assert not said
            raise
        assert said

    def test_a_request_names_its_token_and_is_a_new_one(self, bench: Bench) -> None:
        """Two Requests are never the same: a Response fits only once."""
        first, second = bench.challenge(), bench.challenge()
        assert first.serial == bench.token.serial
        assert first.data
        assert first.data != second.data
