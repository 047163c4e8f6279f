"""An enrolment as a person sees it go: a step is one line with its time, a wait says for what."""

from __future__ import annotations

import os
import re
import sys
import threading
from contextlib import suppress

import pytest
from lockwright.console.output import Output
from lockwright.console.wrapping import cells
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import CTRL_C, Screen, Terminal
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN, SoftHSM
from lockwright_testkit.waiting import until

ENGLISH = [
    "Asking the CA what it wants",
    "Opening the token",
    "Reading the CA's certificates",
    "Making the key pair",
    "Signing the request",
    "Ordering the certificate",
    "Checking the certificate",
    "Writing the certificate",
    "Proving that it works",
    "Finding out when to renew it",
]
RUSSIAN = [
    "Запрос требований УЦ",
    "Открытие токена",
    "Чтение сертификатов УЦ",
    "Создание пары ключей",
    "Подпись запроса",
    "Заказ сертификата",
    "Проверка сертификата",
    "Запись сертификата",
    "Проверка подписью",
    "Выяснение срока продления",
]
ENDED = re.compile(r"^(\S.*): (?:failed after |stopped after )?\d+[.,]\d [sс]$")
FOREVER = Reply(202, b"Your manager is asked.", {"Retry-After": "1800"})
BUSY = ("--wait", "7200")
WAIT = {
    "en": (
        "Waiting for the bank to decide",
        r"Asking again at [\d:-]+",
        "the new key pair is kept: continue with lockwright enroll --resume",
    ),
    "ru": (
        "Ожидание решения банка",
        r"Следующий запрос в [\d:-]+",
        "новая пара ключей сохранена: продолжите командой lockwright enroll --resume",
    ),
}
"""What it is called, when the CA is asked again, and what is kept."""
PIN = ("--pin-file", "user.pin")
ORDER = ("enroll", "--ca", "bank", "--login", "anna", "--otp-file", "otp", *PIN)


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def serial(softhsm: SoftHSM) -> str:
    return softhsm.add_token("Anna").serial


def ended(lines: list[str]) -> list[str]:
    """The steps that ended, in their order."""
    return [found[1] for line in lines if (found := ENDED.match(line))]


@pytest.mark.parametrize(("language", "steps"), [("en", ENGLISH), ("ru", RUSSIAN)])
def test_each_step_leaves_a_line_with_its_time_on_a_narrow_terminal(
    program: Program,
    terminal: Terminal,
    bank: EstServer,
    serial: str,
    language: str,
    steps: list[str],
) -> None:
    screen = terminal(program, *ORDER, "--lang", language, size=(40, 40))

    assert screen.ends().code == 0, screen.everything
    assert ended(screen.lines) == steps
    assert [line for line in screen.lines if cells(line) > 40] == []


def test_a_pipe_gets_the_same_lines_and_a_program_gets_its_document_only(
    program: Program, bank: EstServer, serial: str
) -> None:
    bank.logins["boris"] = bank.logins["anna"]
    told = program.run(*ORDER)
    silent = program.run(
        *(word.replace("anna", "boris") for word in ORDER), "--replace", "anna", "--json"
    )

    assert ended(told.err.splitlines()) == ENGLISH
    assert ended(told.out.splitlines()) == []
    assert (silent.code, silent.err) == (0, "")
    assert silent.document["certificate"]["label"] == "boris"


def test_a_step_that_failed_says_so_before_what_was_made_goes(
    program: Program, bank: EstServer, serial: str
) -> None:
    program.secret("otp", "wrong")
    lines = iter(program.run(*ORDER).err.splitlines())

    for wanted in (
        r"Signing the request: \d",
        r"Ordering the certificate: failed after \d+\.\d s",
        r"Removing what was made: \d+\.\d s",
        r"Error: ",
        r"No try was spent and nothing on the token was changed\.",
    ):
        assert any(re.match(wanted, line) for line in lines), wanted


@pytest.mark.parametrize("language", ["en", "ru"])
def test_ctrl_c_ends_a_wait_and_says_what_is_kept_and_how_to_go_on(
    program: Program, terminal: Terminal, bank: EstServer, serial: str, language: str
) -> None:
    waiting, again, kept = WAIT[language]
    bank.script("simpleenroll", FOREVER)
    screen = terminal(program, *ORDER, *BUSY, "--lang", language, size=(40, 40))
    screen.reads(f"{waiting}:")
    screen.reads(re.compile(again))
    screen.reads("lockwright enroll --resume")
    screen.presses(CTRL_C)
    left = screen.ends()

    assert left.code == 130
    assert re.search(rf"{waiting}: (stopped after|остановлено через) \d+[.,]\d", left.said)
    assert kept in left.said
    assert [line for line in screen.lines if cells(line) > 40] == []
    (entry,) = program.run("enroll", "--status", "--json").document["unfinished"]
    assert entry["step"] == "waiting"


def test_who_waits_in_vain_is_told_how_long_and_that_nothing_failed(
    program: Program, bank: EstServer, serial: str
) -> None:
    bank.script("simpleenroll", *[Reply(202, headers={"Retry-After": "0"})] * 9)
    told = program.run(*ORDER, "--wait", "3")
    (begin,) = re.findall(r"Waiting for the bank to decide\.\.\. .*", told.err)
    (took,) = re.findall(r"Waiting for the bank to decide: stopped after (\S+) s", told.err)

    assert told.code == 17
    assert re.search(r"Asking again at [\d: -]+, giving up at [\d: -]+\. Ctrl-C leaves", begin)
    assert float(took) > 0.5


def test_nobody_waits_is_no_wait(program: Program, bank: EstServer, serial: str) -> None:
    bank.script("simpleenroll", FOREVER)
    told = program.run(*ORDER, "--wait", "0")

    assert told.code == 17
    assert ended(told.err.splitlines())[-1] == "Ordering the certificate"
    assert "Waiting" not in told.err
    assert "failed after" not in told.err


def test_a_slow_token_is_seen_to_work(
    program: Program, terminal: Terminal, sim: SimulatorFactory
) -> None:
    device = sim("jacarta-pki", settings={"delay.C_GenerateKeyPair": 1300})
    by_hand = ("enroll", "--csr-out", "a.csr", "--subject", "CN=anna", "--key-type", "rsa:2048")
    screen: Screen = terminal(program, *by_hand, "--module", device.module)
    screen.answers("User PIN:", USER_PIN)
    screen.reads(
        re.compile(r"Making the key pair and request: [1-9]\d* s\s+This can take minutes\.")
    )
    left = screen.ends()

    assert left.code == 0
    assert re.search(r"Making the key pair and request: [1-9]\d*\.\d s", left.said)


@pytest.mark.parametrize("kind", ["xterm-256color", "dumb"])
def test_no_thread_outlives_what_it_shows(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    master, slave = os.openpty()
    monkeypatch.setenv("TERM", kind)
    with os.fdopen(slave, "w") as screen, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", screen)
        before = set(threading.enumerate())
        output = Output(json=False)
        with output.working("Looking"), output.steps().step("Making"):
            assert set(threading.enumerate()) > before
    until(lambda: not set(threading.enumerate()) - before)
    shown = b""
    with os.fdopen(master, "rb", buffering=0) as end, suppress(OSError):  # its other end is closed
        while piece := end.read(4096):
            shown += piece
    assert re.search(rb"Making: \d+\.\d s\r\n$", shown)


def test_a_subject_that_no_order_can_have_is_told_before_secrets_are_asked_for(
    program: Program, terminal: Terminal, bank: EstServer, serial: str
) -> None:
    screen = terminal(program, *ORDER[:5], "--subject", "CN=Anna,O=Another")

    assert screen.ends().code == 16, screen.everything
    assert "One-time password" not in screen.everything
    assert "Give what the CA asks for (--subject, --key-type)" in " ".join(screen.lines)


def test_the_fingerprint_of_a_ca_is_compared_row_by_row_on_a_narrow_terminal(
    program: Program, terminal: Terminal, bank: EstServer, serial: str
) -> None:
    file = program.home / "config" / "lockwright" / "config.toml"
    file.write_text(re.sub("trust = .*\n", "", file.read_text()))

    screen = terminal(program, *ORDER, size=(40, 45))
    screen.answers("Is it the same", "n")

    assert screen.ends().code == 16, screen.everything
    rows = [
        line for line in screen.lines if re.fullmatch(r" {4}[0-9A-F]{4}( [0-9A-F]{4}){7}", line)
    ]
    assert len(rows) == 2


@pytest.mark.parametrize("more", ["", "It can take minutes. Ctrl-C ends it, and {}"])
def test_ctrl_c_has_room_behind_whatever_is_shown(
    monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    """A terminal shows ``^C`` there; on a row of its own it would leave half of what is shown."""
    monkeypatch.setenv("COLUMNS", "40")
    too_long = []
    for length in range(20, 36):
        master, slave = os.openpty()
        with os.fdopen(slave, "w") as screen, monkeypatch.context() as patched:
            patched.setattr(sys, "stderr", screen)
            with Output(json=False).steps().step("w" * length, more.format("w" * length)):
                pass
        shown = os.read(master, 65536).decode()
        os.close(master)
        last = shown.partition("\r\x1b[")[0].splitlines()[-1]
        if cells(last) > 40 - len("^C"):
            too_long.append(last)
    assert too_long == []
