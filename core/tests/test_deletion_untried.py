"""What an adapter did not try to delete is not told as gone, whatever it is called by now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lockwright import Secret
from lockwright.calls.adapters import Calls
from lockwright.errors import PartlyDeleted
from lockwright.models import Failure, ModuleInfo, ObjectKind, Token, TokenIdentity, TokenObject
from lockwright.operations.deletion import apply
from lockwright.operations.listing import listing
from lockwright.operations.plans import plan_wipe, planned

IDENTITY = TokenIdentity("01", "", "Odd", "Odd", ModuleInfo(Path("/m.so"), "", "", (1, 0)), 0, "")
TOKEN = Token(IDENTITY, "odd", "")
NOTE = TokenObject(kind=ObjectKind.DATA, id=b"", label="note", ref="a1" * 16)


def test_what_another_program_renamed_before_it_was_deleted_is_told_as_left() -> None:
    shown = [NOTE]

    def answer(hook: str, *_about: object, **_arguments: object) -> object:
        if hook == "lockwright_delete":
            shown[:] = [replace(NOTE, label="renamed", ref="b2" * 16)]
            return [Failure(NOTE.ref, None)]
        return list(shown)

    calls = Calls(["odd"], answer, [], 1.0)
    with Secret("Kettle-Moss-42") as pin:
        agreed = planned(calls, TOKEN, pin, [NOTE.ref])
        with pytest.raises(PartlyDeleted) as partly:
            apply(calls, TOKEN, pin, agreed)

    assert partly.value.facts["gone"] == ()
    assert partly.value.facts["left"] != ()


def test_what_came_before_everything_was_deleted_is_named_as_left() -> None:
    shown = [NOTE]
    new = replace(NOTE, label="new", ref="b2" * 16)

    def answer(hook: str, *_about: object, **_arguments: object) -> object:
        if hook == "lockwright_wipe":
            shown[:] = [new]
            return [Failure(new.ref, None)]
        return list(shown)

    calls = Calls(["odd"], answer, [], 1.0)
    with Secret("Kettle-Moss-42") as pin:
        agreed = plan_wipe(listing(calls, TOKEN, pin))
        with pytest.raises(PartlyDeleted) as partly:
            apply(calls, TOKEN, pin, agreed)

    assert partly.value.facts["gone"] == ("data object note",)
    assert partly.value.facts["left"] == ("data object new",)
