"""An enrolment that is killed anywhere ends, gone on with or undone, as if nothing had happened.

This is a sample; ``make sweep ARGS="-k kills"`` kills everywhere and on every personality.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright_testkit.kills.bench import Bench

SOFTHSM = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
EVERY_RECORD, EVERY_CALL = 8, 300
CHANGES = ("C_GenerateKeyPair@1=after:kill", "C_CreateObject@1=after:kill")
"""Of what can be killed, every so many is."""


@pytest.mark.parametrize("replace", [False, True])
def test_killed_here_and_there_nothing_is_lost_and_nothing_left(
    tmp_path: Path, *, replace: bool
) -> None:
    with Bench(tmp_path, "plain", settings=SOFTHSM) as bench:
        cases = list(bench.cases(replace=replace))
        sample = [
            *[case for case in cases if case.record][::EVERY_RECORD],
            *[case for case in cases if case.fault][::EVERY_CALL],
            *[case for case in cases if case.fault in CHANGES],
        ]
        wrong = [told for case in sample for told in bench.run(case)]
    assert len(sample) > 5
    assert wrong == []
