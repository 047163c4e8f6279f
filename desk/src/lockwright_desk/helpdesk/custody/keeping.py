"""The keeper itself: the Response to a Request for the token of a record, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from lockwright.secret import Secret

from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.keeper import KeeperSettings
from lockwright_desk.helpdesk.custody import hsm_keys, looked, opener
from lockwright_desk.helpdesk.custody.adapters import Adapters, Model
from lockwright_desk.helpdesk.custody.counts import Counts
from lockwright_desk.helpdesk.custody.errors import HsmKeyMissing
from lockwright_desk.helpdesk.custody.hsm import Hsm
from lockwright_desk.helpdesk.custody.hsm_keys import Kind
from lockwright_desk.helpdesk.custody.looked import Looked
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.custody.session import HsmSession
from lockwright_desk.helpdesk.custody.token_keys import check_seal, known, opened, password_to
from lockwright_desk.store.tables.register import Custody

_DIGITS = 16


class Keeping:
    """Answers Requests inside the HSM, for many threads; see ``port.Keeper``.

    Args:
        settings: the configuration.

    Raises:
        HsmLacks, HsmKeyUnfit, HsmKeyMissing: the HSM, or a key of ours in it, is not to be used.
        HsmError, PinError, ModuleError: it does not let us in.
        DeskFileNotWritten: nothing can be counted.
    """

    def __init__(self, settings: KeeperSettings) -> None:
        self._prefix = settings.hsm.prefix
        self._patience = settings.place.patience
        self._adapters = Adapters(settings)
        self._counts = Counts(settings.counts, settings.limits)
        self._audit = Recorder(settings.audit)
        self._hsm = Hsm(settings.hsm)
        try:
            self.keys = self._hsm.done(self._judged)
        except BaseException:
            self.close()
            raise

    def respond(self, key: KeyRecord, request: bytes) -> Secret:
        """The Response; it is counted and recorded before it is returned."""
        about = {
            "adapter": key.adapter,
            "model": key.model,
            "serial": key.serial,
            "custody": key.custody.value,
            "version": key.version and key.version.label,
            "request": hashlib.sha256(request).hexdigest()[:_DIGITS],
        }
        with self._audit.operation("keeper_respond", **about):
            model = self._adapters.model(key.adapter, key.model, key.form, key.custody)
            model.check_request(request)
            self._hsm.done(lambda session: check_seal(session, self._prefix, key))
            with self._counts.counted(key, request):
                if key.custody is Custody.OPENED:
                    return self._opened(model, key, request)
                return self._hsm.done(lambda session: self._made(session, model, key, request))

    def look(self, key: KeyRecord | None) -> Looked:
        """What it tells of itself; nothing of it is an answer, so nothing is counted.

        Raises:
            HsmError, KeyUnusable, PinError, ModuleError: as for ``respond``.
        """
        return self._hsm.done(
            lambda session: looked.look(session, self._prefix, self._hsm.named, key)
        )

    def close(self) -> None:
        """Log out."""
        self._hsm.close()
        self._counts.close()

    def _made(self, session: HsmSession, model: Model, key: KeyRecord, request: bytes) -> Secret:
        with opened(session, self._prefix, key) as in_session:
            model.check_key(in_session, key.form)
            return model.respond(in_session, key, request)

    def _opened(self, model: Model, key: KeyRecord, request: bytes) -> Secret:
        """By a process of its own, since a password is needed in clear."""

        def encrypted_to(modulus: bytes) -> bytes:
            return self._hsm.done(lambda session: password_to(session, self._prefix, key, modulus))

        return opener.respond(
            (model.ref, model.settings), key, request, encrypted_to, self._patience
        )

    def _judged(self, session: HsmSession) -> Mapping[str, Kind]:
        """Every key of ours, judged: one that is not to be used ends the start."""
        found = hsm_keys.labels(session, self._prefix)
        for label, kind in found.items():
            hsm_keys.demand_mechanisms(kind, session.offered)
            known(session, kind, label)
        if not set(found.values()) - {Kind.SEAL}:
            hsm_keys.demand_encryption(session.offered)
        if Kind.SEAL not in found.values():
            raise HsmKeyMissing(label=hsm_keys.label_of(self._prefix, Kind.SEAL, 0), number=0)
        return found
