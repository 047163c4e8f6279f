from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked, PinRefusedByToken, TokenRemoved
from lockwright.models import UnblockWay
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.hook_caller import NotOffered
from lockwright_testkit.conformance.scenes import (
    at_last_try,
    fill,
    lock,
    lock_secret,
    opens,
    second_session,
    still_signs,
)
from lockwright_testkit.conformance.untested import NO_PULL, costing

_WAYS = pytest.mark.parametrize("way", [UnblockWay.SO_PIN, UnblockWay.PUK], ids=str)


class UnblockTests:
    """``lockwright_unblock``."""

    @_WAYS
    def test_a_new_pin_is_set_where_the_capabilities_say_so(
        self, bench: Bench, way: UnblockWay
    ) -> None:
        """Certificate and key stay as they are; the old PIN no longer works."""
        if way not in bench.state().capabilities.unblock_sets_pin:
            _refused(bench, way, bench.new_pin)
            return
        content = fill(bench)
        lock(bench)
        bench.unblock(way, _secret(bench, way), bench.new_pin)
        assert not opens(bench, bench.pin)
        assert still_signs(bench, bench.new_pin, content)

    @_WAYS
    def test_the_pin_is_kept_where_the_capabilities_say_so(
        self, bench: Bench, way: UnblockWay
    ) -> None:
        """Only the counter is set back."""
        if way not in bench.state().capabilities.unblock_keeps_pin:
            _refused(bench, way, None)
            return
        content = fill(bench)
        lock(bench)
        bench.unblock(way, _secret(bench, way), None)
        assert still_signs(bench, bench.pin, content)

    def test_a_wrong_secret_is_tried_once_and_changes_nothing(self, bench: Bench) -> None:
        """``PinIncorrect`` names whose PIN was wrong."""
        way = _some_way(bench)
        whose = "puk" if way is UnblockWay.PUK else "so"
        with costing(bench, whose, 1), pytest.raises(PinIncorrect):
            bench.unblock(way, bench.wrong_pin, bench.new_pin)
        assert opens(bench, bench.pin)

    def test_a_locked_secret_is_told_apart_from_a_wrong_one(self, bench: Bench) -> None:
        """The right one is of no use any more, and the user PIN stays as it was."""
        way = _some_way(bench)
        whose = "puk" if way is UnblockWay.PUK else "so"
        if lock_secret(bench, whose, lambda: bench.unblock(way, bench.wrong_pin, bench.new_pin)):
            with pytest.raises(PinLocked):
                bench.unblock(way, _secret(bench, way), bench.new_pin)
            assert opens(bench, bench.pin)

    def test_no_secret_is_sent_to_a_token_that_took_the_place_of_another(
        self, bench: Bench
    ) -> None:
        """Also where the vendor's own function takes a slot: find it with ``standard.locate``."""
        way = _some_way(bench)
        whose = "puk" if way is UnblockWay.PUK else "so"
        with costing(bench, whose, 0), pytest.raises(TokenRemoved):
            bench.another.unblock(way, bench.wrong_pin, bench.new_pin)

    def test_a_pin_at_its_last_try_is_unblocked_like_a_locked_one(self, bench: Bench) -> None:
        """Nobody tries the user PIN to see whether it is locked: that would lock it."""
        way = _some_way(bench)
        sets = way in bench.state().capabilities.unblock_sets_pin
        content = fill(bench)
        if at_last_try(bench):
            bench.unblock(way, _secret(bench, way), bench.new_pin if sets else None)
            assert still_signs(bench, bench.new_pin if sets else bench.pin, content)

    def test_a_second_session_does_not_keep_a_pin_locked(self, bench: Bench) -> None:
        way = _some_way(bench)
        sets = way in bench.state().capabilities.unblock_sets_pin
        content = fill(bench)
        lock(bench)
        with second_session(bench):
            bench.unblock(way, _secret(bench, way), bench.new_pin if sets else None)
        assert still_signs(bench, bench.new_pin if sets else bench.pin, content)

    def test_a_token_pulled_out_after_the_look_gets_no_secret(self, bench: Bench) -> None:
        way = _some_way(bench)
        pull, put_back = bench.subject.hands.pull, bench.subject.hands.put_back
        if not pull or not put_back:
            bench.cannot(NO_PULL)
            return
        with costing(bench, "puk" if way is UnblockWay.PUK else "so", 0):
            pull()
            with pytest.raises(TokenRemoved):
                bench.unblock(way, bench.wrong_pin, bench.new_pin)
            put_back()
        assert opens(bench, bench.pin)

    def test_a_weak_new_pin_is_refused_by_the_token(self, bench: Bench) -> None:
        """Told as such, and the old PIN stays."""
        way = _some_way(bench)
        with pytest.raises(PinRefusedByToken):
            bench.unblock(way, _secret(bench, way), bench.weak_pin)
        assert opens(bench, bench.pin)


def _local_ways(bench: Bench) -> list[UnblockWay]:
    capabilities = bench.state().capabilities
    named = capabilities.unblock_sets_pin | capabilities.unblock_keeps_pin
    return [way for way in (UnblockWay.SO_PIN, UnblockWay.PUK) if way in named]


def _some_way(bench: Bench) -> UnblockWay:
    """A way that sets a PIN; without any, the hook's ``NotSupported`` gets out."""
    ways = _local_ways(bench)
    if not ways:
        bench.unblock(UnblockWay.SO_PIN, bench.so_pin, bench.new_pin)
        pytest.fail("the PIN was unblocked although the capabilities name no way")
    return ways[0]


def _secret(bench: Bench, way: UnblockWay) -> Secret:
    return Secret(bench.subject.puk) if way is UnblockWay.PUK else bench.so_pin


def _refused(bench: Bench, way: UnblockWay, new_pin: Secret | None) -> None:
    """A way that the capabilities do not name is refused before the token is touched."""
    with pytest.raises(NotOffered) as refusal:
        bench.unblock(way, bench.wrong_pin, new_pin)
    assert opens(bench, bench.pin)
    if not _local_ways(bench):
        raise refusal.value
