from __future__ import annotations

import pytest
from lockwright.errors import RequestMalformed

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.remote import NO_REQUEST, offers_requests, respond


class RespondTests:
    """``lockwright_respond``."""

    def test_a_request_has_one_response(self, bench: Bench) -> None:
        """It is computed, not drawn, where no token is connected; its length is as announced."""
        request = bench.challenge() if offers_requests(bench) else None
        data = request.data if request else NO_REQUEST
        response = respond(bench, data)
        assert response == respond(bench, data)
        assert response != data
        if request and request.response_length is not None:
            assert len(response) == request.response_length

    def test_what_is_no_request_is_not_answered(self, bench: Bench) -> None:
        """A Request of another length was misheard."""
        with pytest.raises(RequestMalformed):
            respond(bench, bytes(3))
