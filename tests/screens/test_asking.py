"""Who does not know how: ``-h``, ``help``, what a shell completes, and what was probably meant."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Screen
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

COMMANDS = [(), ("list",), ("policy",), ("policy", "set"), ("plugins", "pin"), ("help",)]
SOON = 10.0
"""Seconds in which a busy machine completes a value; a quiet one takes a tenth of it."""


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_the_same_however_it_is_asked_for(
    program: Program, command: tuple[str, ...], language: str
) -> None:
    lang = ("--lang", language)
    long, short = program.run(*command, "--help", *lang), program.run(*command, "-h", *lang)
    asked = program.run("help", *command, *lang)

    assert (long.code, short.code, asked.code) == (0, 0, 0)
    assert long.out == short.out == asked.out
    assert "-h, --help" in long.out


def test_help_for_what_is_not_there_says_what_may_be_meant(program: Program) -> None:
    ended = program.run("help", "polcy")

    assert ended.code == 2
    assert "Did you mean 'policy'?" in ended.err
    assert program.run("help", "list", "x").code == 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tokens --jsn", "--json"),
        ("unblock --remoet", "--remote"),
        ("--tokn 1 list", "--token"),
        ("list --pinfile x", "--pin-file"),
        ("delte", "delete"),
        ("policy shw", "show"),
    ],
)
def test_of_what_was_mistyped_the_right_one_is_named(
    program: Program, typed: str, meant: str
) -> None:
    english = program.run(*typed.split(), "--lang", "en")
    russian = program.run(*typed.split(), "--lang", "ru")

    assert (english.code, russian.code) == (2, 2)
    assert f"Did you mean '{meant}'?" in english.err
    assert f"Может быть, '{meant}'?" in russian.err


def completed(program: Program, shell: str, line: str) -> tuple[set[str], str]:
    """The values that a shell gets for the last word of a line; what was written beside them."""
    words = line.split(" ")
    changed = {
        "_LOCKWRIGHT_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": line if shell != "fish" else line.rpartition(" ")[0],
        "COMP_CWORD": str(len(words) - 1) if shell != "fish" else words[-1],
    }
    ended = program.run(environment=changed)
    assert ended.code == 0
    lines = [each for each in ended.out.splitlines() if each]
    if shell == "zsh":
        return set(lines[1::3]), ended.err
    return {each.partition(",")[2].partition("\t")[0] for each in lines}, ended.err


@pytest.fixture
def configured(program: Program) -> None:
    folder = program.home / "config" / "lockwright"
    folder.mkdir(parents=True)
    cas = "".join(f'[ca.{name}]\nurl = "https://127.0.0.1:9"\n' for name in ("bank", "branch"))
    (folder / "config.toml").write_text(cas)


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_values_are_completed(program: Program, softhsm: SoftHSM, shell: str) -> None:
    serials = {softhsm.add_token(name).serial for name in ("Anna", "Boris")}
    begun = min(serials)[:5]

    assert completed(program, shell, "lockwright list --token ") == (serials, "")
    assert completed(program, shell, f"lockwright list --token {begun}") == ({min(serials)}, "")
    assert completed(program, shell, "lockwright enroll --ca ") == ({"bank", "branch"}, "")
    assert completed(program, shell, "lockwright renew --ca br") == ({"branch"}, "")
    assert completed(program, shell, "lockwright enroll --storage ")[0] == {
        "token",
        "system",
        "file",
    }
    vendors, _said = completed(program, shell, "lockwright respond --vendor ")
    assert {"etoken", "jacarta"} <= vendors
    assert completed(program, shell, "lockwright help policy s")[0] == {"show", "set"}


def test_a_token_is_completed_by_a_name_that_picks_it_when_serials_differ_in_case_alone(
    program: Program, sim: SimulatorFactory
) -> None:
    one = sim("jacarta-pki", label="Anna", serial="0a1b")
    other = sim("etoken", label="Boris", serial="0A1B")

    names, said = completed(
        program, "fish", f"lockwright --module {one.module} --module {other.module} list --token "
    )

    assert said == ""
    assert all(name.startswith("pkcs11:") for name in names)
    assert len(names) == 2


def test_what_cannot_be_found_out_is_silent_and_soon_over(program: Program) -> None:
    (program.home / "broken.toml").write_text("[plugins\n")
    hangs = program.home / "no.so"
    hangs.write_text("no library")
    began = time.monotonic()

    for line in (
        "lockwright list --config broken.toml --token ",
        "lockwright enroll --config broken.toml --ca ",
        "lockwright respond --config broken.toml --vendor ",
        f"lockwright list --module {hangs} --token ",
    ):
        assert completed(program, "bash", line) == (set(), "")

    assert time.monotonic() - began < 4 * SOON
    assert not program.audit.exists()


def test_a_module_that_hangs_does_not_keep_who_types_waiting(
    program: Program,
    softhsm: SoftHSM,
    faulty: Path,
    faults: object,
) -> None:
    softhsm.add_token("Anna")
    assert callable(faults)
    faults("C_GetSlotList@1=hang")
    began = time.monotonic()

    found = completed(program, "bash", f"lockwright list --module {faulty} --token ")

    assert found == (set(), "")
    assert time.monotonic() - began < SOON


def test_tab_in_a_shell_names_the_token(program: Program, softhsm: SoftHSM) -> None:
    serial = softhsm.add_token("Anna").serial
    script = program.home / "completion.bash"
    script.write_text(program.run("completion", "bash").out)
    path = f"{program.path.parent}:/usr/bin:/bin"
    environment = {**program.environment, "PATH": path, "PS1": "$ "}
    with Screen.running(
        "/bin/bash", "--norc", "-i", environment=environment, folder=program.home
    ) as shell:
        shell.types("source completion.bash")
        shell.presses(f"lockwright list --token {serial[:3]}\t")
        shell.reads(f"--token {serial}")
        shell.types("")
        shell.reads("Private objects are not shown")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("command", [(), ("unblock",), ("enroll",), ("respond",), ("wipe",)])
def test_no_line_of_the_help_ends_within_a_word(
    program: Program, command: tuple[str, ...], language: str
) -> None:
    ended = []
    for columns in range(50, 81, 3):
        narrow = {"COLUMNS": str(columns)}
        shown = program.run(*command, "--help", "--lang", language, environment=narrow).out
        ended += [line for line in shown.splitlines() if re.search(r"\w-$", line)]

    assert ended == []
