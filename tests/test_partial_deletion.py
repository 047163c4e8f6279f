"""A deletion that fails in the middle says exactly what is gone and what is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright_testkit.containers import container
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

PIN = ("--pin-file", "user.pin")


@pytest.fixture
def program(tmp_path: Path, softhsm: SoftHSM) -> Program:
    """A token with one container of three objects."""
    made = Program(tmp_path)
    softhsm.add_token("Anna")
    made.secret("user.pin", USER_PIN)
    container(TestCa.root(), "CN=work")
    return made


def kinds(program: Program) -> list[str]:
    """What is on the token, by another look at it."""
    (container,) = program.run("list", *PIN, "--json").document["containers"]
    keys = [] if container["key"] is None else container["key"]["objects"]
    return [key["kind"] for key in keys] + ["certificate"] * len(container["certificates"])


@pytest.mark.parametrize(
    ("failing", "gone", "left"),
    [
        # A container whose private key stays is left whole.
        (1, [], ["private key work", "public key work", "certificate work"]),
        (2, ["private key work", "certificate work"], ["public key work"]),
        (3, ["private key work", "public key work"], ["certificate work"]),
    ],
)
def test_what_is_gone_and_what_is_left_is_told_when_one_of_three_fails(
    program: Program,
    faulty: Path,
    faults: Callable[[str], None],
    failing: int,
    gone: list[str],
    left: list[str],
) -> None:
    faults(f"C_DestroyObject@{failing}=0x30")
    ended = program.run("delete", "work", *PIN, "--yes", "--module", faulty, "--json")
    assert ended.code == 8
    assert ended.error["code"] == "partly-deleted"
    assert ended.error["facts"] == {"gone": gone, "left": left}
    assert ended.error["ckr"] == "0x00000030"
    faults("")
    assert kinds(program) == [name.removesuffix(" work").replace(" ", "-") for name in left]


def test_a_person_reads_both_and_what_to_do(
    program: Program, faulty: Path, faults: Callable[[str], None]
) -> None:
    faults("C_DestroyObject@2=0x30")
    ended = program.run("delete", "work", *PIN, "--yes", "--module", faulty)
    assert ended.code == 8
    assert ended.out == ""
    told = " ".join(ended.err.split())
    assert "Gone: private key work, certificate work." in told
    assert "Left: public key work." in told
    assert "lockwright list" in told


def test_what_is_left_can_be_deleted_by_the_same_command(
    program: Program, faulty: Path, faults: Callable[[str], None]
) -> None:
    faults("C_DestroyObject@2=0x30")
    assert program.run("delete", "work", *PIN, "--yes", "--module", faulty).code == 8
    faults("")
    ended = program.run("delete", "work", *PIN, "--yes", "--json")
    assert [obj["kind"] for obj in ended.document["gone"]] == ["public-key"]
    assert program.run("list", *PIN, "--json").document["containers"] == []
