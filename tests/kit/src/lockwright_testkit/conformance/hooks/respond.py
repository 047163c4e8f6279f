from __future__ import annotations

import pytest
from lockwright.errors import KeyUnusable, RequestMalformed

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.remote import offers_requests, other_form, respond, some_request


class RespondTests:
    """``lockwright_respond``."""

    def test_a_request_has_one_response(self, bench: Bench) -> None:
        """It is computed, not drawn, where no token is connected; its length is as announced."""
        request = bench.challenge() if offers_requests(bench) else some_request(bench)
        response = respond(bench, request.data)
        if bench.subject.hands.pull:
            bench.subject.hands.pull()
        assert response == respond(bench, request.data)
        assert response != request.data
        if request.response_length is not None:
            assert len(response) == request.response_length

    def test_a_process_that_answered_another_request_answers_alike(self, bench: Bench) -> None:
        """It keeps nothing of a Request: a Responder that stays open answers many."""
        request = some_request(bench)
        alone = respond(bench, request.data)
        other = request.data[::-1]
        assert respond(bench, request.data, after=(other,)) == alone
        assert respond(bench, other) != alone

    def test_a_key_of_another_form_makes_no_response(self, bench: Bench) -> None:
        """A password is not a 3DES key, nor the reverse, whatever its length."""
        request = some_request(bench)
        respond(bench, request.data)
        with pytest.raises(KeyUnusable):
            respond(bench, request.data, form=other_form(bench.subject.key_form))

    def test_what_is_no_request_of_the_model_is_told_as_that(self, bench: Bench) -> None:
        """A byte too many, where the model's Requests have one length."""
        request = some_request(bench)
        respond(bench, request.data)
        if bench.response_rule().request_length is None:
            bench.cannot("its Requests have any length")
            return
        with pytest.raises(RequestMalformed):
            respond(bench, request.data + b"\0")
