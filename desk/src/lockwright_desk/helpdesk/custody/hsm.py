"""The HSM: logged in to once, asked in several sessions, opened again when it lost them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from lockwright import log as logs
from lockwright.console.secret_files import from_file
from lockwright.errors import LockwrightError, PinError, PinExpired, PinIncorrect, PinLocked
from lockwright.errors.pins import HSM_PIN
from lockwright.host.tries import spare
from lockwright.i18n import N_, _
from lockwright.models import PinStatus
from lockwright.pkcs11.constants import CKR, CKU, ckr_name
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.standard.flags import user_pin_status

from lockwright_desk import softhsm
from lockwright_desk.configuration.keeper import HsmSettings
from lockwright_desk.helpdesk.custody.errors import HsmHangs, HsmUnusable
from lockwright_desk.helpdesk.custody.session import HsmSession

_PAUSES = (0.05, 0.1, 0.2, 0.3, 0.5, 0.8)
"""Seconds until the token is looked for again: SoftHSM shows none while a process logs in."""
_PATIENCE = 10.0
"""Seconds to wait for a session that is free."""
_HANGS = 60.0
"""Seconds after which an HSM that has given back no session is taken to hang."""
_WRONG = {CKR.PIN_INCORRECT, CKR.PIN_INVALID, CKR.PIN_LEN_RANGE}
_GONE = {CKR.KEY_HANDLE_INVALID, CKR.OBJECT_HANDLE_INVALID}
"""What is answered of a key that was removed."""

log = logs.get("lockwright.desk.keeper")
T = TypeVar("T")


class Hsm:
    """An HSM that is logged in to.

    Its PIN is read, sent and wiped whenever the sessions are opened. One that was wrong is never
    sent a second time.

    Args:
        settings: where it is.

    Raises:
        HsmUnusable: there is no such token, or it does not answer.
        ModuleNotLoadable: its module does not load.
        PinIncorrect, PinLocked, LastTry: it does not let us in.
        SecretFileMissing, SecretFileExposed: the file with the PIN cannot be used.
    """

    def __init__(self, settings: HsmSettings) -> None:
        self._settings = settings
        self._opening = threading.Lock()
        self._age = 0
        self._dead: PinError | None = None
        self._ours = False
        self._given_back = time.monotonic()
        """When a session was last given back."""
        self._all: list[HsmSession] = []
        self._pool: queue.SimpleQueue[HsmSession | None] = queue.SimpleQueue()
        if settings.softhsm is not None:
            softhsm.use(settings.softhsm)
        self._cryptoki = Cryptoki(settings.module)
        self.named = settings.token
        """Manufacturer, model and label of its token."""
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def done(self, work: Callable[[HsmSession], T]) -> T:
        """What comes of work in a session; once more in new ones where they were lost.

        Args:
            work: what is done; it may be done twice.

        Raises:
            HsmUnusable: the HSM does not answer.
            HsmHangs: it has not for a minute, and will hardly do so again in this process.
            PinIncorrect, PinLocked, LastTry: it does not let us in again.
            LockwrightError: what the work raises.
        """
        age = self._age
        try:
            with self._session() as session:
                if session is not None:
                    return _worked(session, work)
        except _Lost as lost:
            log.warning("the HSM's sessions are lost, it is opened again", ckr=ckr_name(lost.ckr))
        self._reopen(age)
        try:
            with self._session() as session:
                if session is not None:
                    return _worked(session, work)
        except _Lost as lost:
            raise HsmUnusable(reason=ckr_name(lost.ckr), ckr=lost.ckr) from None
        raise HsmUnusable(reason=N_("it lost its sessions"))

    def close(self) -> None:
        """Log out and unload; never raises."""
        for session in self._all:
            session.close()
        self._all = []
        if self._ours:
            self._cryptoki.finalize()
            self._ours = False

    @contextmanager
    def _session(self) -> Iterator[HsmSession | None]:
        session = self._taken()
        try:
            yield session
        finally:
            self._given_back = time.monotonic()
            self._pool.put(session)

    def _taken(self) -> HsmSession | None:
        try:
            return self._pool.get(timeout=_PATIENCE)
        except queue.Empty:
            silent = time.monotonic() - self._given_back
            if silent > _HANGS:
                raise HsmHangs(seconds=int(silent)) from None
            raise HsmUnusable(reason=N_("it is busy, or hangs")) from None

    def _reopen(self, age: int) -> None:
        """Reopen all once nobody is inside, unless another thread has done so since."""
        with self._opening:
            if age != self._age:
                return
            if self._dead:
                raise self._dead
            taken = 0
            try:
                for _each in range(self._settings.sessions):
                    self._taken()
                    taken += 1
                self.close()
                self._open()
                taken = 0
            except PinError as error:
                self._dead = error
                raise
            finally:
                for _each in range(taken):
                    self._pool.put(None)

    def _open(self) -> None:
        slot = self._slot()
        try:
            offered = frozenset(self._cryptoki.mechanisms(slot))
            self.named = self._names(slot)
            handles = [self._cryptoki.open_session(slot)]
            self._all.append(HsmSession(self._cryptoki, handles[0], offered))
            self._log_in(slot, handles[0])
            for _each in range(self._settings.sessions - 1):
                handle = self._cryptoki.open_session(slot)
                self._all.append(HsmSession(self._cryptoki, handle, offered))
        except CkrError as error:
            failure = HsmUnusable(reason=ckr_name(error.value), ckr=error.value)
        else:
            self._age += 1
            for session in self._all:
                self._pool.put(session)
            return
        raise failure

    def _slot(self) -> int:
        """The slot with the token, looked for anew where it is not to be seen for a moment."""
        found: list[int] = []
        for pause in (*_PAUSES, None):
            found = self._slots()
            if len(found) == 1:
                return found[0]
            if pause is None or len(found) > 1:
                break
            if self._ours:
                self._cryptoki.finalize()
                self._ours = False
            time.sleep(pause)
        label = self._settings.token
        reason = _("tokens with the label {label}: {count}").format(label=label, count=len(found))
        raise HsmUnusable(reason=reason)

    def _slots(self) -> list[int]:
        found = []
        try:
            self._ours = self._cryptoki.initialize() or self._ours
            slots = self._cryptoki.slots()
        except CkrError:
            return []
        for slot in slots:
            with suppress(CkrError):
                label = bytes(self._cryptoki.token_info(slot).label)
                if label.decode(errors="replace").rstrip(" \0") == self._settings.token:
                    found.append(slot)
        return found

    def _names(self, slot: int) -> str:
        told = self._cryptoki.token_info(slot)
        parts = (bytes(each) for each in (told.manufacturer, told.model, told.label))
        texts = (each.decode(errors="replace").strip(" \0") for each in parts)
        return " ".join(filter(None, texts))

    def _log_in(self, slot: int, session: int) -> None:
        before = self._status(slot)
        rv = self._sent(before, session)
        if rv == CKR.GENERAL_ERROR and self._status(slot) == before:
            # SoftHSM cannot read its own token while another process logs in. Of the PIN it has
            # said nothing, and nothing of its tries.
            time.sleep(_PAUSES[-1])
            rv = self._sent(before, session)
        if rv in _WRONG:
            status = self._status(slot)
            left, state = status.tries_left, status.state.value
            raise PinIncorrect(role=HSM_PIN, ckr=rv, tries_left=left, state=state)
        if rv == CKR.PIN_LOCKED:
            raise PinLocked(role=HSM_PIN, ckr=rv)
        if rv == CKR.PIN_EXPIRED:
            raise PinExpired(role=HSM_PIN, ckr=rv)
        if rv not in {CKR.OK, CKR.USER_ALREADY_LOGGED_IN}:
            raise CkrError(rv, "C_Login")

    def _sent(self, status: PinStatus, session: int) -> int:
        """Send the PIN, which has a try to lose; what the HSM answers."""
        spare(status, HSM_PIN, use_last_try=False)
        own = softhsm.undisturbed(self._settings.softhsm)
        with from_file(str(self._settings.pin_file)) as pin, own:
            return self._cryptoki.answer("C_Login", session, int(CKU.USER), pin)

    def _status(self, slot: int) -> PinStatus:
        """How the PIN stands; asked again where another process logs in at this moment."""
        for pause in _PAUSES:
            with suppress(CkrError):
                return user_pin_status(int(self._cryptoki.token_info(slot).flags))
            time.sleep(pause)
        return user_pin_status(int(self._cryptoki.token_info(slot).flags))


class _Lost(Exception):
    """The session was lost over the work."""

    def __init__(self, ckr: int) -> None:
        super().__init__(ckr)
        self.ckr = ckr


def _worked(session: HsmSession, work: Callable[[HsmSession], T]) -> T:
    """What comes of it; where a key of ours is gone, what has its label now is judged anew."""
    while True:
        failure: LockwrightError
        try:
            return work(session)
        except CkrError as error:
            failure = HsmUnusable(reason=ckr_name(error.value), ckr=error.value)
        except LockwrightError as error:
            if error.ckr is None:
                raise
            failure = error
        if not session.lives:
            raise _Lost(failure.ckr or 0)
        if failure.ckr not in _GONE or not session.known:
            raise failure
        session.known.clear()
