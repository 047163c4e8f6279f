"""What is Acme's own: which tokens it claims, and how sure it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lockwright.models import Confidence, ModuleInfo, TokenIdentity
from lockwright_acme import adapter

MODULE = ModuleInfo(Path("/usr/lib/acme/libacme11.so"), "Acme Ltd", "Acme PKCS#11", (1, 0))
ONE = TokenIdentity("0001", "Anna", "Acme One", "Acme Ltd", MODULE, 0, "A reader")


def test_a_known_model_is_claimed_for_sure() -> None:
    claim = adapter.lockwright_match(ONE)
    assert claim is not None
    assert claim.confidence is Confidence.MODEL
    assert "Acme One" in claim.reason


def test_a_new_model_is_claimed_with_less_confidence_than_a_known_one() -> None:
    claim = adapter.lockwright_match(replace(ONE, model="Acme Ten"))
    assert claim is not None
    assert claim.confidence is Confidence.FAMILY


def test_a_token_in_an_acme_reader_is_not_acmes_for_that() -> None:
    foreign = replace(ONE, manufacturer="Somebody", slot_description="Acme reader")
    assert adapter.lockwright_match(foreign) is None
