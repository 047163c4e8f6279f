from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, TokenFull
from lockwright.models import ObjectKind

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import ID, LABEL, fill, issued
from lockwright_testkit.conformance.untested import planned


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
