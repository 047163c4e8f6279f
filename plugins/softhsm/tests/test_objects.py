from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.bindings.base_session import BaseSession
from lockwright.errors import PinIncorrect
from lockwright.models import Failure, KeyRequest, ObjectKind, Token, TokenObject
from lockwright.pkcs11.constants import CKA, CKO
from lockwright.pkcs11.objects import Objects
from lockwright.pkcs11.session import Module
from lockwright.pkcs11.standard import user_session
from lockwright.pkcs11.values import number
from lockwright.secret import Secret
from lockwright_softhsm import adapter
from lockwright_testkit.pki import TestCa

CERTIFICATE, ANOTHER = (
    TestCa.root()
    .issue(ec.generate_private_key(ec.SECP256R1()).public_key())
    .public_bytes(Encoding.DER)
    for _ in range(2)
)


def by_kind(objects: list[TokenObject]) -> dict[ObjectKind, TokenObject]:
    return {obj.kind: obj for obj in objects}


def listed(module: Module, token: Token, pin: Secret | None) -> list[TokenObject]:
    return list(adapter.lockwright_list(module, token, pin, None))


def session_class(module: Module, token: Token) -> type[BaseSession]:
    """The binding's class of sessions, to look at what it is asked for."""
    with user_session(module, token, None) as session:
        assert isinstance(session, BaseSession)
        return type(session)


@pytest.fixture
def container(module: Module, token: Token, pin: Secret) -> dict[ObjectKind, TokenObject]:
    """A key pair and a certificate that share an id."""
    adapter.lockwright_generate(module, token, pin, KeyRequest("ec:p256", b"\x01", "Ключ"))
    adapter.lockwright_store(module, token, pin, b"\x01", "Ключ", CERTIFICATE)
    return by_kind(listed(module, token, pin))


def add_data(module: Module, token: Token, pin: Secret, label: str) -> None:
    with user_session(module, token, pin) as session:
        session.create(
            {
                CKA.CLASS: CKO.DATA,
                CKA.TOKEN: True,
                CKA.PRIVATE: True,
                CKA.LABEL: label,
                CKA.VALUE: b"not for a listing",
            }
        )


def test_every_object_is_listed_as_what_it_is(
    container: dict[ObjectKind, TokenObject], module: Module, token: Token, pin: Secret
) -> None:
    add_data(module, token, pin, "note")
    found = by_kind(listed(module, token, pin))
    assert set(found) == {
        ObjectKind.PRIVATE_KEY,
        ObjectKind.PUBLIC_KEY,
        ObjectKind.CERTIFICATE,
        ObjectKind.DATA,
    }
    private = found[ObjectKind.PRIVATE_KEY]
    assert (private.id, private.label, private.key_type) == (b"\x01", "Ключ", "ec:p256")
    assert private.private
    assert found[ObjectKind.CERTIFICATE].value == CERTIFICATE
    assert not found[ObjectKind.CERTIFICATE].private
    assert found[ObjectKind.DATA].value is None


def test_without_login_only_what_anyone_may_see_is_listed(
    container: dict[ObjectKind, TokenObject], module: Module, token: Token
) -> None:
    assert ObjectKind.PRIVATE_KEY not in by_kind(listed(module, token, None))
    assert ObjectKind.CERTIFICATE in by_kind(listed(module, token, None))


def test_an_object_keeps_its_name_from_session_to_session(
    container: dict[ObjectKind, TokenObject], module: Module, token: Token, pin: Secret
) -> None:
    refs = {obj.ref for obj in container.values()}
    assert len(refs) == len(container)
    assert {obj.ref for obj in listed(module, token, pin)} == refs


def test_exact_duplicates_have_names_of_their_own(
    module: Module, token: Token, pin: Secret
) -> None:
    for _ in range(3):
        adapter.lockwright_store(module, token, pin, b"\x02", "twin", CERTIFICATE)
    refs = sorted(obj.ref for obj in listed(module, token, pin))
    assert refs == [refs[0], f"{refs[0]}#2", f"{refs[0]}#3"]
    assert adapter.lockwright_delete(module, token, pin, [refs[1]]) == []
    assert len(listed(module, token, pin)) == 2


def test_the_value_of_what_may_be_secret_is_never_asked_for(
    container: dict[ObjectKind, TokenObject],
    module: Module,
    token: Token,
    pin: Secret,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only of the certificate; also where the module finds everything, whatever is searched for."""
    add_data(module, token, pin, "note")
    asked: list[int] = []
    values, find = Objects.values, Objects.find

    def noted(self: Objects, handle: int, attributes: Sequence[int]) -> dict[int, bytes]:
        if CKA.VALUE in attributes:
            asked.append(number(values(self, handle, [CKA.CLASS])[CKA.CLASS]))
        return values(self, handle, attributes)

    monkeypatch.setattr(Objects, "values", noted)
    listed(module, token, pin)
    monkeypatch.setattr(Objects, "find", lambda self, _template, most=None: find(self, {}, most))
    everything = listed(module, token, pin)

    assert asked == [CKO.CERTIFICATE] * 2
    assert container[ObjectKind.CERTIFICATE].value in {obj.value for obj in everything}


def test_what_is_deleted_is_gone_and_the_rest_stays(
    container: dict[ObjectKind, TokenObject], module: Module, token: Token, pin: Secret
) -> None:
    gone = container[ObjectKind.CERTIFICATE].ref
    assert adapter.lockwright_delete(module, token, pin, [gone]) == []
    assert set(by_kind(listed(module, token, pin))) == {
        ObjectKind.PRIVATE_KEY,
        ObjectKind.PUBLIC_KEY,
    }
    assert adapter.lockwright_delete(module, token, pin, [gone]) == []


def test_a_deletion_that_is_refused_in_the_middle_is_reported_and_the_rest_goes_on(
    container: dict[ObjectKind, TokenObject],
    module: Module,
    token: Token,
    pin: Secret,
    faults: Callable[[str], None],
) -> None:
    order = (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY, ObjectKind.CERTIFICATE)
    refs = [container[kind].ref for kind in order]
    faults("C_DestroyObject@2=0x30")
    assert adapter.lockwright_delete(module, token, pin, refs) == [Failure(refs[1], 0x30)]
    faults("")
    assert set(by_kind(listed(module, token, pin))) == {ObjectKind.PUBLIC_KEY}


def test_a_private_key_that_stays_keeps_what_belongs_to_it(
    container: dict[ObjectKind, TokenObject],
    module: Module,
    token: Token,
    pin: Secret,
    faults: Callable[[str], None],
) -> None:
    adapter.lockwright_store(module, token, pin, b"\x02", "other", ANOTHER)
    other = next(obj.ref for obj in listed(module, token, pin) if obj.id == b"\x02")
    order = (ObjectKind.PRIVATE_KEY, ObjectKind.PUBLIC_KEY, ObjectKind.CERTIFICATE)
    refs = [container[kind].ref for kind in order]
    faults("C_DestroyObject@1=0x30")
    failures = adapter.lockwright_delete(module, token, pin, [*refs, other])
    assert failures == [Failure(refs[0], 0x30), Failure(refs[1], None), Failure(refs[2], None)]
    faults("")
    assert {obj.ref for obj in listed(module, token, pin)} == set(refs)


def test_with_a_wrong_pin_nothing_goes(
    container: dict[ObjectKind, TokenObject], module: Module, token: Token, pin: Secret
) -> None:
    wrong = Secret("wrong-pin")
    with pytest.raises(PinIncorrect):
        adapter.lockwright_wipe(module, token, wrong)
    with pytest.raises(PinIncorrect):
        adapter.lockwright_delete(module, token, wrong, [obj.ref for obj in container.values()])
    assert by_kind(listed(module, token, pin)) == container


def test_wipe_leaves_nothing_but_label_and_pin(
    container: dict[ObjectKind, TokenObject], module: Module, token: Token, pin: Secret
) -> None:
    add_data(module, token, pin, "note")
    assert adapter.lockwright_wipe(module, token, pin) == []
    assert listed(module, token, pin) == []
    assert module.token(token.identity.slot).label == token.identity.label


def test_wipe_takes_private_keys_first_and_reports_what_the_token_keeps(
    module: Module,
    token: Token,
    pin: Secret,
    faults: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    adapter.lockwright_store(module, token, pin, b"\x02", "other", CERTIFICATE)
    adapter.lockwright_generate(module, token, pin, KeyRequest("ec:p256", b"\x01", "Ключ"))
    before = by_kind(listed(module, token, pin))
    kind = session_class(module, token)
    find = kind.find
    # SoftHSM happens to find the keys first; a token may find them last.
    monkeypatch.setattr(kind, "find", lambda self, template: [*find(self, template)][::-1])
    faults("C_DestroyObject@1=0x30")
    failures = adapter.lockwright_wipe(module, token, pin)
    faults("")
    kept = (before[ObjectKind.PRIVATE_KEY], before[ObjectKind.PUBLIC_KEY])
    assert failures == [Failure(kept[0].ref, 0x30), Failure(kept[1].ref, None)]
    assert set(listed(module, token, pin)) == set(kept)
