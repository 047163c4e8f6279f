"""The how-to for a bank's IT, followed: installed, started, updated and removed, block by block."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from bare import BUILT, ROOT
from lockwright_testkit.sim import Simulator

PAGE = ROOT / "docs" / "how-to" / "roll-out-the-window.md"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """What stands for the root of a computer."""
    for folder in ("opt", "usr/local/bin", "usr/local/share/man"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def follow(place: Path, heading: str) -> None:
    """Run the first block of commands below a heading, with the computer's folders in a place."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1]
    (block, *_) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    there = re.sub(r"(?<![\w.])/(opt|usr)/", rf"{place}/\1/", block)
    there = there.replace("build/app/lockwright-window", str(BUILT / "lockwright-window"))
    subprocess.run(["sh", "-euc", there], cwd=place, check=True)


def says(place: Path, *words: str, **environment: str) -> str:
    """What a program says that is found on the computer's own path."""
    name, *rest = words
    return subprocess.run(
        [str(place / "usr/local/bin" / name), *rest],
        env={"HOME": str(place), **environment},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout


def test_what_is_installed_by_the_page_runs_and_is_removed_by_it(place: Path) -> None:
    device = Simulator.create(place / "token", "jacarta-pki", label="Anna")
    before = {each for each in place.rglob("*") if place / "token" not in each.parents}

    follow(place, "Install it")
    for each in ("applications/lockwright-window.desktop", "man/ru/man1/lockwright-window.1"):
        assert (place / "usr/local/share" / each).exists()
    tokens = ("lockwright", "--module", str(device.module), "tokens")
    assert "Anna" in says(place, *tokens, **device.environment)
    assert "--colours" in says(place, "lockwright-window", "--help")

    follow(place, "Update it")
    assert "Anna" in says(place, *tokens, **device.environment)
    assert (place / "opt/lockwright-window-old").is_dir()

    follow(place, "Remove it")
    left = {each for each in place.rglob("*") if each.is_file() or each.is_symlink()}
    ours = {each for each in left - before if "lockwright" in each.name}
    assert {each for each in ours if each.is_relative_to(place / "usr")} == set()
    assert not (place / "opt/lockwright-window").exists()
