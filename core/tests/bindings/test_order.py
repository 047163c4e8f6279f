"""In which order objects are listed: the token's, and no search of ours changes it."""

from __future__ import annotations

from pathlib import Path

from lockwright.bindings import load
from lockwright.models import ObjectKind
from lockwright.pkcs11.constants import CKA, CKC, CKO, CKU
from lockwright.pkcs11.session import Session, Template
from lockwright.pkcs11.standard.listing import read_all
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, AddedToken

DATA: Template = {CKA.CLASS: CKO.DATA, CKA.PRIVATE: False}
CERTIFICATE: Template = {
    CKA.CLASS: CKO.CERTIFICATE,
    CKA.CERTIFICATE_TYPE: CKC.X_509,
    CKA.PRIVATE: False,
    CKA.SUBJECT: b"\x30\x00",
}
MADE = (CERTIFICATE, DATA, CERTIFICATE, DATA)


def make(session: Session) -> list[int]:
    session.login(CKU.USER, Secret(USER_PIN))
    return [
        session.create({**each, CKA.TOKEN: True, CKA.LABEL: str(n), CKA.VALUE: str(n).encode()})
        for n, each in enumerate(MADE)
    ]


def test_objects_come_in_the_order_that_the_token_has(session: Session) -> None:
    made = make(session)
    assert [handle for handle, _ in read_all(session)] == made


def test_certificates_come_last_where_a_module_has_the_order_of_our_searches(
    binding: str, faulty: Path, added: AddedToken
) -> None:
    """SoftHSM numbers objects when it finds them: those that are searched for first were first."""
    module = load(binding, faulty)
    with module.open_session(added.slot) as session:
        make(session)
    module.close()
    module = load(binding, faulty)
    with module.open_session(added.slot) as session:
        found = [obj.kind for _, obj in read_all(session)]
    module.close()
    assert found == [ObjectKind.DATA] * 2 + [ObjectKind.CERTIFICATE] * 2
