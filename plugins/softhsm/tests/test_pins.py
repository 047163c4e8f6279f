from __future__ import annotations

from collections.abc import Callable

import pytest
from lockwright.errors import (
    NotSupported,
    PinIncorrect,
    PinLocked,
    PinNotSet,
    PinRefusedByToken,
    TokenRefused,
)
from lockwright.models import Token, UnblockWay
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_softhsm import adapter

NEW = Secret("Nova-pin-2")


def opens(module: Module, token: Token, pin: Secret) -> bool:
    try:
        adapter.lockwright_list(module, token, pin, None)
    except PinIncorrect:
        return False
    return True


def test_a_lost_pin_is_replaced_with_the_so_pin(
    module: Module, token: Token, pin: Secret, so_pin: Secret
) -> None:
    adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, NEW)
    assert opens(module, token, NEW)
    assert not opens(module, token, pin)


def test_the_so_pin_works_after_a_wrong_user_pin_in_the_same_process(
    module: Module, token: Token, so_pin: Secret
) -> None:
    with pytest.raises(PinIncorrect):
        adapter.lockwright_list(module, token, Secret("forgotten"), None)
    adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, NEW)
    assert opens(module, token, NEW)


def test_a_wrong_so_pin_changes_nothing_and_names_itself(
    module: Module, token: Token, pin: Secret
) -> None:
    with pytest.raises(PinIncorrect) as caught:
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, Secret("wrong-so"), NEW)
    assert caught.value.facts["role"] == "SO PIN"
    assert opens(module, token, pin)


def test_a_wrong_pin_says_what_is_known_and_no_number_that_is_not(
    module: Module, token: Token
) -> None:
    with pytest.raises(PinIncorrect) as caught:
        adapter.lockwright_list(module, token, Secret("wrong-pin"), None)
    assert caught.value.facts == {
        "role": "user PIN",
        "tries_left": None,
        "state": "count-low",
    }


def test_the_owner_changes_the_pin(module: Module, token: Token, pin: Secret) -> None:
    adapter.lockwright_change_pin(module, token, pin, NEW)
    assert opens(module, token, NEW)
    assert not opens(module, token, pin)


def test_a_pin_change_with_a_wrong_pin_changes_nothing(
    module: Module, token: Token, pin: Secret
) -> None:
    with pytest.raises(PinIncorrect):
        adapter.lockwright_change_pin(module, token, Secret("wrong-pin"), NEW)
    assert opens(module, token, pin)


def test_a_pin_the_token_does_not_take_is_told(
    module: Module, token: Token, pin: Secret, so_pin: Secret
) -> None:
    with pytest.raises(PinRefusedByToken, match="too short"):
        adapter.lockwright_change_pin(module, token, pin, Secret("abc"))
    with pytest.raises(PinRefusedByToken, match="too short"):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, Secret("abc"))
    assert opens(module, token, pin)


@pytest.mark.parametrize(
    ("answer", "error"),
    [("0xa4", PinLocked), ("0x102", PinNotSet), ("0x6", TokenRefused), ("0xa2", PinIncorrect)],
)
def test_each_answer_to_a_login_is_told_as_what_it_is(
    module: Module,
    token: Token,
    pin: Secret,
    faults: Callable[[str], None],
    answer: str,
    error: type[Exception],
) -> None:
    faults(f"C_Login@1={answer}")
    with pytest.raises(error):
        adapter.lockwright_list(module, token, pin, None)
    faults("")
    assert opens(module, token, pin)


@pytest.mark.parametrize("way", [UnblockWay.PUK, UnblockWay.CHALLENGE])
def test_other_ways_to_unblock_are_declared_impossible(
    module: Module, token: Token, so_pin: Secret, way: UnblockWay
) -> None:
    with pytest.raises(NotSupported):
        adapter.lockwright_unblock(module, token, way, so_pin, NEW)


def test_a_pin_cannot_be_kept_through_an_unblock(
    module: Module, token: Token, so_pin: Secret
) -> None:
    with pytest.raises(NotSupported):
        adapter.lockwright_unblock(module, token, UnblockWay.SO_PIN, so_pin, None)


def test_no_pin_shows_in_an_error_or_what_led_to_it(module: Module, token: Token) -> None:
    """Also with the frames' variables printed, as crash reporters do."""
    wrong = "never-to-be-seen"
    with pytest.raises(PinIncorrect) as caught:
        adapter.lockwright_list(module, token, Secret(wrong), None)
    error: BaseException | None = caught.value
    seen = ""
    while error is not None:
        seen += repr(error) + str(error)
        frame = error.__traceback__
        while frame is not None:
            if not frame.tb_frame.f_code.co_name.startswith("test_"):
                seen += repr(frame.tb_frame.f_locals)
            frame = frame.tb_next
        error = error.__context__
    assert wrong not in seen
