"""What a plan lists goes and nothing else, whatever lies on the token.

Keys, ids, labels and certificates are drawn so that they collide; ``make sweep`` does it on two
thousand tokens.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_token import at_random

TOKENS = 60
SEED = 11


def test_delete_removes_exactly_what_its_plan_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_random(tmp_path, monkeypatch) as token:
        token.rounds(SEED, TOKENS)

    assert token.tally.deleted > TOKENS / 3
    assert token.tally.keys > TOKENS / 10
    assert set(token.tally.refused) == {
        "ambiguous-selection",
        "nothing-selected",
        "objects-alike",
    }
