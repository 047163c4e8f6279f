"""A remote unblock: a Request, the Response that the vendor's own function makes, a new PIN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from lockwright.adapter import Settings
from lockwright.errors import (
    LockwrightError,
    NotSupported,
    PinLocked,
    PinRefusedByToken,
    RequestVoid,
    ResponseWrong,
    TokenRefused,
    TokenRemoved,
)
from lockwright.keys.response import KeyInHand, PasswordInHand, ResponseKey
from lockwright.models import PinState, Token
from lockwright.pkcs11.session import Module
from lockwright.secret import Secret
from lockwright_etoken import adapter
from lockwright_testkit.sim import SO_PIN, Simulator
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.sim.personalities import library

Finder = Callable[..., tuple[Module, Token]]
Lock = Callable[[Module, Token], None]
Opens = Callable[[Module, Token, Secret], bool]
Certify = Callable[[Module, Token, Secret], Callable[[Secret], None]]

KEY = bytes(range(24))
NEW = Secret("Nova-pin-2")


@dataclass(frozen=True)
class Client:
    """A token in a client's hands, and what the bank knows of it."""

    device: Simulator
    module: Module
    token: Token
    key: ResponseKey

    def ask(self) -> bytes:
        return adapter.lockwright_unblock_challenge(self.module, self.token).data

    def answer(self, challenge: bytes) -> Secret:
        """What the bank's side makes of a Request, with the vendor's newest module."""
        settings: Settings = {"modules": [str(library("etoken").built())]}
        model = self.token.identity.model
        return Secret(adapter.lockwright_respond(model, challenge, self.key, settings))

    def complete(self, response: Secret, new_pin: Secret | None = NEW) -> LockwrightError | None:
        try:
            adapter.lockwright_unblock_complete(self.module, self.token, response, new_pin)
        except LockwrightError as error:
            return error
        return None


@pytest.fixture(params=["etoken", "etoken@1.2", "etoken@listed", "etoken-idprime"])
def client(request: pytest.FixtureRequest, sim: SimulatorFactory, found: Finder) -> Client:
    """Either family, in the present module and in others."""
    kind, _, version = request.param.partition("@")
    settings: dict[str, Setting] = {"user.tries.max": 3, "so.tries.max": 3}
    if kind == "etoken-idprime":
        device = sim(kind, so_pin=KEY.hex(), settings=settings)
        return Client(device, *found(device), KeyInHand(Secret(KEY)))
    device = sim(kind, module=request.param if version else "", settings=settings)
    return Client(device, *found(device), PasswordInHand(Secret(SO_PIN)))


@pytest.fixture
def classic(sim: SimulatorFactory, found: Finder) -> Client:
    settings: dict[str, Setting] = {"user.tries.max": 3, "so.tries.max": 3}
    device = sim("etoken", settings=settings)
    return Client(device, *found(device), PasswordInHand(Secret(SO_PIN)))


def test_a_locked_token_is_unblocked_and_its_old_key_still_signs(
    client: Client, lock: Lock, certify: Certify, pin: Secret, opens: Opens
) -> None:
    signs = certify(client.module, client.token, pin)
    lock(client.module, client.token)
    assert client.device.tries() == 0
    challenge = adapter.lockwright_unblock_challenge(client.module, client.token)
    assert (challenge.serial, len(challenge.data)) == (client.token.serial, 8)
    assert challenge.response_length == 8
    assert client.complete(client.answer(challenge.data)) is None
    signs(NEW)
    assert not opens(client.module, client.token, pin)


def test_nothing_touches_the_token_between_request_and_response(client: Client) -> None:
    client.device.start_trace()
    response = client.answer(client.ask())
    assert client.complete(response) is None
    called = [line.split()[4] for line in client.device.trace()]
    at = len(called) - 1 - called[::-1].index("ETC_UnlockGetChallenge")
    between = set(called[at + 1 : called.index("ETC_UnlockComplete")])
    assert between <= {"C_Initialize", "C_Finalize", "C_GetInfo", "ETC_RSM_Calculate"}  # the bank's
    assert called[-1] == "C_CloseSession"


def test_the_tries_of_the_new_pin_are_those_of_the_old_one(client: Client) -> None:
    assert client.complete(client.answer(client.ask())) is None
    assert client.device.show()["slot0.user.tries.max"] == "3"
    assert client.device.show()["slot0.user.change"] == "no"


def test_a_wrong_response_says_what_it_cost_and_what_is_left(client: Client) -> None:
    for left, state in ((2, None), (1, PinState.FINAL_TRY), (0, PinState.LOCKED)):
        client.ask()
        error = client.complete(Secret(b"x" * 8))
        assert isinstance(error, ResponseWrong)
        assert (error.facts["tries_left"], error.facts["state"]) == (left, state)
        assert "One try of the administrator was spent" in error.cost
    error = client.complete(client.answer(client.ask()))
    assert isinstance(error, PinLocked)
    assert error.facts["role"] == "administrator's password or key"


@pytest.mark.parametrize("rv", [0x30, 0xA1, 0x91])
def test_a_wrong_response_is_told_by_the_tries_whatever_the_token_returns(
    client: Client, rv: int
) -> None:
    client.device.set("unlock.wrong.rv", rv)
    client.ask()
    assert isinstance(client.complete(Secret(b"x" * 8)), ResponseWrong)


def test_a_wrong_response_that_costs_no_try_says_so(client: Client) -> None:
    client.device.set("unlock.wrong.try", value=False)
    client.ask()
    error = client.complete(Secret(b"x" * 8))
    assert isinstance(error, ResponseWrong)
    assert "No try was spent" in error.cost
    assert error.facts["tries_left"] == 3


def test_what_a_wrong_response_cost_is_unknown_where_the_token_does_not_count(
    client: Client,
) -> None:
    client.device.set("features", value=False)
    client.ask()
    error = client.complete(Secret(b"x" * 8))
    assert isinstance(error, ResponseWrong)
    assert "is not known" in error.cost
    assert error.facts["tries_left"] is None


def test_a_token_that_tells_nothing_of_itself_is_unblocked_all_the_same(
    client: Client, lock: Lock, opens: Opens
) -> None:
    client.device.set("features", value=False)
    lock(client.module, client.token)
    assert client.complete(client.answer(client.ask())) is None
    assert opens(client.module, client.token, NEW)
    assert client.device.show()["slot0.user.tries.max"] == "15"  # as delivered


def test_a_request_that_another_program_voided_is_no_wrong_response(client: Client) -> None:
    response = client.answer(client.ask())
    client.module.token(client.token.identity.slot)
    assert isinstance(client.complete(response), RequestVoid)
    assert client.device.tries("so") == 3


@pytest.mark.parametrize("rv", [0x6, 0x91, 0xA0, 0xFF000001])
def test_a_void_request_costs_nothing_whatever_the_token_returns(client: Client, rv: int) -> None:
    client.device.set("unlock.void.rv", rv)
    response = client.answer(client.ask())
    client.module.token(client.token.identity.slot)
    error = client.complete(response)
    assert error is not None
    assert error.cost in {"No try was spent, but the Request is void.", RequestVoid.usual_cost}
    assert client.device.tries("so") == 3


@pytest.mark.parametrize("rv", [0x6, 0x54, 0x80000000])
def test_a_token_that_makes_no_request_says_why_whatever_it_returns(
    classic: Client, rv: int
) -> None:
    classic.device.set("unlock.limit.rv", rv)
    classic.device.set("unlock.max", 1)
    classic.device.set("unlock.count", 1)
    with pytest.raises(NotSupported, match="no unblocks are left"):
        classic.ask()


def test_a_request_is_good_for_one_response(client: Client) -> None:
    response = client.answer(client.ask())
    assert client.complete(response) is None
    assert isinstance(client.complete(response, Secret("Another-pin-3")), RequestVoid)


def test_a_second_request_voids_the_first(client: Client) -> None:
    first = client.answer(client.ask())
    client.ask()
    assert isinstance(client.complete(first), ResponseWrong)


def test_a_cancelled_request_is_void_on_the_token_too(client: Client) -> None:
    client.ask()
    assert client.device.show()["slot0.challenge"]
    adapter.lockwright_unblock_cancel(client.module, client.token)
    assert not client.device.show()["slot0.challenge"]
    assert isinstance(client.complete(Secret(b"x" * 8)), RequestVoid)
    assert client.device.tries("so") == 3


def test_a_token_that_was_pulled_out_is_gone(client: Client) -> None:
    response = client.answer(client.ask())
    client.device.unplug()
    client.device.plug()
    assert isinstance(client.complete(response), TokenRemoved)
    assert client.complete(client.answer(client.ask())) is None


def test_a_token_that_is_gone_can_be_given_up(client: Client) -> None:
    client.ask()
    client.device.unplug()
    adapter.lockwright_unblock_cancel(client.module, client.token)
    with pytest.raises(TokenRemoved):
        client.ask()


def test_a_token_that_came_back_in_another_slot_is_looked_for_anew(
    sim: SimulatorFactory, found: Finder
) -> None:
    device = sim("etoken", settings={"slot.moves": True})
    module, token = found(device)
    device.unplug()
    device.plug()
    with pytest.raises(TokenRemoved):
        adapter.lockwright_unblock_challenge(module, token)


@pytest.mark.parametrize("ends", [False, True])
def test_a_pin_that_the_token_refuses_ends_the_request_and_says_why(
    client: Client, *, ends: bool
) -> None:
    client.device.set("unlock.weak.ends", ends)
    response = client.answer(client.ask())
    error = client.complete(response, Secret("Aaaaa-1"))
    assert isinstance(error, PinRefusedByToken)
    assert error.facts["reason"] == ("too many equal characters follow each other",)
    assert error.cost == "No try was spent, but the Request is void."
    assert isinstance(client.complete(response), RequestVoid)
    assert client.device.tries("so") == 3


def test_the_pin_cannot_be_kept(client: Client) -> None:
    response = client.answer(client.ask())
    error = client.complete(response, None)
    assert isinstance(error, NotSupported)
    assert client.device.tries("so") == 3


@pytest.mark.parametrize(
    ("settings", "setting", "why"),
    [
        ({"so.pin": ""}, {}, "it has no administrator"),
        ({"so.pin": "", "features": "no"}, {}, "it has no administrator"),
        ({"unlock.supported": "no"}, {}, "the token does not support it"),
        ({"unlock.max": 2, "unlock.count": 2}, {}, "no unblocks are left"),
        ({"unlock.max": 2, "unlock.count": 2}, {"unlock_count": "used"}, "no unblocks are left"),
    ],
)
def test_a_token_that_is_not_unblocked_says_so_before_a_request_is_made(
    classic: Client,
    found: Finder,
    settings: dict[str, Setting],
    setting: dict[str, str],
    why: str,
) -> None:
    for key, value in settings.items():
        classic.device.set(key, value, slot=0)
    module, token = found(classic.device, **setting)
    with pytest.raises(NotSupported, match=why):
        adapter.lockwright_unblock_challenge(module, token)
    assert not classic.device.show()["slot0.challenge"]


def test_the_last_unblock_is_the_last(classic: Client) -> None:
    classic.device.set("unlock.max", 1)
    assert classic.complete(classic.answer(classic.ask())) is None
    with pytest.raises(NotSupported, match="no unblocks are left"):
        classic.ask()


def test_a_module_without_the_functions_makes_no_request(
    sim: SimulatorFactory, found: Finder
) -> None:
    module, token = found(sim("etoken", module="etoken@plain"))
    with pytest.raises(NotSupported, match=r"make a Request \(not in this module\)"):
        adapter.lockwright_unblock_challenge(module, token)


@pytest.mark.parametrize("function", ["ETC_UnlockGetChallenge", "ETC_UnlockComplete"])
def test_what_the_token_answers_without_reason_is_told_as_it_is(
    classic: Client, function: str
) -> None:
    classic.device.fault(f"{function}@*=0x5")
    with pytest.raises(TokenRefused, match="CKR_GENERAL_ERROR"):
        adapter.lockwright_unblock_complete(
            classic.module, classic.token, classic.answer(classic.ask()), NEW
        )


def test_a_request_that_failed_leaves_no_session_open(classic: Client, so_pin: Secret) -> None:
    classic.device.fault("ETC_UnlockGetChallenge@*=0x5")
    with pytest.raises(TokenRefused):
        classic.ask()
    assert isinstance(classic.complete(Secret(b"x" * 8)), RequestVoid)
    opened, closed = (classic.device.counts()[f"C_{each}Session"] for each in ("Open", "Close"))
    assert opened == closed
