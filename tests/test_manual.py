"""The manual pages: made of the commands, read by ``man`` without a word, brought by the wheels."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest
from lockwright.cli.app import root
from lockwright_desk.cli.app import root as desk_root
from lockwright_testkit.cli.app import root as kit_root

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*/man/**/*.1"), *ROOT.glob("tests/kit/man/**/*.1")])
ROOTS = {"lockwright": root, "lockwright-desk": desk_root, "lockwright-kit": kit_root}
needs_man = pytest.mark.skipif(shutil.which("man") is None, reason="there is no man here")


def read(page: Path) -> subprocess.CompletedProcess[str]:
    """A page as a person reads it in a terminal of 80 columns."""
    return subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", str(page)],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "MANWIDTH": "80"},
    )


@needs_man
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_man_reads_a_page_without_a_warning_and_shows_every_command(page: Path) -> None:
    done = read(page)
    shown = " ".join(done.stdout.split())
    group = ROOTS.get(page.stem)  # the window has no commands

    assert done.stderr == ""
    for name in group.list_commands(click.Context(group)) if group else ():
        assert f"{page.stem} {name}" in shown
    if page.stem == "lockwright-kit":
        assert ("English" in shown) or ("по-английски" in shown)
    else:
        assert "--config" in shown


def test_each_program_has_a_page_in_each_language() -> None:
    assert [str(page.relative_to(ROOT)) for page in PAGES] == [
        "core/man/man1/lockwright.1",
        "core/man/ru/man1/lockwright.1",
        "desk/man/man1/lockwright-desk.1",
        "desk/man/ru/man1/lockwright-desk.1",
        "tests/kit/man/man1/lockwright-kit.1",
        "tests/kit/man/ru/man1/lockwright-kit.1",
        "window/man/man1/lockwright-window.1",
        "window/man/ru/man1/lockwright-window.1",
    ]


def test_a_wheel_brings_the_pages_to_where_man_looks(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT / "desk",
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    for page in "man1/lockwright-desk.1", "ru/man1/lockwright-desk.1":
        assert any(name.endswith(f".data/data/share/man/{page}") for name in names)
    assert any(name.endswith("/share/lockwright-desk/lockwright-desk.service") for name in names)
    assert "lockwright_desk/pages/configuration.md" in names
