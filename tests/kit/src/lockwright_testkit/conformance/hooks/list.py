from __future__ import annotations

import pytest
from lockwright.errors import PinIncorrect, PinLocked, TokenRemoved
from lockwright.models import ObjectKind
from lockwright.pkcs11 import public_values

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import ID, LABEL, fill, lock
from lockwright_testkit.conformance.untested import costing


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
