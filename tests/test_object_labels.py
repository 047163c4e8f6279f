"""Labels of keys and certificates that people choose: one rule, wherever one is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from lockwright import Config, Runner, Secret
from lockwright.cli.app import root
from lockwright.errors import ObjectLabelRefused
from lockwright.operations.enrolment.orders import Asked
from lockwright.operations.object_labels import label_of
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

BAD = {
    "empty": "",
    "blank": "  ",
    "escape": "a\x1b[2Jb",
    "newline": "a\nb",
    "c1": "a\x9bb",
    "delete": "a\x7fb",
    "override": "a\u202eb",
    "isolate": "a\u2066b",
    "mark": "a\u200fb",
    "arabic mark": "a\u061cb",
    "half": "a\udc80b",
}
GOOD = {
    "russian": "Платежи 2026",
    "long": "Ж" * 300,
    "persian with a joiner": "می\u200cخواهم",
    "family": "\U0001f468\u200d\U0001f469",
    "brackets": "[red] -x",
}
OF_A_TOKEN = {"label", "token init"}
"""Commands that label the token itself; they have a rule of their own (``check_label``)."""
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "import": ("key.p12", "--yes", "--pin-file=user.pin", "--key-file-password-file=user.pin"),
    "enroll": ("--csr-out=request.pem", "--subject=CN=Anna", "--pin-file=user.pin"),
}
WAYS = {
    **ARGUMENTS,
    "enroll at a CA": ("--ca=bank", "--subject=CN=Anna", "--pin-file=user.pin"),
}


def labelled(group: click.Group, above: str = "") -> Iterator[str]:
    """Commands with an option or an argument that is a label or an id."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from labelled(command, f"{above}{name} ")
        elif command and {"label", "id", "key_id", "name"} & {p.name for p in command.params}:
            yield above + name


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.secret("user.pin", USER_PIN)
    config = tmp_path / "config" / "lockwright" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[import]\nallow = true\n")
    return made


@pytest.fixture
def token(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


def test_every_command_that_takes_a_label_is_known_here() -> None:
    found = set(labelled(root))
    assert {"import", "enroll"} <= found
    assert found - OF_A_TOKEN == ARGUMENTS.keys()


@pytest.mark.parametrize("way", WAYS)
def test_a_label_that_reads_like_another_is_refused_before_a_token_is_looked_for(
    program: Program, way: str
) -> None:
    for name, label in BAD.items():
        ended = program.run(way.partition(" ")[0], *WAYS[way], "--label", label)
        if name == "half":  # bytes of a command line that are no text are told before
            assert ended.code == 2
            continue
        assert ended.code == 4, (name, ended)
        assert "cannot have the label" in ended.err, name
        assert not {"\x1b", "\x9b", "\u202e", "\u2066"} & set(ended.err)
    assert not Path(program.home, "request.pem").exists()


def requests(runner: Runner, label: str) -> object:
    return runner.request(runner.find(), Secret(USER_PIN), "CN=Anna", label=label)


def takes_over(runner: Runner, label: str) -> object:
    nothing: Any = None  # it is judged before the file
    return runner.care.take_over(runner.find(), Secret(USER_PIN), nothing, label)


def enrols(runner: Runner, label: str) -> object:
    nothing: Any = None
    return runner.enrolments.enrol(nothing, nothing, Asked(label=label))


def renews(runner: Runner, label: str) -> object:
    nothing: Any = None
    return runner.enrolments.renew(nothing, nothing, Asked(label=label))


Api = Callable[[Runner, str], object]


@pytest.mark.parametrize(
    "call", [requests, takes_over, enrols, renews], ids=lambda call: call.__name__
)
def test_the_python_api_refuses_what_the_commands_refuse(token: AddedToken, call: Api) -> None:
    with Runner(Config(audit=None, imports=True)) as runner:
        for name, label in BAD.items():
            with pytest.raises(ObjectLabelRefused):
                call(runner, label)
            assert name
        assert not runner.list(runner.find(token.serial), Secret(USER_PIN)).containers


@pytest.mark.parametrize("label", GOOD.values(), ids=GOOD.keys())
def test_a_label_of_any_language_and_length_is_left_to_the_token(
    token: AddedToken, label: str
) -> None:
    with Runner(Config(audit=None)) as runner:
        found = runner.find(token.serial)
        pin = Secret(USER_PIN)
        made = runner.request(found, pin, "CN=Anna", key_type="ec:p256", label=label)
        assert made.key.label == label
        (container,) = runner.list(found, Secret(USER_PIN)).containers
        assert container.label == label


def test_a_label_made_of_a_name_loses_what_would_read_like_another() -> None:
    assert label_of("Anna\u202e\x1b[2J\udc80 Смит") == "Anna[2J Смит"
    assert label_of("") == ""
