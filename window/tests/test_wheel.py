"""What the window's wheel brings to a desktop, and what is declared where."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).parents[1]
ROOT = HERE.parent


def test_a_wheel_brings_what_a_desktop_shows_and_what_man_reads(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=HERE,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    for place in (
        "applications/lockwright-window.desktop",
        "metainfo/lockwright-window.metainfo.xml",
        "icons/hicolor/scalable/apps/lockwright-window.svg",
        "icons/hicolor/48x48/apps/lockwright-window.png",
        "man/man1/lockwright-window.1",
        "man/ru/man1/lockwright-window.1",
    ):
        assert any(name.endswith(f".data/data/share/{place}") for name in names), place
    assert "lockwright_window/pictures/tick-white.svg" in names
    assert "lockwright_window/pyinstaller/hook-lockwright_window.py" in names


def test_what_make_window_installs_is_what_the_window_asks_for() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "requirements" / "window.in").read_text(encoding="utf-8").splitlines()

    asked = {line for line in lines if line and not line.startswith("#")}
    assert asked == {each for each in project["dependencies"] if not each.startswith("lockwright")}
