"""The page that opens something unfinished again: what is needed to go on with it, or undo it."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.console.clean import clean
from lockwright.enrol.entry import Entry
from lockwright.enrol.storage import Storage
from lockwright.errors import KeyLocked
from lockwright.i18n import _
from lockwright.models import StorageKind, StoredCertificate, Token
from lockwright.operations.enrolment.context import Patience
from lockwright.runner import Runner
from lockwright.secret import Secret
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lockwright_window.fields.pin_entry import PinEntry
from lockwright_window.fields.pin_place import PinPlace
from lockwright_window.pieces.labels import text
from lockwright_window.stories.enrol.attempt import Opens
from lockwright_window.stories.enrol.story import Asks
from lockwright_window.story.step import Step
from lockwright_window.words import enrolment as words
from lockwright_window.words import places
from lockwright_window.words.advice import told
from lockwright_window.words.named import device

if TYPE_CHECKING:
    from lockwright_window.stories.enrol.story import CertificateStory


class Reopen(Asks):
    """Asks for what opens the place, and goes on with what is unfinished there.

    Args:
        story: which it belongs to.
        entry: what is unfinished.
        before: the page before; None for none.
        locked: whether the system's store wants a password of its own.
    """

    def __init__(
        self,
        story: CertificateStory,
        entry: Entry,
        before: Step | None = None,
        *,
        locked: bool = False,
    ) -> None:
        super().__init__(story)
        self._certificates = story
        self.entry = entry
        self._before = before
        self._known = story.program.known
        self.token: Token | None = None
        self._pin = PinPlace(self)
        self._pin.changed.connect(self.changed)
        self._told, self._where = text(self), text(self)
        self._password = PinEntry(self, lambda: _("One-time password"))
        self._keeps = PinEntry(self, lambda: _("Password that you chose for the key"))
        self._store = PinEntry(self, lambda: _("Password of the system's certificate store"))
        layout = QVBoxLayout(self)
        for each in (self._told, self._where):
            layout.addWidget(each)
        layout.addWidget(self._password)
        layout.addWidget(self._pin)
        layout.addWidget(self._keeps)
        layout.addWidget(self._store)
        layout.addStretch()
        for entry_of in (self._password, self._keeps, self._store):
            entry_of.changed.connect(self.changed)
        self._store.setVisible(locked)
        self._keeps.setVisible(self._needs_keeping)
        self._known.changed.connect(self._on_known)

    # --- what it says and does, which undoing says otherwise ------------------------------------

    @property
    def _needs_password(self) -> bool:
        """Whether the one-time password is to be typed."""
        entry = self.entry
        wanted = entry.asks_ca and entry.login is not None
        return wanted and self._certificates.order.password is None

    @property
    def _needs_keeping(self) -> bool:
        """Whether the key is opened that is kept outside of a token."""
        return self.entry.storage is not StorageKind.TOKEN

    def title(self) -> str:
        """What is done."""
        return _("Go on with the certificate")

    def go(self) -> None:
        """Go on."""
        password = self._one_time()
        opens, secrets = self._opens()

        def acts(runner: Runner, storage: Storage, patience: Patience) -> StoredCertificate:
            return runner.enrolments.resume(storage, password=password, patience=patience)

        self._certificates.take(
            self,
            lambda: _("The certificate is being made"),
            self.entry.storage,
            opens,
            acts,
            [*secrets, *([] if password is None else [password])],
            last_try=self._pin.ask is not None and self._pin.ask.spends_last_try,
        )

    # --- the page -------------------------------------------------------------------------------

    def before(self) -> Step | None:
        """The page before."""
        return self._before

    def first(self) -> QWidget | None:
        """What is to be typed first."""
        if self._needs_password:
            return self._password.field
        if self._pin.ask is not None:
            return self._pin.first()
        return self._keeps.field if self._needs_keeping else None

    def enter(self) -> None:
        """Everything secret is typed anew."""
        self.say()

    def leave(self) -> None:
        """Nothing secret stays."""
        for each in (self._password, self._keeps, self._store):
            each.wipe()
        self._pin.wipe()

    def ready(self) -> bool:
        """Whether all of it is there."""
        if self._needs_password and not self._password.filled:
            return False
        if self.entry.storage is StorageKind.TOKEN:
            return self._pin.ready()
        kept = not self._needs_keeping or self._keeps.filled
        return kept and (self._store.isHidden() or self._store.filled)

    def tell(self, error: Exception) -> bool:
        """Whether it is about the PIN, or the password of the key that was kept."""
        if self._pin.tell(error):
            return True
        if isinstance(error, KeyLocked):
            self._keeps.tell(lambda: told(error).message)
            return True
        return False

    def say(self) -> None:
        """What is needed."""
        self._password.setVisible(self._needs_password)
        self._told.setText(self._about())
        self._look_for_token()
        self.changed.emit()

    def _about(self) -> str:
        return "\n".join([words.going_on(self.entry), *words.details(self.entry)])

    def _on_known(self) -> None:
        if self.story.step is self:
            self.say()

    def _look_for_token(self) -> None:
        """The token that it was begun on, if it is there."""
        entry = self.entry
        if entry.storage is not StorageKind.TOKEN:
            self._where.setText(places.where(entry.storage, entry.place))
            return
        found = [each for each in self._known.tokens if entry.is_for(each.identity)]
        token = found[0] if len(found) == 1 else None
        before = self.token
        same = (
            before is not None and token is not None and before.identity.is_it(token.identity.key)
        )
        self.token = token
        if token is None:
            self._where.setText(_("Insert the token {serial}.").format(serial=clean(entry.place)))
        else:
            self._where.setText(device(token))
        if not same:
            self._pin.show_token(token)

    # --- the secrets ----------------------------------------------------------------------------

    def _one_time(self) -> Secret | None:
        """The one-time password, a copy; None where it is not needed."""
        order = self._certificates.order
        if not self.entry.asks_ca or self.entry.login is None:
            return None
        if order.password is None:
            order.password = self._password.take()
        return copy(order.password)

    def _opens(self) -> tuple[Opens, list[Secret]]:
        """What opens the place, and what is wiped in the end."""
        entry, token = self.entry, self.token
        if token is not None and (ask := self._pin.ask) is not None:
            pin = ask.take()
            return (lambda runner: runner.storages.token(token, pin)), [pin]
        keeps = self._keeps.take() if self._needs_keeping else None
        opens = None if self._store.isHidden() else self._store.take()

        def opened(runner: Runner) -> Storage:
            if entry.storage is StorageKind.FILE:
                return runner.storages.file(Path(entry.place), keeps)
            return runner.storages.system(keeps, store_password=opens)

        return opened, [each for each in (keeps, opens) if each is not None]
