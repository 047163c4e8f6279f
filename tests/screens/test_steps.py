"""An enrolment as a person sees it go: a step is one line with its time, a wait says for what."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from lockwright.console.wrapping import cells
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import CTRL_C, Screen, Terminal
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

ENGLISH = [
    "Asking the CA what it wants",
    "Opening the place for the key",
    "Asking the CA for its intermediate certificates",
    "Making the key pair",
    "Signing the request",
    "Ordering the certificate",
    "Checking the certificate",
    "Writing the certificate",
    "Proving that the new certificate works",
]
RUSSIAN = [
    "Запрос требований УЦ",
    "Открытие места для ключа",
    "Запрос промежуточных сертификатов УЦ",
    "Создание пары ключей",
    "Подпись запроса",
    "Заказ сертификата",
    "Проверка сертификата",
    "Запись сертификата",
    "Проверка нового сертификата подписью",
]
ENDED = re.compile(r"^(\S.*): (?:failed after |stopped after )?\d+[.,]\d [sс]$")
FOREVER = Reply(202, b"Your manager is asked.", {"Retry-After": "1800"})
BUSY = ("--wait", "7200")
PIN = ("--pin-file", "user.pin")
ORDER = ("enroll", "--ca", "bank", "--login", "anna", "--otp-file", "otp", *PIN)


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def serial(softhsm: SoftHSM) -> str:
    return softhsm.add_token("Anna").serial


def ended(lines: list[str]) -> Iterator[str]:
    """The steps that ended, in their order; one whose line was wrapped counts, too."""
    before = ""
    for line in lines:
        whole = f"{before} {line.strip()}" if line.startswith("  ") else line
        if found := ENDED.match(whole):
            yield found[1]
        before = line


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
    assert list(ended(screen.lines)) == steps
    assert [line for line in screen.lines if cells(line) > 40] == []


def test_a_pipe_gets_the_same_lines_and_a_program_gets_its_document_only(
    program: Program, bank: EstServer, serial: str
) -> None:
    bank.logins["boris"] = bank.logins["anna"]
    told = program.run(*ORDER)
    silent = program.run(
        *(word.replace("anna", "boris") for word in ORDER), "--replace", "anna", "--json"
    )

    assert list(ended(told.err.splitlines())) == ENGLISH
    assert list(ended(told.out.splitlines())) == []
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


def test_ctrl_c_ends_a_wait_and_says_what_is_kept_and_how_to_go_on(
    program: Program, terminal: Terminal, bank: EstServer, serial: str
) -> None:
    bank.script("simpleenroll", FOREVER)
    screen = terminal(program, *ORDER, *BUSY, size=(40, 60))
    screen.reads("Waiting for the bank to decide: 0 s")
    screen.reads(re.compile(r"Asking again at [\d: -]+, giving up at [\d: -]+\."))
    screen.reads("Ctrl-C leaves it for later; go on then with: lockwright enroll --resume")
    screen.presses(CTRL_C)
    left = screen.ends()

    assert left.code == 130
    assert re.search(r"Waiting for the bank to decide: stopped after \d+\.\d s", left.said)
    assert "new key pair is kept: continue with lockwright enroll --resume" in left.said
    bank.script("simpleenroll")
    (entry,) = program.run("enroll", "--status", "--json").document["unfinished"]
    assert entry["step"] == "waiting"


def test_who_waits_in_vain_is_told_how_long_and_that_nothing_failed(
    program: Program, bank: EstServer, serial: str
) -> None:
    bank.script("simpleenroll", *[Reply(202, headers={"Retry-After": "0"})] * 9)
    told = program.run(*ORDER, "--wait", "2")
    (begin,) = re.findall(r"Waiting for the bank to decide\.\.\. .*", told.err)
    (took,) = re.findall(r"Waiting for the bank to decide: stopped after (\S+) s", told.err)

    assert told.code == 17
    assert re.search(r"Asking again at [\d: -]+, giving up at [\d: -]+\. Ctrl-C leaves", begin)
    assert float(took) > 0.5


def test_nobody_waits_is_no_wait(program: Program, bank: EstServer, serial: str) -> None:
    bank.script("simpleenroll", FOREVER)
    told = program.run(*ORDER, "--wait", "0")

    assert told.code == 17
    assert list(ended(told.err.splitlines()))[-1] == "Ordering the certificate"
    assert "Waiting" not in told.err
    assert "failed after" not in told.err


def test_a_slow_token_is_seen_to_work(
    program: Program, terminal: Terminal, sim: SimulatorFactory
) -> None:
    device = sim("jacarta-pki", settings={"delay.C_GenerateKeyPair": 1300})
    by_hand = ("enroll", "--csr-out", "a.csr", "--subject", "CN=anna", "--key-type", "rsa:2048")
    screen: Screen = terminal(program, *by_hand, "--module", device.module)
    screen.answers("User PIN:", USER_PIN)
    screen.reads("Making the key pair and signing its request: 1 s This can take minutes.")
    left = screen.ends()

    assert left.code == 0
    assert re.search(r"Making the key pair and signing its request: [1-9]\d*\.\d s", left.said)
