from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from lockwright_testkit.program import Program
from lockwright_testkit.softhsm import AddedToken

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_container_is_shown_with_its_certificate(
    program: Program, enrol: Callable[..., str]
) -> None:
    key_id = enrol("work")
    ended = program.run("list", "--pin-file", "user.pin")
    assert ended.code == 0
    for text in ("work", key_id, "ec:p256", "complete", "by Test CA", "days left"):
        assert text in ended.out


def test_every_field_is_there_for_programs(
    program: Program, token: AddedToken, enrol: Callable[..., str]
) -> None:
    key_id = enrol("work")
    document = program.run("list", "--pin-file", "user.pin", "--json").document
    assert document["token"] == token.serial
    assert document["logged_in"] is True
    (container,) = document["containers"]
    assert (container["id"], container["label"], container["state"]) == (key_id, "work", "complete")
    assert container["key"]["type"] == "ec:p256"
    (certificate,) = container["certificates"]
    assert certificate["subject"] == "CN=work"
    assert certificate["issuer"] == "CN=Test CA"
    assert certificate["days_left"] in (363, 364)
    assert certificate["expired"] is False
    assert document["objects"] == []


def test_without_a_login_it_says_that_private_objects_are_not_shown(
    program: Program, token: AddedToken
) -> None:
    ended = program.run("list")
    assert ended.code == 0
    assert "--login" in ended.err
    assert program.run("list", "--json").document["logged_in"] is False


def test_a_pin_that_is_given_is_used_and_a_wrong_one_is_told(
    program: Program, token: AddedToken
) -> None:
    program.secret("wrong.pin", "Wrong-pin-1")
    ended = program.run("list", "--pin-file", "wrong.pin", "--json")
    assert ended.code == 5
    assert ended.error["code"] == "pin-incorrect"
    assert ended.error["ckr"] == "0x000000a0"
    assert ended.error["adapter"] == "softhsm"


def test_a_certificate_near_its_end_says_how_long_it_lasts(
    program: Program, enrol: Callable[..., str]
) -> None:
    enrol("short", lasts=timedelta(days=9))
    assert "7 days left" in program.run("list").out


@pytest.mark.parametrize("uri", ["pkcs11:token=Anna", "pkcs11:model=SoftHSM%20v2;token=Anna"])
def test_a_token_is_named_by_a_uri(program: Program, token: AddedToken, uri: str) -> None:
    assert program.run("list", "--token", uri, "--json").document["token"] == token.serial
