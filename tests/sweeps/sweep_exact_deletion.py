"""Something is deleted by a name on each of two thousand tokens whose objects were drawn at random.

``TOKENS=100`` draws so many, ``SEED=7`` draws others; a failure names its token by both.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from drawn_token import at_random

TOKENS = int(os.environ.get("TOKENS", "2000"))
SEED = int(os.environ.get("SEED", "0"))


@pytest.mark.timeout(0)
def test_delete_removes_exactly_what_its_plan_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_random(tmp_path, monkeypatch) as token:
        token.rounds(SEED, TOKENS)

    told = token.tally
    refused = ", ".join(f"{number} {code}" for code, number in sorted(told.refused.items()))
    print(f"\n{TOKENS} tokens: {told.deleted} deletions, {told.keys} private keys; {refused}")  # noqa: T201  # the figure is what the sweep is run for
