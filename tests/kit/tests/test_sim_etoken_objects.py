"""eToken: its strings, and the objects in which it tells state and policy."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import byref, c_int32, c_ulong

import pytest
from lockwright.bindings import BINDINGS, load
from lockwright.pkcs11.constants import CKA, CKF, CKO, CKR, CKU
from lockwright.pkcs11.structures import Attribute
from lockwright_testkit.raw import SERIAL, SERIAL_RW, RawModule, Value, template
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

Starter = Callable[[Simulator], RawModule]

TOKEN_OBJECT, POLICY_OBJECT = 0x80005002, 0x80005003
RETRY_USER, RETRY_SO, RETRY_USER_MAX, RETRY_SO_MAX = range(0x80001110, 0x80001114)
HAS_USER, HAS_SO, UNBLOCK_SUPPORTED = 0x8000111C, 0x8000111D, 0x8000113D
FREE_MEMORY, UNLOCK_COUNT, UNLOCK_MAX = 0x8000113E, 0x80001142, 0x80001143
PRODUCT_NAME, MODEL, CARD_TYPE = 0x80001101, 0x80001102, 0x8000110B
POLICY_TYPE, MIN_LEN, MIX_CHARS, MAX_AGE, _MIN_AGE, WARN = range(0x80001201, 0x80001207)
HISTORY, REPEATED, NUMBERS, UPPER, LOWER = (
    0x80001207,
    0x80001209,
    0x8000120A,
    0x8000120B,
    0x8000120C,
)
SPECIAL, MIX_LEVEL, MAX_LEN, OWNER = 0x8000120D, 0x8000120E, 0x8000120F, 0x80001401
FORBIDDEN, MANDATORY = 1, 2
EVALUATE = 1


@pytest.fixture
def token(sim: SimulatorFactory) -> Simulator:
    return sim("etoken", serial="02aea1d3")


def feature(module: RawModule, session: int, kind: int) -> int:
    (found,) = module.find(session, {CKA.CLASS: CKO.HW_FEATURE, CKA.HW_FEATURE_TYPE: kind})
    return found


def read(module: RawModule, session: int, thing: int, kind: int) -> int | bytes:
    rv, value = module.get(session, thing, kind)
    assert rv == CKR.OK
    return value if len(value) not in {1, 8} else int.from_bytes(value, "little")


def write(module: RawModule, session: int, thing: int, rules: dict[int, Value]) -> int:
    return module.call("C_SetAttributeValue", session, thing, *template(rules))


def opened(module: RawModule, flags: int = SERIAL) -> int:
    return module.open(module.slots()[0], flags)


def as_administrator(module: RawModule) -> tuple[int, int]:
    """A session of the administrator's, and the policy object."""
    session = opened(module, SERIAL_RW)
    assert module.login(session, SO_PIN, CKU.SO) == CKR.OK
    return session, feature(module, session, POLICY_OBJECT)


def test_strings_and_limits_are_the_vendors(token: Simulator, start: Starter) -> None:
    module = start(token)
    info = module.token_info(module.slots()[0])
    assert (info.model.rstrip(), info.manufacturer.rstrip()) == (b"eToken", b"SafeNet, Inc.")
    assert info.serial.rstrip() == b"02aea1d3"
    assert info.flags == 0x60D
    assert (info.min_pin, info.max_pin, info.total_memory) == (6, 20, 81920)
    library = module.info()
    assert library.description.rstrip() == b"SafeNet eToken PKCS#11"
    assert (library.version.major, library.version.minor) == (10, 8)
    assert len(module.slots(present=False)) == 8


def test_the_tool_shows_rules_and_hides_passwords(token: Simulator, start: Starter) -> None:
    module = start(token)
    as_administrator(module)
    session = opened(module, SERIAL_RW)
    assert module.call("C_InitPIN", session, "Nova-pin-2") == CKR.OK
    shown = token.show()
    assert shown["slot0.user.policy.history"] == "10"
    assert shown["slot0.user.history"] == shown["slot0.user.pin"] == "***"


def test_serials_are_drawn_in_the_vendors_form(sim: SimulatorFactory, start: Starter) -> None:
    sim("etoken")
    module = start(sim("etoken-idprime"))
    classic, idprime = (module.token_info(slot) for slot in module.slots())
    assert len(classic.serial.rstrip()) == 8
    assert classic.serial == classic.serial.lower()
    assert len(idprime.serial) == 16
    assert idprime.serial == idprime.serial.upper()
    assert idprime.manufacturer.rstrip() == b"Gemalto"


def test_counters_are_read_without_a_login(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    thing = feature(module, session, TOKEN_OBJECT)
    module.login(session, "wrong-pin")
    module.login(session, "wrong-pin")
    tries = [
        read(module, session, thing, kind)
        for kind in (RETRY_USER, RETRY_USER_MAX, RETRY_SO, RETRY_SO_MAX)
    ]
    assert tries == [13, 15, 15, 15]
    assert read(module, session, thing, CARD_TYPE) == 2
    assert read(module, session, thing, PRODUCT_NAME) == b"eToken 5110"
    assert read(module, session, thing, MODEL) == b"eToken 5110 SC"


def test_what_the_token_can_is_told(token: Simulator, start: Starter) -> None:
    token.set("unlock.max", 5)
    token.set("unlock.count", 2)
    module = start(token)
    session = opened(module)
    thing = feature(module, session, TOKEN_OBJECT)
    said = [read(module, session, thing, kind) for kind in (HAS_USER, HAS_SO, UNBLOCK_SUPPORTED)]
    assert said == [1, 1, 1]
    assert read(module, session, thing, UNLOCK_COUNT) == 2
    assert read(module, session, thing, UNLOCK_MAX) == 5
    token.set("unlock.count.left", value=True)
    assert read(module, session, thing, UNLOCK_COUNT) == 3
    token.set("so.pin", "", slot=0)
    assert read(module, session, thing, HAS_SO) == 0


def test_free_memory_shrinks_with_every_object(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module, SERIAL_RW)
    module.login(session, USER_PIN)
    thing = feature(module, session, TOKEN_OBJECT)
    before = read(module, session, thing, FREE_MEMORY)
    rv, _ = module.create(session, {CKA.CLASS: CKO.DATA, CKA.TOKEN: True, CKA.VALUE: b"x" * 500})
    assert rv == CKR.OK
    after = read(module, session, thing, FREE_MEMORY)
    assert isinstance(before, int)
    assert isinstance(after, int)
    assert before - after > 500


def test_features_stay_out_of_a_search_for_everything(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    assert module.find(session, {}) == []
    assert len(module.find(session, {CKA.CLASS: CKO.HW_FEATURE})) == 4
    token.set("policy.object", value=False)
    assert len(module.find(session, {CKA.CLASS: CKO.HW_FEATURE})) == 3
    token.set("features", value=False)
    assert module.find(session, {CKA.CLASS: CKO.HW_FEATURE}) == []


@pytest.mark.parametrize("answer", [0x12, 0x13, 0x6])
def test_an_absent_attribute_is_answered_as_the_setting_says(
    token: Simulator, start: Starter, answer: int
) -> None:
    token.set("attribute.absent.rv", answer)
    module = start(token)
    session = opened(module)
    thing = feature(module, session, TOKEN_OBJECT)
    assert module.get(session, thing, 0x800011FF)[0] == answer


def test_a_long_request_is_refused_and_recorded(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    thing = feature(module, session, TOKEN_OBJECT)
    for count, expected in ((32, CKR.OK), (33, CKR.FUNCTION_FAILED)):
        asked = (Attribute * count)(*(Attribute(CKA.CLASS, None, 0) for _ in range(count)))
        rv = module.call("C_GetAttributeValue", session, thing, asked, c_ulong(count))
        assert rv == expected
    assert token.show()["slot0.attributes.long"] == "1"


@pytest.mark.parametrize("name", BINDINGS)
def test_either_binding_reads_state_and_policy(token: Simulator, name: str) -> None:
    module = load(name, token.module)
    try:
        with module.open_session(module.slots()[0].token.slot, write=False) as session:
            (thing,) = session.find({CKA.CLASS: CKO.HW_FEATURE, CKA.HW_FEATURE_TYPE: POLICY_OBJECT})
            got = session.read(thing, [MIN_LEN, MAX_LEN, 0x80001212])
        assert got == {MIN_LEN: bytes(c_ulong(6)), MAX_LEN: bytes(c_ulong(16))}
    finally:
        module.close()


def test_the_policy_begins_with_the_vendors_defaults(token: Simulator, start: Starter) -> None:
    module = start(token)
    session = opened(module)
    thing = feature(module, session, POLICY_OBJECT)
    kinds = (POLICY_TYPE, MIN_LEN, MAX_LEN, HISTORY, REPEATED, MAX_AGE, WARN, NUMBERS, UPPER)
    assert [read(module, session, thing, kind) for kind in kinds] == [1, 6, 16, 10, 3, 0, 0, 0, 0]
    owned = [read(module, session, thing, kind) for kind in (MIX_CHARS, OWNER, CKA.MODIFIABLE)]
    assert owned == [0, CKU.SO, 1]


def test_the_administrator_sets_the_policy_and_it_rules_at_once(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session, thing = as_administrator(module)
    rules: dict[int, Value] = {MIN_LEN: 8, NUMBERS: MANDATORY, SPECIAL: FORBIDDEN, MIX_CHARS: True}
    assert write(module, session, thing, rules) == CKR.OK
    said = [read(module, session, thing, kind) for kind in (*rules, MIX_LEVEL)]
    assert said == [8, MANDATORY, FORBIDDEN, 1, 3]
    no_digits, special, ok = 0x2000, 0x1000, 0
    for pin, bits in (("Abcdefghi", no_digits | 0x2), ("Abc-4567", special), ("Abcd4567", ok)):
        rv = module.call("C_InitPIN", session, pin)
        assert rv == (CKR.PIN_INVALID if bits else CKR.OK)
        assert bits in {0, module.session_info(session).device_error}


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({WARN: 3}, 0xFF000011),
        ({MAX_AGE: 10, WARN: 11}, 0xFF000011),
        ({NUMBERS: 1, UPPER: 1, LOWER: 1, SPECIAL: 1}, 0xFF000013),
        ({NUMBERS: 1, UPPER: 1, MIX_CHARS: True}, 0xFF000014),
        ({MIN_LEN: 17}, 0),
        ({NUMBERS: 3}, 0),
        ({MIN_LEN: b"\6"}, 0),
    ],
)
def test_a_policy_that_cannot_be_is_refused_as_a_whole(
    token: Simulator, start: Starter, rules: dict[int, Value], why: int
) -> None:
    module = start(token)
    session, thing = as_administrator(module)
    assert write(module, session, thing, {HISTORY: 3} | rules) == CKR.ATTRIBUTE_VALUE_INVALID
    assert read(module, session, thing, HISTORY) == 10
    assert why in {0, module.call("ETC_GetErrorInfo", 0, None)}


def test_only_its_owner_changes_the_policy_and_only_where_it_may_be(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = opened(module, SERIAL_RW)
    thing = feature(module, session, POLICY_OBJECT)
    assert write(module, session, thing, {MIN_LEN: 7}) == CKR.USER_NOT_LOGGED_IN
    assert write(module, opened(module), thing, {MIN_LEN: 7}) == CKR.SESSION_READ_ONLY
    assert module.login(session, USER_PIN) == CKR.OK
    assert write(module, session, thing, {MIN_LEN: 7}) == CKR.USER_NOT_LOGGED_IN
    token.set("policy.owner", int(CKU.USER))
    assert write(module, session, thing, {MIN_LEN: 7}) == CKR.OK
    assert write(module, session, thing, {RETRY_USER: 7}) == CKR.ATTRIBUTE_TYPE_INVALID
    token.set("policy.modifiable", value=False)
    assert write(module, session, thing, {MIN_LEN: 6}) == CKR.ATTRIBUTE_READ_ONLY
    assert read(module, session, thing, MIN_LEN) == 7


@pytest.mark.parametrize(
    ("settings", "pin", "bits"),
    [
        ({}, "Abc-4567", 0),
        ({}, "A-1", 0x1),
        ({}, "Aaaaa-1", 0x100),
        ({}, USER_PIN, 0x20),
        ({}, "A-1234567890abcdef", 0x20000),
        ({"user.policy.digits": -1, "user.policy.lower": -1}, "Abc-4567", 0x200 | 0x800),
        ({"user.policy.upper": 1, "user.policy.special": 1}, "abc4567", 0x4000 | 0x10000),
        ({"user.policy.lower": 1, "user.policy.upper": -1}, "ABC-4567", 0x8000 | 0x400),
    ],
)
def test_a_candidate_is_evaluated_rule_by_rule(
    sim: SimulatorFactory, start: Starter, settings: dict[str, Setting], pin: str, bits: int
) -> None:
    module = start(sim("etoken", settings=settings))
    session = opened(module)
    score, length = c_int32(-1), c_ulong(4)
    rest = (byref(score), byref(length))
    assert module.call("ETC_TokenIOCTL", session, 0, EVALUATE, pin, *rest) == CKR.OK
    assert (score.value, length.value) == (0 if bits else 100, 4)
    assert module.session_info(session).device_error == bits


def test_the_present_password_can_be_evaluated_and_the_function_can_be_gone(
    token: Simulator, start: Starter
) -> None:
    module = start(token)
    session = opened(module)
    score, length = c_int32(-1), c_ulong(4)
    asked = (None, 0, byref(score), byref(length))
    assert module.call("ETC_TokenIOCTL", session, 0, EVALUATE, *asked) == CKR.OK
    assert score.value == 0  # it is among those that must not come back
    assert module.call("ETC_TokenIOCTL", session, 0, 7, *asked) == CKR.FUNCTION_NOT_SUPPORTED
    token.set("evaluate", value=False)
    assert module.call("ETC_TokenIOCTL", session, 0, 1, *asked) == CKR.FUNCTION_NOT_SUPPORTED


def test_flags_of_low_counters_can_be_missing(token: Simulator, start: Starter) -> None:
    token.set("user.tries", 1, slot=0)
    module = start(token)
    slot = module.slots()[0]
    assert module.token_info(slot).flags & CKF.USER_PIN_FINAL_TRY
    token.set("info.tries", value=False)
    assert not module.token_info(slot).flags & CKF.USER_PIN_FINAL_TRY
