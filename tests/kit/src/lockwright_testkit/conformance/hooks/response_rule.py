from __future__ import annotations

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.remote import offers_requests


class ResponseRuleTests:
    """``lockwright_response_rule``."""

    def test_the_rule_fits_the_tokens_own_request(self, bench: Bench) -> None:
        """A Request of another length, or a key of another form, is refused before it is used."""
        rule = bench.response_rule()
        assert bench.subject.key_form in rule.key_forms
        assert set(bench.token.serial) - set(rule.serial.letters) <= {" "}
        if offers_requests(bench):
            assert rule.request_length in {None, len(bench.challenge().data)}
