"""Commands of "Run the desk", section by section, run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "run-the-desk.md"
HELP_DESK = PAGE.with_name("run-the-help-desk.md")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(title: str, language: str = "sh", page: Path = PAGE) -> list[str]:
    """The blocks of a section.

    Args:
        title: its heading.
        language: which of them: commands, or another kind.
        page: the page.
    """
    _before, _title, rest = page.read_text(encoding="utf-8").partition(f"\n## {title}\n")
    every = _BLOCK.findall(rest.partition("\n## ")[0])
    found = [text for kind, text in every if kind == language]
    assert found
    return found


def run(script: str, places: Mapping[str, Path], folder: Path | None = None) -> str:
    """Run a block in a shell, with folders of the test's own in place of those it names.

    Args:
        script: the block.
        places: the folders, by what stands in the block.
        folder: where; None where the block goes there itself.

    Returns:
        What it wrote to stdout.
    """
    for named, real in places.items():
        assert not real.exists() or real.is_dir()
        script = script.replace(named, str(real))
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": programs, "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
