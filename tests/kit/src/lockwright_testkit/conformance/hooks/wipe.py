from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import fill, issued, lock
from lockwright_testkit.conformance.untested import planned


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

    def test_a_locked_pin_wipes_nothing(self, bench: Bench) -> None:
        """Told as locked: another try would not help."""
        fill(bench)
        before = {obj.ref for obj in bench.list(None)}
        if lock(bench):
            with pytest.raises(PinLocked):
                bench.wipe(bench.pin)
            assert {obj.ref for obj in bench.list(None)} == before

    def test_what_could_not_be_wiped_is_told(self, bench: Bench) -> None:
        """The rest goes nevertheless."""
        bench.store(bench.pin, b"\x0b", "first", issued())
        bench.store(bench.pin, b"\x0c", "second", issued())
        if planned(bench, "C_DestroyObject@1=0x30"):
            refused = [failure.ref for failure in bench.wipe(bench.pin)]
            planned(bench, "")
            assert [obj.ref for obj in bench.list(bench.pin)] == refused
            assert len(refused) == 1

    def test_the_capabilities_say_whether_it_can(self, bench: Bench) -> None:
        """``wipe`` is true, or the hook says ``NotSupported``."""
        said = bench.state().capabilities.wipe
        bench.wipe(bench.pin)
        assert said
