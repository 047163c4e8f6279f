"""What a session remembers of an object is asked again before the object is deleted."""

from __future__ import annotations

import pytest
from lockwright.models import Token
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKA, CKO
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.session import Module, Session, Template
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, AddedToken

NOTE: Template = {
    CKA.CLASS: CKO.DATA,
    CKA.TOKEN: True,
    CKA.PRIVATE: False,
    CKA.LABEL: "note",
    CKA.VALUE: b"value",
}


def test_what_another_program_changed_since_is_not_deleted_in_a_login_that_is_kept(
    module: Module, added: AddedToken
) -> None:
    token = Token(next(e for e in identities(module) if e.slot == added.slot), "softhsm", "")
    module.keeps_logins = True
    with module.open_session(added.slot) as other, Secret(USER_PIN) as pin:
        changed, same = (other.create({**NOTE, CKA.LABEL: label}) for label in ("one", "two"))
        objects = standard.list_objects(module, token, pin, None)
        other.write(changed, {CKA.LABEL: "three"})

        failures = standard.delete(module, token, pin, [obj.ref for obj in objects])

        assert [each.ref for each in failures] == [o.ref for o in objects if o.label == "one"]
        assert other.read(changed, [CKA.LABEL]) == {CKA.LABEL: b"three"}
        with pytest.raises(CkrError, match="OBJECT_HANDLE_INVALID"):
            other.read(same, [CKA.LABEL])
        module.release()


def test_what_a_session_changes_it_reads_again(session: Session) -> None:
    handle = session.create({**NOTE, CKA.TOKEN: False})
    session.remember()
    assert session.read(handle, [CKA.LABEL]) == {CKA.LABEL: b"note"}

    session.write(handle, {CKA.LABEL: "renamed"})

    assert session.read(handle, [CKA.LABEL]) == {CKA.LABEL: b"renamed"}
    assert session.is_as_remembered(handle)


def test_what_came_onto_the_token_since_it_was_listed_stays_when_it_is_wiped(
    module: Module, added: AddedToken
) -> None:
    token = Token(next(e for e in identities(module) if e.slot == added.slot), "softhsm", "")
    module.keeps_logins = True
    with module.open_session(added.slot) as other, Secret(USER_PIN) as pin:
        listed = other.create(NOTE)
        standard.list_objects(module, token, pin, None)
        new = other.create({**NOTE, CKA.LABEL: "new"})

        (left,) = standard.wipe(module, token, pin)

        assert left.ckr is None
        assert other.read(new, [CKA.LABEL]) == {CKA.LABEL: b"new"}
        with pytest.raises(CkrError, match="OBJECT_HANDLE_INVALID"):
            other.read(listed, [CKA.LABEL])
        module.release()
