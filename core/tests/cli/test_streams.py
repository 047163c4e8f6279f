"""Standard streams that are closed, full or read by nobody: the exit code still tells."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import USER_PIN, AddedToken

PROGRAMS = ("lockwright", "lockwright-desk")
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")

Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def shell(program: Program) -> Shell:
    """Runs a line of a shell, which closes and turns streams as scripts do."""

    def run(line: str, *, buffered: str = "") -> subprocess.CompletedProcess[str]:
        path = f"{program.path.parent}{os.pathsep}{program.environment['PATH']}"
        environment = program.environment | {"PATH": path, "PYTHONUNBUFFERED": buffered}
        return subprocess.run(
            ["/bin/sh", "-c", line],
            env=environment,
            cwd=program.home,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("where", ["| true", ">&-", pytest.param(f">{FULL}", marks=needs_full)])
def test_an_error_keeps_its_exit_code_where_nobody_hears_it(
    shell: Shell, name: str, buffered: str, where: str
) -> None:
    ended = shell(f"{{ {name} bogus --json; echo $? >&2; }} {where}", buffered=buffered)
    assert ended.stderr == "2\n"


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("where", ["2>&-", pytest.param(f"2>{FULL}", marks=needs_full)])
def test_an_error_keeps_its_exit_code_where_stderr_takes_nothing(
    shell: Shell, name: str, where: str
) -> None:
    assert shell(f"{name} bogus {where}").returncode == 2


@pytest.mark.parametrize("name", PROGRAMS)
def test_closed_streams_are_nothing_to_tell(shell: Shell, name: str) -> None:
    ended = shell(f"{name} --version <&- >&-")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_no_file_of_ours_gets_the_number_of_a_closed_stream(
    shell: Shell, program: Program, token: AddedToken
) -> None:
    """What a module prints would be written into it."""
    program.secret("pin", USER_PIN)
    command = "lockwright list --login --pin-file pin --json"
    assert shell(f"{command} <&- >&- 2>&-").returncode == 0
    assert shell("lockwright audit verify").returncode == 0
    assert b"\0" not in program.audit.read_bytes()


@needs_full
@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("style", ["", "--json"])
def test_an_answer_that_cannot_be_written_is_told_as_done(
    shell: Shell, token: AddedToken, buffered: str, style: str
) -> None:
    ended = shell(f"lockwright tokens {style} --lang en >{FULL}", buffered=buffered)
    assert ended.returncode == 14
    if not style:
        assert "What came of it cannot be shown: the disk is full." in ended.stderr
        assert "What was asked for is done." in ended.stderr
