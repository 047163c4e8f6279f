"""The public conformance tool ``pkcs11-check`` on the simulator and on SoftHSM beneath it.

No test may pass on SoftHSM and not on ``plain``, save those listed in ``MEANT``. ``make sweep``
installs the tool, which wants Python 3.12, and names it in PKCS11_CHECK.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from lockwright_testkit.sim import Applet, Simulator
from lockwright_testkit.softhsm import SoftHSM

PIN, SO_PIN = "12345678", "87654321"
CATEGORIES = ("interface", "slot", "login", "session", "object", "sign", "digest", "errors")
"""What pytest's ``-k`` chooses by; a test may be in several."""
ENOUGH = {"slot": 30, "login": 20, "session": 50, "object": 100, "sign": 200}
"""So many tests at least, or the tool was not asked rightly."""
MEANT: Mapping[str, str] = {}
"""Tests that a lock or a limit fails on purpose, each with the reason."""


def program() -> str:
    """The tool; fails where it is not installed."""
    found = os.environ.get("PKCS11_CHECK") or shutil.which("pkcs11-check")
    assert found, "install pkcs11-check (Python 3.12) and name it in PKCS11_CHECK"
    return found


def outcomes(module: Path, category: str, folder: Path) -> dict[str, str]:
    """What became of each test of a category."""
    folder.mkdir()
    arguments = ("--interface", "2.40", "--destructive", "--skip-slow", "-o", "json")
    subprocess.run(
        [program(), "test", "-m", module, "-c", category, *arguments, "--output-file", "all.json"],
        check=False,  # it answers 1 when a test fails, and some fail on SoftHSM
        cwd=folder,
        capture_output=True,
        env=os.environ | {"P11TEST_PIN": PIN, "P11TEST_SO_PIN": SO_PIN},
    )
    reports = (json.loads(line) for line in (folder / "report.jsonl").read_text().splitlines())
    found: dict[str, str] = {}
    for report in reports:
        if report.get("$report_type") == "TestReport" and (
            report["when"] == "call" or report["outcome"] != "passed"
        ):
            found.setdefault(report["nodeid"], report["outcome"])
    return found


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("category", CATEGORIES)
def test_nothing_passes_on_softhsm_and_fails_on_the_simulator(
    category: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    softhsm_folder = tmp_path / "softhsm"
    softhsm_folder.mkdir()
    softhsm = SoftHSM(softhsm_folder)
    # SoftHSM shows a blank token beside each one in use.
    blank = Applet(settings={"initialized": False})
    simulator = Simulator.create(tmp_path / "sim", user_pin=PIN, so_pin=SO_PIN, more=(blank,))
    for name, value in (softhsm.environment | simulator.environment).items():
        monkeypatch.setenv(name, value)
    softhsm.add_token("simulated", SO_PIN, PIN)

    beneath = outcomes(softhsm.module, category, tmp_path / "beneath")
    ours = outcomes(simulator.module, category, tmp_path / "ours")

    worse = {
        name: ours.get(name, "not run")
        for name, outcome in beneath.items()
        if outcome == "passed" and ours.get(name) != "passed"
    }
    passed = sum(outcome == "passed" for outcome in beneath.values())
    also = sum(outcome == "passed" for outcome in ours.values())
    told = f"{len(beneath)} tests, {passed} pass on SoftHSM, {also} on plain, {len(worse)} lost"
    print(f"\n{category}: {told}")  # noqa: T201  # a report
    assert len(beneath) >= ENOUGH.get(category, 1)
    assert {name: worse[name] for name in worse if name.split("::", 1)[-1] not in MEANT} == {}
