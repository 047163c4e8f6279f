from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lockwright.models import Confidence, TokenIdentity

from lockwright_testkit.conformance.bench import Bench, claim


class MatchTests:
    """``lockwright_match``."""

    def test_its_own_token_is_claimed_with_a_reason(self, bench: Bench) -> None:
        """The reason is what `lockwright tokens` shows: it quotes what was matched."""
        match = claim(bench.caller, bench.token.identity)
        assert match is not None
        assert isinstance(match.confidence, Confidence)
        assert match.reason

    def test_the_strings_alone_decide(self, bench: Bench) -> None:
        """No file is looked at, no module asked: matching runs beside no module."""
        identity = bench.token.identity
        elsewhere = replace(identity, module=replace(identity.module, path=Path("/nowhere.so")))
        assert claim(bench.caller, elsewhere) == claim(bench.caller, identity)

    def test_a_token_of_a_stranger_is_left_alone(self, bench: Bench) -> None:
        """The adapter that gets a token also gets its PIN, so nothing is guessed."""
        match = claim(bench.caller, _stranger(bench.token.identity))
        assert match is None or match.confidence is Confidence.GENERIC


def _stranger(identity: TokenIdentity) -> TokenIdentity:
    return replace(
        identity,
        manufacturer="Nobody",
        model="Nothing",
        slot_description="A reader",
        module=replace(identity.module, manufacturer="Nobody", description="A module"),
    )
