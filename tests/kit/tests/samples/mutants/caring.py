"""Mutants of the care for tokens: PINs, labels, keys from elsewhere."""

from __future__ import annotations

from contextlib import suppress

from lockwright.errors import NotSupported, PinIncorrect, PinLocked, PinRefusedByToken, TokenBusy
from lockwright.models import KeyRequest, LabelBy, Token
from lockwright.pkcs11 import standard
from lockwright.pkcs11.constants import CKA, CKO
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_testkit.sim import SO_PIN, USER_PIN

from mutants.breaking import REFUSED, WRONG, found_by, good, instead


@found_by(
    "init",
    "test_a_token_that_is_initialised_is_empty_and_gets_its_user_pin",
    breaks="Initialise a token",
)
def initialises_nothing() -> None:
    return None


@found_by(
    "init", "test_a_wrong_so_pin_initialises_nothing_and_costs_one_try", breaks="PinIncorrect"
)
def initialises_for_anyone(module: Module, token: Token, label: str) -> None:
    good.lockwright_init(module, token, Secret(SO_PIN), label)


@found_by("change_so_pin", "test_the_administrator_changes_the_so_pin", breaks="Change the SO PIN")
def keeps_the_so_pin() -> None:
    return None


@found_by(
    "change_so_pin",
    "test_a_wrong_old_so_pin_costs_one_try_and_changes_nothing",
    breaks="PinIncorrect: the SO PIN",
)
def changes_the_so_pin_for_anyone(module: Module, token: Token, new_so_pin: Secret) -> None:
    good.lockwright_change_so_pin(module, token, Secret(SO_PIN), new_so_pin)


@found_by(
    "change_so_pin",
    "test_a_weak_so_pin_is_refused_and_the_old_one_stays",
    breaks="PinRefusedByToken",
)
def says_that_a_weak_so_pin_is_set(
    module: Module, token: Token, so_pin: Secret, new_so_pin: Secret
) -> None:
    with suppress(PinRefusedByToken):
        good.lockwright_change_so_pin(module, token, so_pin, new_so_pin)


@found_by("change_puk", "test_the_puk_is_changed", breaks="Change the PUK")
def keeps_the_puk() -> None:
    return None


@found_by(
    "change_puk",
    "test_a_wrong_old_puk_costs_one_try_and_changes_nothing",
    breaks="PinIncorrect: the PUK",
)
def changes_the_puk_for_anyone(module: Module, token: Token, new_puk: Secret) -> None:
    good.lockwright_change_puk(module, token, Secret("12121212"), new_puk)


@found_by(
    "change_puk", "test_a_weak_puk_is_refused_and_the_old_one_stays", breaks="PinRefusedByToken"
)
def says_that_a_weak_puk_is_set(module: Module, token: Token, puk: Secret, new_puk: Secret) -> None:
    with suppress(PinRefusedByToken):
        good.lockwright_change_puk(module, token, puk, new_puk)


@found_by(
    "set_label",
    "test_a_token_gets_another_label_and_keeps_all_that_is_on_it",
    breaks="From here on",
)
def keeps_the_label() -> None:
    return None


@found_by("set_label", "test_a_wrong_pin_gives_no_label", breaks="PinIncorrect")
def gives_anyone_a_label(module: Module, token: Token, by: LabelBy, label: str) -> None:
    good.lockwright_set_label(module, token, by, Secret(USER_PIN), label)


@found_by(
    "import_key",
    "test_a_key_that_was_made_elsewhere_signs_and_never_leaves",
    breaks="Write a key pair",
)
def makes_a_key_of_its_own(
    module: Module, token: Token, pin: Secret, key_id: bytes, label: str
) -> None:
    good.lockwright_generate(module, token, pin, KeyRequest("ec:p256", key_id, label))


@found_by(
    "import_key",
    "test_a_key_that_was_made_elsewhere_signs_and_never_leaves",
    breaks="Write a key pair",
)
def writes_the_private_half_alone(  # the arguments are the hook's
    module: Module,
    token: Token,
    pin: Secret,
    key: Secret,
    public_key: bytes,
    key_id: bytes,
    label: str,
) -> None:
    good.lockwright_import_key(module, token, pin, key, public_key, key_id, label)
    with standard.user_session(module, token, pin) as session:
        for half in session.find({CKA.CLASS: CKO.PUBLIC_KEY, CKA.ID: key_id}):
            session.destroy(half)


@found_by("import_key", "test_a_pair_that_finds_no_room_leaves_no_half", breaks="TokenFull")
def leaves_the_private_key(  # the arguments are the hook's
    module: Module,
    token: Token,
    pin: Secret,
    key: Secret,
    public_key: bytes,
    key_id: bytes,
    label: str,
) -> None:
    with standard.user_session(module, token, pin) as session:
        session.create({CKA.CLASS: CKO.DATA, CKA.TOKEN: True, CKA.LABEL: label})
    good.lockwright_generate(module, token, pin, KeyRequest("ec:p256", key_id, label))
    good.lockwright_import_key(module, token, pin, key, public_key, b"\x77", label)


@found_by("import_key", "test_a_wrong_pin_imports_nothing", breaks="PinIncorrect")
def imports_for_anyone(  # the arguments are the hook's
    module: Module, token: Token, key: Secret, public_key: bytes, key_id: bytes, label: str
) -> None:
    good.lockwright_import_key(module, token, Secret(USER_PIN), key, public_key, key_id, label)


@found_by(
    "init",
    "test_a_token_that_is_initialised_is_empty_and_gets_its_user_pin",
    breaks="The user PIN is set by",
)
def forgets_what_label_it_gets(module: Module, token: Token, so_pin: Secret) -> None:
    good.lockwright_init(module, token, so_pin, "another")


@found_by("init", "test_a_locked_so_pin_initialises_nothing", breaks="PinLocked")
def calls_a_locked_so_pin_wrong_to_initialise(
    module: Module, token: Token, so_pin: Secret, label: str
) -> None:
    with instead(PinLocked, WRONG):
        good.lockwright_init(module, token, so_pin, label)


@found_by(
    "init",
    "test_a_blank_token_that_refuses_its_first_so_pin_stays_blank",
    breaks="PinRefusedByToken",
)
def calls_a_first_so_pin_refused_for_nothing(
    module: Module, token: Token, so_pin: Secret, label: str
) -> None:
    with instead(PinRefusedByToken, REFUSED):
        good.lockwright_init(module, token, so_pin, label)


@found_by("init", "test_a_token_that_is_in_use_is_not_initialised", breaks="TokenBusy")
def calls_a_token_in_use_refused(module: Module, token: Token, so_pin: Secret, label: str) -> None:
    with instead(TokenBusy, REFUSED):
        good.lockwright_init(module, token, so_pin, label)


@found_by(
    "init", "test_a_token_that_is_initialised_is_empty_and_gets_its_user_pin", breaks="NotSupported"
)
def does_not_say_that_it_cannot_initialise() -> None:
    raise NotSupported(operation="do it")


@found_by("change_so_pin", "test_a_locked_so_pin_is_not_changed", breaks="PinLocked: the SO PIN")
def calls_a_locked_so_pin_wrong_to_change(
    module: Module, token: Token, so_pin: Secret, new_so_pin: Secret
) -> None:
    with instead(PinLocked, WRONG):
        good.lockwright_change_so_pin(module, token, so_pin, new_so_pin)


@found_by(
    "change_so_pin",
    "test_a_wrong_old_so_pin_costs_one_try_and_changes_nothing",
    breaks="It must not try twice",
)
def changes_the_so_pin_at_the_second_try(
    module: Module, token: Token, so_pin: Secret, new_so_pin: Secret
) -> None:
    try:
        good.lockwright_change_so_pin(module, token, so_pin, new_so_pin)
    except PinIncorrect:
        good.lockwright_change_so_pin(module, token, so_pin, new_so_pin)


@found_by("change_so_pin", "test_the_administrator_changes_the_so_pin", breaks="NotSupported")
def does_not_say_that_the_so_pin_stays() -> None:
    raise NotSupported(operation="do it")


@found_by("change_puk", "test_a_locked_puk_is_not_changed", breaks="PinLocked: the PUK")
def calls_a_locked_puk_wrong(module: Module, token: Token, puk: Secret, new_puk: Secret) -> None:
    with instead(PinLocked, WRONG):
        good.lockwright_change_puk(module, token, puk, new_puk)


@found_by(
    "change_puk",
    "test_a_wrong_old_puk_costs_one_try_and_changes_nothing",
    breaks="It must not try twice",
)
def changes_the_puk_at_the_second_try(
    module: Module, token: Token, puk: Secret, new_puk: Secret
) -> None:
    try:
        good.lockwright_change_puk(module, token, puk, new_puk)
    except PinIncorrect:
        good.lockwright_change_puk(module, token, puk, new_puk)


@found_by("change_puk", "test_the_puk_is_changed", breaks="NotSupported")
def does_not_say_that_the_puk_stays() -> None:
    raise NotSupported(operation="do it")


@found_by(
    "set_label",
    "test_a_token_gets_another_label_and_keeps_all_that_is_on_it",
    breaks="Give a token another label",
)
def wipes_what_it_labels(
    module: Module, token: Token, by: LabelBy, pin: Secret, label: str
) -> None:
    good.lockwright_wipe(module, token, pin)
    good.lockwright_set_label(module, token, by, pin, label)


@found_by("set_label", "test_a_locked_pin_gives_no_label", breaks="PinLocked")
def calls_a_locked_pin_wrong_to_label(
    module: Module, token: Token, by: LabelBy, pin: Secret, label: str
) -> None:
    with instead(PinLocked, WRONG):
        good.lockwright_set_label(module, token, by, pin, label)


@found_by(
    "set_label",
    "test_a_token_gets_another_label_and_keeps_all_that_is_on_it",
    breaks="NotSupported",
)
def does_not_say_that_the_label_stays() -> None:
    raise NotSupported(operation="do it")


@found_by("import_key", "test_a_locked_pin_imports_nothing", breaks="PinLocked")
def calls_a_locked_pin_wrong_to_import(
    module: Module,
    token: Token,
    pin: Secret,
    key: Secret,
    public_key: bytes,
    key_id: bytes,
    label: str,
) -> None:
    with instead(PinLocked, WRONG):
        good.lockwright_import_key(module, token, pin, key, public_key, key_id, label)


@found_by(
    "import_key", "test_a_key_that_was_made_elsewhere_signs_and_never_leaves", breaks="NotSupported"
)
def does_not_say_that_it_takes_no_key() -> None:
    raise NotSupported(operation="do it")
