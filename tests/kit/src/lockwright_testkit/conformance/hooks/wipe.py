from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import fill


class WipeTests:
    """``lockwright_wipe``."""

    def test_everything_goes_but_label_and_pin(self, bench: Bench) -> None:
        fill(bench)
        assert bench.wipe(bench.pin) == []
        assert bench.list(bench.pin) == []
        slots = bench.module.slots()
        labels = {s.token.label for s in slots if s.token.serial == bench.token.serial}
        assert bench.token.identity.label in labels

    def test_a_wrong_pin_wipes_nothing(self, bench: Bench) -> None:
        fill(bench)
        before = {obj.ref for obj in bench.list(bench.pin)}
        with pytest.raises(PinIncorrect):
            bench.wipe(bench.wrong_pin)
        assert {obj.ref for obj in bench.list(bench.pin)} == before

    def test_the_capabilities_say_whether_it_can(self, bench: Bench) -> None:
        """``wipe`` is true, or the hook says ``NotSupported``."""
        said = bench.state().capabilities.wipe
        bench.wipe(bench.pin)
        assert said
