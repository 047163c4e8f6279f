"""An enrolment killed at every step of its journal and at every call of the module."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lockwright_testkit.kills.bench import Bench
from lockwright_testkit.sim.applet import Setting

PERSONALITIES: dict[str, dict[str, Setting]] = {
    "plain": {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"},
    "etoken": {},
    "etoken-idprime": {},
    "jacarta-pki": {},
    "jacarta-pro": {},
}
EVERY = int(os.environ.get("KILLS_EVERY", "1"))
"""Take every so many of the cases, where there is no time for all."""


@pytest.mark.timeout(0)
@pytest.mark.parametrize("replace", [False, True], ids=["beside", "replacing"])
@pytest.mark.parametrize("personality", PERSONALITIES)
def test_kills_everywhere(tmp_path: Path, personality: str, *, replace: bool) -> None:
    settings = PERSONALITIES[personality]
    key_type = "ec:p256" if personality == "plain" else "rsa:2048"
    with Bench(tmp_path, personality, settings=settings, key_type=key_type) as bench:
        cases = list(bench.cases(replace=replace))[::EVERY]
        wrong = [told for case in cases for told in bench.run(case)]
        print(  # noqa: T201  # the figure is what the sweep is run for
            f"\n{personality}, {'replacing' if replace else 'beside the old one'}:"
            f" killed {len(cases)} times ({bench.records} steps of the journal,"
            f" {sum(bench.calls.values())} calls), ended {2 * len(cases)} times,"
            f" wrong {len(wrong)}"
        )
    assert wrong == []
