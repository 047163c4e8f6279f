"""No PIN is found anywhere it has no business: output, files, processes, traces, tracebacks."""

from __future__ import annotations

import base64
import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pexpect
import pytest
from lockwright.config import Config
from lockwright.errors import LockwrightError
from lockwright.models import Token
from lockwright.runner import Runner
from lockwright.secret import Secret
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken, SoftHSM
from rich.console import Console
from rich.traceback import Traceback

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
_WHOLE = 10_000
PAUSE = 0.01
"""Seconds between two looks at all processes; the shortest-lived one lives far longer."""
QUESTIONS = {"pin": "User PIN: ", "so-pin": "SO PIN: ", "new-pin": "New user PIN: "}
EVIL = """
from lockwright.adapter import hookimpl
from lockwright_softhsm import *

@hookimpl
def lockwright_list(module, token, pin):
    plain = pin.reveal()
    raise ValueError(f"could not use {plain!r}")
"""


def forms(pin: str) -> set[str]:
    """How a PIN may be written."""
    raw = pin.encode()
    return {
        pin,
        raw.hex(),
        raw.hex(" "),
        base64.b64encode(raw).decode().rstrip("="),
        str(list(raw)),
        pin[::-1],
    }


def leaks(text: str) -> list[str]:
    """The PINs that a text holds, in any form."""
    lower = text.lower()
    return [pin for pin in PINS if any(form.lower() in lower for form in forms(pin))]


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM) -> Program:
    return Program(tmp_path)


@pytest.fixture
def added(program: Program, softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna", so_pin=SO, user_pin=USER)


class Watch(threading.Thread):
    """Reads the command line and the environment of every process, again and again."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.seen: set[str] = set()

    def run(self) -> None:
        while not self.ended.wait(PAUSE):
            for process in Path("/proc").glob("[0-9]*"):
                if process.name != str(os.getpid()):
                    for name in ("cmdline", "environ"):
                        with suppress(OSError):
                            self.seen.add((process / name).read_bytes().decode(errors="replace"))


@contextmanager
def watched() -> Iterator[set[str]]:
    """What the processes of this computer showed meanwhile."""
    watch = Watch()
    watch.start()
    try:
        yield watch.seen
    finally:
        watch.ended.set()
        watch.join()


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
    child = pexpect.spawn(
        str(program.path),
        command,
        env=program.environment,
        cwd=str(program.home),
        encoding="utf-8",
        timeout=30,
    )
    shown = io.StringIO()
    child.logfile_read = shown
    for role, pin in pins:
        child.expect_exact(QUESTIONS[role])
        child.sendline(pin)
        if role == "new-pin" and command[0] != "policy":
            child.expect_exact("once more: ")
            child.sendline(pin)
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus or 0), shown.getvalue()


WAYS = {"file": by_file, "descriptor": by_descriptor, "terminal": by_terminal}


@pytest.mark.parametrize("more", [(), ("--verbose",), ("--json", "--verbose")])
@pytest.mark.parametrize("way", sorted(WAYS))
def test_no_command_shows_a_pin_whatever_way_it_was_given(
    program: Program, added: AddedToken, way: str, more: tuple[str, ...]
) -> None:
    with watched() as seen:
        for command, pins, expected in SEQUENCE:
            filled = [added.serial if word == "SERIAL" else word for word in command]
            code, shown = WAYS[way](program, [*filled, *more], pins)
            assert code == expected, (command, shown)
            assert shown
            assert leaks(shown) == [], command
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


def with_locals(error: BaseException) -> str:
    """A traceback as a debugging tool shows it: every variable of every frame."""
    out = Console(file=io.StringIO(), width=250, force_terminal=False)
    out.print(
        Traceback.from_exception(
            type(error),
            error,
            error.__traceback__,
            show_locals=True,
            locals_max_string=_WHOLE,
            locals_max_length=_WHOLE,
        )
    )
    text = out.file
    assert isinstance(text, io.StringIO)
    return text.getvalue()


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
    (info / "entry_points.txt").write_text("[lockwright]\nevil = lockwright_evil\n")
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


def test_the_search_finds_what_it_looks_for() -> None:
    for pin in PINS:
        for form in forms(pin):
            assert leaks(f"...{form}...") == [pin]
