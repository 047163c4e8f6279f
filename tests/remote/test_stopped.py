"""A Request and its Response, stopped by another thread; and looked for beside while it waits.

They are stopped at a few of their calls; ``make sweep ARGS="-k stops"`` stops the other operations
in every call.
"""

from __future__ import annotations

import pytest
from kinds import ETOKEN, JACARTA_PKI
from locked_token import Locked
from lockwright import Secret
from lockwright.errors import Stopped
from lockwright_testkit import stops

LOOKS = 100
two_kinds = pytest.mark.parametrize(
    "kind", [JACARTA_PKI, ETOKEN], ids=["jacarta-pki", "etoken"], indirect=True
)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    stops.hurry(monkeypatch.setattr)


@pytest.mark.parametrize("kind", [ETOKEN], ids=["etoken"], indirect=True)
def test_a_request_that_is_stopped_while_it_is_made_holds_nothing(locked: Locked) -> None:
    call = "ETC_UnlockGetChallenge", 1
    ended = stops.stopped_in(locked.device, call, locked.begin, locked.runner.stop)
    assert isinstance(ended, Stopped)
    locked.unblocks()


def test_a_response_that_is_stopped_may_have_cost_a_try_and_ends_the_request(
    locked: Locked,
) -> None:
    pending = locked.begin()
    response, call = locked.answer(pending.request.data), ("JC_PKI_UnlockUserPinWithResponse", 1)
    ended = stops.stopped_in(
        locked.device, call, lambda: pending.complete(response), locked.runner.stop
    )
    assert isinstance(ended, Stopped)
    assert ended.cost == "The Request is void; whether a try was spent is not known."
    assert not pending.pending
    locked.unblocks()


def test_an_unblock_that_is_stopped_when_it_is_done_is_done(locked: Locked) -> None:
    pending = locked.begin()
    response = locked.answer(pending.request.data)
    ended = stops.stopped_in(
        locked.device,
        ("JC_PKI_ReadPinCounters", 1),
        lambda: pending.complete(response),
        locked.runner.stop,
    )
    assert ended is None
    locked.signs(Secret(locked.kind.pin))


def test_a_request_that_waits_is_not_what_runs(locked: Locked) -> None:
    with locked.begin() as pending:
        locked.runner.stop()
        pending.complete(locked.answer(pending.request.data))
    locked.signs(Secret(locked.kind.pin))


@two_kinds
def test_a_request_survives_a_hundred_looks_for_what_came_and_went(locked: Locked) -> None:
    with locked.runner.arrivals() as arrivals:
        assert len(arrivals.look().came) == 1
        with locked.begin() as pending:
            locked.calls()
            assert not any(arrivals.look() for _ in range(LOOKS))
            assert locked.calls() == ["C_GetSlotList"] * (2 * LOOKS)
            pending.complete(locked.answer(pending.request.data))
    locked.signs(Secret(locked.kind.pin))


def test_a_module_is_not_loaded_anew_while_a_request_waits(locked: Locked) -> None:
    """Nobody knows what loading it does to a token."""
    with locked.runner.arrivals() as arrivals:
        with locked.begin() as pending:
            locked.calls()
            assert not arrivals.look()
            assert locked.calls() == []
            pending.complete(locked.answer(pending.request.data))
        assert len(arrivals.look().came) == 1
