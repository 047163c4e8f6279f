"""One try of a token's PINs at a time, over every lockwright of an account, and never the last.

How a PIN stands is read beside the module, in the same turn as the login that follows, while no
other lockwright process of the account can log in: two of them cannot spend the last try between
them. A Request holds the turn until it is over.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from lockwright.contract.declaration import Arguments, Declared, RequestEffect
from lockwright.errors import LastTry, PinLocked, TokenBusy, TriesUnguarded, reason_of
from lockwright.errors.pins import PUK, SO_PIN, USER_PIN
from lockwright.files import durable
from lockwright.files.lock import locked
from lockwright.host import last_try
from lockwright.host.protocol import Care
from lockwright.models import PinState, PinStatus, TokenState

_STATUS: dict[str, Callable[[TokenState], PinStatus | None]] = {
    USER_PIN: lambda state: state.user_pin,
    SO_PIN: lambda state: state.so_pin,
    PUK: lambda state: state.puk,
}
"""How a PIN stands, by what it is called."""
_BUSY = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
"""How a system says that somebody holds a lock."""
_TICK = 0.05
_DIGITS = 32


class Tries:
    """The turns of one module's host.

    Args:
        care: how the tries are spared.
    """

    def __init__(self, care: Care) -> None:
        self._care = care
        self._request = ExitStack()
        """The turn that an open Request holds."""

    @property
    def _spends_last(self) -> bool:
        return self._care.use_last_try or last_try.agreed()

    @contextmanager
    def around(
        self,
        declared: Declared,
        serial: str,
        arguments: Arguments,
        state: Callable[[], TokenState],
    ) -> Iterator[None]:
        """What stands around a hook; nothing where it spends no try.

        Args:
            declared: the hook.
            serial: the token's serial number.
            arguments: the hook's arguments.
            state: reads the token's state.

        Raises:
            PinLocked: the PIN is locked.
            LastTry: one try is left, and that is not to be spent.
            TokenBusy: another lockwright has its turn, for longer than is waited.
            TriesUnguarded: nobody can say whose turn it is.
        """
        if declared.request is RequestEffect.ENDS:
            with self._request:
                yield
            return
        self._request.close()  # whatever else is asked for, no Request is held any more
        opens = declared.request is RequestEffect.OPENS
        role = SO_PIN if opens else declared.spends and declared.spends.role_in(arguments)
        if not role:
            yield
            return
        with ExitStack() as turn:
            waited = turn.enter_context(self.alone(serial, role))
            if waited or not opens:  # the operation has judged it before it makes a Request
                spare(_STATUS[role](state()), role, use_last_try=self._spends_last)
            yield
            if opens:
                self._request = turn.pop_all()

    @contextmanager
    def alone(self, serial: str, role: str) -> Iterator[bool]:
        """A turn; what it gives is whether it had to be waited for.

        The name of a lock is made of the serial number alone, so that it is the same whatever
        module shows the token; two tokens that share one only wait for each other.

        Args:
            serial: the token's serial number.
            role: what the PIN is called.

        Raises:
            TokenBusy: another lockwright has its turn, for longer than is waited.
            TriesUnguarded: nobody can say whose turn it is.
        """
        known = "".join(serial.split()).upper().encode()
        file = self._care.locks / f"{hashlib.sha256(known).hexdigest()[:_DIGITS]}.lock"
        with ExitStack() as held:
            try:
                waited = _taken(held, file, time.monotonic() + self._care.patience / 1000)
            except OSError as error:
                if not self._spends_last:
                    raise _unguarded(role, file, error) from None
                waited = False
            yield waited


def spare(status: PinStatus | None, role: str, *, use_last_try: bool) -> None:
    """Refuse what would be in vain, or would spend the last try.

    Raises:
        PinLocked: it is locked.
        LastTry: one try is left, and that is not to be spent.
    """
    if status is None:
        return
    if status.state is PinState.LOCKED:
        raise PinLocked(role=role)
    if status.state is PinState.FINAL_TRY and not use_last_try:
        raise LastTry(role=role)


def _taken(held: ExitStack, file: Path, until: float) -> bool:
    """Lock a file, and say whether somebody had to be waited for.

    One that was removed while it was waited for is nobody's: who comes next locks a new one.

    Raises:
        TokenBusy: they take too long.
        OSError: the file system knows no locks.
    """
    waited = False
    while True:
        with ExitStack() as own:
            fd = durable.open_owned(file)
            own.callback(os.close, fd)
            waited |= _lock(own, fd, until)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(fd), file.stat()):
                    held.push(own.pop_all())
                    return waited


def _lock(held: ExitStack, fd: int, until: float) -> bool:
    """Lock an open file, and say whether somebody had to be waited for; see ``_taken``."""
    waited = False
    while True:
        try:
            held.enter_context(locked(fd, wait=False))
        except OSError as error:
            if error.errno not in _BUSY:
                raise
        else:
            return waited
        if time.monotonic() > until:
            raise TokenBusy
        waited = True
        time.sleep(_TICK)


def _unguarded(role: str, file: Path, error: OSError) -> TriesUnguarded:
    return TriesUnguarded(role=role, folder=str(file.parent), reason=reason_of(error))
