"""``lockwright unblock`` with the bank's help: a person at a terminal, a program on pipes."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from locked_token import Locked
from lockwright import Secret
from lockwright.audit import verify
from lockwright.models import PinState
from lockwright.spoken import request_check, spell_response
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import CTRL_C, CTRL_D, Screen, Terminal
from lockwright_testkit.sim import USER_PIN
from lockwright_testkit.sim.answers import des3_answer
from telephone import ReadOut, read_out

KEY = bytes(range(24))
NEW = "Kettle-Moss-42"
EVENT = json.loads((files("lockwright.cli") / "schemas" / "unblock-event.json").read_text())
Unblock = Callable[..., Screen]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("new.pin", NEW)
    return made


@pytest.fixture
def unblock(program: Program, locked: Locked, terminal: Terminal) -> Unblock:
    """Starts ``unblock`` on a terminal of its own."""
    module = locked.device.module
    return lambda *arguments: terminal(program, "unblock", "--module", module, *arguments)


def asked(screen: Screen) -> ReadOut:
    """Enter the new PIN twice, and read what is to be told to the bank."""
    for questions in (
        ("New user PIN:", "Новый PIN-код пользователя:"),
        ("once more:", "то же самое:"),
    ):
        screen.reads(*questions)
        screen.types(NEW)
    return read_out(screen)


def answer(request: bytes) -> str:
    return des3_answer(KEY, request).hex(" ", 2).upper()


def test_a_person_is_led_from_the_new_pin_to_a_working_token(
    locked: Locked, unblock: Unblock
) -> None:
    screen = unblock()
    shown = asked(screen)
    check = request_check(locked.token.serial, shown.data)
    assert (shown.words, shown.digits) == (check.words("en"), check.digits)
    assert shown.serial == locked.token.serial
    assert "never the letter O" in shown.said
    assert "Keep this window open" in shown.said
    locked.calls()
    screen.types("1951 EC3E")
    screen.reads("The Request holds as long as the token stays inserted")
    screen.reads("Response:")
    assert locked.calls() == []

    screen.types(answer(shown.data))
    code, said = screen.ends()
    assert code == 0
    assert "has a new user PIN" in said
    locked.signs(Secret(NEW))


def test_the_same_in_russian_with_the_bank_s_check(locked: Locked, unblock: Unblock) -> None:
    screen = unblock("--lang", "ru")
    shown = asked(screen)
    request = shown.data
    assert shown.words == request_check(locked.token.serial, request).words("ru")
    assert "Не закрывайте это окно" in shown.said
    response = spell_response(locked.token.serial, request, des3_answer(KEY, request))
    screen.types(response.replace("0", "О").replace("C", "с"))  # Cyrillic
    code, said = screen.ends()
    assert code == 0, said
    assert "новый PIN-код пользователя" in said
    locked.signs(Secret(NEW))


def test_a_wrong_response_says_what_it_cost_and_what_is_left(
    locked: Locked, unblock: Unblock
) -> None:
    screen = unblock()
    asked(screen)
    screen.types("0123 4567 89AB CDEF")
    code, told = screen.ends()
    assert code == 5
    assert "4 tries are left" in told
    assert "One try of the administrator was spent, and the Request is void" in told
    assert locked.state() is PinState.LOCKED


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_ctrl_c_gives_the_request_up_and_says_so(
    locked: Locked, unblock: Unblock, key: str
) -> None:
    screen = unblock()
    first = asked(screen).data
    screen.presses(key)
    code, said = screen.ends()
    assert code == 130
    assert "the Request is void" in said
    assert "begin again with: lockwright unblock" in said
    assert "lockwright list" not in said, "its PIN is locked"
    assert "Error: Interrupted." in screen.lines
    assert "Traceback" not in said
    assert asked(unblock()).data != first


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_closed_window_lets_the_token_go(
    locked: Locked, unblock: Unblock, program: Program, number: signal.Signals
) -> None:
    screen = unblock()
    first = asked(screen).data
    screen.gets(number)
    screen.ends()

    last = json.loads(program.audit.read_text().splitlines()[-1])
    assert (last["hook"], last["event"]) == ("lockwright_unblock_cancel", "outcome")
    again = unblock()
    request = asked(again).data
    assert request != first
    again.types(answer(request))
    assert again.ends().code == 0


@pytest.mark.parametrize(
    "following", [(signal.SIGTERM,), (signal.SIGINT, signal.SIGHUP), (signal.SIGQUIT,)]
)
def test_what_follows_the_first_signal_does_not_end_the_giving_up(
    unblock: Unblock, program: Program, following: tuple[signal.Signals, ...]
) -> None:
    """A window that is closed sends several; here they come while the record is waited for."""
    screen = unblock()
    asked(screen)
    with program.audit.open("rb") as trail:
        fcntl.flock(trail, fcntl.LOCK_EX)
        for number in (signal.SIGHUP, *following):
            screen.gets(number)
            time.sleep(0.1)
    screen.ends()

    records = [json.loads(line) for line in program.audit.read_text().splitlines()]
    told = [(each["hook"], each["event"]) for each in records[-2:]]
    assert told == [("lockwright_unblock_cancel", event) for event in ("intent", "outcome")]
    assert verify(program.audit).unfinished == ()


def test_a_token_that_was_pulled_out_is_said_to_be_gone(locked: Locked, unblock: Unblock) -> None:
    screen = unblock()
    request = asked(screen).data
    locked.device.unplug()
    screen.types(answer(request))
    code, said = screen.ends()
    assert code == 10
    assert "was removed" in said
    assert "The Request is void" in said


def test_a_request_is_not_called_good_after_the_token_was_pulled_out(
    locked: Locked, unblock: Unblock
) -> None:
    screen = unblock()
    asked(screen)
    locked.device.unplug()
    screen.types("1951 EC3E")
    screen.reads("as long as the token stays inserted")
    screen.reads("Response:")

    assert "still good" not in screen.everything


def test_the_last_try_of_the_administrator_is_told_with_what_it_would_cost(
    locked: Locked, program: Program
) -> None:
    locked.device.set("so.tries", 1, slot=0)
    module = str(locked.device.module)

    told = program.run("unblock", "--remote", "--module", module, "--new-pin-file", "new.pin")

    assert told.code == 5
    assert "Only one try of the administrator's key is left" in told.err
    assert "nobody unblocks this token any more" in told.err
    assert "Ask the bank" in told.err


def test_the_time_for_a_response_is_limited(
    locked: Locked, unblock: Unblock, program: Program
) -> None:
    (program.home / "short.toml").write_text("[deadlines]\nresponse = 1\n")
    screen = unblock("--config", "short.toml")
    asked(screen)
    code, said = screen.ends()
    assert code == 15
    assert "the time for its Response is over" in said


def test_a_way_that_the_token_has_not_is_refused_before_a_pin_is_asked_for(
    locked: Locked, program: Program
) -> None:
    module = str(locked.device.module)
    ended = program.run("unblock", "--way", "so-pin", "--module", module)
    assert ended.code == 12
    assert "unblock by Request and Response" in " ".join(ended.err.split())


# --- a program -----------------------------------------------------------------------------------


def talk(program: Program, locked: Locked, *arguments: str) -> subprocess.Popen[str]:
    module = str(locked.device.module)
    return subprocess.Popen(
        [program.path, "unblock", "--remote", "--json", "--module", module, *arguments],
        env=program.environment,
        cwd=program.home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


def event(talking: subprocess.Popen[str]) -> Any:
    assert talking.stdout
    read = json.loads(talking.stdout.readline())
    Draft202012Validator(EVENT).validate(read)
    return read


def say(talking: subprocess.Popen[str], line: str) -> None:
    assert talking.stdin
    talking.stdin.write(f"{line}\n")


def test_a_program_holds_the_talk_over_two_pipes(locked: Locked, program: Program) -> None:
    with talk(program, locked, "--new-pin-file", "new.pin") as talking:
        asked_ = event(talking)
        assert asked_["event"] == "request"
        request = bytes.fromhex(asked_["request"])
        assert asked_["check"]["digits"] == request_check(locked.token.serial, request).digits
        say(talking, "no Response")
        assert event(talking)["error"]["code"] == "response-malformed"
        say(talking, answer(request))
        assert event(talking)["event"] == "unblocked"
        assert talking.wait(60) == 0

    locked.signs(Secret(NEW))


def test_a_program_keeps_the_pin(locked: Locked, program: Program) -> None:
    with talk(program, locked, "--keep-pin") as talking:
        say(talking, answer(bytes.fromhex(event(talking)["request"])))
        done = event(talking)
        assert (done["event"], done["keeps_pin"]) == ("unblocked", True)
        assert talking.wait(60) == 0

    locked.signs(Secret(USER_PIN))


def test_a_program_that_ends_its_side_gives_the_request_up(
    locked: Locked, program: Program
) -> None:
    with talk(program, locked, "--keep-pin") as talking:
        assert event(talking)["event"] == "request"
        assert talking.stdin
        talking.stdin.close()
        assert event(talking)["error"]["code"] == "request-given-up"
        assert talking.wait(60) == 130


def test_a_program_is_told_of_a_refusal_in_one_line(locked: Locked, program: Program) -> None:
    program.secret("weak.pin", "1234")
    with talk(program, locked, "--new-pin-file", "weak.pin") as talking:
        told = event(talking)
        assert (told["event"], told["error"]["code"]) == ("failed", "pin-refused")
        assert talking.wait(60) == 6
