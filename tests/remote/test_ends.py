"""A Request survives nothing that it should not, on every kind of token; each end is told apart.

What is public of the vendors' rules: jcPKCS11f.h asks that nothing but ``JC_PJ_Unlock`` is called
after ``JC_PJ_UnlockInit`` (PRO); the help of SafeNet Authentication Client forbids any operation on
the token between its two codes (eToken, IDPrime). Of PKI and GOST 2 nothing is public, so the
simulator is as strict with them as it can be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from kinds import ETOKEN, IDPRIME, every_kind
from locked_token import Locked
from lockwright import LockwrightError, Runner, Secret
from lockwright.errors import (
    RequestOver,
    RequestPending,
    ResponseMalformed,
    ResponseNotTaken,
    ResponseWrong,
)
from lockwright.explain import explain
from lockwright.i18n import use
from lockwright.models import PinState, Token
from lockwright.operations.remote import RemoteUnblock
from lockwright.spoken import spell_response
from lockwright_testkit.raw import started

Open = Callable[..., Runner]
TRIES = 5
"""Of the administrator, before anything happens."""
NOT_KNOWN = "The Request is void; whether a try was spent is not known."


@dataclass(frozen=True)
class Waiting:
    """A token that waits for its Response."""

    locked: Locked
    pending: RemoteUnblock
    response: Secret
    """The right one."""
    other: Runner
    """A program that is no lockwright of this account; it found the token before."""
    others_token: Token

    @property
    def spoken(self) -> Secret:
        """The same with its check behind it, as lockwright's own bank side says it."""
        request, plain = self.pending.request, bytes.fromhex(self.response.reveal_text())
        return Secret(spell_response(request.serial, request.data, plain))

    def complete(self) -> None:
        self.pending.complete(self.response)


@pytest.fixture
def waiting(
    locked: Locked, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Waiting:
    with monkeypatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))  # no lock is shared with it
        other = opened(locked.device.module, isolate=False)
    found = other.find()
    pending = locked.begin()
    return Waiting(locked, pending, locked.answer(pending.request.data), other, found)


# --- what may happen while a token waits ----------------------------------------------------------


def another_program_looks(waiting: Waiting) -> None:
    waiting.other.list(waiting.others_token)
    waiting.complete()


def another_program_makes_a_second_request(waiting: Waiting) -> None:
    with waiting.other.begin_unblock(waiting.others_token, waiting.locked.kind.new_pin()):
        waiting.complete()


def the_token_is_pulled_out(waiting: Waiting) -> None:
    waiting.locked.device.unplug()
    try:
        waiting.complete()
    finally:
        waiting.locked.device.plug()


def the_token_is_pulled_out_and_put_back(waiting: Waiting) -> None:
    waiting.locked.device.unplug()
    waiting.locked.device.plug()
    waiting.complete()


def it_is_given_up(waiting: Waiting) -> None:
    waiting.pending.cancel()
    waiting.complete()


class End(NamedTuple):
    """How a user and a program are told of an end."""

    code: str
    english: str
    russian: str
    costs: bool = False
    """Whether it costs a try of the administrator, where the token counts these."""


REMOVED = End("token-removed", "was removed.", "извлечён.")
ENDS: dict[Callable[[Waiting], None], End] = {
    another_program_looks: End(
        "request-void",
        "The Request is void: the token waits for no Response.",
        "Запрос больше не действует: токен не ждёт Ответа.",
    ),
    # The token compares with its own newest Request.
    another_program_makes_a_second_request: End(
        "response-wrong", "The Response is wrong.", "Ответ неверен.", costs=True
    ),
    the_token_is_pulled_out: REMOVED,
    the_token_is_pulled_out_and_put_back: REMOVED,
    it_is_given_up: End(
        "request-over",
        "This Request has ended: it was answered or given up before.",
        "Этот Запрос завершён: на него уже ответили или от него отказались.",
    ),
}


@every_kind
@pytest.mark.parametrize("happens", ENDS, ids=[each.__name__ for each in ENDS])
def test_each_end_has_a_code_and_words_of_its_own_and_nothing_is_left_of_it(
    waiting: Waiting, happens: Callable[[Waiting], None]
) -> None:
    locked, end = waiting.locked, ENDS[happens]
    with pytest.raises(LockwrightError) as refused:
        happens(waiting)

    error = refused.value
    assert error.code == end.code
    assert end.english in told(error, "en")
    assert end.russian in told(error, "ru")
    assert locked.device.tries("so") == TRIES - (end.costs and locked.kind.counts)
    if end.costs:
        assert error.facts["tries_left"] == (TRIES - 1 if locked.kind.counts else None)
        assert error.cost == (ResponseWrong.usual_cost if locked.kind.counts else NOT_KNOWN)
    assert locked.state() is PinState.LOCKED
    locked.unblocks()


def told(error: LockwrightError, language: str) -> str:
    use(language)
    try:
        return explain(error).message
    finally:
        use("en")


@every_kind
def test_a_second_request_is_told_apart_from_a_misheard_response_by_the_banks_check(
    waiting: Waiting,
) -> None:
    others = waiting.other.begin_unblock(waiting.others_token, waiting.locked.kind.new_pin())
    with others, pytest.raises(ResponseNotTaken) as refused:
        waiting.pending.complete(waiting.spoken)

    assert "this very Request, but the token did not accept it" in str(refused.value)
    assert "Another program has made a Request since" in explain(refused.value).advice
    assert "именно на этот Запрос, но токен его не принял" in told(refused.value, "ru")


# --- what does not end it, and what comes after the end -------------------------------------------


@every_kind
def test_a_second_request_of_the_same_program_is_refused_and_the_first_stays_good(
    waiting: Waiting,
) -> None:
    waiting.locked.calls()
    with pytest.raises(RequestPending) as refused:
        waiting.locked.begin()

    assert "waits for the Response to its Request" in told(refused.value, "en")
    assert "ждёт Ответа на свой Запрос" in told(refused.value, "ru")
    assert waiting.locked.calls() == []
    waiting.complete()
    waiting.locked.signs(Secret(waiting.locked.kind.pin))


@every_kind
def test_a_response_is_good_once(waiting: Waiting) -> None:
    waiting.complete()
    waiting.locked.calls()
    with pytest.raises(RequestOver, match="it was answered or given up before"):
        waiting.complete()

    assert waiting.locked.calls() == []
    waiting.locked.signs(Secret(waiting.locked.kind.pin))


@every_kind
def test_the_next_request_takes_no_response_to_the_last_one(waiting: Waiting) -> None:
    """With the bank's check it is noticed before it costs a try; the token notices without."""
    waiting.complete()
    with waiting.locked.begin() as pending:
        with pytest.raises(ResponseMalformed, match="it answers another Request"):
            pending.complete(waiting.spoken)
        assert waiting.locked.device.tries("so") == TRIES
        with pytest.raises(ResponseWrong):
            pending.complete(waiting.response)

    waiting.locked.unblocks()


@pytest.mark.parametrize("kind", [ETOKEN, IDPRIME], ids=["etoken", "etoken-idprime"], indirect=True)
def test_an_etokens_request_outlives_a_session_that_is_closed(waiting: Waiting) -> None:
    """AladdinEToken.java of the Hard Token Management Framework closes its session in between."""
    waiting.other.close()  # its place in this process is needed
    with started(waiting.locked.device.module) as module:
        module.call("C_CloseSession", module.open(module.slots()[0]))

    waiting.complete()
    waiting.locked.signs(Secret(waiting.locked.kind.pin))
