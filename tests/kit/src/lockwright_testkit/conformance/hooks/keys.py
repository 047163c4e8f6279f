from __future__ import annotations

from lockwright.models import KeyRequest

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import ID, LABEL, fill, issued, key_type


class KeysTests:
    """``lockwright_keys``."""

    def test_the_pairs_that_were_made_are_found(self, bench: Bench) -> None:
        """With the same public keys: a certificate is matched to its key by them."""
        if not (kind := key_type(bench)):
            bench.keys(bench.pin)
            return
        made = [
            bench.generate(bench.pin, KeyRequest(kind, key_id, LABEL)) for key_id in (ID, b"\x0c")
        ]
        found = sorted(bench.keys(bench.pin), key=lambda key: key.id)
        assert found == sorted(made, key=lambda key: key.id)

    def test_a_certificate_alone_is_no_key(self, bench: Bench) -> None:
        keys = len(bench.keys(bench.pin))
        bench.store(bench.pin, b"\x0b", "other", issued())
        assert len(bench.keys(bench.pin)) == keys
        fill(bench)
