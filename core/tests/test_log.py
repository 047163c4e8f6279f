"""Logs: silent in a library, plain on stderr when asked for, and without secrets at any level."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass

import pytest
from lockwright import log
from lockwright.secret import Secret

PIN = "Hush-Hush-17"


def test_a_library_stays_silent(capfd: pytest.CaptureFixture[str]) -> None:
    logger = log.get("lockwright.test")

    logger.error("failed")

    assert capfd.readouterr() == ("", "")


def test_only_warnings_and_errors_are_shown_when_nobody_asked_for_more(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log.configure()
    logger = log.get("lockwright.test")

    for write in (logger.debug, logger.info, logger.warning, logger.error):
        write("an event", level_of=write.__name__)

    out, err = capfd.readouterr()
    assert out == ""
    assert [line.partition("level_of=")[2] for line in err.splitlines()] == ["warning", "error"]


def test_a_line_names_level_event_logger_and_facts(capfd: pytest.CaptureFixture[str]) -> None:
    log.configure(verbose=True)

    log.get("lockwright.host").debug("child started", module="/opt/module.so", pid=17)

    [line] = capfd.readouterr().err.splitlines()
    for part in ("debug", "child started", "lockwright.host", "module=/opt/module.so", "pid=17"):
        assert part in line
    assert "\x1b" not in line


def test_a_collector_gets_one_json_object_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    log.configure(json=True)

    log.get("lockwright.host").warning("child\nended", how="SIGSEGV")

    [line] = capfd.readouterr().err.splitlines()
    told = json.loads(line)
    assert told.pop("timestamp").endswith("Z")
    assert told == {
        "event": "child\nended",
        "how": "SIGSEGV",
        "level": "warning",
        "logger": "lockwright.host",
    }


@dataclass
class Holder:
    held: Secret


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    "facts",
    [
        {"given": Secret(PIN)},
        {"given": [Secret(PIN)]},
        {"given": {"inside": (Secret(PIN),)}},
        {"given": Holder(Secret(PIN))},
        {"pin": PIN},
        {"new_pin": PIN.encode()},
        {"SO_PIN": bytearray(PIN.encode())},
        {"puk": PIN},
        {"given": {"password": PIN}},
        {"response": [PIN]},
    ],
)
def test_a_secret_is_never_shown(
    capfd: pytest.CaptureFixture[str], facts: dict[str, object], *, as_json: bool
) -> None:
    log.configure(verbose=True, json=as_json)

    log.get("lockwright.test").debug("logged in", **facts)

    err = capfd.readouterr().err
    assert "logged in" in err
    assert PIN not in err
    assert "***" in err


def test_what_only_sounds_like_a_secret_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    log.configure(verbose=True)

    log.get("lockwright.test").debug("state", pin=None, tries=2, spinning="yes")

    err = capfd.readouterr().err
    assert "pin=None" in err
    assert "spinning=yes" in err


@pytest.mark.parametrize("as_json", [False, True])
def test_a_traceback_shows_no_values(capfd: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    log.configure(verbose=True, json=as_json)
    entered = PIN

    try:
        len(entered) / 0
    except ZeroDivisionError:
        log.get("lockwright.test").error("failed", exc_info=True)

    err = capfd.readouterr().err
    assert "ZeroDivisionError" in err
    assert PIN not in err


def test_structlog_is_loaded_with_the_first_line_only() -> None:
    code = (
        "import sys; from lockwright import log; log.configure(); log.get('x').debug('a');"
        "before = 'structlog' in sys.modules; log.get('x').error('b');"
        "print(before, 'structlog' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False True\n"


def test_a_program_s_own_structlog_is_left_alone() -> None:
    code = (
        "import structlog; from lockwright import log; log.configure();"
        "log.get('x').error('b'); print(structlog.is_configured())"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


def test_a_line_is_written_whole_beside_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several that share a log would else end each other's lines, and none of them be JSON."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)  # a message is a write
    raw = os.fdopen(os.dup(theirs.fileno()), "wb", buffering=0)
    with ours, theirs, io.TextIOWrapper(raw, write_through=True) as stderr:  # as in containers
        monkeypatch.setattr(sys, "stderr", stderr)
        log.configure(json=True)

        log.get("lockwright.test").error("failed", text="x" * 1000)

        written = ours.recv(65536)
    assert written.endswith(b"}\n")
    assert json.loads(written)["event"] == "failed"
