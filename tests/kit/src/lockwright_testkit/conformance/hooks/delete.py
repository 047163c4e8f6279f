from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked
from lockwright.models import Failure, ObjectKind

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import fill, issued, lock
from lockwright_testkit.conformance.untested import NO_KEY, planned


class DeleteTests:
    """``lockwright_delete``."""

    def test_what_was_chosen_is_gone_and_the_rest_stays(self, bench: Bench) -> None:
        fill(bench)
        bench.store(bench.pin, b"\x0b", "other", issued())
        before = bench.list(bench.pin)
        other = next(obj for obj in before if obj.label == "other")
        assert bench.delete(bench.pin, [other.ref]) == []
        assert {obj.ref for obj in bench.list(bench.pin)} == {
            obj.ref for obj in before if obj is not other
        }

    def test_what_is_gone_already_counts_as_deleted(self, bench: Bench) -> None:
        fill(bench)
        refs = [obj.ref for obj in bench.list(bench.pin)]
        assert [bench.delete(bench.pin, refs) for _ in range(2)] == [[], []]
        assert bench.list(bench.pin) == []

    def test_a_wrong_pin_deletes_nothing(self, bench: Bench) -> None:
        fill(bench)
        before = bench.list(bench.pin)
        with pytest.raises(PinIncorrect):
            bench.delete(bench.wrong_pin, [obj.ref for obj in before])
        assert {obj.ref for obj in bench.list(bench.pin)} == {obj.ref for obj in before}

    def test_a_locked_pin_deletes_nothing(self, bench: Bench) -> None:
        """Told as locked: another try would not help."""
        fill(bench)
        before = {obj.ref for obj in bench.list(None)}
        if lock(bench):
            with pytest.raises(PinLocked):
                bench.delete(bench.pin, sorted(before))
            assert {obj.ref for obj in bench.list(None)} == before

    def test_a_private_key_that_stays_keeps_its_certificate(self, bench: Bench) -> None:
        """A refusal is reported; what belongs to the key comes back untried."""
        if not fill(bench).key:
            bench.cannot(NO_KEY)
            return
        order = (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY, ObjectKind.CERTIFICATE)
        found = sorted(bench.list(bench.pin), key=lambda obj: order.index(obj.kind))
        if not planned(bench, "C_DestroyObject@1=0x30"):
            return
        key, *rest = [obj.ref for obj in found]
        assert bench.delete(bench.pin, [key, *rest]) == [
            Failure(key, 0x30),
            *(Failure(ref, None) for ref in rest),
        ]
        planned(bench, "")
        assert {obj.ref for obj in bench.list(bench.pin)} == {key, *rest}
