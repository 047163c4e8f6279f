"""Two pages for one call, followed word for word: who forgot the PIN, and who answers."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from lockwright_etoken.respond import rule
from lockwright_jacarta.respond import response_rule
from lockwright_testkit.hsm import add_key
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Screen, Terminal
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN, SoftHSM, module_path

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to"
SERIAL, KEY, NEW = (
    "0B53001435596976",
    "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0",
    "Kettle-42",
)
RULES = {"etoken": rule, "jacarta": response_rule}
TYPED = ("Serial number, from", "Request: a892", "Is it the same?", "Why is it", "File with")
"""How the lines of the dialogue begin in which a person types something."""


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a page in a language, without what they are set in by."""
    text = (HOW_TO / f"{page}.md").read_text("utf-8")
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(r"^ {3}", "", block, flags=re.MULTILINE) for block in found]


def words(command: str) -> list[str]:
    """The arguments of a command as the page has it, with this computer's SoftHSM."""
    joined = command.replace("\\\n", " ").removeprefix("$ ").splitlines()[0]
    program, *arguments = shlex.split(joined)
    assert program == "lockwright"
    return [
        each.replace("/usr/lib/softhsm/libsofthsm2.so", str(module_path())) for each in arguments
    ]


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The operator's computer, with the file of the page."""
    made = Program(tmp_path_factory.mktemp("desk"))
    made.secret(f"{SERIAL}.key", KEY)
    return made


@pytest.fixture
def device(sim: SimulatorFactory) -> Simulator:
    made: Simulator = sim("jacarta-pki", serial=SERIAL, settings={"admin.key": bytes.fromhex(KEY)})
    return made


def test_the_operators_dialogue_is_that_of_the_page(desk: Program, terminal: Terminal) -> None:
    command, *_further = blocks("answer-a-request", "console")
    dialogue, *_other = blocks("answer-a-request", "text")
    screen = terminal(desk, *words(command))
    shown = ""
    for line in filter(None, dialogue.splitlines()):
        if line.startswith(TYPED):
            question, typed = re.fullmatch(r"(.*?(?:\[y/N\]|:)) (.*)", line).groups()  # type: ignore[union-attr]  # so it is there
            shown += screen.answers(question, typed)
    code, last = screen.ends()
    said = " ".join((shown + " " + last).split())

    assert code == 0, last
    fixed = [line for line in dialogue.splitlines() if line and not line.startswith((*TYPED, " "))]
    assert [line for line in fixed if line not in said] == []
    assert re.search(r"([0-9A-F]{4} ){4}[0-9A-F]{5}", said)


def test_each_model_of_the_page_has_a_rule_that_takes_such_keys() -> None:
    page = (HOW_TO / "answer-a-request.md").read_text("utf-8")
    rows = re.findall(r"^\| .* \| `(\w+)` \| `([\w ]+)` \| (.*) \|$", page, re.MULTILINE)
    found = {
        (vendor, model): {each.value for each in RULES[vendor](model).key_forms}
        for vendor, model, _forms in rows
    }
    assert found == {(v, m): set(re.findall(r"`(\w+)`", forms)) for v, m, forms in rows}
    assert len(found) == 3


def test_with_the_key_in_an_hsm_nothing_but_the_check_is_asked(
    desk: Program, softhsm: SoftHSM, terminal: Terminal
) -> None:
    bank = softhsm.add_token("bankhsm")
    add_key(softhsm, bank, bytes.fromhex(KEY), f"admin-{SERIAL}")
    desk.secret("hsm.pin", USER_PIN)
    command = words(blocks("answer-a-request", "console")[1])
    named = desk.home / "config" / "lockwright" / "config.toml"
    named.parent.mkdir(parents=True)
    (key_uri, *_rest) = blocks("answer-a-request", "toml")
    named.write_text(key_uri.replace("/usr/lib/softhsm/libsofthsm2.so", str(module_path())))

    unnamed = command[: command.index("--key-uri")]
    for given in (command, [each.replace("0161", "0162") for each in unnamed]):
        screen = terminal(desk, *given)
        screen.answers("Is it the same? [y/N]", "y")
        code, said = screen.ends()
        assert (code, "The Response for the token" in said) == (0, True), said


def test_the_call_ends_with_a_new_pin(
    device: Simulator, desk: Program, tmp_path: Path, terminal: Terminal
) -> None:
    client = Program(tmp_path)
    begin, *_further = blocks("unblock-by-phone", "sh")
    shown, *_other = blocks("unblock-by-phone", "text")
    names = [line.partition(":")[0] for line in shown.strip().splitlines()]
    window = terminal(client, *words(begin), "--module", device.module)
    window.answers("New user PIN:", NEW)
    window.answers("once more:", NEW)
    values = [window.reads(re.compile(rf"{name}:\s+(\S[^\r\n]*)")).match[1] for name in names]
    request, check, serial = (value.strip() for value in values)
    assert (names, serial) == (["Request", "Check", "Serial number"], SERIAL)

    window.answers("Response", answered(terminal(desk, *model()), request, check))

    assert window.ends().code == 0
    client.secret("new.pin", NEW)
    see = ("list", "--login", "--module", device.module, "--pin-file", "new.pin")
    assert client.run(*see).code == 0


def answered(desk: Screen, request: str, check: str) -> str:
    """The Response that an operator reads out to who says that Request and that check."""
    desk.answers("Serial number, from the record of the client:", SERIAL)
    desk.answers("Request:", request)
    assert check.partition(" (")[0] in desk.answers("Is it the same? [y/N]", "y")
    desk.answers("Why is it answered? For the record:", "lost PIN")
    desk.answers("File with the administrator key:", f"{SERIAL}.key")
    code, said = desk.ends()
    response = re.search(r"(?:[0-9A-F]{4} ){4}[0-9A-F]{5}", said)
    assert (code, response is not None) == (0, True), said
    return response[0] if response else ""


def model() -> list[str]:
    return words(blocks("answer-a-request", "console")[0])


def test_the_events_are_those_of_the_page(
    device: Simulator, desk: Program, tmp_path: Path, terminal: Terminal
) -> None:
    client = Program(tmp_path)
    client.secret("new.pin", NEW)
    command, *lines = blocks("unblock-by-phone", "console")[0].splitlines()
    told = [json.loads(line.replace("{...}", "{}")) for line in lines if line.startswith("{")]
    window = terminal(client, *words(command), "--module", device.module)
    first = json.loads(window.reads(re.compile(r'\{"event": "request".*"seconds": \d+\}')).match[0])

    window.types(
        answered(terminal(desk, *model()), first["request"], first["check"]["words"]["en"])
    )

    code, said = window.ends()
    last = json.loads(said[said.index('{"event": "unblocked"') :])
    assert code == 0
    assert [list(each) for each in (first, last)] == [list(each) for each in told]
    assert (last["way"], last["keeps_pin"]) == (told[1]["way"], told[1]["keeps_pin"])
