"""Whatever fuzzing has kept is data of its type or an error, in little time and memory."""

from __future__ import annotations

import fuzz_targets
import pytest
from lockwright.host import wire


@pytest.mark.parametrize("target", fuzz_targets.TARGETS)
def test_what_fuzzing_has_kept_is_read_or_refused(target: str) -> None:
    kept = fuzz_targets.kept(target)
    assert kept
    for data in kept:
        fuzz_targets.run(target, data)


@pytest.mark.parametrize("target", fuzz_targets.TARGETS)
def test_fuzzing_begins_with_what_is_right(target: str) -> None:
    assert all(fuzz_targets.run(target, seed) for seed in fuzz_targets.seeds(target))


def test_every_message_that_passes_is_fuzzed() -> None:
    """One that is new has no target before it stands there."""
    assert set(fuzz_targets.OF_KIND) == set(wire.Kind)
    named = {name for names in fuzz_targets.OF_KIND.values() for name in names}
    assert {fuzz_targets.FRAME, fuzz_targets.REQUEST, *named} == set(fuzz_targets.TARGETS)
