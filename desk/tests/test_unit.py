"""The systemd units: systemd understands them, and what runs works within their walls."""

from __future__ import annotations

import configparser
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from desk_home import Home

DEPLOY = Path(__file__).parents[1] / "deploy"
UNIT = DEPLOY / "lockwright-desk.service"
MOST_EXPOSED = 20
"""Of the 100 of ``systemd-analyze security``, in tenths: 2.0 is "OK"."""
WALLS = """
mount --make-rprivate /
for place in $(findmnt -rno TARGET | sort -r); do
    mount -o remount,bind,ro "$place" 2>/dev/null || true
done
mount --bind "$STATE" "$STATE"
mount -o remount,bind,rw "$STATE"
cd "$STATE"
! touch "$OUTSIDE/written" 2>/dev/null || exit 99
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here"
)
needs_namespaces = pytest.mark.skipif(
    os.geteuid() != 0
    or shutil.which("unshare") is None
    or subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode
    != 0,
    reason="no namespaces can be made here",
)


def analyzed(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@needs_systemd
@pytest.mark.parametrize("unit_of", sorted(each.name for each in DEPLOY.glob("*.service")))
def test_systemd_finds_no_fault_in_it(tmp_path: Path, unit_of: str) -> None:
    unit = tmp_path / unit_of
    account = "lockwright-desk" if unit_of.startswith("lockwright-desk") else "lockwright-keeper"
    program = Path(sys.executable).with_name("lockwright-desk")
    text = (DEPLOY / unit.name).read_text()
    text = text.replace("/opt/lockwright-desk/bin/lockwright-desk", str(program))
    unit.write_text(text.replace(f"User={account}", "User=daemon"))

    found = analyzed("verify", "--man=no", unit)
    exposed = analyzed("security", "--offline=true", f"--threshold={MOST_EXPOSED}", unit)

    ours = [line for line in found.stderr.splitlines() if unit.name in line]
    assert (found.returncode, ours) == (0, [])
    assert exposed.returncode == 0, exposed.stdout
    unit.write_text(text.replace("NoNewPrivileges=yes", "NoNewPrivilege=yes"))
    assert "NoNewPrivilege" in analyzed("verify", "--man=no", unit).stderr


@needs_namespaces
def test_the_desk_serves_and_ends_where_it_may_write_to_its_own_folder_alone(
    fresh: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert fresh.init().code == 0
    unit = configparser.RawConfigParser(strict=False)
    unit.read(UNIT)
    words = unit["Service"]["ExecStart"].split()
    assert Path(words[0]).name == "lockwright-desk"
    program = Path(sys.executable).with_name("lockwright-desk")

    with subprocess.Popen(
        ["unshare", "--mount", "bash", "-euc", WALLS, "walls", program, *words[1:], "--port=0"],
        stderr=subprocess.PIPE,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "STATE": str(fresh.folder),
            "OUTSIDE": str(tmp_path_factory.mktemp("outside")),
        },
    ) as running:
        assert running.stderr is not None
        first = running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        rest = running.stderr.read()

    assert first.startswith("Serving EST at https://"), first + rest
    assert running.returncode == -signal.SIGTERM  # which systemd counts as a clean end
    assert "Traceback" not in rest


@pytest.mark.parametrize("unit_of", sorted(each.name for each in DEPLOY.glob("*.service")))
def test_a_unit_runs_a_command_that_there_is(fresh: Home, unit_of: str) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.read(DEPLOY / unit_of)
    _program, *words = unit["Service"]["ExecStart"].partition(" --config")[0].split()

    assert fresh.run(*words, "--help").code == 0
