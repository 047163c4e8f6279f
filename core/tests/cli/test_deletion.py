from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import AddedToken

PIN = ("--pin-file", "user.pin")


def containers(program: Program) -> list[str]:
    found = program.run("list", *PIN, "--json").document["containers"]
    return [container["label"] for container in found]


@pytest.fixture
def two(enrol: Callable[..., str]) -> tuple[str, str]:
    return enrol("old"), enrol("new")


def test_what_was_named_goes_and_the_rest_stays(program: Program, two: tuple[str, str]) -> None:
    ended = program.run("delete", "old", *PIN, "--yes")
    assert ended.code == 0
    for text in ("3 objects", "private key old", "public key old", "certificate old"):
        assert text in ended.out
    assert containers(program) == ["new"]


@pytest.mark.parametrize("by", ["id", "fingerprint", "label"])
def test_a_container_or_certificate_is_named_by(
    program: Program, two: tuple[str, str], by: str
) -> None:
    listed = program.run("list", *PIN, "--json").document["containers"]
    old = next(container for container in listed if container["label"] == "old")
    name = old["certificates"][0]["fingerprint"][:12] if by == "fingerprint" else old[by]
    gone = program.run("delete", name, *PIN, "--yes", "--json").document["gone"]
    assert len(gone) == (1 if by == "fingerprint" else 3)


def test_a_dry_run_shows_the_plan_and_changes_nothing(
    program: Program, two: tuple[str, str]
) -> None:
    ended = program.run("delete", "old", *PIN, "--dry-run")
    assert ended.code == 0
    for text in ("old", "by Test CA", "ec:p256", "cannot be brought back", "Digest"):
        assert text in ended.out
    assert sorted(containers(program)) == ["new", "old"]


def test_a_plan_is_applied_only_to_the_content_it_was_made_for(
    program: Program, two: tuple[str, str], enrol: Callable[..., str]
) -> None:
    planned = program.run("delete", "old", *PIN, "--dry-run", "--json").document
    digest = planned["plan"]["digest"]
    enrol("third")
    stale = program.run("delete", "old", *PIN, "--yes", "--digest", digest, "--json")
    assert (stale.code, stale.error["code"]) == (7, "plan-stale")
    assert sorted(containers(program)) == ["new", "old", "third"]
    now = program.run("list", *PIN, "--json").document["digest"]
    assert program.run("delete", "old", *PIN, "--yes", "--digest", now.upper()).code == 0
    assert sorted(containers(program)) == ["new", "third"]


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_without_a_yes_nothing_goes_where_nobody_can_be_asked(
    program: Program, two: tuple[str, str], form: tuple[str, ...]
) -> None:
    for command in (("delete", "old"), ("wipe",)):
        ended = program.run(*command, *PIN, *form)
        assert ended.code == 2
        assert "--yes" in ended.out + ended.err
    assert sorted(containers(program)) == ["new", "old"]


def test_delete_needs_to_be_told_what(program: Program, token: AddedToken) -> None:
    ended = program.run("delete", *PIN, "--yes")
    assert ended.code == 2
    assert "--expired" in ended.err


def test_that_nothing_has_expired_is_no_error(
    program: Program, token: AddedToken, enrol: Callable[..., str]
) -> None:
    enrol("new")
    ended = program.run("delete", "--expired", *PIN, "--yes")
    assert (ended.code, ended.out) == (0, "Nothing has expired.\n")
    assert program.run("delete", "--expired", *PIN, "--yes", "--json").document["gone"] == []
    assert containers(program) == ["new"]


def test_nothing_that_fits_is_an_error_that_names_it(program: Program, token: AddedToken) -> None:
    ended = program.run("delete", "ghost", *PIN, "--yes", "--json")
    assert (ended.code, ended.error["code"]) == (4, "nothing-selected")
    assert "ghost" in ended.error["message"]


def wipe(program: Program, *more: str) -> Ended:
    return program.run("wipe", *PIN, "--yes", *more)


def test_a_wipe_needs_the_serial_number_and_takes_everything(
    program: Program, token: AddedToken, two: tuple[str, str]
) -> None:
    assert wipe(program).code == 2
    assert wipe(program, "--token", "pkcs11:token=Anna").code == 2
    assert sorted(containers(program)) == ["new", "old"]
    ended = wipe(program, "--token", token.serial, "--json")
    assert ended.code == 0
    assert len(ended.document["gone"]) == 6
    assert containers(program) == []


def test_wiping_an_empty_token_says_that_it_is_empty(program: Program, token: AddedToken) -> None:
    ended = wipe(program, "--token", token.serial)
    assert ended.code == 0
    assert "empty" in ended.out
