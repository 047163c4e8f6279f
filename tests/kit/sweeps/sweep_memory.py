"""The C code touches no memory that is not its own: sanitizers, and valgrind for leaks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lockwright_testkit.build import FLAGS_VARIABLE
from lockwright_testkit.sim import USER_PIN, Simulator

TESTS = Path(__file__).parent.with_name("tests")
WITHOUT = "not p11tool and not by_another"
"""p11tool hangs under the sanitizer with any module, SoftHSM's as well."""
SANITIZE = "-fsanitize=address,undefined -fno-sanitize-recover=undefined -g -O1"


def runtime(name: str) -> str:
    """A sanitizer's library, which must come before all others in a program without it."""
    command = ["cc", f"-print-file-name={name}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("file", sorted(each.name for each in TESTS.glob("test_sim_*.py")))
def test_the_tests_pass_under_the_sanitizers(file: str, tmp_path: Path) -> None:
    told = tmp_path / "told"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(TESTS / file)]
    done = subprocess.run(
        [*command, "-k", WITHOUT, f"--basetemp={tmp_path / 'base'}"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ
        | {
            FLAGS_VARIABLE: SANITIZE,
            "LD_PRELOAD": f"{runtime('libasan.so')} {runtime('libstdc++.so')}",
            # Python itself leaks at its end; valgrind looks for leaks of ours.
            "ASAN_OPTIONS": f"detect_leaks=0:log_path={told}",
            "UBSAN_OPTIONS": f"print_stacktrace=1:log_path={told}",
        },
    )
    logs = [log.read_text() for log in tmp_path.glob("told*")]
    assert logs == []
    assert done.returncode == 0, done.stdout


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "arguments",
    [
        ("--list-slots",),
        # Not --test: pkcs11-tool then seeds the generator from memory it never wrote, and valgrind
        # says so with SoftHSM alone as well.
        ("--login", "--pin", USER_PIN, "--list-objects"),
        ("--hash", "-m", "SHA256", "-i", __file__, "-o", os.devnull),
        ("--login", "--pin", USER_PIN, "--keypairgen", "--key-type", "EC:prime256v1", "--id", "01"),
        ("--login", "--pin", "wrong", "--list-objects"),
    ],
    ids=["slots", "objects", "hash", "generate", "wrong-pin"],
)
def test_valgrind_finds_neither_errors_nor_leaks(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    token = Simulator.create(tmp_path / "token")
    log = tmp_path / "log"
    command = ("valgrind", "--leak-check=full", f"--log-file={log}", "pkcs11-tool", "--module")
    subprocess.run(
        [*command, token.module, *arguments],
        check=False,  # the wrong PIN
        capture_output=True,
        env=os.environ | token.environment,
    )
    lines = log.read_text().splitlines()
    assert "ERROR SUMMARY" in lines[-1]
    assert [line for line in lines if token.module.stem in line and "Command:" not in line] == []


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "file",
    sorted(each.name for each in TESTS.glob("test_sim_*.py") if "locked_token" in each.read_text()),
)
def test_valgrind_finds_nothing_in_the_vendors_functions(file: str, tmp_path: Path) -> None:
    """A Request and its Response, as each vendor's own functions exchange them."""
    log = tmp_path / "log"
    valgrind = ("valgrind", "--leak-check=full", f"--log-file={log}")
    pytest_run = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TESTS / file)
    done = subprocess.run(
        [*valgrind, *pytest_run, "-k", "locked_token", f"--basetemp={tmp_path / 'base'}"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONMALLOC": "malloc"},
    )
    assert done.returncode == 0, done.stdout
    lines = log.read_text(errors="replace").splitlines()
    assert "ERROR SUMMARY" in lines[-1]
    # Python has findings of its own; ours would name the simulator's library.
    assert [line for line in lines if "/sim-" in line] == []
