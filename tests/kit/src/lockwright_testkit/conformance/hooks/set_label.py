from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked
from lockwright.models import LabelBy

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import fill, lock, still_signs

LABEL = "Another one, другой"


class SetLabelTests:
    """``lockwright_set_label``."""

    def test_a_token_gets_another_label_and_keeps_all_that_is_on_it(self, bench: Bench) -> None:
        """``label_by`` of the capabilities says whose PIN does it."""
        by = bench.state().capabilities.label_by
        if by is None:
            bench.set_label(LabelBy.USER, bench.pin, LABEL)
            pytest.fail("the label was set although the capabilities do not say by whom")
        content = fill(bench)
        bench.set_label(by, bench.pin if by is LabelBy.USER else bench.so_pin, LABEL)
        renamed = bench.labelled(LABEL)
        assert still_signs(renamed, bench.pin, content)

    def test_a_wrong_pin_gives_no_label(self, bench: Bench) -> None:
        by = bench.state().capabilities.label_by or LabelBy.USER
        with pytest.raises(PinIncorrect):
            bench.set_label(by, bench.wrong_pin, LABEL)
        bench.labelled(bench.token.identity.label)

    def test_a_locked_pin_gives_no_label(self, bench: Bench) -> None:
        """Where it is the user's that does."""
        by = bench.state().capabilities.label_by or LabelBy.USER
        if by is LabelBy.USER and lock(bench):
            with pytest.raises(PinLocked):
                bench.set_label(by, bench.pin, LABEL)
            bench.labelled(bench.token.identity.label)
