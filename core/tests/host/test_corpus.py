"""Whatever fuzzing has kept is data of its type or an error, in little time and memory."""

from __future__ import annotations

import fuzz_targets
import pytest


@pytest.mark.parametrize("target", fuzz_targets.TARGETS)
def test_what_fuzzing_has_kept_is_read_or_refused(target: str) -> None:
    kept = fuzz_targets.kept(target)
    assert kept
    for data in kept:
        fuzz_targets.run(target, data)


@pytest.mark.parametrize("target", fuzz_targets.TARGETS)
def test_fuzzing_begins_with_what_is_right(target: str) -> None:
    assert all(fuzz_targets.run(target, seed) for seed in fuzz_targets.seeds(target))
