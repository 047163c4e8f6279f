"""The demo, which is what a newcomer runs first, tells its story to the end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).parent.parent / "examples" / "demo.py"
WIDTH = 96


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def story(home: Path) -> str:
    """What the demo tells a newcomer whose home and temporary files are in ``home``."""
    own = {"HOME": str(home), "TMPDIR": str(home), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, DEMO],
        env=os.environ | own,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return done.stdout


def test_demo_ends_well_when_run_as_it_is(story: str) -> None:
    steps = [int(number) for number in re.findall(r"^(\d+)\. ", story, re.MULTILINE)]

    assert steps == list(range(1, len(steps) + 1))
    assert story.splitlines()[-1].startswith(f"All {len(steps)} steps done")
    assert "Verified OK" in story


def test_demo_fits_the_screen_when_it_is_not_a_wide_one(story: str) -> None:
    assert [line for line in story.splitlines() if len(line) > WIDTH] == []


def test_demo_leaves_nothing_behind_when_it_is_done(story: str, home: Path) -> None:
    assert "folder is removed" in story
    assert list(home.glob("lockwright-demo-*")) == []
    assert list(home.rglob("audit.jsonl")) == []
