"""A remote unblock: a Request is shown, a Response comes back, nothing else touches the token."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lockwright.contract import hooks
from lockwright.contract.stopping import StoppedHere
from lockwright.contract.taken_secrets import doors
from lockwright.errors import (
    NOTHING,
    UNKNOWN_COST,
    LockwrightError,
    PinRefused,
    RequestOver,
    RequestVoid,
    ResponseNotTaken,
    ResponseWrong,
    TokenRefused,
)
from lockwright.explain import encode_rules
from lockwright.host import last_try
from lockwright.host.hosts import Hosts
from lockwright.host.tries import spare
from lockwright.i18n import N_
from lockwright.models import Challenge, PinStatus, Token, UnblockWay
from lockwright.operations import sleepless
from lockwright.operations.pins import refuse_in_vain
from lockwright.policy import BrokenRule
from lockwright.records import dataclass
from lockwright.secret import Secret
from lockwright.spoken import Check, read_response, request_check, spell

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls

ADMINISTRATOR = N_("administrator's key")
_VOID = N_("No try was spent, but the Request is void.")
_PERHAPS_SPENT = N_("The Request is void; whether a try was spent is not known.")
_OVER = N_("the time for its Response is over")
_ENDED = N_("it was answered or given up before")


@dataclass(frozen=True, slots=True)
class Request:
    """A Request as the client reads it to the bank."""

    serial: str
    """Serial number of the token."""
    data: bytes
    """The Request as the token gave it."""

    @property
    def text(self) -> str:
        """Hexadecimal digits in groups of four."""
        return spell(self.data)

    @property
    def check(self) -> Check:
        """What both sides compare by ear before the bank answers."""
        return request_check(self.serial, self.data)


@doors(judged={"response"})
class RemoteUnblock:
    """A Request that a token holds open.

    It is a context manager, and given up at its end. ::

        with runner.begin_unblock(token, new_pin) as pending:
            print(pending.request.text, pending.request.check.words("en"))
            pending.complete(Secret(input("Response: ")))

    Whatever ends it, the Request is void then, and the next one is a new one.

    Args:
        calls: the contract.
        hosts: hold the token's modules.
        token: the token.
        challenge: the Request it made.
        new_pin: the user PIN to set, already checked; it is copied. None keeps the PIN.
        limit: seconds until it is given up.
    """

    def __init__(
        self,
        calls: Calls,
        hosts: Hosts,
        token: Token,
        challenge: Challenge,
        new_pin: Secret | None,
        *,
        limit: float,
    ) -> None:
        self.token = token
        self.request = Request(token.serial, challenge.data)
        self._calls = calls
        self._hosts = hosts
        self._response_length = challenge.response_length
        self._new_pin = None if new_pin is None else Secret(new_pin.buffer)
        self._until = sleepless.now() + limit
        self._pending = True

    @property
    def pending(self) -> bool:
        """Whether a Response can still be given."""
        return self._pending

    @property
    def response_length(self) -> int | None:
        """Length of the Response in bytes; None where the token does not say."""
        return self._response_length

    @property
    def seconds_left(self) -> float:
        """Seconds until it is given up, also by a computer that slept; 0 if it is over."""
        return max(0.0, self._until - sleepless.now()) if self._pending else 0.0

    def complete(self, response: Secret) -> PinStatus | None:
        """Give the bank's Response to the token, which sets the new PIN.

        Args:
            response: as it was typed: hexadecimal digits, with the bank's check behind them or
                without; see ``lockwright.spoken.read_response``. It is not wiped.

        Returns:
            The state of the user PIN afterwards; None if the token cannot say.

        Raises:
            ResponseMalformed: it cannot be a Response. The token was not touched, the Request is
                still good; this alone does not end it.
            ResponseWrong: the token did not take it; ``tries_left`` are the administrator's.
            ResponseNotTaken: the same, though the bank's check behind it fits.
            PinRefusedByToken: the token does not take the new PIN.
            RequestOver: its time is over, or it had ended before.
            RequestVoid: the token has given the Request up.
            TokenRemoved, ModuleError: the token or its module is gone.
        """
        self.require_time()
        heard = read_response(response, self.token.serial, self.request.data, self._response_length)
        with heard.value as plain:
            self._give(plain, checked=heard.checked)
        # The unblock is done, whatever becomes of the token now.
        with suppress(LockwrightError, StoppedHere):
            return self._calls(hooks.lockwright_state, self.token).user_pin
        return None

    def require_time(self) -> None:
        """Give the Request up if its time is over.

        Raises:
            RequestOver: it has ended, now or before.
        """
        if not self._pending:
            raise RequestOver(reason=_ENDED)
        if not self.seconds_left:
            self.cancel()
            raise RequestOver(reason=_OVER)

    def cancel(self) -> None:
        """Give the Request up; nothing if it has ended already."""
        if not self._pending:
            return
        try:
            with suppress(RequestVoid):
                self._calls(hooks.lockwright_unblock_cancel, self.token)
        except BaseException:
            self._let_go()
            raise
        finally:
            self._end()

    def _give(self, response: Secret, *, checked: bool) -> None:
        try:
            self._calls(hooks.lockwright_unblock_complete, self.token, response, self._new_pin)
        except BaseException as error:
            self._let_go()
            if isinstance(error, LockwrightError):
                error.cost = _cost(error)
            if isinstance(error, StoppedHere):
                error.cost = _PERHAPS_SPENT
            if checked and isinstance(error, ResponseWrong):
                raise _not_misheard(error) from None
            raise
        finally:
            self._end()

    def _let_go(self) -> None:
        """Make sure that the token waits no longer, though a plugin may not have let us ask it."""
        with suppress(LockwrightError, StoppedHere):
            self._hosts.call("lockwright_unblock_cancel", self.token)

    def _end(self) -> None:
        self._pending = False
        self._hosts.release(self.token)
        if self._new_pin is not None:
            self._new_pin.wipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.cancel()


class RemoteUnblocks:
    """Begins remote unblocks, and gives up those that are left at the end.

    Args:
        calls: the contract.
        hosts: hold the tokens' modules.
        limit: seconds until a Request is given up.
        use_last_try: risk the administrator's last try.
    """

    def __init__(self, calls: Calls, hosts: Hosts, limit: float, *, use_last_try: bool) -> None:
        self._calls = calls
        self._hosts = hosts
        self._limit = limit
        self._use_last_try = use_last_try
        self._begun: list[RemoteUnblock] = []

    def begin(
        self,
        token: Token,
        new_pin: Secret | None,
        broken: Sequence[BrokenRule],
        modules: Sequence[Path],
    ) -> RemoteUnblock:
        """Make the token give a Request, unless it is clear beforehand that it would be useless.

        Args:
            token: the token.
            new_pin: the user PIN to set; None keeps the PIN.
            broken: the rules that the new PIN breaks.
            modules: further modules through which the token can be reached.

        Raises:
            PinRefused: the new PIN breaks rules.
            NotSupported: the token is not unblocked by Request and Response, or no more.
            PinLocked, LastTry: the administrator is locked, or has one try left.
            TokenWaits: another program's Request waits at its module.
            TokenBusy: another program asks its module for longer than is waited.
        """
        if broken:
            raise PinRefused(rules=encode_rules(broken))
        state = self._calls(hooks.lockwright_state, token)
        refuse_in_vain(token, state, UnblockWay.CHALLENGE, keeps_pin=new_pin is None)
        spends = self._use_last_try or last_try.agreed()
        spare(state.so_pin, ADMINISTRATOR, use_last_try=spends)
        self._hosts.hold(token, modules, self._limit)
        try:
            challenge = self._calls(hooks.lockwright_unblock_challenge, token)
        except BaseException:
            self._hosts.release(token)
            raise
        pending = RemoteUnblock(
            self._calls, self._hosts, token, challenge, new_pin, limit=self._limit
        )
        self._begun = [*(each for each in self._begun if each.pending), pending]
        return pending

    def close(self) -> None:
        """Give up what still waits for a Response."""
        for pending in self._begun:
            pending.cancel()


def _cost(error: LockwrightError) -> str:
    """What a failure cost that ended a Request: an error's usual words do not know of it."""
    if isinstance(error, RequestVoid):
        return error.cost
    if error.cost == UNKNOWN_COST or isinstance(error, TokenRefused):
        return _PERHAPS_SPENT
    return _VOID if error.cost == NOTHING else error.cost


def _not_misheard(error: ResponseWrong) -> ResponseNotTaken:
    """A refusal whose reason is not on the telephone line."""
    return ResponseNotTaken(ckr=error.ckr, adapter=error.adapter, cost=error.cost, **error.facts)
