"""What can happen on the line: ``make line``, beside the whole way of the default run."""

from __future__ import annotations

import json
import socket
import subprocess
from importlib.resources import files

from client import Computer, of
from desk_home import Server
from jsonschema import Draft202012Validator
from kinds import IDPRIME
from line_bank import LineBank, Operator
from line_window import SetDesk, asks, number_in, of_desk, pin_of
from locked_token import Locked
from lockwright import Secret
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.pseudo_terminal import CTRL_C

EVENT = json.loads((files("lockwright.cli") / "schemas" / "unblock-event.json").read_text())


@of(IDPRIME)
def test_an_idprime_is_unblocked_over_the_line(
    registered: Locked, computer: Computer, desk: Server, operator: Operator, set_desk: SetDesk
) -> None:
    set_desk(of_desk(desk))
    screen, read = asks(computer)
    case = operator.until_ready(number_in(read), read.words)

    operator.does(case, "send")

    assert screen.ends()[0] == 0
    registered.signs(Secret(registered.kind.pin))


def test_a_desk_that_is_known_by_its_key_alone_is_trusted(
    registered: Locked, computer: Computer, desk: Server, operator: Operator, set_desk: SetDesk
) -> None:
    set_desk(f'url = "{desk.url}"\npin = ["{pin_of(desk)}"]')
    screen, read = asks(computer)
    case = operator.until_ready(number_in(read), read.words)

    operator.does(case, "send")

    assert screen.ends()[0] == 0


def test_a_desk_that_is_away_is_done_without(
    registered: Locked, computer: Computer, desk: Server, set_desk: SetDesk
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    set_desk(f'url = "https://localhost:{port}"\nca = ["{desk.ca}"]')

    screen, read = asks(computer)

    assert "The bank's help desk is not reached" in read.said
    assert "Number on the line" not in read.said
    screen.types(registered.answer(read.data).reveal_text())
    assert screen.ends()[0] == 0


def test_no_desk_sends_nothing(
    registered: Locked, computer: Computer, bank: LineBank, desk: Server, set_desk: SetDesk
) -> None:
    set_desk(of_desk(desk))
    before = len(bank.lines())

    screen, read = asks(computer, "--no-desk")

    assert "Number on the line" not in read.said
    assert len(bank.lines()) == before
    screen.types(registered.answer(read.data).reveal_text())
    assert screen.ends()[0] == 0


def test_a_response_that_is_dictated_all_the_same_ends_the_wait(
    registered: Locked, computer: Computer, bank: LineBank, desk: Server, set_desk: SetDesk
) -> None:
    set_desk(of_desk(desk))
    screen, read = asks(computer)

    screen.types(registered.answer(read.data).reveal_text())

    assert screen.ends()[0] == 0
    assert bank.lines()[-1].ended_why == "called-off"


def test_a_window_that_was_closed_gets_no_response(
    registered: Locked,
    computer: Computer,
    bank: LineBank,
    desk: Server,
    operator: Operator,
    set_desk: SetDesk,
) -> None:
    set_desk(of_desk(desk))
    screen, read = asks(computer)
    case = operator.until_ready(number_in(read), read.words)
    screen.presses(CTRL_C)
    assert screen.ends()[0] != 0

    page = operator.does(case, "send")

    assert "does not wait on the line any more" in page
    assert bank.lines()[-1].sealed is None


def test_a_desk_that_is_killed_and_started_anew_still_answers(
    registered: Locked, computer: Computer, bank: LineBank, set_desk: SetDesk
) -> None:
    with bank.serving() as first:
        set_desk(of_desk(first))
        screen, read = asks(computer)
        port = first.port
        first.process.kill()
    with bank.serving(port) as second:
        operator = bank.operator("raisa", second)
        case = operator.until_ready(number_in(read), read.words)
        operator.does(case, "send")

        code, said = screen.ends()

    assert code == 0, said
    assert "Raisa answered for the bank" in said


def test_a_program_is_told_of_the_line_in_json(
    registered: Locked, computer: Computer, desk: Server, operator: Operator, set_desk: SetDesk
) -> None:
    set_desk(of_desk(desk))
    computer.program.secret("new.pin", registered.kind.pin)
    arguments = ["unblock", "--remote", "--json", "--new-pin-file", "new.pin"]
    with subprocess.Popen(
        [computer.program.path, *arguments, "--module", registered.device.module],
        cwd=computer.program.home,
        env=computer.program.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as talking:
        assert talking.stdout
        asked, line = (json.loads(talking.stdout.readline()) for _each in range(2))
        case = operator.until_ready(line["number"], asked["check"]["words"]["ru"])
        operator.does(case, "send")
        events = [json.loads(talking.stdout.readline()) for _each in range(2)]
        assert talking.wait(60) == 0

    assert [each["event"] for each in (asked, line, *events)] == [
        "request",
        "line",
        "answered",
        "unblocked",
    ]
    for each in (asked, line, *events):
        Draft202012Validator(EVENT).validate(each)
    assert events[0]["by"] == "Olga"


def test_a_desk_of_another_ca_is_told_nothing(
    registered: Locked,
    computer: Computer,
    bank: LineBank,
    desk: Server,
    set_desk: SetDesk,
) -> None:
    other = computer.program.home / "other.pem"
    other.write_bytes(pem(TestCa.root().certificate))
    set_desk(f'url = "{desk.url}"\nca = ["{other}"]')
    before = len(bank.lines())

    screen, read = asks(computer)

    assert "is not trusted as the bank's help desk" in read.said
    assert "Nothing was sent to it" in read.said
    assert "read the Request out" in read.said
    assert len(bank.lines()) == before
    screen.types(registered.answer(read.data).reveal_text())
    assert screen.ends()[0] == 0
