"""What is named on the command line: one thing or none, and every object of it is shown first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken

PIN = ("--pin-file", "user.pin")
BLANK = ("", " ", "0x", "0X")
COMMANDS = (
    ("delete", "{}", "--yes"),
    ("enroll", "--ca", "bank", "--replace", "{}"),
    ("renew", "{}", "--ca", "bank"),
)


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_an_empty_name_is_a_usage_error(
    program: Program, token: AddedToken, command: tuple[str, ...], blank: str
) -> None:
    """``delete "$NAME" --yes`` with NAME not set took the key that has no label."""
    ended = program.run(*(word.format(blank) for word in command), *PIN)

    assert ended.code == 2
    assert "empty name" in ended.err


def test_a_plan_shows_every_object_by_all_that_tells_it_apart(
    program: Program, enrol: Callable[..., str]
) -> None:
    key_id = enrol("work")
    (listed,) = program.run("list", *PIN, "--json").document["containers"]
    serial = listed["certificates"][0]["serial"]
    ends = listed["certificates"][0]["not_after"][:10]

    told = program.run("delete", "work", *PIN, "--dry-run").out

    for text in ("private key", "public key", "certificate", key_id, serial, "by Test CA", ends):
        assert text in told


def test_a_plan_has_every_object_for_programs(program: Program, enrol: Callable[..., str]) -> None:
    key_id = enrol("work")

    plan = program.run("delete", key_id, *PIN, "--dry-run", "--json").document["plan"]

    assert [(t["kind"], t["id"], t["label"]) for t in plan["targets"]] == [
        (kind, key_id, "work") for kind in ("private-key", "public-key", "certificate")
    ]
    (*keys, certificate) = [target["certificate"] for target in plan["targets"]]
    assert keys == [None, None]
    assert certificate["subject"] == "CN=work"
    assert plan["containers"][0]["name"] == key_id


def test_without_login_a_container_is_not_said_to_be_complete(
    program: Program, enrol: Callable[..., str]
) -> None:
    enrol("work")

    assert "not seen without login" in program.run("list").out
    assert "закрытый ключ без входа не виден" in program.run("list", "--lang", "ru").out
    assert program.run("list", "--json").document["containers"][0]["state"] == "not-seen"
