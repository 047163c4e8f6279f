from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked, TokenRemoved
from lockwright.models import ObjectKind
from lockwright.pkcs11 import public_values
from lockwright.secret import Secret

from lockwright_testkit.conformance.bench import Bench, opened
from lockwright_testkit.conformance.odd_content import NOT_TAKEN, leave
from lockwright_testkit.conformance.scenes import (
    ID,
    LABEL,
    fill,
    issued,
    lock,
    second_session,
)
from lockwright_testkit.conformance.subject import Subject
from lockwright_testkit.conformance.untested import NO_PAD, NO_PULL, NO_TWIN, costing


class ListTests:
    """``lockwright_list``."""

    def test_what_is_on_the_token_is_listed(self, bench: Bench) -> None:
        """Id, label and class as they were written; a certificate with its value."""
        assert bench.list(bench.pin) == []
        content = fill(bench)
        found = {obj.kind: obj for obj in bench.list(bench.pin)}
        assert {(obj.id, obj.label) for obj in found.values()} == {(ID, LABEL)}
        assert found[ObjectKind.CERTIFICATE].value == content.certificate
        if content.key:
            assert found[ObjectKind.PRIVATE_KEY].key_type == content.key_type
            assert found[ObjectKind.PRIVATE_KEY].private

    def test_without_a_pin_a_private_key_is_not_seen(self, bench: Bench) -> None:
        """Only what anyone may see; and no login is made to see more."""
        fill(bench)
        kinds = {obj.kind for obj in bench.list(None)}
        assert ObjectKind.CERTIFICATE in kinds
        assert ObjectKind.PRIVATE_KEY not in kinds

    def test_an_object_keeps_its_name(self, bench: Bench) -> None:
        """``ref`` is the same in every session: a plan of one finds the object in another."""
        fill(bench)
        refs = [obj.ref for obj in bench.list(bench.pin)]
        assert len(set(refs)) == len(refs)
        assert {obj.ref for obj in bench.list(bench.pin)} == set(refs)

    def test_a_key_and_its_certificate_show_one_public_value(self, bench: Bench) -> None:
        """The core joins them by it. If this fails, see ``TokenObject.public_value``."""
        content = fill(bench)
        shown = {obj.kind: obj.public_value for obj in bench.list(bench.pin)}
        assert shown[ObjectKind.CERTIFICATE] == public_values.of_certificate(content.certificate)
        if content.key:
            assert shown[ObjectKind.PUBLIC_KEY] == shown[ObjectKind.CERTIFICATE]
            assert shown[ObjectKind.PRIVATE_KEY] in {None, shown[ObjectKind.CERTIFICATE]}

    def test_a_wrong_pin_costs_one_try_of_a_listing(self, bench: Bench) -> None:
        """A PIN is tried once: not again with another encoding, not again after a reset."""
        with costing(bench, "user", 1), pytest.raises(PinIncorrect):
            bench.list(bench.wrong_pin)

    def test_a_pin_is_sent_to_no_token_that_took_the_place_of_another(self, bench: Bench) -> None:
        """What a token says of itself is compared in the session, before the PIN is sent.

        If this fails, open sessions with ``standard.token_session``, ``user_session`` or
        ``so_session``, or with ``module.open_session``, of the module that the hook is given.
        """
        with costing(bench, "user", 0), pytest.raises(TokenRemoved):
            bench.another.list(bench.wrong_pin)

    def test_a_locked_pin_is_told_apart_from_a_wrong_one(self, bench: Bench) -> None:
        if lock(bench):
            with pytest.raises(PinLocked):
                bench.list(bench.pin)

    def test_odd_content_is_listed_whole_and_can_go(self, bench: Bench) -> None:
        """Broken certificates, no name, two of one: nothing hides, and nothing ends the listing."""
        if not (taken := leave(bench)):
            bench.cannot(NOT_TAKEN)
            return
        refs = [obj.ref for obj in bench.list(bench.pin)]
        assert len(refs) == len(set(refs)) == taken
        assert bench.delete(bench.pin, refs) == []
        assert bench.list(bench.pin) == []

    def test_a_second_session_is_in_nobodys_way_and_lives_on(self, bench: Bench) -> None:
        """Close the session that you opened, not all that the program has."""
        fill(bench)
        alone = _refs(bench, bench.pin)
        with second_session(bench) as session:
            assert _refs(bench, bench.pin) == alone
            assert session.find({}, 1)

    def test_a_token_pulled_out_after_the_look_gets_no_pin(self, bench: Bench) -> None:
        """Told as that, at no cost; back in its reader, it is the same token."""
        pull, put_back = bench.subject.hands.pull, bench.subject.hands.put_back
        if not pull or not put_back:
            bench.cannot(NO_PULL)
            return
        fill(bench)
        before = _refs(bench, bench.pin)
        with costing(bench, "user", 0):
            pull()
            with pytest.raises(TokenRemoved):
                bench.list(bench.wrong_pin)
            put_back()
        assert _refs(bench, bench.pin) == before

    def test_of_two_tokens_of_one_serial_each_is_listed_by_itself(self, subject: Subject) -> None:
        """All their strings are the same; the slot tells which one is meant."""
        if not subject.hands.twin:
            pytest.skip(NO_TWIN)
        subject.hands.twin()
        with opened(subject) as bench:
            twin = bench.twin
            twin.store(twin.pin, ID, LABEL, issued())
            assert bench.list(bench.pin) == []
            assert len(twin.list(twin.pin)) == 1
            with costing(bench, "user", 0), pytest.raises(PinIncorrect):
                twin.list(twin.wrong_pin)

    def test_a_pin_that_is_typed_at_the_tokens_own_pad_lets_in(self, bench: Bench) -> None:
        """An empty PIN stands for it; it is given to the module as none at all."""
        if not bench.subject.hands.pad:
            bench.cannot(NO_PAD)
            return
        fill(bench)
        seen = _refs(bench, bench.pin)
        bench.subject.hands.pad(bench.subject.user_pin)
        assert _refs(bench, Secret("")) == seen


def _refs(bench: Bench, pin: Secret) -> set[str]:
    """What is listed; a token gives its objects in any order."""
    return {obj.ref for obj in bench.list(pin)}
