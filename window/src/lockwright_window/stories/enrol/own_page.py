"""The page for a place outside of a token: where, and the password that protects the key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.errors import EnrolmentOpen, FileNotWritten, StorageUnavailable, StoreFailed
from lockwright.i18n import _
from lockwright.models import StorageKind
from lockwright.policy import PinPolicy
from lockwright.runner import Runner
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from lockwright_window.fields.new_pin import NewPin
from lockwright_window.fields.pin_entry import PinEntry
from lockwright_window.pieces.labels import text
from lockwright_window.stories.enrol.story import Asks
from lockwright_window.story.step import Step
from lockwright_window.words.advice import told
from lockwright_window.work import Task

if TYPE_CHECKING:
    from lockwright_window.stories.enrol.story import CertificateStory


class OwnPage(Asks):
    """A file, or the system's store.

    Args:
        story: which it belongs to.
        kind: which of the two.
        policy: the rules of the password.
        locked: whether the system's store wants a password of its own.
        before: the page before.
        taken: goes on, once all of it is there.
    """

    def __init__(
        self,
        story: CertificateStory,
        kind: StorageKind,
        policy: PinPolicy,
        *,
        locked: bool,
        before: Step,
        taken: Callable[[OwnPage], None],
    ) -> None:
        super().__init__(story)
        self._certificates, self._order, self._kind = story, story.order, kind
        self._before, self._taken, self._ask = before, taken, story.ask
        self._checking: Task[None] | None = None
        self._error: Exception | None = None
        self._told, self._wrong = text(self), text(self)
        self._label, self._file, self._browse = QLabel(self), QLineEdit(self), QPushButton(self)
        self._label.setBuddy(self._file)
        self._browse.setAutoDefault(False)
        self._file.textChanged.connect(lambda _text: self._on_changed())
        self._browse.clicked.connect(self._choose)
        self.password = NewPin(self, policy, label=lambda: _("Password"))
        """The password that keeps the key."""
        self.store = PinEntry(self, lambda: _("Password of the system's certificate store"))
        """The store's own."""
        self._locked = locked
        self.password.changed.connect(self._on_changed)
        self.store.changed.connect(self._on_changed)
        row = QHBoxLayout()
        row.addWidget(self._file, stretch=1)
        row.addWidget(self._browse)
        layout = QVBoxLayout(self)
        layout.addWidget(self._told)
        layout.addWidget(self._wrong)
        layout.addWidget(self._label)
        layout.addLayout(row)
        layout.addWidget(self.password)
        layout.addWidget(self.store)
        layout.addStretch()
        self.store.setVisible(locked)
        for each in (self._label, self._file, self._browse):
            each.setVisible(kind is StorageKind.FILE)

    @property
    def file_wanted(self) -> bool:
        """Whether it is a file."""
        return self._kind is StorageKind.FILE

    @property
    def file(self) -> Path:
        """The file that is to be."""
        typed = Path(self._file.text().strip()).expanduser()
        return typed if typed.is_absolute() else Path.home() / typed

    def title(self) -> str:
        """What is chosen here."""
        if self._kind is StorageKind.FILE:
            return _("The file and its password")
        return _("Password for the key")

    def before(self) -> Step | None:
        """The page before."""
        return self._before

    def first(self) -> QWidget | None:
        """What is to be said first."""
        if self._kind is StorageKind.FILE and not self._file.text():
            return self._file
        return self.password.first()

    def enter(self) -> None:
        """The place stays; the passwords are typed anew."""
        self.say()

    def leave(self) -> None:
        """Nothing secret stays, and what is still being checked begins nothing."""
        if self._checking is not None:
            self._checking.drop()
            self._checking = None
        self.password.wipe()
        self.store.wipe()

    def ready(self) -> bool:
        """Whether all of it is there."""
        placed = self._kind is not StorageKind.FILE or bool(self._file.text().strip())
        opens = not self._locked or self.store.filled
        return placed and opens and self.password.ready() and self._checking is None

    def go(self) -> None:
        """Look whether the place takes it, before anything is ordered."""
        self._error = None
        self._order.file = self.file if self._kind is StorageKind.FILE else None
        file = self._order.file

        def check(runner: Runner) -> None:
            if file is None:
                runner.enrolments.refuse_open(runner.storages.system_store().place)
                return
            storage = runner.storages.file(file, None)
            runner.enrolments.refuse_open(storage.place)
            storage.ready()

        self._checking = self._ask(check, lambda _none: self._taken(self), self._refused)
        self.say()

    def tell(self, error: Exception) -> bool:
        """Say that the place does not take it."""
        self._checking = None
        if not isinstance(error, FileNotWritten | StorageUnavailable | EnrolmentOpen | StoreFailed):
            return False
        self._error = error
        self.say()
        return True

    def _refused(self, error: Exception) -> None:
        """The place does not take it, as was seen before anything was ordered."""
        if not self.tell(error):
            self._certificates.show_failure(error)
        elif (field := self._file if self.file_wanted else self.first()) is not None:
            field.setFocus()

    def say(self) -> None:
        """Its words."""
        self._told.setText(
            _(
                "The certificate and its key go into a file. Choose where, and a password that"
                " opens it. Nobody can restore that password."
            )
            if self._kind is StorageKind.FILE
            else _(
                "Until the bank has given the certificate, the key is kept under a password that"
                " you choose here. You need it again only if you stop in between."
            )
        )
        self._label.setText(_("File"))
        self._file.setAccessibleName(_("File"))
        self._browse.setText(_("Choose…"))
        self._browse.setAccessibleName(_("Choose the file…"))
        wrong = "" if self._error is None else told(self._error).line
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        self.changed.emit()

    def _on_changed(self) -> None:
        if self._error is not None and self._checking is None:
            self._error = None
            self._wrong.hide()
        self.changed.emit()

    def _choose(self) -> None:
        dialog = QFileDialog(self, _("The file for the certificate"), str(Path.home()))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # what is there is never replaced
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_("Certificate with its key (*.p12 *.pfx)")])
        dialog.setDefaultSuffix("p12")
        if dialog.exec() and (chosen := dialog.selectedFiles()):
            self._file.setText(chosen[0])
