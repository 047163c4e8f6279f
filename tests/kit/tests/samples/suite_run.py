"""The suite run by a pytest of its own, on classes that a test writes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sample_adapter
from lockwright_testkit.sim import Personality, register

KEY = bytes(range(24))
PUK = "12121212"
SAMPLE = Path(__file__).parents[1] / "sample.c"
SAMPLES = Path(sample_adapter.__file__).parent
register(Personality("sample", "sample", source=SAMPLE))

HEAD = f"""
import pytest, mutants, sample_adapter
from pathlib import Path
from lockwright_testkit.conformance import Conformance, Subject
from lockwright_testkit.sim import Personality, register

KEY, PUK = {KEY!r}, {PUK!r}
register(Personality("sample", "sample", source=Path({str(SAMPLE)!r})))

def tested(adapter, **more):
    class Tested(Conformance):
        @pytest.fixture
        def subject(self, sim):
            device = sim("sample", settings={{"admin.key": KEY, "puk.pin": PUK}})
            return Subject.simulated(adapter, device, admin_key=KEY, puk=PUK)
    return type("Tested", (Tested,), more)
"""
_OUTCOME = re.compile(r"(PASSED|FAILED|ERROR) \S*?::(\S+)")


@dataclass(frozen=True)
class Run:
    """What came of it."""

    outcomes: Mapping[str, str]
    """What became of each test that was not skipped, by its id without the file."""
    said: str
    """What pytest wrote."""
    words: Mapping[str, Mapping[str, str]]
    """The report: for each title the word of each hook."""


def run(folder: Path, *arguments: str | Path, classes: str = "") -> Run:
    """Run the suite.

    Args:
        folder: an empty folder, for the classes and the report.
        arguments: of pytest.
        classes: the source of the classes, behind ``HEAD``; empty to run what is installed.
    """
    if classes:
        (folder / "test_classes.py").write_text(HEAD + classes)
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=short", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, f"--rootdir={folder}", "--lockwright-report=report.json", *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(SAMPLES), "COLUMNS": "500"},
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    told = filter(None, map(_OUTCOME.match, done.stdout.splitlines()))
    words = json.loads((folder / "report.json").read_text())
    return Run({found[2]: found[1] for found in told}, done.stdout, words)
