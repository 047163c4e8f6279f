"""The findings keep their form; whether they are still so is for ``make findings`` to say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMMON = ROOT / "findings" / "common.sh"
FINDINGS = sorted(set(COMMON.parent.glob("*.sh")) - {COMMON})
PACKAGES = re.compile(r"python_with(?: .*)?$", re.MULTILINE)


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda path: path.stem)
def test_a_finding_keeps_the_form(finding: Path) -> None:
    text = finding.read_text()
    packages = [each for line in PACKAGES.findall(text) for each in line.split()[1:]]

    assert os.access(finding, os.X_OK)
    assert "\n# To be expected: " in text
    assert "\n# What happens: " in text
    assert text.count("\nexpect seen <<") == 1
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", package) for package in packages)
    assert "lockwright" not in text


def test_the_scripts_are_good_bash() -> None:
    for script in (*FINDINGS, COMMON, ROOT / "tools" / "findings.sh"):
        subprocess.run(["bash", "-n", script], check=True)


def test_the_table_names_every_finding_once() -> None:
    table = re.findall(
        r"^\| `([\w-]+)` \|", (COMMON.parent / "README.md").read_text(), re.MULTILINE
    )

    assert sorted(table) == [finding.stem for finding in FINDINGS]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with three findings: one still so, one not, one that needs what is not there."""
    for file in (COMMON, ROOT / "tools" / "findings.sh"):
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir()
        shutil.copy(file, copy)
    for name, lines in {
        "changed": "echo new >seen; expect seen <<<old",
        "missing": "need no-such-program no-such-package; expect seen <<<old",
        "still": "echo old >seen; expect seen <<<old",
    }.items():
        script = tmp_path / "findings" / f"{name}.sh"
        script.write_text(f'#!/usr/bin/env bash\nsource "$(dirname "$0")/common.sh"\n{lines}\n')
        script.chmod(0o755)
    return tmp_path


def run(tree: Path, *names: str) -> tuple[int, list[str]]:
    scratch = tree / "scratch"
    scratch.mkdir()
    done = subprocess.run(
        [tree / "tools" / "findings.sh", *names],
        env=os.environ | {"TMPDIR": str(scratch)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert not list(scratch.iterdir()), "a finding left its folder behind"
    return done.returncode, done.stdout.splitlines()


def test_all_findings_are_summed_up(tree: Path) -> None:
    status, output = run(tree)

    assert status == 1
    assert output[-3:] == [
        "still so: 1",
        "no longer so: 1 (changed)",
        "could not be run here: 1 (missing)",
    ]
    assert "  < old" in output
    assert "  > new" in output
    assert (
        "  CANNOT RUN HERE: no-such-program is missing (Debian package no-such-package)" in output
    )


@pytest.mark.parametrize(("names", "expected"), [(["still"], 0), (["still", "missing"], 2)])
def test_a_finding_is_run_by_its_name(tree: Path, names: list[str], expected: int) -> None:
    assert run(tree, *names)[0] == expected
