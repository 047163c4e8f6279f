"""The page on a token's first day works as it is written, from an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "a-tokens-first-day.md"


def test_the_first_day_leads_to_a_proved_key_when_followed(tmp_path: Path) -> None:
    found = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "PATH": path}

    done = subprocess.run(
        ["bash", "-e", "-u"],
        cwd=tmp_path,
        env=environment,
        input="".join(found),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Blank, never initialised" in done.stdout
    assert '"label": "Boris Ivanov"' in done.stdout
    assert "The key signs; it has no certificate." in done.stdout
    assert "The SO PIN of the token" in done.stdout
    assert "is intact" in done.stdout
