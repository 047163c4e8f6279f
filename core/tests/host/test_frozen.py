"""A frozen program is its own child, and says so where it does not know that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lockwright_testkit.sim.fixtures import SimulatorFactory

FROZEN = f"""#!{sys.executable}
import sys
sys.frozen, sys.executable = True, __file__
{{first}}
print("begun", flush=True)
from pathlib import Path
from lockwright import Config, Runner
with Runner(Config(audit=None), modules=[Path({{module!r}})]) as runner:
    print([token.identity.label for token in runner.detect().tokens])
"""
"""What a freezer makes: a program that can be started, and starts no other."""
LOOKS = "from lockwright.host.frozen import serve_if_child; serve_if_child()"


@pytest.mark.skipif(os.name != "posix", reason="a script is a program on POSIX alone")
@pytest.mark.parametrize("first", [LOOKS, ""], ids=["looks", "does not look"])
def test_a_frozen_program_is_its_own_child_where_it_looks_whether_it_is_one(
    tmp_path: Path, sim: SimulatorFactory, first: str
) -> None:
    program = tmp_path / "program"
    program.write_text(FROZEN.format(first=first, module=str(sim(label="Anna").module)))
    program.chmod(0o700)
    done = subprocess.run([program], capture_output=True, text=True, check=False, timeout=60)
    if first:
        assert (done.returncode, done.stdout) == (0, "begun\n['Anna']\n"), done.stderr
    else:
        assert done.stdout == "begun\n", "nobody began it a second time"
        assert "have it call lockwright.host.frozen.serve_if_child()" in done.stderr
