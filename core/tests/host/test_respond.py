"""A Request is answered where no token is: the vectors, the forms of a key, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lockwright.errors import (
    AdapterBroken,
    BrokenUri,
    DefaultKey,
    KeyUnusable,
    LastTry,
    LockwrightError,
    ModuleCrashed,
    ModuleNotLoadable,
    NotSupported,
    PinIncorrect,
    PinLocked,
)
from lockwright.host import respond
from lockwright.host.parent import ChildHost
from lockwright.host.protocol import AdapterRef, Respond
from lockwright.keys.source import GivenKey, HsmKey, KeySource, given_key, hsm_module
from lockwright.models import Grounds, KeyForm
from lockwright.models.deadlines import Deadlines
from lockwright.pkcs11.constants import CKA
from lockwright.secret import Secret
from lockwright_testkit import responding_adapter
from lockwright_testkit.hsm import add_key
from lockwright_testkit.sim import USER_PIN as SIM_PIN
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

RESPONDER = AdapterRef(responding_adapter.NAME, responding_adapter.__name__)
REQUEST = bytes.fromhex("A892D75601617C5D")
# The sample of Microsoft's smart card minidriver specification has the zero key and this challenge.
VECTORS = {
    "00" * 24: "1951EC3EF81BBABB",
    "01" * 24: "1951EC3EF81BBABB",  # the same key: parity bits do not count
    "0102030405060708" * 3: "B0A1674747F4EB87",
}
KEY = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"

AES = 0x1F
"""``CKK_AES``."""

Answered = Callable[[Respond], Secret]


@pytest.fixture(params=["child", "in process"])
def answer(request: pytest.FixtureRequest) -> Answered:
    """Answers a Request, in a child process and without one."""

    def in_child(asked: Respond) -> Secret:
        module = asked.key.module if isinstance(asked.key, HsmKey) else None
        host = ChildHost(RESPONDER, module, {}, deadlines=Deadlines(call=10), verbose=False)
        try:
            given = host.respond(asked)
            assert given is not None
            return given
        finally:
            host.close()

    def here(asked: Respond) -> Secret:
        return respond.respond(RESPONDER, {}, asked)

    return in_child if request.param == "child" else here


def asked(
    key: KeySource, model: str = responding_adapter.KEY_MODEL, request: bytes = REQUEST
) -> Respond:
    return Respond(model, "0B53001435596976", request, key, Grounds("anna", "a lost PIN"))


def hexed(text: str, *, default_allowed: bool = False) -> GivenKey:
    return given_key(Secret(text), KeyForm.HEX, default_allowed=default_allowed)


@pytest.fixture
def bank(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("bankhsm")


def in_hsm(uri: str, *, pin: str = USER_PIN, default_allowed: bool = False) -> HsmKey:
    return HsmKey(uri, hsm_module(uri), Secret(pin), default_allowed=default_allowed)


# --- the vectors, from a file and in an HSM -------------------------------------------------------


@pytest.mark.parametrize(("key", "response"), VECTORS.items())
def test_a_key_from_a_file_gives_the_vector(answer: Answered, key: str, response: str) -> None:
    given = answer(asked(hexed(key, default_allowed=True)))

    assert given.reveal().hex().upper() == response


@pytest.mark.parametrize(("key", "response"), VECTORS.items())
def test_a_key_that_stays_in_an_hsm_gives_the_vector(
    answer: Answered, softhsm: SoftHSM, bank: AddedToken, key: str, response: str
) -> None:
    uri = add_key(softhsm, bank, bytes.fromhex(key), "admin")

    given = answer(asked(in_hsm(uri, default_allowed=True)))

    assert given.reveal().hex().upper() == response


def test_any_key_gives_the_same_from_a_file_and_in_an_hsm(
    answer: Answered, softhsm: SoftHSM, bank: AddedToken
) -> None:
    uri = add_key(softhsm, bank, bytes.fromhex(KEY), "admin")

    assert answer(asked(in_hsm(uri))) == answer(asked(hexed(KEY)))


def test_two_keys_are_k1_k2_k1(answer: Answered) -> None:
    assert answer(asked(hexed(KEY[:32]))) == answer(asked(hexed(KEY[:32] + KEY[:16])))


def test_a_key_as_text_is_filled_up_with_zeros(answer: Answered) -> None:
    text = given_key(Secret("Ключ-администратора"[:12]), KeyForm.TEXT)
    filled = "Ключ-администратора"[:12].encode().ljust(24, b"\0").hex()

    assert answer(asked(text)) == answer(asked(hexed(filled)))


def test_a_password_goes_to_the_vendors_function_as_it_is(answer: Answered) -> None:
    given = answer(
        asked(given_key(Secret("pa ss"), KeyForm.PASSWORD), responding_adapter.PASSWORD_MODEL)
    )

    assert given.reveal() == REQUEST[::-1] + b"ss ap"


# --- keys that everybody knows --------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "00" * 24,
        "00" * 16,
        "01" * 24,
        "0102030405060708" * 3,
        "0002030404070709" * 3,
        "404142434445464748494A4B4C4D4E4F",
        responding_adapter.DEFAULT_KEY.hex(),
    ],
)
def test_a_key_that_everybody_knows_is_refused(answer: Answered, key: str) -> None:
    with pytest.raises(DefaultKey):
        answer(asked(hexed(key)))

    assert len(answer(asked(hexed(key, default_allowed=True)))) == 8


@pytest.mark.parametrize("key", ["00" * 24, responding_adapter.DEFAULT_KEY.hex()])
def test_a_key_that_everybody_knows_is_refused_in_an_hsm_too(
    answer: Answered, softhsm: SoftHSM, bank: AddedToken, key: str
) -> None:
    uri = add_key(softhsm, bank, bytes.fromhex(key), "admin")

    with pytest.raises(DefaultKey):
        answer(asked(in_hsm(uri)))


def test_a_password_that_everybody_knows_is_refused(answer: Answered) -> None:
    known = given_key(Secret(responding_adapter.DEFAULT_PASSWORD), KeyForm.PASSWORD)

    with pytest.raises(DefaultKey):
        answer(asked(known, responding_adapter.PASSWORD_MODEL))


# --- keys that are of no use ----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", KEY[:-1], KEY + "00", KEY[:-1] + "G", "00" * 8, "x" * 24])
def test_what_is_no_key_in_digits_is_refused(text: str) -> None:
    with pytest.raises(KeyUnusable, match="32 or 48 hexadecimal digits"):
        hexed(text)


def test_pairs_of_digits_may_be_set_apart_and_small() -> None:
    spaced = ":".join(KEY[i : i + 2] for i in range(0, 48, 2)).lower()

    assert hexed(spaced).value == Secret(bytes.fromhex(KEY))


@pytest.mark.parametrize("text", ["", "x" * 25, "ж" * 13])
def test_what_is_no_key_in_text_is_refused(text: str) -> None:
    with pytest.raises(KeyUnusable, match="1 to 24 bytes"):
        given_key(Secret(text), KeyForm.TEXT)


def test_a_key_of_a_form_that_the_model_has_not_is_refused(answer: Answered) -> None:
    with pytest.raises(KeyUnusable, match="key of another form"):
        answer(asked(hexed(KEY), responding_adapter.PASSWORD_MODEL))
    with pytest.raises(KeyUnusable, match="key of another form"):
        answer(asked(given_key(Secret(KEY[:16]), KeyForm.PASSWORD)))


@pytest.mark.parametrize(
    ("further", "reason"),
    [
        ({CKA.SENSITIVE: False}, "taken out"),
        ({CKA.EXTRACTABLE: True}, "taken out"),
        ({CKA.KEY_TYPE: AES}, "not a 3DES key"),
        ({CKA.ENCRYPT: False}, "CKR_KEY_FUNCTION_NOT_PERMITTED"),
    ],
)
def test_a_key_in_an_hsm_that_is_not_fit_is_refused(
    answer: Answered, softhsm: SoftHSM, bank: AddedToken, further: dict[int, int], reason: str
) -> None:
    uri = add_key(softhsm, bank, bytes.fromhex(KEY), "admin", further=further)

    with pytest.raises(KeyUnusable, match=reason):
        answer(asked(in_hsm(uri)))


def test_exactly_one_key_of_one_token_has_to_fit(
    answer: Answered, softhsm: SoftHSM, bank: AddedToken
) -> None:
    uri = add_key(softhsm, bank, bytes.fromhex(KEY), "admin")
    add_key(softhsm, bank, bytes.fromhex(KEY), "other")

    assert answer(asked(in_hsm(uri)))
    for changed, reason in (
        (uri.replace("object=admin;", ""), "fit the URI: 2"),
        (uri.replace("object=admin", "object=nobody"), "keys in the HSM that fit the URI: 0"),
        (uri.replace("token=bankhsm", "token=ghost"), "tokens of the HSM that fit the URI: 0"),
        (uri.replace("type=secret-key", "type=private"), "names no secret key"),
    ):
        with pytest.raises(KeyUnusable, match=reason):
            answer(asked(in_hsm(changed)))


def test_a_wrong_pin_of_the_hsm_is_told_as_the_hsms(
    answer: Answered, softhsm: SoftHSM, bank: AddedToken
) -> None:
    uri = add_key(softhsm, bank, bytes.fromhex(KEY), "admin")

    with pytest.raises(PinIncorrect) as wrong:
        answer(asked(in_hsm(uri, pin="Wrong-pin-1")))

    assert wrong.value.facts["role"] == "HSM's user PIN"


def test_the_last_try_of_the_hsms_pin_is_not_spent_unseen(
    answer: Answered, sim: SimulatorFactory
) -> None:
    device = sim("plain", label="bankhsm", settings={"user.tries.max": 2})
    key = HsmKey("pkcs11:token=bankhsm", device.module, Secret("Wrong-pin-1"))

    with pytest.raises(PinIncorrect):
        answer(asked(replace(key, pin=Secret("Wrong-pin-1"))))
    with pytest.raises(LastTry) as spared:
        answer(asked(replace(key, pin=Secret("Wrong-pin-1"))))
    with pytest.raises(PinIncorrect):
        answer(asked(replace(key, pin=Secret("Wrong-pin-1"), use_last_try=True)))
    with pytest.raises(PinLocked) as locked:
        answer(asked(replace(key, pin=Secret(SIM_PIN))))

    assert spared.value.facts == locked.value.facts == {"role": "HSM's user PIN"}


def test_an_hsm_is_named_by_an_absolute_path() -> None:
    assert hsm_module("pkcs11:object=a?module-path=/usr/lib/hsm.so") == Path("/usr/lib/hsm.so")
    assert hsm_module("pkcs11:object=a", Path("/opt/hsm.so")) == Path("/opt/hsm.so")
    for uri, module in (
        ("pkcs11:object=a", None),
        ("pkcs11:object=a?module-path=hsm.so", None),
        ("pkcs11:object=a", Path("hsm.so")),
    ):
        with pytest.raises(KeyUnusable, match="absolute path"):
            hsm_module(uri, module)


def test_a_uri_that_carries_a_pin_is_refused_wherever_the_module_is_named() -> None:
    for module in (None, Path("/opt/hsm.so")):
        with pytest.raises(BrokenUri):
            hsm_module("pkcs11:object=a?module-path=/opt/hsm.so&pin-value=1234", module)


def test_an_hsm_whose_module_does_not_load_is_told(answer: Answered, tmp_path: Path) -> None:
    (tmp_path / "hsm.so").write_text("no library")

    with pytest.raises(ModuleNotLoadable):
        answer(asked(in_hsm(f"pkcs11:object=a?module-path={tmp_path / 'hsm.so'}")))


def test_an_hsm_whose_module_crashes_is_named(
    softhsm: SoftHSM, bank: AddedToken, faulty: Path, faults: Callable[[str], None]
) -> None:
    uri = add_key(softhsm, bank, bytes.fromhex(KEY), "admin")
    key = replace(in_hsm(uri), module=faulty)
    host = ChildHost(RESPONDER, faulty, {}, deadlines=Deadlines(call=10), verbose=False)
    faults("C_FindObjectsInit@1=crash")

    with pytest.raises(ModuleCrashed) as crashed:
        host.respond(asked(key))

    host.close()
    assert crashed.value.facts["module"] == str(faulty)


# --- adapters -------------------------------------------------------------------------------------


def test_a_rule_that_is_not_public_is_said(answer: Answered) -> None:
    with pytest.raises(NotSupported) as refused:
        answer(asked(hexed(KEY), "Unheard of"))

    assert refused.value.adapter == responding_adapter.NAME
    assert refused.value.adapter == responding_adapter.NAME


def test_an_adapter_without_the_hooks_does_not_answer() -> None:
    plain = AdapterRef("plain", "lockwright_testkit.program")

    with pytest.raises(NotSupported):
        respond.respond(plain, {}, asked(hexed(KEY)))


def test_what_an_adapter_fails_with_is_not_passed_on(answer: Answered) -> None:
    with pytest.raises(AdapterBroken) as broken:
        answer(asked(hexed(KEY), responding_adapter.BROKEN_MODEL))

    assert "ValueError" in str(broken.value)
    assert "could not use" not in str(broken.value)


def test_every_refusal_costs_nothing(answer: Answered) -> None:
    for key in (hexed("00" * 24), given_key(Secret("x"), KeyForm.PASSWORD)):
        with pytest.raises(LockwrightError) as refused:
            answer(asked(key))
        assert "No try was spent" in refused.value.cost
