from __future__ import annotations

import pytest
from lockwright.errors import KeyUnusable

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.remote import offers_requests, other_form, respond, some_request


class RespondTests:
    """``lockwright_respond``."""

    def test_a_request_has_one_response(self, bench: Bench) -> None:
        """It is computed, not drawn, where no token is connected; its length is as announced."""
        request = bench.challenge() if offers_requests(bench) else some_request(bench)
        response = respond(bench, request.data)
        assert response == respond(bench, request.data)
        assert response != request.data
        if request.response_length is not None:
            assert len(response) == request.response_length

    def test_a_key_of_another_form_makes_no_response(self, bench: Bench) -> None:
        """A password is not a 3DES key, nor the reverse, whatever its length."""
        request = some_request(bench)
        respond(bench, request.data)
        with pytest.raises(KeyUnusable):
            respond(bench, request.data, form=other_form(bench.subject.key_form))
