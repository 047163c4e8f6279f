from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, TokenFull, TokenWriteProtected
from lockwright.models import ObjectKind

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import ID, LABEL, fill, issued
from lockwright_testkit.conformance.untested import NO_PROTECTION, costing, planned


class StoreTests:
    """``lockwright_store``."""

    def test_a_certificate_is_written_beside_its_key(self, bench: Bench) -> None:
        """It shares id and label with the key, by which every other program joins them."""
        content = fill(bench)
        found = [obj for obj in bench.list(None) if obj.kind is ObjectKind.CERTIFICATE]
        assert [(obj.id, obj.label, obj.value) for obj in found] == [
            (ID, LABEL, content.certificate)
        ]

    def test_a_full_token_is_told_and_keeps_no_half_of_a_certificate(self, bench: Bench) -> None:
        if planned(bench, "C_CreateObject@1=0x31"):
            with pytest.raises(TokenFull):
                bench.store(bench.pin, ID, LABEL, issued())
            planned(bench, "")
        assert bench.list(bench.pin) == []
        fill(bench)

    def test_a_wrong_pin_stores_nothing(self, bench: Bench) -> None:
        with pytest.raises(PinIncorrect):
            bench.store(bench.wrong_pin, ID, LABEL, issued())
        assert bench.list(bench.pin) == []

    def test_a_write_protected_token_is_told_before_a_pin_is_sent(self, bench: Bench) -> None:
        """It can still be read, in a session that only reads."""
        if not bench.subject.hands.protect:
            bench.cannot(NO_PROTECTION)
            return
        content = fill(bench)
        bench.subject.hands.protect()
        with costing(bench, "user", 0), pytest.raises(TokenWriteProtected):
            bench.store(bench.wrong_pin, b"\x0b", "other", issued())
        assert content.certificate in {obj.value for obj in bench.list(bench.pin)}
