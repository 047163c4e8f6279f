"""A personality in somebody else's package: one C file and a line in its pyproject.toml."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).with_name("sample.c")
MADE = """
from pathlib import Path
from lockwright_testkit.sim import Personality
SECOND = Personality("second", "first-one", lambda: "S-0001", Path(__file__).with_name("second.c"))
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with an installed package that brings two personalities, and a broken one."""
    package = tmp_path / "site" / "vendor_kit"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(MADE)
    for name in ("first_one", "second"):
        text = SAMPLE.read_text().replace("personality sample", f"personality {name}")
        text = text.replace("&sample", f"&{name}").replace(
            '"sample"', f'"{name.replace("_", "-")}"'
        )
        (package / f"{name}.c").write_text(text.replace("SA_", f"{name.upper()}_"))
    installed = tmp_path / "site" / "vendor_kit-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: vendor-kit\nVersion: 1\n")
    (installed / "entry_points.txt").write_text(
        "[lockwright_testkit.personalities]\n"
        "first-one = vendor_kit\n"
        "second = vendor_kit:SECOND\n"
        "broken = vendor_kit:NOTHING\n"
        "bare = vendor_kit\n"
    )
    return tmp_path / "site"


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lockwright_testkit.sim", *arguments],
        cwd=site.parent,
        env=os.environ | {"PYTHONPATH": str(site)},
        check=False,
        capture_output=True,
        text=True,
    )


def test_an_installed_personality_is_used_by_its_name_and_found_again_by_its_folder(
    site: Path,
) -> None:
    for name in ("first-one", "second"):
        made = run(site, "new", name, "--personality", name)
        assert made.returncode == 0, made.stderr
        shown = run(site, "show", name).stdout
        assert f"personality = {name}" in shown
        assert "formats = 0" in shown, "it has the settings of its own C file"
    assert "serial = S-0001" in run(site, "show", "second").stdout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("broken", "fails: AttributeError"),
        ("bare", "bare.c is not there"),
        ("nobody", "there are plain, etoken"),
        ("nobody", "second"),
    ],
)
def test_one_that_cannot_be_used_is_told(site: Path, name: str, told: str) -> None:
    done = run(site, "new", "token", "--personality", name)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (site.parent / "token").exists()
