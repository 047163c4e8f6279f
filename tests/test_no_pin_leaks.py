"""No PIN is found anywhere it has no business: output, files, processes, traces, tracebacks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lockwright.config import Config
from lockwright.errors import LockwrightError
from lockwright.models import Token
from lockwright.runner import Runner
from lockwright.secret import Secret
from lockwright_testkit.leaks import forms, found_in, watched, with_locals
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Screen
from lockwright_testkit.softhsm import AddedToken, SoftHSM

RUN = os.getpid()
"""Makes the PINs this run's own, so that what other runs of the tests do counts for nothing."""
USER, SO, NEW = f"Zebra-Quilt-{RUN}", f"Falcon-Admin-{RUN}", f"Kettle-Moss-{RUN}"
WRONG = f"Walnut-Harp-{RUN}"
PINS = (USER, SO, NEW, WRONG)
SEQUENCE: tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...], int], ...] = (
    (("list", "--login"), (("pin", USER),), 0),
    (("list", "--login"), (("pin", WRONG),), 5),
    (("pin", "change"), (("pin", USER), ("new-pin", NEW)), 0),
    (("unblock",), (("so-pin", SO), ("new-pin", USER)), 0),
    (("unblock",), (("so-pin", WRONG), ("new-pin", USER)), 5),
    (("policy", "check"), (("new-pin", NEW),), 0),
    (("enroll", "--csr-out", "-", "--subject", "CN=x"), (("pin", USER),), 0),
    (("delete", "x", "--yes"), (("pin", USER),), 0),
    (("enroll", "--csr-out", "-", "--subject", "CN=y"), (("pin", USER),), 0),
    (("wipe", "--yes", "--token", "SERIAL"), (("pin", USER),), 0),
)
"""Every command that uses a PIN, with the PINs in the order they are asked for."""
QUESTIONS = {"pin": "User PIN: ", "so-pin": "SO PIN: ", "new-pin": "New user PIN: "}
EVIL = """
from lockwright_softhsm import SoftHSM

class Evil(SoftHSM):
    def lockwright_list(self, module, token, pin):
        plain = pin.reveal()
        raise ValueError(f"could not use {plain!r}")

adapter = Evil()
"""


def leaks(text: str) -> list[str]:
    """The PINs that a text holds, in any form."""
    return [pin.decode() for pin in found_in(text, (pin.encode() for pin in PINS))]


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM) -> Program:
    return Program(tmp_path)


@pytest.fixture
def added(program: Program, softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna", so_pin=SO, user_pin=USER)


def by_file(
    program: Program, command: list[str], pins: tuple[tuple[str, str], ...]
) -> tuple[int, str]:
    for role, pin in pins:
        command += [f"--{role}-file", str(program.secret(f"{role}.secret", pin))]
    ended = program.run(*command)
    for role, _pin in pins:
        (program.home / f"{role}.secret").unlink()
    return ended.code, ended.out + ended.err


def by_descriptor(
    program: Program, command: list[str], pins: tuple[tuple[str, str], ...]
) -> tuple[int, str]:
    reader, writer = os.pipe()
    for role, pin in pins:
        os.write(writer, f"{pin}\n".encode())
        command += [f"--{role}-fd", str(reader)]
    os.close(writer)
    ended = program.run(*command, pass_fds=[reader])
    os.close(reader)
    return ended.code, ended.out + ended.err


def by_terminal(
    program: Program, command: list[str], pins: tuple[tuple[str, str], ...]
) -> tuple[int, str]:
    with Screen.of(program, *command) as screen:
        for role, pin in pins:
            screen.answers(QUESTIONS[role], pin)
            if role == "new-pin" and command[0] != "policy":
                screen.answers("once more:", pin)
        return int(screen.ends().code or 0), screen.everything


WAYS = {"file": by_file, "descriptor": by_descriptor, "terminal": by_terminal}


def nothing_shows(program: Program, serial: str, way: str, *more: str) -> None:
    """Give every command its PINs in a way; no command shows one."""
    for command, pins, expected in SEQUENCE:
        filled = [serial if word == "SERIAL" else word for word in command]
        code, shown = WAYS[way](program, [*filled, *more], pins)
        assert code == expected, (command, shown)
        assert shown
        assert leaks(shown) == [], command


@pytest.mark.parametrize("more", [("--verbose",), ("--json", "--verbose")])
@pytest.mark.parametrize("way", sorted(WAYS))
def test_no_command_shows_a_pin_whatever_way_it_was_given(
    program: Program, added: AddedToken, way: str, more: tuple[str, ...]
) -> None:
    nothing_shows(program, added.serial, way, *more)


@pytest.mark.parametrize("way", sorted(WAYS))
def test_no_process_shows_a_pin_whatever_way_it_was_given(
    program: Program, added: AddedToken, way: str
) -> None:
    with watched() as seen:
        nothing_shows(Program(program.home, forks=False), added.serial, way)
    assert any("lockwright" in text for text in seen)
    assert any(added.serial in text for text in seen)
    assert leaks("\n".join(seen)) == []


def test_no_pin_is_in_any_file_that_is_left(program: Program, added: AddedToken) -> None:
    for command, pins, _expected in SEQUENCE:
        filled = [added.serial if word == "SERIAL" else word for word in command]
        by_descriptor(program, [*filled, "--verbose"], pins)
    trail = program.audit.read_text()
    for hook in ("change_pin", "unblock", "generate", "delete", "wipe", "list"):
        assert hook in trail
    for file in program.home.rglob("*"):
        if file.is_file():
            assert leaks(file.read_bytes().decode(errors="replace")) == [], file


# --- what a program that uses the library could show ------------------------------------------


def first_token(runner: Runner) -> Token:
    return runner.find()


@pytest.mark.parametrize("isolate", [True, False])
def test_no_traceback_with_locals_holds_a_pin(added: AddedToken, *, isolate: bool) -> None:
    with Runner(Config(audit=None), isolate=isolate) as runner:
        token = first_token(runner)
        with pytest.raises(LockwrightError) as wrong:
            runner.list(token, Secret(WRONG))
        with pytest.raises(LockwrightError) as refused:
            runner.unblock(token, Secret(WRONG), Secret(NEW))
        with pytest.raises(LockwrightError) as weak:
            runner.change_pin(token, Secret(USER), Secret("a" + WRONG[:3]))
    for caught in (wrong, refused, weak):
        shown = with_locals(caught.value)
        assert "Secret(***)" in shown
        assert leaks(shown) == []


@pytest.fixture
def evil(program: Program, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration that allows only an adapter that puts PINs into its errors."""
    site = program.home / "site"
    info = site / "lockwright_evil-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lockwright-evil\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lockwright]\nevil = lockwright_evil:adapter\n")
    (site / "lockwright_evil.py").write_text(EVIL)
    config = program.home / "evil.toml"
    config.write_text('[plugins]\nallow = ["evil"]\n')
    monkeypatch.setenv("PYTHONPATH", str(site))
    return config


@pytest.mark.parametrize("more", [(), ("--verbose",), ("--json",)])
def test_an_adapter_that_fails_with_a_pin_in_its_hands_does_not_pass_it_on(
    program: Program, added: AddedToken, evil: Path, more: tuple[str, ...]
) -> None:
    pin = program.secret("user.pin", USER)
    ended = program.run("list", "--pin-file", pin, "--config", evil, *more)
    assert ended.code == 12
    assert "ValueError" in ended.out + ended.err
    assert leaks(ended.out + ended.err) == []
    assert "adapter-broken" in program.audit.read_text()
    assert leaks(program.audit.read_text()) == []


def test_pluggys_own_tracing_shows_no_pin(added: AddedToken) -> None:
    lines: list[str] = []
    with Runner(Config(audit=None)) as runner:
        token = first_token(runner)
        manager = runner._calls._manager
        manager.trace.root.setwriter(lines.append)
        undo = manager.enable_tracing()
        runner.list(token, Secret(USER))
        runner.change_pin(token, Secret(USER), Secret(NEW))
        runner.unblock(token, Secret(SO), Secret(USER))
        undo()
    trace = "".join(lines)
    for hook in ("lockwright_list", "lockwright_change_pin", "lockwright_unblock"):
        assert hook in trace
    assert "Secret(***)" in trace
    assert leaks(trace) == []


def test_a_pin_in_a_variable_of_a_traceback_is_found() -> None:
    def fails(pin: str, deep: list[bytes]) -> None:
        raise ValueError(len(pin) + len(deep))

    with pytest.raises(ValueError, match="8") as failed:
        fails(USER[:7], [WRONG.encode()])
    assert leaks(with_locals(failed.value)) == [WRONG]


def test_the_search_finds_what_it_looks_for() -> None:
    for pin in PINS:
        for form in forms(pin.encode()):
            assert leaks(f"...{form}...") == [pin]
