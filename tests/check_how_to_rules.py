"""The page on a token's own PIN rules, followed on the simulated token that it has people make."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "set-a-tokens-rules.md"
BLOCKS = re.findall(r"^```console\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_page_sets_rules_that_the_token_keeps(tmp_path: Path) -> None:
    """The token that the page makes is given to the commands of the other blocks, too."""
    on_a_token, made, single, scripted = (block.replace("$ ", "") for block in BLOCKS)
    show = on_a_token.splitlines()[0]
    agreed = f"{single.strip()} --yes --so-pin-file so.pin --token 281A32E090303652"
    (tmp_path / "so.pin").write_text("Administrator-77\n")
    (tmp_path / "so.pin").chmod(0o600)
    lines = [
        *made.replace("/tmp/", f"{tmp_path}/").splitlines(),  # noqa: S108  # the page's own
        *(f"{line.strip()} --module $MODULE" for line in (scripted, agreed, f"{show} --json")),
    ]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={
            "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
    )

    assert done.returncode == 0, done.stderr + done.stdout
    policy = json.loads(done.stdout[done.stdout.rindex("\n{") :])["policy"]
    assert policy["min_length"] == 10
