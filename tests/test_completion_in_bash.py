"""What bash completes of a token's name is one word to it, whoever gave the token its name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

TYPED = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))
_lockwright_completion lockwright "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
# This is what Enter would make of the line.
for each in "${COMPREPLY[@]}"; do eval "printf '%s\\0' $each"; printf '\\0'; done
"""


def completed(folder: Path, *words: str) -> list[list[str]]:
    """The words that each completion of a command line would be to bash."""
    program = Path(sys.executable).with_name("lockwright")
    environment = {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
    }
    script = folder / "completion.bash"
    with script.open("w") as written:
        subprocess.run([program, "completion", "bash"], stdout=written, check=True)
    done = subprocess.run(
        ["bash", "-c", TYPED, "bash", script, "lockwright", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=True,
    )
    every = done.stdout.decode().split("\0\0")
    return [each.split("\0") for each in every if each]


def module(device: Simulator) -> tuple[str, str]:
    return "--module", str(device.module)


@pytest.mark.parametrize(
    "serial", ["$(touch broken)", "`touch broken`", ";touch broken", "a b", "it's", "*", "a&b|c>d"]
)
def test_a_token_is_completed_as_one_word_when_its_serial_number_is_shell(
    sim: SimulatorFactory, tmp_path: Path, serial: str
) -> None:
    device = sim("plain", serial=serial)
    assert completed(tmp_path, "list", *module(device), "--token", "") == [[serial]]
    assert not (tmp_path / "broken").exists()


def test_a_uri_is_completed_as_one_word(sim: SimulatorFactory, tmp_path: Path) -> None:
    """Its parts are parted by semicolons, and a label may stand in it with $( and '."""
    first, second = (sim("plain", serial="1", label=f"{n}$(touch broken)'") for n in "12")
    found = completed(tmp_path, "list", *module(first), *module(second), "--token", "")
    assert len(found) == 2
    assert [len(words) for words in found] == [1, 1], found
    assert not (tmp_path / "broken").exists()


def test_a_serial_number_that_cannot_be_typed_is_completed_as_a_uri(
    sim: SimulatorFactory, tmp_path: Path
) -> None:
    device = sim("plain", serial="a\x1b[2Jb")
    ((word,),) = completed(tmp_path, "list", *module(device), "--token", "")
    assert word.startswith("pkcs11:")
    assert "\x1b" not in word
